//! The vocabulary of an engine: a snapshot to read, a transaction to write, and jobs that run in them.

use std::{future::Future, pin::Pin};

use latido_protocol::{session::UserId, time::Timestamp};

use super::{
    document::{Entry, Owner, Slice},
    error::StoreError,
};

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
    /// Takes away the user's events whose frames are to go, and looks at each once. Their numbers are not given out
    /// again.
    fn forget_events_where(&mut self, user: &UserId, goes: &dyn Fn(&str) -> bool) -> Result<(), StoreError>;
    /// Takes away the user's event log with its numbers.
    fn forget_events(&mut self, user: &UserId) -> Result<(), StoreError>;
}

/// What a job wants to become of what it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TxOutcome {
    Commit,
    Rollback,
}

pub type ReadJob = Box<dyn FnOnce(&dyn Snapshot) + Send>;
pub type WriteJob = Box<dyn FnOnce(&mut dyn Transaction) -> TxOutcome + Send>;
pub type StoreFuture<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// An engine. Call it by `read` and `write`, see [`super::typed`].
pub trait Store: Send + Sync {
    /// Names this store's event log. Positions of another epoch mean nothing here.
    fn epoch(&self) -> &str;
    /// Runs the job on a snapshot of what is committed.
    fn run_read(&self, job: ReadJob) -> StoreFuture<'_>;
    /// Runs the job in a transaction of its own. `Ok` means that the outcome has been carried out: what was
    /// committed is durable, and its events have been published in the order of the commits.
    fn run_write(&self, job: WriteJob) -> StoreFuture<'_>;
    /// Leaves no trace on the disk of what has been deleted.
    fn purge(&self) -> StoreFuture<'_>;
    /// Finishes what is queued and takes no more. Blocks until that is done.
    fn close(&self);
}
