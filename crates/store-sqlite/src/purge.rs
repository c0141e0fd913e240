//! Purging: what has been deleted leaves no trace in the file.
//!
//! `secure_delete` overwrites what is deleted where it stands. But a page that was split has copies of its
//! rows left in its unused part, and the write-ahead log has the pages as they were. So the file is
//! written anew and the log is emptied. That holds writers up meanwhile, so a file that would take too
//! long is only freed of its log.

use std::{path::PathBuf, time::Duration};

use rusqlite::Connection;
use tokio::task::spawn_blocking;

use latido_domain::store::StoreError;

use crate::error::EngineResult;

/// Larger files are not written anew: at a hundred megabytes a second, writers wait for two seconds.
const MAX_REWRITTEN: u64 = 200 * 1024 * 1024;
/// How often readers are given time to come to an end.
const ATTEMPTS: u32 = 5;

pub async fn purge(file: PathBuf) -> Result<(), StoreError> {
    let purging = spawn_blocking(move || {
        let connection = Connection::open(&file).engine()?;
        connection.busy_timeout(Duration::from_secs(2)).engine()?;
        if std::fs::metadata(&file).is_ok_and(|metadata| metadata.len() <= MAX_REWRITTEN) {
            connection.execute_batch("VACUUM").engine()?;
        }
        for _ in 0..ATTEMPTS {
            let busy: bool =
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).engine()?;
            if !busy {
                return Ok(());
            }
        }
        Err(StoreError::Overloaded)
    });
    purging.await.unwrap_or(Err(StoreError::Unavailable))
}
