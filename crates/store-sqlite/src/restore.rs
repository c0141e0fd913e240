//! A copy brought back, in the place of the database or where there was none.
//!
//! What was brought back has forgotten what came after it, and will give the same numbers to other events.
//! So it gets a new epoch: every client that comes with a position of the old one is told to fetch all.
//!
//! The old database is moved aside with its write-ahead log before the copy takes its name, which are four steps. A
//! process can be killed between any two of them, so a mark is written first, and removed last. Whoever opens a
//! database and finds the mark calls [`recover`]: either the copy had its name already, or the old files go back to
//! where they were. Where there were none, the mark stays and opening is refused: an empty database would pass for
//! the one that should have come back.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use crate::copy::{BackupError, directory, publish, snapshot, sync_directory};

/// The mark of a restore that has begun and not ended.
const MARK: &str = "restore-under-way";

/// What became of a restore that was broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// There was none.
    Nothing,
    /// The copy was in place already.
    Completed,
    /// The database that was there before is in its place again.
    Undone,
}

/// Where a step of a restore has brought it. For tests, which break off at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Marked,
    Copied,
    /// The file with this suffix has been moved aside.
    Moved(&'static str),
    Published,
}

/// In this order the files of a database are moved aside: while the last one is in its place, so is the database. The
/// write-ahead log holds what is not yet in the database, and would spoil another one of the same name.
const SUFFIXES: [&str; 3] = ["-wal", "-shm", ""];

/// Puts a copy into the place of the database `to`, under a new epoch. What is there meanwhile is moved to
/// `aside`, in the same directory, together with the files that belong to it. Nobody may have `to` open.
pub fn bring_back(from: &Path, to: &Path, aside: &Path) -> Result<(), BackupError> {
    let done = bring_back_by_steps(from, to, aside, &mut |_| Ok(()));
    if done.is_err() {
        match recover(to) {
            // There was no database before and there is none now, and that has been said.
            Err(BackupError::BrokenOff { .. }) => remove_mark(to)?,
            undone => {
                undone?;
            }
        }
    }
    done
}

fn bring_back_by_steps(
    from: &Path,
    to: &Path,
    aside: &Path,
    reached: &mut dyn FnMut(Step) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    write_mark(from, to, aside)?;
    reached(Step::Marked)?;
    let copy = snapshot(from, to)?;
    renew_epoch(copy.path()).map_err(BackupError::Epoch)?;
    reached(Step::Copied)?;
    for suffix in SUFFIXES {
        shift(to, aside, suffix)?;
        reached(Step::Moved(suffix))?;
    }
    publish(copy, to)?;
    reached(Step::Published)?;
    remove_mark(to)
}

/// Whether a restore of this database has begun and not ended.
pub fn is_under_way(database: &Path) -> bool {
    mark(database).exists()
}

/// Ends a restore of this database that was broken off, one way or the other. Nobody may have it open.
pub fn recover(database: &Path) -> Result<Recovered, BackupError> {
    let mark = mark(database);
    let text = match fs::read_to_string(&mark) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Recovered::Nothing),
        Err(error) => return Err(BackupError::Unwritable { path: mark, error }),
    };
    // A mark that was cut off itself: nothing had been moved yet.
    let (aside, from) = text.split_once('\n').unwrap_or(("", "its backup"));
    let aside = Some(directory(database).join(aside)).filter(|_| !aside.is_empty());
    let recovered = match (database.exists(), aside) {
        (true, Some(aside)) if aside.exists() => Recovered::Completed,
        (true, None) if text.contains('\n') => Recovered::Completed,
        (true, None) => Recovered::Undone,
        // Until the database itself is moved only its log can have been.
        (_, Some(aside)) if database.exists() || aside.exists() => {
            for suffix in SUFFIXES {
                shift(&aside, database, suffix)?;
            }
            Recovered::Undone
        }
        (false, _) | (_, Some(_)) => {
            let from = from.trim_end().to_owned();
            return Err(BackupError::BrokenOff { path: database.to_owned(), from, mark });
        }
    };
    sync_directory(database)?;
    remove_mark(database)?;
    Ok(recovered)
}

fn mark(database: &Path) -> PathBuf {
    directory(database).join(MARK)
}

/// Says where the old files go, if there are any, and what is brought back, a line each.
fn write_mark(from: &Path, to: &Path, aside: &Path) -> Result<(), BackupError> {
    let mark = mark(to);
    let unwritable = |error| BackupError::Unwritable { path: mark.clone(), error };
    let aside = aside.file_name().filter(|_| to.exists()).unwrap_or_default().to_string_lossy();
    let mut file = fs::File::create(&mark).map_err(unwritable)?;
    writeln!(file, "{aside}\n{}", from.display()).and_then(|()| file.sync_all()).map_err(unwritable)?;
    sync_directory(to)
}

fn remove_mark(database: &Path) -> Result<(), BackupError> {
    let mark = mark(database);
    match fs::remove_file(&mark) {
        Ok(()) => sync_directory(database),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::Unwritable { path: mark, error }),
    }
}

/// Moves a file of a database, if it is there.
fn shift(from: &Path, to: &Path, suffix: &str) -> Result<(), BackupError> {
    let (old, new) = (with_suffix(from, suffix), with_suffix(to, suffix));
    if old.exists() {
        fs::rename(&old, new).map_err(|error| BackupError::Unwritable { path: old, error })?;
    }
    Ok(())
}

fn renew_epoch(file: &Path) -> Result<(), rusqlite::Error> {
    let connection = Connection::open(file)?;
    let changed = connection
        .execute("UPDATE meta SET value = ?1 WHERE key = 'epoch'", [uuid::Uuid::now_v7().to_string()])?;
    if changed == 1 { Ok(()) } else { Err(rusqlite::Error::QueryReturnedNoRows) }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
#[path = "restore_tests.rs"]
mod tests;
