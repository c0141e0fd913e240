//! The store: documents and the event log, behind a small trait.
//!
//! Everything that is kept is a *document* of an owner ([`document`]); everything that happens to a user is
//! an *event* of that user's log ([`log`]), numbered in the transaction that writes the document. That is
//! all an engine has to know: [`Snapshot`] and [`Transaction`] are its whole vocabulary, [`Store`] runs
//! jobs in them. What a document means is known by the domain alone.
//!
//! [`sqlite`] is the engine of the one binary. Another one (tables of a cloud, a cluster) has to pass the
//! same suite, `tests/store_contract.rs`. Nothing in here knows HTTP or sockets: who wants the events that
//! were committed hands over an [`Outlet`] when the store is opened.

pub mod document;
pub mod log;
pub mod sqlite;

use std::{future::Future, pin::Pin};

use latido_protocol::{session::UserId, time::Timestamp};
use tokio::sync::oneshot;

pub use self::{
    document::{Owner, Slice, Stored},
    log::{LoggedEvent, Outlet},
};

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database answered: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("a stored document cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error(
        "the database was written by a newer version of this program (schema {found}, this one knows {known})"
    )]
    FromTheFuture { found: i64, known: i64 },
    #[error("the database has more to do than it can take in")]
    Overloaded,
    #[error("the database takes no more requests")]
    Unavailable,
}

/// A document on its way into the store.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub id: &'a str,
    /// What lists are ordered by, newest first, and trimmed by.
    pub at: Timestamp,
    /// What lists can be narrowed to; empty where there is nothing.
    pub facet: &'a str,
    /// JSON.
    pub body: &'a str,
}

/// What can be read of one state of the store.
pub trait Snapshot {
    /// The body of a document.
    fn document(&self, owner: &Owner, collection: &str, id: &str) -> Result<Option<String>, StoreError>;
    /// The bodies of a part of a collection.
    fn documents(&self, owner: &Owner, collection: &str, slice: &Slice) -> Result<Vec<String>, StoreError>;
    /// How many documents there are, of one facet or in all.
    fn count(&self, owner: &Owner, collection: &str, facet: Option<&str>) -> Result<u64, StoreError>;
    /// The number of the user's last event; 0 before the first.
    fn head(&self, user: &UserId) -> Result<u64, StoreError>;
    /// The events behind `seq`, in order, as far as they are kept.
    fn events_behind(&self, user: &UserId, seq: u64) -> Result<Vec<(u64, String)>, StoreError>;
}

/// What can be written, besides all that can be read. Reading sees what this transaction has written.
pub trait Transaction: Snapshot {
    /// Writes a document, over one of the same id if there is one.
    fn put(&mut self, owner: &Owner, collection: &str, entry: Entry) -> Result<(), StoreError>;
    /// Gives whether there was such a document.
    fn remove(&mut self, owner: &Owner, collection: &str, id: &str) -> Result<bool, StoreError>;
    /// Takes away what is older than `before`, and gives how many that were.
    fn trim(&mut self, owner: &Owner, collection: &str, before: Timestamp) -> Result<u64, StoreError>;
    /// Takes away everything an owner has.
    fn forget(&mut self, owner: &Owner) -> Result<(), StoreError>;
    /// Gives the event the user's next number. `frame` makes the text of it, from epoch and number. It is
    /// published when the transaction is committed.
    fn append(
        &mut self,
        user: &UserId,
        at: Timestamp,
        frame: &dyn Fn(&str, u64) -> String,
    ) -> Result<(), StoreError>;
    /// Takes away the user's events whose frame contains the text. Their numbers are not given out again.
    fn forget_events_about(&mut self, user: &UserId, text: &str) -> Result<(), StoreError>;
    /// Takes away the user's event log with its numbers.
    fn forget_events(&mut self, user: &UserId) -> Result<(), StoreError>;
}

/// What a job wants to become of what it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Commit,
    Undo,
}

pub type ReadJob = Box<dyn FnOnce(&dyn Snapshot) + Send>;
pub type WriteJob = Box<dyn FnOnce(&mut dyn Transaction) -> Verdict + Send>;
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// An engine. Call it by [`read`](#method.read) and [`write`](#method.write).
pub trait Store: Send + Sync {
    /// Names this store's event log. Positions of another epoch mean nothing here.
    fn epoch(&self) -> &str;
    /// Runs the job on a snapshot of what is committed.
    fn run_read(&self, job: ReadJob) -> Running<'_>;
    /// Runs the job in a transaction of its own. `Ok` means that the verdict has been carried out: what was
    /// committed is durable, and its events have been published in the order of the commits.
    fn run_write(&self, job: WriteJob) -> Running<'_>;
    /// Leaves no trace on the disk of what has been deleted.
    fn purge(&self) -> Running<'_>;
    /// Finishes what is queued and takes no more. Blocks until that is done.
    fn close(&self);
}

impl dyn Store + '_ {
    /// Runs `job` in a transaction of its own. An error undoes everything that it wrote.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Write) -> Result<T, E> + Send + 'static,
    {
        let (give, mut result) = oneshot::channel();
        self.run_write(Box::new(move |transaction| {
            let done = job(&mut Write { transaction });
            let verdict = if done.is_ok() { Verdict::Commit } else { Verdict::Undo };
            // Nobody listens any more when the request was given up: the write stands all the same.
            let _ = give.send(done);
            verdict
        }))
        .await?;
        // No result: the job panicked, and was undone.
        result.try_recv().unwrap_or_else(|_| Err(StoreError::Unavailable.into()))
    }

    /// Runs `job` on a snapshot of what is committed.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Read) -> Result<T, E> + Send + 'static,
    {
        let (give, mut result) = oneshot::channel();
        self.run_read(Box::new(move |snapshot| {
            let _ = give.send(job(&Read { snapshot }));
        }))
        .await?;
        result.try_recv().unwrap_or_else(|_| Err(StoreError::Unavailable.into()))
    }
}

/// A snapshot, with the methods that know types: see [`document`] and [`log`].
#[derive(Clone, Copy)]
pub struct Read<'s> {
    pub(crate) snapshot: &'s dyn Snapshot,
}

/// A transaction, with the methods that know types: see [`document`] and [`log`].
pub struct Write<'t> {
    pub(crate) transaction: &'t mut dyn Transaction,
}

impl Write<'_> {
    /// Sees what this transaction has written so far.
    pub fn read(&self) -> Read<'_> {
        Read { snapshot: &*self.transaction }
    }
}
