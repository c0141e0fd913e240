//! The store as one `SQLite` file.
//!
//! One thread writes, so the order of commits is the order of events ([`writer`]). Reading happens on
//! connections of its own, which in WAL mode neither wait for the writer nor hold it up ([`readers`]).
//!
//! | file | what it holds |
//! |---|---|
//! | [`migrate`] | the schema and how an older file is brought up to it |
//! | [`rows`] | documents and events as rows |
//! | [`writer`] | the writing thread and its queue |
//! | [`purge`] | leaves no trace of what has been deleted |
//! | [`readers`] | the pool of reading connections |
//! | [`backup`] | a copy while it is in use, and a copy brought back |

pub mod backup;
mod migrate;
mod purge;
mod readers;
mod rows;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use self::{readers::Readers, writer::Writer};
use super::{Outlet, ReadJob, Running, Store, StoreError, WriteJob};

/// The database of one server.
pub struct SqliteStore {
    file: PathBuf,
    epoch: Arc<str>,
    writer: Writer,
    readers: Readers,
}

impl SqliteStore {
    /// Opens the file, creating it or bringing its schema up to date. Committed events go to `outlet`.
    pub fn open(file: &Path, outlet: Arc<dyn Outlet>) -> Result<Arc<dyn Store>, StoreError> {
        create_private(file);
        let mut connection = rusqlite::Connection::open(file)?;
        let epoch: Arc<str> = migrate::migrate(&mut connection)?.into();
        Ok(Arc::new(Self {
            file: file.to_owned(),
            writer: Writer::start(connection, Arc::clone(&epoch), outlet),
            readers: Readers::new(file),
            epoch,
        }))
    }
}

impl Store for SqliteStore {
    fn epoch(&self) -> &str {
        &self.epoch
    }

    fn run_read(&self, job: ReadJob) -> Running<'_> {
        Box::pin(self.readers.run(job))
    }

    fn run_write(&self, job: WriteJob) -> Running<'_> {
        Box::pin(self.writer.run(job))
    }

    fn purge(&self) -> Running<'_> {
        Box::pin(purge::purge(self.file.clone()))
    }

    /// Also folds the write-ahead log into the file.
    fn close(&self) {
        self.writer.close();
    }
}

/// Creates the file readable by its owner alone, should it not exist. SQLite gives the files beside it
/// the same rights. A failure shows when the database is opened.
fn create_private(file: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(file);
}
