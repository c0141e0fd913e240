//! One write on its way, as it is stored.

use latido_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{collection::Entity, item::Item};

/// A write that the server has not confirmed, or has refused. Survives a reload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry<D, K> {
    /// The `Idempotency-Key` of the request. Made by the caller, unique.
    pub key: String,
    /// Entries are sent in the order of their numbers.
    pub number: u64,
    /// When the user wrote it.
    pub queued_at: Timestamp,
    /// What to send.
    pub write: Write<D, K>,
    /// A request was started: the server may have received it.
    pub sent: bool,
    /// The server accepted this creation without returning its id: it is looked for, and not sent again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accepted: bool,
    /// Whether it waits or was refused.
    pub state: EntryState,
}

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Write<D, K> {
    /// `id` is a local one, made by the caller. Later writes may name it; when the server has
    /// answered, they are rewritten to the server's id.
    Create {
        /// The local id.
        id: String,
        /// The body of the request.
        draft: D,
    },
    /// `version` is that of the record which the person saw, for `If-Match`.
    Edit {
        /// The id of the record, local or the server's.
        id: String,
        /// The version that the edit replaces.
        version: u64,
        /// The whole record as it is to be.
        draft: D,
    },
    /// Deletes a record, whatever its version.
    Delete {
        /// The id of the record, local or the server's.
        id: String,
        /// Tells the list and the path of the record.
        kind: K,
    },
}

/// An entry whose record is an `R`.
pub type EntryOf<R> = Entry<<R as Entity>::Draft, <R as Item>::Kind>;
/// A write of a record that is an `R`.
pub type WriteOf<R> = Write<<R as Entity>::Draft, <R as Item>::Kind>;

/// Whether a write is still to be done.
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
    /// Another user or tab has changed the record meanwhile.
    Conflict,
    /// There is no such record any more.
    Gone,
    /// This backend has no such record, or no place for such records: there never was one.
    NoRoute,
    /// The server returned success, and its list does not show the record.
    NotShown,
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

    /// Whether the write creates a record.
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
    /// Whether the write is still to be sent or answered.
    pub fn is_waiting(&self) -> bool {
        self.state == EntryState::Waiting
    }

    /// Whether the write was refused, and waits for the user to retry or dismiss it.
    pub fn is_refused(&self) -> bool {
        !self.is_waiting()
    }

    /// The server has certainly not heard of it, so it may still become another write.
    pub(super) fn is_malleable(&self) -> bool {
        self.is_waiting() && !self.sent
    }
}
