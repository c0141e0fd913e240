//! `latido-server simulate shelly`: a device that is none, for trying managed connections without hardware.

use std::{
    io::{self, Write as _},
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use clap::{Args, Subcommand};
use latido_devtools::shelly::{Options, Simulator};

use crate::shutdown::Signals;

#[derive(Subcommand)]
pub enum SimulateCommand {
    /// A Shelly of the second generation: JSON-RPC over ws://HOST:PORT/rpc
    Shelly(ShellyArgs),
}

#[derive(Args)]
pub struct ShellyArgs {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,

    /// The port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 8790)]
    port: u16,

    /// How many switches it has
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=8))]
    switches: u16,

    /// The password it asks for; none if not given
    #[arg(long, value_name = "PASSWORD")]
    auth: Option<String>,

    /// How it is called
    #[arg(long, default_value = "Simulated plug")]
    name: String,

    /// How often the power that it measures changes
    #[arg(long, default_value_t = 1000, value_name = "MS", value_parser = clap::value_parser!(u64).range(10..))]
    measure_every: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    #[error("the runtime could not be started: {0}")]
    Runtime(#[source] io::Error),
    #[error("cannot listen on {address}: {error}; choose another port with --port")]
    Listen { address: SocketAddr, error: io::Error },
}

pub fn run(command: SimulateCommand) -> Result<(), SimulateError> {
    let SimulateCommand::Shelly(args) = command;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(SimulateError::Runtime)?;
    runtime.block_on(async {
        let mut signals = Signals::listen(false).map_err(SimulateError::Runtime)?;
        let address = SocketAddr::new(args.host, args.port);
        let options = Options {
            name: args.name,
            switches: args.switches,
            password: args.auth,
            measure_every: Duration::from_millis(args.measure_every),
            ..Options::default()
        };
        let device = Simulator::start(address, options)
            .await
            .map_err(|error| SimulateError::Listen { address, error })?;
        // Whether anybody reads it is not our concern.
        let _ = writeln!(io::stdout(), "simulating on {}", device.url());
        let _ = io::stdout().flush();
        signals.next().await;
        Ok(())
    })
}
