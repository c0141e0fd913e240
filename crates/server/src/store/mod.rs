//! The database: records, users and the event log, in one `SQLite` file.
//!
//! One thread writes, so the order of commits is the order of events ([`writer`]). Reading happens on
//! connections of its own, which in WAL mode neither wait for the writer nor hold it up ([`readers`]).
//! Nothing in here knows HTTP or sockets: who wants the events that were committed hands over an
//! [`Outlet`] when the store is opened.
//!
//! | file | what it holds |
//! |---|---|
//! | [`migrate`] | the schema and how an older file is brought up to it |
//! | [`writer`] | the writing thread, its queue, and [`Write`] |
//! | [`readers`] | the pool of reading connections, and [`Read`] |
//! | [`records`] | foods, exercises and metrics, which are all stored alike |
//! | [`events`] | the numbered log of every user |
//! | [`users`], [`sessions`], [`profiles`], [`idempotency`] | one table or two each |

pub mod events;
pub mod idempotency;
mod migrate;
pub mod profiles;
pub mod readers;
pub mod records;
pub mod sessions;
pub mod users;
pub mod writer;

use std::{path::Path, sync::Arc};

pub use self::{
    events::{LoggedEvent, Outlet},
    readers::Read,
    writer::Write,
};
use self::{readers::Readers, writer::Writer};

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database answered: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("a stored record cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error(
        "the database was written by a newer version of this program (schema {found}, this one knows {known})"
    )]
    FromTheFuture { found: i64, known: i64 },
    #[error("the database takes no more writes")]
    Unavailable,
}

/// The database of one server. Cheap to share by reference; closed by [`Store::close`].
pub struct Store {
    epoch: Arc<str>,
    writer: Writer,
    readers: Readers,
}

impl Store {
    /// Opens the file, creating it or bringing its schema up to date. Committed events go to `outlet`.
    pub fn open(file: &Path, outlet: Arc<dyn Outlet>) -> Result<Self, StoreError> {
        create_private(file);
        let mut connection = rusqlite::Connection::open(file)?;
        let epoch: Arc<str> = migrate::migrate(&mut connection)?.into();
        Ok(Self {
            writer: Writer::start(connection, Arc::clone(&epoch), outlet),
            readers: Readers::new(file),
            epoch,
        })
    }

    /// Names this database's event log. Positions of another epoch mean nothing here.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Runs `job` in a transaction of its own. An error undoes everything that it wrote.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Write) -> Result<T, E> + Send + 'static,
    {
        self.writer.run(job).await
    }

    /// Runs `job` on a snapshot of what is committed.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Read) -> Result<T, E> + Send + 'static,
    {
        self.readers.run(job).await
    }

    /// Finishes what is queued, folds the write-ahead log into the file, and takes no more writes.
    /// Blocks until that is done.
    pub fn close(&self) {
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
