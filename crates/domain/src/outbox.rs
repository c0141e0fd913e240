//! What is still to be delivered. It is queued in the transaction that writes what it is about, so a crash
//! loses nothing; and it is taken out only in the one that notes what became of it, so a crash in between
//! delivers again, under the same id.
//!
//! Every contact has a queue of its own, and only the first of it is ever under way: what was said first
//! arrives first. A queue that is not empty has one entry in the server's list of when to look at which.

use latido_protocol::{
    conversation::{ContactId, MessageId},
    delivery::{DeliveryId, DeliveryKind},
    session::UserId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    delivery,
    store::{Owner, Read, Slice, StoreError, Stored, Write, document::SortOrder},
};

/// Something to deliver, in its contact's queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboxJob {
    /// Also what the other side may tell repetitions by.
    pub id: DeliveryId,
    pub kind: DeliveryKind,
    pub message: MessageId,
    /// Attempts that have failed.
    pub failed: u32,
    pub created_at: Timestamp,
}

impl Stored for OutboxJob {
    const COLLECTION: &'static str = "outbox";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.created_at
    }
}

/// When a contact's queue is to be looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DueQueue {
    pub contact: ContactId,
    pub at: Timestamp,
}

impl Stored for DueQueue {
    const COLLECTION: &'static str = "outboxDue";

    fn id(&self) -> &str {
        self.contact.as_str()
    }

    fn at(&self) -> Timestamp {
        self.at
    }
}

pub fn enqueue(
    write: &mut Write,
    contact: &ContactId,
    person: &UserId,
    kind: DeliveryKind,
    message: &MessageId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let owner = Owner::contact(contact);
    let id = delivery::begin(write, person, kind, now)?;
    // Behind whatever waits already, whichever of two requests was received first: who has fetched a message
    // has fetched those before it.
    let last = Slice { limit: 1, ..Slice::default() };
    let last = write.read().list::<OutboxJob>(&owner, &last)?.pop();
    let now = last.map_or(now, |last| now.max(last.created_at.plus_ms(1)));
    let job = OutboxJob { id, kind, message: message.clone(), failed: 0, created_at: now };
    write.put(&owner, &job)?;
    // A queue that waits for a next attempt goes on waiting: its order is kept.
    if write.read().get::<DueQueue>(&Owner::server(), contact.as_str())?.is_none() {
        write.put(&Owner::server(), &DueQueue { contact: contact.clone(), at: now })?;
    }
    Ok(())
}

/// The queues that are to be looked at first, with when.
pub fn due(read: &Read, limit: usize) -> Result<Vec<DueQueue>, StoreError> {
    read.list(&Owner::server(), &Slice { order: SortOrder::OldestFirst, limit, ..Slice::default() })
}

/// The first of a contact's queue.
pub fn waiting(read: &Read, contact: &ContactId, limit: usize) -> Result<Vec<OutboxJob>, StoreError> {
    read.list(&Owner::contact(contact), &Slice { order: SortOrder::OldestFirst, limit, ..Slice::default() })
}

/// An attempt has failed; the next is made at `until`.
pub fn postpone(
    write: &mut Write,
    contact: &ContactId,
    mut job: OutboxJob,
    until: Timestamp,
) -> Result<(), StoreError> {
    let owner = Owner::contact(contact);
    if write.read().get::<OutboxJob>(&owner, job.id.as_str())?.is_none() {
        return Ok(());
    }
    job.failed += 1;
    write.put(&owner, &job)?;
    write.put(&Owner::server(), &DueQueue { contact: contact.clone(), at: until })
}

/// The contact's queue is not looked at any more.
pub fn forget(write: &mut Write, contact: &ContactId) -> Result<(), StoreError> {
    write.remove::<DueQueue>(&Owner::server(), contact.as_str())?;
    Ok(())
}
