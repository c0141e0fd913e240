//! A copy of the database while it is in use, and a copy brought back.
//!
//! The copy is made by `VACUUM INTO`: one snapshot, whatever is written meanwhile and by whichever process,
//! and nothing in it of what was deleted. It is checked before it gets its name, and it never takes the
//! name of something else.
//!
//! What was brought back has forgotten what came after it, and will give the same numbers to other events.
//! So it gets a new epoch: every client that comes with a position of the old one is told to fetch all.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};
use tempfile::NamedTempFile;

use super::migrate;

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
}

/// Copies the database `from` into a new file `to`, readable by its owner alone.
pub fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists { path: to.to_owned() });
    }
    publish(snapshot(from, to)?, to)
}

/// Puts a copy into the place of the database `to`, under a new epoch. What is there meanwhile is moved to
/// `aside`, together with the files that belong to it. Nobody may have `to` open.
pub fn bring_back(from: &Path, to: &Path, aside: &Path) -> Result<(), BackupError> {
    let copy = snapshot(from, to)?;
    renew_epoch(copy.path()).map_err(BackupError::Epoch)?;
    let put_in_place = shift(to, aside).and_then(|()| publish(copy, to));
    put_in_place.inspect_err(|_| {
        // What was there goes back to where it was, as far as it had been moved.
        let _ = shift(aside, to);
    })
}

/// Moves a database with the files that belong to it: its write-ahead log holds what is not yet in it, and
/// would spoil another database of the same name.
fn shift(from: &Path, to: &Path) -> Result<(), BackupError> {
    for suffix in ["-wal", "-shm", ""] {
        let (old, new) = (with_suffix(from, suffix), with_suffix(to, suffix));
        if old.exists() {
            fs::rename(&old, new).map_err(|error| BackupError::Unwritable { path: old, error })?;
        }
    }
    Ok(())
}

/// A checked copy beside `to` that vanishes unless it is given that name.
fn snapshot(from: &Path, to: &Path) -> Result<NamedTempFile, BackupError> {
    if !from.exists() {
        return Err(BackupError::Missing { path: from.to_owned() });
    }
    let copy = tempfile::Builder::new()
        .prefix(".latido-copy-")
        .tempfile_in(directory(to))
        .map_err(|error| BackupError::Unwritable { path: to.to_owned(), error })?;
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

fn renew_epoch(file: &Path) -> Result<(), rusqlite::Error> {
    let connection = Connection::open(file)?;
    let changed = connection
        .execute("UPDATE meta SET value = ?1 WHERE key = 'epoch'", [uuid::Uuid::now_v7().to_string()])?;
    if changed == 1 { Ok(()) } else { Err(rusqlite::Error::QueryReturnedNoRows) }
}

/// Gives the copy its name, once it is on the disk and if the name is free.
fn publish(copy: NamedTempFile, to: &Path) -> Result<(), BackupError> {
    let unwritable = |error| BackupError::Unwritable { path: to.to_owned(), error };
    copy.as_file().sync_all().map_err(unwritable)?;
    copy.persist_noclobber(to).map_err(|refused| match refused.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists { path: to.to_owned() },
        _ => unwritable(refused.error),
    })?;
    // The name is on the disk as well. Where directories cannot be opened they need no syncing either.
    fs::File::open(directory(to))
        .and_then(|directory| directory.sync_all())
        .or_else(|error| if cfg!(unix) { Err(unwritable(error)) } else { Ok(()) })
}

fn directory(of: &Path) -> &Path {
    of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
