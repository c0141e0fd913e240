//! The user whose writes are in the outbox.

use super::storage::{Lock, TabChannel};

/// The signed-in user, and what this tab holds on their behalf.
pub(super) struct OutboxOwner {
    pub id: String,
    pub lock: LockState,
    /// Nothing can be stored here.
    pub is_alone: bool,
    pub _channel: TabChannel,
}

/// Whether this tab is the one that sends.
pub(super) enum LockState {
    NotHeld,
    /// In the queue for the lock.
    Requested,
    Held {
        /// Given back when it is dropped.
        _lock: Lock,
    },
}
