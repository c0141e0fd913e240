//! `latido-server export`: writes everything that an account has into a ZIP, straight from a data
//! directory. A server may be running on it meanwhile.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use latido_domain::{
    account,
    store::{Store, StoreError, log::NullSink},
};
use latido_store_sqlite::{SqliteStore, copy};

use crate::{
    export::{Export, ExportError},
    ops::data_dir::database,
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
    let store = SqliteStore::open_beside(&database(&args.data), Arc::new(NullSink))?;
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
    let written = write(&args.file, store, Export::new(account.id)).await;
    let said = written.map(|bytes| format!("Wrote {} ({bytes} bytes).", args.file.display()));
    let _ = writeln!(io::stdout(), "{}", said?);
    Ok(())
}

/// Writes the file, for its owner's eyes only. It gets its name when it is whole; half of it does not stay behind.
async fn write(path: &Path, store: &dyn Store, mut export: Export) -> Result<usize, ExportCommandError> {
    let failed = |error| ExportCommandError::File { file: path.to_owned(), error };
    if path.exists() {
        return Err(failed(io::ErrorKind::AlreadyExists.into()));
    }
    let mut file = copy::unfinished(path).map_err(failed)?;
    let mut bytes = 0;
    while let Some(piece) = export.next_chunk(store).await? {
        bytes += piece.len();
        file.write_all(&piece).map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path).map_err(|refused| failed(refused.error))?;
    Ok(bytes)
}
