//! Typed access to a store: documents as Rust values, events as frames of the contract.

use latido_protocol::{event::WireEvent, frame::event_text, session::UserId, time::Timestamp};
use tokio::sync::oneshot;

use super::{
    document::{Entry, Owner, Slice, Stored},
    engine::{Snapshot, Store, Transaction, TxOutcome},
    error::StoreError,
};

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
            let outcome = if done.is_ok() { TxOutcome::Commit } else { TxOutcome::Rollback };
            // Nobody listens any more when the request was given up: the write stands all the same.
            let _ = give.send(done);
            outcome
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

/// A snapshot, with the methods that know types: of documents and events.
#[derive(Clone, Copy)]
pub struct Read<'s> {
    pub(crate) snapshot: &'s dyn Snapshot,
}

impl<'s> Read<'s> {
    pub fn of(snapshot: &'s dyn Snapshot) -> Self {
        Self { snapshot }
    }
}

/// A transaction, with the methods that know types: of documents and events.
pub struct Write<'t> {
    pub(crate) transaction: &'t mut dyn Transaction,
}

impl Write<'_> {
    /// Sees what this transaction has written so far.
    pub fn read(&self) -> Read<'_> {
        Read { snapshot: &*self.transaction }
    }
}

impl Read<'_> {
    pub fn get<T: Stored>(&self, owner: &Owner, id: &str) -> Result<Option<T>, StoreError> {
        let body = self.snapshot.document(owner, T::COLLECTION, id)?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    pub fn list<T: Stored>(&self, owner: &Owner, slice: &Slice) -> Result<Vec<T>, StoreError> {
        let bodies = self.snapshot.documents(owner, T::COLLECTION, slice)?;
        bodies.iter().map(|body| Ok(serde_json::from_str(body)?)).collect()
    }

    /// How many there are, of one facet or in all.
    pub fn count<T: Stored>(&self, owner: &Owner, facet: Option<&str>) -> Result<u64, StoreError> {
        self.snapshot.count(owner, T::COLLECTION, facet)
    }
}

impl Write<'_> {
    /// Writes the document, over an older one of its id if there is one.
    pub fn put<T: Stored>(&mut self, owner: &Owner, document: &T) -> Result<(), StoreError> {
        let body = serde_json::to_string(document)?;
        let entry = Entry { id: document.id(), at: document.at(), facet: document.facet(), body: &body };
        self.transaction.put(owner, T::COLLECTION, entry)
    }

    /// Gives whether there was such a document.
    pub fn remove<T: Stored>(&mut self, owner: &Owner, id: &str) -> Result<bool, StoreError> {
        self.transaction.remove(owner, T::COLLECTION, id)
    }

    /// Takes away what is older than `before`, and gives how many that were.
    pub fn trim<T: Stored>(&mut self, owner: &Owner, before: Timestamp) -> Result<u64, StoreError> {
        self.transaction.trim(owner, T::COLLECTION, before)
    }

    /// Takes away everything an owner has.
    pub fn forget(&mut self, owner: &Owner) -> Result<(), StoreError> {
        self.transaction.forget(owner)
    }
}

/// What a client that stands at some position has missed.
#[derive(Debug, PartialEq, Eq)]
pub struct Missed {
    /// The number of the user's last event.
    pub head: u64,
    /// The frames behind the position, in order, up to the head; `None` when there are too many of
    /// them, or some of them are gone, or the position lies ahead of the head.
    pub events: Option<Vec<(u64, String)>>,
}

impl Read<'_> {
    pub fn head(&self, user: &UserId) -> Result<u64, StoreError> {
        self.snapshot.head(user)
    }

    /// The events behind `seq`, unless there are more than `at_most`.
    pub fn missed_since(&self, user: &UserId, seq: u64, at_most: u64) -> Result<Missed, StoreError> {
        let head = self.head(user)?;
        let Some(count) = head.checked_sub(seq).filter(|count| *count <= at_most) else {
            return Ok(Missed { head, events: None });
        };
        let events = self.snapshot.events_behind(user, seq)?;
        let whole = events.len() as u64 == count;
        Ok(Missed { head, events: whole.then_some(events) })
    }
}

impl Write<'_> {
    /// Gives the event the user's next number. It is published when the transaction is committed.
    pub fn append(&mut self, user: &UserId, event: &dyn WireEvent, now: Timestamp) -> Result<(), StoreError> {
        self.transaction.append(user, now, &|epoch, seq| event_text(event, now, Some((epoch, seq))))
    }

    /// Takes away the user's events whose frames are to go. Their numbers stay taken.
    pub fn forget_events_where(
        &mut self,
        user: &UserId,
        goes: &dyn Fn(&str) -> bool,
    ) -> Result<(), StoreError> {
        self.transaction.forget_events_where(user, goes)
    }

    /// Takes away the user's event log with its numbers.
    pub fn forget_events(&mut self, user: &UserId) -> Result<(), StoreError> {
        self.transaction.forget_events(user)
    }
}
