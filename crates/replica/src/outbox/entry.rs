//! One write on its way, as it is stored.

use latido_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::item::Item;

/// A write that the server has not confirmed, or has refused. Survives a reload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry<D, K> {
    /// The `Idempotency-Key` of the request. Made by the caller, unique.
    pub key: String,
    /// Entries are sent in the order of their numbers.
    pub number: u64,
    pub queued_at: Timestamp,
    pub write: Write<D, K>,
    /// A request was started: the server may have received it.
    pub sent: bool,
    pub state: EntryState,
}

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Write<D, K> {
    /// `id` is a local one, made by the caller. Later writes may name it; when the server has
    /// answered, they are rewritten to the server's id.
    Create {
        id: String,
        draft: D,
    },
    /// `version` is that of the record which the person saw, for `If-Match`.
    Edit {
        id: String,
        version: u64,
        draft: D,
    },
    Delete {
        id: String,
        kind: K,
    },
}

/// An entry whose record is an `R`.
pub type EntryOf<R> = Entry<<R as Item>::Draft, <R as Item>::Kind>;
/// A write of a record that is an `R`.
pub type WriteOf<R> = Write<<R as Item>::Draft, <R as Item>::Kind>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EntryState {
    /// For its turn, or for its answer.
    Waiting,
    /// Will not be sent again. Kept with what the person had put in, until dismissed or retried.
    Refused(Refusal),
}

/// Why a write was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Refusal {
    /// Somebody else has changed the record meanwhile.
    Conflict,
    /// There is no such record any more.
    Gone,
    /// It waited for longer than a person would still expect it to happen.
    TooOld,
    /// The server's words.
    Said(String),
    /// It was about a record whose creation was refused.
    WaitedForRefused,
}

impl<D, K> Write<D, K> {
    /// The id of the record it is about.
    pub fn id(&self) -> &str {
        match self {
            Self::Create { id, .. } | Self::Edit { id, .. } | Self::Delete { id, .. } => id,
        }
    }

    pub fn is_create(&self) -> bool {
        matches!(self, Self::Create { .. })
    }
}

impl<D: PartialEq, K> Write<D, K> {
    /// The same but for the version that it is based on.
    pub(super) fn wants_what(&self, other: &Self) -> bool {
        self.id() == other.id()
            && match (self, other) {
                (Self::Create { draft, .. }, Self::Create { draft: same, .. })
                | (Self::Edit { draft, .. }, Self::Edit { draft: same, .. }) => draft == same,
                (Self::Delete { .. }, Self::Delete { .. }) => true,
                _ => false,
            }
    }
}

impl<D, K> Entry<D, K> {
    pub fn is_waiting(&self) -> bool {
        self.state == EntryState::Waiting
    }

    pub fn is_refused(&self) -> bool {
        !self.is_waiting()
    }

    /// The server has certainly not heard of it, so it may still become another write.
    pub(super) fn is_malleable(&self) -> bool {
        self.is_waiting() && !self.sent
    }
}
