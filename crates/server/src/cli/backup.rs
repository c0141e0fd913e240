//! `latido-server backup` and `latido-server restore`: a copy of everything while the server runs, and a
//! copy brought back while it does not.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use clap::Args;

use crate::{
    app::{StartError, create_data, database, lock},
    clock::{Clock, SystemClock},
    store::sqlite::backup::{self, BackupError},
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
    Start(#[from] StartError),
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
    create_data(&args.data)?;
    // A server that is running would go on with a file that has been moved away.
    let _held = lock(&args.data)?;
    let database = database(&args.data);
    let occupied = database.exists();
    if occupied && !args.replace {
        return Err(RestoreError::Occupied(database));
    }
    let now = SystemClock.now().to_string().replace(':', "-");
    let aside = args.data.join(format!("replaced-{now}.db"));
    backup::bring_back(&args.file, &database, &aside)?;
    let mut out = io::stdout();
    let _ = writeln!(out, "Restored {} from {}.", database.display(), args.file.display());
    if occupied {
        let _ = writeln!(out, "What was there before is kept as {}.", aside.display());
    }
    let _ = writeln!(out, "Start the server: every page fetches everything anew by itself.");
    Ok(())
}
