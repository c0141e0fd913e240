//! `latido-server export`: writes everything that an account has into a ZIP, straight from a data
//! directory. A server may be running on it meanwhile.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;

use crate::{
    app::database,
    domain::account,
    export::{Export, ExportError},
    store::{Store, StoreError, log::NoOutlet, sqlite::SqliteStore},
};

#[derive(Args)]
pub struct ExportArgs {
    /// The ZIP to write; one that exists is not overwritten
    file: PathBuf,

    /// Whose records
    #[arg(long, env = "LATIDO_USER", value_name = "EMAIL")]
    user: String,

    /// Where the database is kept
    #[arg(long, env = "LATIDO_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportCommandError {
    #[error("there is no account for {0} in this data directory")]
    NoAccount(String),
    #[error("{file} cannot be written: {error}")]
    File { file: PathBuf, error: io::Error },
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    #[error("the runtime could not be started: {0}")]
    Runtime(#[source] io::Error),
}

pub fn run(args: &ExportArgs) -> Result<(), ExportCommandError> {
    // A directory that is not one would be made into an empty one.
    if !database(&args.data).exists() {
        return Err(ExportCommandError::NoAccount(args.user.clone()));
    }
    let store = SqliteStore::open(&database(&args.data), Arc::new(NoOutlet))?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().build().map_err(ExportCommandError::Runtime)?;
    let done = runtime.block_on(export(args, &*store));
    store.close();
    done
}

async fn export(args: &ExportArgs, store: &dyn Store) -> Result<(), ExportCommandError> {
    let address = account::email(&args.user);
    let account = store.read(move |read| read.account_by_email(&address)).await?;
    let account = account.ok_or_else(|| ExportCommandError::NoAccount(args.user.clone()))?;
    let written = write(&args.file, store, Export::of(account.id)).await;
    let said = written.map(|bytes| format!("Wrote {} ({bytes} bytes).", args.file.display()));
    let _ = writeln!(io::stdout(), "{}", said?);
    Ok(())
}

/// Writes the file, for its owner's eyes only; half a file does not stay behind.
async fn write(path: &Path, store: &dyn Store, mut export: Export) -> Result<usize, ExportCommandError> {
    let failed = |error| ExportCommandError::File { file: path.to_owned(), error };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    let mut bytes = 0;
    let done = loop {
        match export.next(store).await {
            Ok(Some(piece)) => {
                bytes += piece.len();
                if let Err(error) = file.write_all(&piece) {
                    break Err(failed(error));
                }
            }
            Ok(None) => break file.sync_all().map_err(failed),
            Err(error) => break Err(error.into()),
        }
    };
    if done.is_err() {
        let _ = fs::remove_file(path);
    }
    done.map(|()| bytes)
}
