//! What a health record needs beside an [`Entity`], so that pending writes can change it.
//!
//! The dashboard implements it once, for an enum over its kinds of records, so that the code behind
//! it exists once in the wasm.

use latido_protocol::time::Timestamp;

use crate::collection::Entity;

/// Which of two copies of a record is newer: by version, and without one (zero), by the time of the last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    /// Counts the changes, from 1; zero where the backend has no versions.
    pub version: u64,
    /// The time of the last change.
    pub updated_at: Timestamp,
}

/// The scope of a list of records: one kind, from one instant until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period<K> {
    /// The kind of record that the list shows.
    pub kind: K,
    /// The first instant of the list.
    pub from: Timestamp,
    /// The first instant after the list.
    pub to: Timestamp,
}

impl<K: PartialEq> Period<K> {
    /// Whether a record of this kind and time is in the list.
    pub fn holds(&self, kind: &K, at: Timestamp) -> bool {
        self.kind == *kind && self.from <= at && at < self.to
    }
}

/// A record of a list, of one of several kinds. The draft is the body of a creation, and the whole of an edit.
pub trait Item: Entity<Scope = Period<<Self as Item>::Kind>, Revision = Revision> {
    /// A list shows one kind; an outbox holds drafts of all of them.
    type Kind: Copy + PartialEq;

    /// What a creation looks like that the server has not answered yet.
    fn provisional(id: &str, draft: &Self::Draft, now: Timestamp) -> Self;
    /// Whether the record holds exactly what the draft asks for, whatever the server added.
    fn says(&self, draft: &Self::Draft) -> bool;
    /// Whether a record made from the draft is of the kind.
    fn belongs(draft: &Self::Draft, kind: &Self::Kind) -> bool;
}
