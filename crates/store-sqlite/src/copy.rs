//! Copies of a database file: made and checked under a name of their own, published when they are whole.
//!
//! A process that is killed leaves its unfinished copy behind, with health data in it. The process that makes a copy
//! locks it; unlocked ones are removed by the next copy in that directory, and by a server in its data directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};
use tempfile::NamedTempFile;

use crate::migrate;

/// Why there is no copy. Whatever was there before is there still.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("there is no database at {path}")]
    Missing { path: PathBuf },
    #[error("{path} exists already and was left as it is; choose another name")]
    Exists { path: PathBuf },
    #[error("{path} cannot be written: {error}")]
    Unwritable { path: PathBuf, error: io::Error },
    #[error("{path} cannot be read as a database: {error}")]
    Unreadable { path: PathBuf, error: rusqlite::Error },
    #[error("{path} is damaged ({finding}) and was not used")]
    Damaged { path: PathBuf, finding: String },
    #[error(
        "{path} is no database of this program, or of a newer version of it (schema {found}, this one knows {known})"
    )]
    Foreign { path: PathBuf, found: i64, known: i64 },
    #[error("a new epoch could not be written: {0}")]
    Epoch(rusqlite::Error),
    #[error(
        "restoring {from} to {path} was broken off, and there was no database before: run it again, or remove {mark} \
         to begin with an empty one"
    )]
    BrokenOff { path: PathBuf, from: String, mark: PathBuf },
    #[error(
        "restoring {path} is under way or was broken off; run the restore again, or start the server, which goes back \
         to what was there before"
    )]
    UnderWay { path: PathBuf },
}

/// What the names of unfinished copies begin with.
const UNFINISHED: &str = ".latido-copy-";

/// An empty file beside `to` that vanishes unless it is given that name, readable by its owner alone and locked by this
/// process. Removes those that killed processes have left there.
pub fn unfinished(to: &Path) -> io::Result<NamedTempFile> {
    remove_unfinished(directory(to));
    let file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(directory(to))?;
    // Elsewhere a lock would keep the database out as well.
    if cfg!(unix) {
        file.as_file().lock()?;
    }
    Ok(file)
}

/// Removes the copies in a directory that nobody is making any more, with the files that belong to them.
pub fn remove_unfinished(directory: &Path) {
    if !cfg!(unix) {
        return;
    }
    let names = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.file_name());
    for name in names.filter_map(|name| name.into_string().ok()) {
        let Some(id) = name.strip_prefix(UNFINISHED).and_then(|rest| rest.split('-').next()) else {
            continue;
        };
        let copy = directory.join(format!("{UNFINISHED}{id}"));
        let is_made = fs::File::open(&copy).is_ok_and(|copy| copy.try_lock().is_err());
        let path = directory.join(&name);
        if !is_made && fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
            let _ = fs::remove_file(path);
        }
    }
}

/// A checked copy beside `to` that vanishes unless it is given that name.
pub(crate) fn snapshot(from: &Path, to: &Path) -> Result<NamedTempFile, BackupError> {
    if !from.exists() {
        return Err(BackupError::Missing { path: from.to_owned() });
    }
    let copy = unfinished(to).map_err(|error| BackupError::Unwritable { path: to.to_owned(), error })?;
    let unreadable = |error| BackupError::Unreadable { path: from.to_owned(), error };
    vacuum_into(from, copy.path()).map_err(unreadable)?;
    let (finding, found) = inspect(copy.path()).map_err(unreadable)?;
    if finding != "ok" {
        return Err(BackupError::Damaged { path: from.to_owned(), finding });
    }
    let known = migrate::known();
    if !(1..=known).contains(&found) {
        return Err(BackupError::Foreign { path: from.to_owned(), found, known });
    }
    Ok(copy)
}

fn vacuum_into(from: &Path, to: &Path) -> Result<(), rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(from, flags)?;
    source.busy_timeout(std::time::Duration::from_secs(5))?;
    source.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    Ok(())
}

/// What the check of a whole file finds, and the schema's version.
fn inspect(file: &Path) -> Result<(String, i64), rusqlite::Error> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let finding = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((finding, connection.query_row("PRAGMA user_version", [], |row| row.get(0))?))
}

/// Gives the copy its name, once it is on the disk and if the name is free.
pub(crate) fn publish(copy: NamedTempFile, to: &Path) -> Result<(), BackupError> {
    let unwritable = |error| BackupError::Unwritable { path: to.to_owned(), error };
    copy.as_file().sync_all().map_err(unwritable)?;
    copy.persist_noclobber(to).map_err(|refused| match refused.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists { path: to.to_owned() },
        _ => unwritable(refused.error),
    })?;
    sync_directory(to)
}

/// Sees to it that the names beside this file are on the disk. Where directories cannot be opened they need no syncing
/// either.
pub(crate) fn sync_directory(of: &Path) -> Result<(), BackupError> {
    let synced = fs::File::open(directory(of)).and_then(|directory| directory.sync_all());
    match synced {
        Err(error) if cfg!(unix) => Err(BackupError::Unwritable { path: of.to_owned(), error }),
        _ => Ok(()),
    }
}

pub(crate) fn directory(of: &Path) -> &Path {
    of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
