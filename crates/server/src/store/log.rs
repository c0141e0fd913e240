//! The event log: every user's events, numbered without a hole in the transaction that writes the
//! document. What a client missed is read from here.

use std::sync::Arc;

use latido_protocol::{event::Announce, frame::event_text, session::UserId, time::Timestamp};

use super::{Read, StoreError, Write};

/// At least so many events of a user are kept, and at least for [`KEPT_MS`] ...
pub const KEPT_EVENTS: u64 = 1000;
pub const KEPT_MS: i64 = 24 * 3_600_000;
/// ... but never many more than this, however much happens in a day. Who has missed more than 300 fetches
/// everything anyway.
pub const MOST_EVENTS: u64 = 5000;

/// An event that has been committed.
#[derive(Debug, PartialEq, Eq)]
pub struct LoggedEvent {
    pub user: UserId,
    pub seq: u64,
    /// The whole frame, as it goes over the socket.
    pub frame: String,
}

/// Takes committed events, of all users, in the order of their commits. Must not block.
pub trait Outlet: Send + Sync {
    fn publish(&self, event: &Arc<LoggedEvent>);
}

/// For a store whose events concern nobody in this process.
pub struct NoOutlet;

impl Outlet for NoOutlet {
    fn publish(&self, _: &Arc<LoggedEvent>) {}
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
    pub fn append(&mut self, user: &UserId, event: &dyn Announce, now: Timestamp) -> Result<(), StoreError> {
        self.transaction.append(user, now, &|epoch, seq| event_text(event, now, Some((epoch, seq))))
    }

    /// Takes away the user's events that mention something, such as somebody's id. Their numbers stay taken.
    pub fn forget_events_about(&mut self, user: &UserId, text: &str) -> Result<(), StoreError> {
        self.transaction.forget_events_about(user, text)
    }

    /// Takes away the user's event log with its numbers.
    pub fn forget_events(&mut self, user: &UserId) -> Result<(), StoreError> {
        self.transaction.forget_events(user)
    }
}
