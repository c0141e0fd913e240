//! The data directory: for one server at a time, and for its owner's eyes only.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use latido_store_sqlite::{
    copy::{self, BackupError},
    restore::{self, Recovered},
};
use tracing::{info, warn};

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    #[error("the data directory {path} cannot be used: {error}")]
    Unusable { path: PathBuf, error: io::Error },
    #[error("another server is using the data directory {path}; stop it, or choose another one with --data")]
    InUse { path: PathBuf },
    #[error("the data directory cannot be used: {0}")]
    Restore(#[from] BackupError),
}

/// The database in a data directory.
pub fn database(data: &std::path::Path) -> PathBuf {
    data.join("latido.db")
}

/// Creates the data directory if it is missing, for its owner alone.
pub fn create(data: &std::path::Path) -> Result<(), DataDirError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(|error| DataDirError::Unusable { path: data.to_owned(), error })
}

/// Takes the data directory for this process, for as long as the file is held.
pub fn lock(data: &std::path::Path) -> Result<fs::File, DataDirError> {
    let failed = |error| DataDirError::Unusable { path: data.to_owned(), error };
    let file = open_lock(&data.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(DataDirError::InUse { path: data.to_owned() }),
        Err(fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Claims the directory for a server, for as long as the returned lock is held: creates it if it is missing, closes it to
/// other users, and ends what a killed process has begun in it.
pub fn claim(data: &Path) -> Result<fs::File, DataDirError> {
    create(data)?;
    let lock = lock(data)?;
    close_to_others(data);
    copy::remove_unfinished(data);
    match restore::recover(&database(data))? {
        Recovered::Nothing => {}
        Recovered::Completed => info!("a restore that was broken off at its end is complete"),
        Recovered::Undone => {
            warn!("a restore was broken off; the database that was there before is in its place again");
        }
    }
    Ok(lock)
}

/// Opens the lock, which must be a file of its own: through a symbolic link another file would be taken for it.
fn open_lock(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let no_follow = rustix::fs::OFlags::NOFOLLOW.bits();
        options.mode(0o600).custom_flags(no_follow.cast_signed());
    }
    options.open(path).map_err(|error| {
        if path.is_symlink() {
            return io::Error::other(format!("{} is a symbolic link; remove it", path.display()));
        }
        error
    })
}

/// Takes reading and writing by others away from the files that hold health data and secrets. The directory itself is
/// only warned of: it may hold something else.
#[cfg(unix)]
fn close_to_others(data: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let others = |path: &Path| {
        let mode = fs::symlink_metadata(path).ok().filter(|found| found.is_file() || found.is_dir());
        mode.map_or(0, |found| found.permissions().mode()) & 0o077 != 0
    };
    if others(data) {
        warn!(data = %data.display(), "other users can see what is in the data directory; chmod 700 it");
    }
    for entry in fs::read_dir(data).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_name().to_str().is_some_and(is_ours) && path.is_file() && others(&path) {
            match fs::set_permissions(&path, fs::Permissions::from_mode(0o600)) {
                Ok(()) => {
                    info!(file = %path.display(), "a file that others could open is now its owner's alone");
                }
                Err(error) => {
                    warn!(file = %path.display(), %error, "other users can open this file; chmod 600 it");
                }
            }
        }
    }
}

#[cfg(not(unix))]
fn close_to_others(_data: &Path) {}

/// Whether a file of this name is made by this program.
#[cfg(unix)]
fn is_ours(name: &str) -> bool {
    ["latido.db", "replaced-"].iter().any(|beginning| name.starts_with(beginning))
        || ["signing-key", "webhook-secret", "lock"].contains(&name)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn files_that_others_could_read_are_closed() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        fs::create_dir(&data).unwrap();
        for name in ["latido.db", "latido.db-wal", "signing-key", "webhook-secret", "replaced-1.db", "notes"]
        {
            fs::write(data.join(name), "").unwrap();
            fs::set_permissions(data.join(name), fs::Permissions::from_mode(0o644)).unwrap();
        }
        let _lock = claim(&data).unwrap();
        for name in ["latido.db", "latido.db-wal", "signing-key", "webhook-secret", "replaced-1.db", "lock"] {
            assert_eq!(mode(&data.join(name)), 0o600, "{name}");
        }
        assert_eq!(mode(&data.join("notes")), 0o644, "what is not ours is left alone");
    }

    #[test]
    fn a_new_directory_is_its_owners() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let _lock = claim(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
    }

    #[test]
    fn a_lock_that_is_a_link_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let precious = home.path().join("precious");
        fs::write(&precious, "precious").unwrap();
        symlink(&precious, home.path().join("lock")).unwrap();
        let refused = claim(home.path()).unwrap_err().to_string();
        assert!(refused.contains("symbolic link"), "{refused}");
        assert_eq!(fs::read_to_string(precious).unwrap(), "precious");
    }

    #[test]
    fn unfinished_copies_go_and_those_being_made_stay() {
        let home = tempfile::tempdir().unwrap();
        let made = copy::unfinished(&home.path().join("x")).unwrap();
        for name in [".latido-copy-dead01", ".latido-copy-dead01-journal"] {
            fs::write(home.path().join(name), "health data").unwrap();
        }
        let _lock = claim(home.path()).unwrap();
        let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(left.iter().all(|path| !path.to_string_lossy().contains("dead")), "{left:?}");
        assert!(made.path().exists());
    }
}
