//! Measures servers of Latido's contract from outside, as separate processes, one after the other.
//!
//! Everything that is sent is open-loop: it has a time at which it is due, whether or not what came before has
//! been answered, and every latency counts from that time. A server that stalls is charged for the whole stall.
//!
//! | file | what it holds |
//! |---|---|
//! | [`accounts`] | thousands of signed-in users, without signing in |
//! | [`server`] | the servers as processes: start, memory, processor time, stop |
//! | [`source`] | the loopback addresses that connections come from |
//! | [`dialect`] | what the servers say differently: frames of the contract, or Socket.IO's packets |
//! | [`socket`] | one socket that checks that its events are whole |
//! | [`writer`] | food logs over HTTP |
//! | [`pace`] | what is due when |
//! | [`latency`] | percentiles |
//! | [`crowd`] | many sockets at once |
//! | [`scenario`] | what is measured, a file each |
//! | [`report`] | the Markdown |

mod accounts;
mod crowd;
mod dialect;
mod error;
mod latency;
mod pace;
mod report;
mod scenario;
mod server;
mod socket;
mod source;
mod writer;

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::Parser;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::task::LocalSet;

use crate::{
    accounts::Accounts,
    error::Error,
    report::Report,
    scenario::{Bench, Scenario},
    server::{Kind, Programs, Server},
};

/// Measures the bundled server beside its Node peers
#[derive(Parser)]
struct Options {
    /// The bundled server's program
    #[arg(long, value_name = "FILE")]
    server: PathBuf,

    /// The folder of the Node peers, with their packages installed
    #[arg(long, value_name = "DIR")]
    peers: PathBuf,

    /// Only this server; repeatable
    #[arg(long = "only", value_enum, value_name = "SERVER")]
    kinds: Vec<Kind>,

    /// Only this scenario; repeatable
    #[arg(long = "scenario", value_enum, value_name = "SCENARIO")]
    scenarios: Vec<Scenario>,

    /// Where all figures are written, as Markdown
    #[arg(long, value_name = "FILE")]
    full: Option<PathBuf>,

    /// Where those are written that the project has goals for
    #[arg(long, value_name = "FILE")]
    brief: Option<PathBuf>,

    /// How often a latency is measured with each server; the median is told
    #[arg(long, default_value_t = 3, value_name = "COUNT")]
    rounds: usize,
}

fn main() -> ExitCode {
    let options = Options::parse();
    // One thread for all of the clients: the other processor is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let measured = match runtime {
        Ok(runtime) => LocalSet::new().block_on(&runtime, measure(&options)),
        Err(error) => Err(Error::io("start the runtime")(error)),
    };
    match measured.and_then(|report| write(&report, &options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latido-load: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &Options) -> Result<Report, Error> {
    allow_many_sockets()?;
    let programs = Programs { latido: options.server.clone(), peers: options.peers.clone() };
    let kinds = some_or_all(&options.kinds, &Kind::ALL);
    let scenarios = some_or_all(&options.scenarios, &Scenario::ALL);
    let accounts = Accounts::make(scenario::USERS).await?;
    let bench = Bench::new(&accounts);

    let mut report = Report::new(&kinds);
    for scenario in scenarios {
        for round in 1..=scenario.rounds(options.rounds) {
            // Taking turns, so that whatever else the machine does falls on all of them.
            for kind in &kinds {
                eprintln!("{scenario}, round {round}: {kind}");
                let server = Server::start(*kind, &programs, &accounts)?;
                let figures = scenario.run(&bench, &server).await?;
                for figure in &figures {
                    eprintln!("    {figure}");
                }
                report.add(scenario, *kind, figures);
            }
        }
    }
    Ok(report)
}

fn write(report: &Report, options: &Options) -> Result<(), Error> {
    for (file, text) in [(&options.full, report.full()), (&options.brief, report.brief())] {
        if let Some(file) = file {
            std::fs::write(file, text).map_err(Error::io(format!("write {}", file.display())))?;
        }
    }
    let _ = write!(std::io::stdout(), "{}", report.full());
    Ok(())
}

fn some_or_all<T: Copy>(some: &[T], all: &[T]) -> Vec<T> {
    if some.is_empty() { all.to_vec() } else { some.to_vec() }
}

/// Ten thousand sockets are ten thousand open files, here and in the servers, which inherit the limit.
fn allow_many_sockets() -> Result<(), Error> {
    const NEEDED: u64 = 12_000;
    let failed = |error: nix::Error| Error::io("raise the limit of open files")(error.into());
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).map_err(failed)?;
    if hard < NEEDED {
        return Err(Error::TooFewFiles { allowed: hard, needed: NEEDED });
    }
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).map_err(failed)
}
