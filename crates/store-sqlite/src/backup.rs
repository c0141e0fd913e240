//! A copy of the database while it is in use.
//!
//! The copy is made by `VACUUM INTO`: one snapshot, whatever is written meanwhile and by whichever process,
//! and nothing in it of what was deleted. It is checked before it gets its name, and it never takes the
//! name of something else.

use std::path::Path;

use crate::{
    copy::{BackupError, publish, snapshot},
    restore,
};

/// Copies the database `from` into a new file `to`, readable by its owner alone.
pub fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists { path: to.to_owned() });
    }
    if restore::is_under_way(from) {
        return Err(BackupError::UnderWay { path: from.to_owned() });
    }
    publish(snapshot(from, to)?, to)
}
