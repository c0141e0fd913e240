//! `latido-server backup` and `latido-server restore`: a copy of everything while the server runs, and a
//! copy brought back while it does not.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use clap::Args;
use latido_store_sqlite::{
    backup,
    copy::BackupError,
    restore::{self, Recovered},
};

use crate::{
    clock::{Clock, SystemClock},
    ops::data_dir::{self, DataDirError, database},
};

#[derive(Args)]
pub struct BackupArgs {
    /// The file to make. It must not exist yet
    file: PathBuf,

    /// Where the database is kept
    #[arg(long, env = "LATIDO_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,
}

#[derive(Args)]
pub struct RestoreArgs {
    /// A file that `backup` has made
    file: PathBuf,

    /// Where the database is to be
    #[arg(long, env = "LATIDO_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,

    /// Take the place of a database that is there. It is kept under another name
    #[arg(long)]
    replace: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error(
        "there is a database at {0} already; nothing was changed. With --replace it is moved aside first"
    )]
    Occupied(PathBuf),
    #[error("nothing was restored: {0}")]
    Start(#[from] DataDirError),
    #[error("nothing was restored: {0}")]
    Backup(#[from] BackupError),
}

pub fn back_up(args: &BackupArgs) -> Result<(), BackupError> {
    backup::copy(&database(&args.data), &args.file)?;
    let bytes = args.file.metadata().map_or(0, |metadata| metadata.len());
    let _ = writeln!(io::stdout(), "Backed up to {} ({bytes} bytes, checked).", args.file.display());
    Ok(())
}

pub fn restore(args: &RestoreArgs) -> Result<(), RestoreError> {
    data_dir::create(&args.data)?;
    // A server that is running would go on with a file that has been moved away.
    let _held = data_dir::lock(&args.data)?;
    let database = database(&args.data);
    let mut out = io::stdout();
    match restore::recover(&database) {
        Ok(Recovered::Undone) => {
            let _ = writeln!(out, "A restore that was broken off has been undone first.");
        }
        // There is nothing, and this restore is what was to be run again.
        Ok(Recovered::Nothing | Recovered::Completed) | Err(BackupError::BrokenOff { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let occupied = database.exists();
    if occupied && !args.replace {
        return Err(RestoreError::Occupied(database));
    }
    let now = SystemClock.now().to_string().replace(':', "-");
    let aside = args.data.join(format!("replaced-{now}.db"));
    restore::bring_back(&args.file, &database, &aside)?;
    let _ = writeln!(out, "Restored {} from {}.", database.display(), args.file.display());
    if occupied {
        let _ = writeln!(out, "What was there before is kept as {}.", aside.display());
    }
    let _ = writeln!(out, "Start the server: every page fetches everything anew by itself.");
    Ok(())
}
