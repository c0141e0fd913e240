//! The event log: every user's events, numbered without a hole in the transaction that writes the
//! record. What a client missed is read from here.

use std::sync::Arc;

use latido_protocol::{event::Event, frame::ServerFrame, session::UserId, time::Timestamp};
use rusqlite::{OptionalExtension, params};

use super::{Read, StoreError, Write};

/// At least so many events of a user are kept, and at least for [`KEPT_MS`].
const KEPT_EVENTS: u64 = 1000;
const KEPT_MS: i64 = 24 * 3_600_000;
/// Pruning happens with every so many events of a user, not with each.
const PRUNE_EVERY: u64 = 100;

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
        let head = self
            .connection
            .prepare_cached("SELECT head FROM users WHERE id = ?1")?
            .query_row([user.as_str()], |row| row.get(0))
            .optional()?;
        Ok(head.unwrap_or(0))
    }

    /// The events behind `seq`, unless there are more than `at_most`.
    pub fn missed_since(&self, user: &UserId, seq: u64, at_most: u64) -> Result<Missed, StoreError> {
        let head = self.head(user)?;
        let Some(count) = head.checked_sub(seq).filter(|count| *count <= at_most) else {
            return Ok(Missed { head, events: None });
        };
        let events = self
            .connection
            .prepare_cached("SELECT seq, frame FROM events WHERE user_id = ?1 AND seq > ?2 ORDER BY seq")?
            .query_map(params![user.as_str(), seq], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<Vec<(u64, String)>, _>>()?;
        let whole = events.len() as u64 == count;
        Ok(Missed { head, events: whole.then_some(events) })
    }
}

impl Write<'_> {
    /// Gives the event the user's next number. It is published when the transaction is committed.
    pub fn append(&mut self, user: &UserId, event: Event, now: Timestamp) -> Result<(), StoreError> {
        let seq: u64 = self
            .savepoint
            .prepare_cached("UPDATE users SET head = head + 1 WHERE id = ?1 RETURNING head")?
            .query_row([user.as_str()], |row| row.get(0))?;
        let frame = ServerFrame::Event(event).to_text(now, Some((&self.epoch, seq)));
        self.savepoint
            .prepare_cached("INSERT INTO events (user_id, seq, at, frame) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![user.as_str(), seq, now.unix_ms(), frame])?;
        if seq.is_multiple_of(PRUNE_EVERY) {
            self.savepoint
                .prepare_cached("DELETE FROM events WHERE user_id = ?1 AND seq <= ?2 AND at < ?3")?
                .execute(params![user.as_str(), seq.saturating_sub(KEPT_EVENTS), now.unix_ms() - KEPT_MS])?;
        }
        self.events.push(Arc::new(LoggedEvent { user: user.clone(), seq, frame }));
        Ok(())
    }
}
