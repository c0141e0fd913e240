//! The commands of `latido-server`.
//!
//! | file | what it holds |
//! |---|---|
//! | [`log`] | logs a food, an exercise or a metric over the REST API |
//! | [`import`] | imports files of other programs |
//! | [`export`] | writes everything of an account into a ZIP |
//! | [`client`] | the REST client that `log` and `import` use |
//! | [`chat`] | acts as a contact |
//! | [`simulate`] | device simulators |
//! | [`user`] | creates, changes and deletes accounts |
//! | [`backup`] | copies the database while it is in use, and brings a copy back |

mod backup;
mod chat;
mod client;
mod export;
mod import;
mod log;
mod simulate;
mod user;

use std::{fmt::Display, io::Write as _, process::ExitCode, sync::Arc};

use clap::{Parser, Subcommand};

use crate::{
    clock::SystemClock,
    config::ServeArgs,
    ops::logging::{self, LoggingArgs},
    serve,
    shutdown::Signals,
};

/// The backend of the Latido dashboard
#[derive(Parser)]
#[command(name = "latido-server", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    logging: LoggingArgs,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, the socket and the dashboard
    Serve(Box<ServeArgs>),
    /// Manage accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// Log something on a running server, the way the assistant does
    Log(log::LogArgs),
    /// Copy the database into a file, also while a server is running on it
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the database, while no server is running on it
    Restore(backup::RestoreArgs),
    /// Import foods, exercises and measurements from a file of another program
    Import(import::ImportArgs),
    /// Write everything that an account has into a ZIP of CSV files
    Export(export::ExportArgs),
    /// Simulate a device
    #[command(subcommand)]
    Simulate(simulate::SimulateCommand),
    /// Be a contact: write to the dashboard from this terminal, and read what is written there
    Chat(chat::ChatArgs),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let _logging = logging::init(&cli.logging);
    let done = match cli.command {
        Command::Serve(args) => serve(&args).map_err(|error| error.to_string()),
        Command::User(command) => user::run(command).map_err(|error| error.to_string()),
        Command::Chat(args) => chat::run(&args).map_err(|error| error.to_string()),
        Command::Log(args) => log::run(&args).map_err(|error| error.to_string()),
        Command::Backup(args) => backup::back_up(&args).map_err(|error| error.to_string()),
        Command::Restore(args) => backup::restore(&args).map_err(|error| error.to_string()),
        Command::Export(args) => export::run(&args).map_err(|error| error.to_string()),
        Command::Import(args) => import::run(&args).map_err(|error| error.to_string()),
        Command::Simulate(command) => simulate::run(command).map_err(|error| error.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error),
    }
}

fn failed(error: impl Display) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "latido-server: {error}");
    ExitCode::FAILURE
}

#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error("the runtime could not be started: {0}")]
    Runtime(#[from] std::io::Error),
    #[error(transparent)]
    Start(#[from] crate::startup::StartError),
}

fn serve(args: &ServeArgs) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let tls = args.operations.speaks_tls();
        let signals = Signals::listen(tls)?;
        let scheme = if tls { "https" } else { "http" };
        let ready = |address| {
            // The one line that others wait for. Whether anybody reads it is not our concern.
            let _ = writeln!(std::io::stdout(), "listening on {scheme}://{address}");
            let _ = std::io::stdout().flush();
        };
        serve::run(args.into(), Arc::new(SystemClock), args.host, args.port, signals, ready).await?;
        Ok(())
    });
    // A webhook that does not answer is not waited for: it is posted again after the next start.
    runtime.shutdown_background();
    served
}
