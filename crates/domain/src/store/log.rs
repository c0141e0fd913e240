//! The event log: every user's events, numbered without a hole in the transaction that writes the
//! document. What a client missed is read from here.

use std::sync::Arc;

use latido_protocol::session::UserId;

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
pub trait EventSink: Send + Sync {
    fn publish(&self, event: &Arc<LoggedEvent>);
}

/// For a store whose events concern nobody in this process.
pub struct NullSink;

impl EventSink for NullSink {
    fn publish(&self, _: &Arc<LoggedEvent>) {}
}
