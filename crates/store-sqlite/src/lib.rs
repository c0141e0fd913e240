//! The store as one `SQLite` file: the engine of the one binary.
//!
//! One thread writes, so the order of commits is the order of events ([`writer`]). Reading happens on
//! threads and connections of its own, which in WAL mode neither wait for the writer nor hold it up ([`readers`]).
//!
//! | file | what it holds |
//! |---|---|
//! | [`migrate`] | the schema and how an older file is brought up to it |
//! | [`rows`] | documents and events as rows |
//! | [`writer`] | the writing thread and its queue |
//! | [`purge`] | leaves no trace of what has been deleted |
//! | [`readers`] | the threads that read |
//! | [`fair_queue`] | jobs that wait for a thread, flow by flow |
//! | [`metrics`] | how many writes share a commit, and how long it takes |
//! | [`error`] | errors of `SQLite` as errors of the store |
//! | [`copy`] | copies of the file, checked and published |
//! | [`backup`] | a copy while it is in use |
//! | [`restore`] | a copy brought back |

pub mod backup;
pub mod copy;
mod error;
mod fair_queue;
pub mod metrics;
mod migrate;
mod purge;
mod readers;
pub mod restore;
mod rows;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use latido_domain::store::{EventSink, ReadJob, Store, StoreError, StoreFuture, WriteJob};

use self::{error::EngineResult, readers::Readers, writer::Writer};

/// The database of one server.
pub struct SqliteStore {
    file: PathBuf,
    epoch: Arc<str>,
    writer: Writer,
    readers: Readers,
}

impl SqliteStore {
    /// Opens the file, creating it or bringing its schema up to date. Committed events go to `outlet`. For the server,
    /// which has the data directory for itself.
    pub fn open(file: &Path, outlet: Arc<dyn EventSink>) -> Result<Arc<dyn Store>, StoreError> {
        create_private(file);
        Self::start(file, rusqlite::Connection::open(file).engine()?, outlet)
    }

    /// Opens the file beside a server that may be running on it: creates it, but refuses another schema, for a server
    /// of an older version would go on with one that it does not know.
    pub fn open_beside(file: &Path, outlet: Arc<dyn EventSink>) -> Result<Arc<dyn Store>, StoreError> {
        if restore::is_under_way(file) {
            return Err(StoreError::Restoring);
        }
        create_private(file);
        let connection = rusqlite::Connection::open(file).engine()?;
        migrate::check(&connection)?;
        Self::start(file, connection, outlet)
    }

    fn start(
        file: &Path,
        mut connection: rusqlite::Connection,
        outlet: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn Store>, StoreError> {
        let epoch: Arc<str> = migrate::migrate(&mut connection)?.into();
        Ok(Arc::new(Self {
            file: file.to_owned(),
            writer: Writer::start(connection, Arc::clone(&epoch), outlet),
            readers: Readers::start(file),
            epoch,
        }))
    }
}

impl Store for SqliteStore {
    fn epoch(&self) -> &str {
        &self.epoch
    }

    fn run_read(&self, job: ReadJob) -> StoreFuture<'_> {
        Box::pin(self.readers.run(job))
    }

    fn run_write(&self, job: WriteJob) -> StoreFuture<'_> {
        Box::pin(self.writer.run(job))
    }

    fn purge(&self) -> StoreFuture<'_> {
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
