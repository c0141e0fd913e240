//! What a record has to be able to do to be held in a copy and changed by a pending write.
//!
//! The dashboard implements it once, for an enum over its kinds of records, so that the code behind
//! it exists once in the wasm.

use latido_protocol::time::Timestamp;

/// Which of two copies of a record is newer: by version, and where there is none (zero), by the time
/// of the last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision {
    pub version: u64,
    pub updated_at: Timestamp,
}

/// A record of a list, of one of several kinds.
pub trait Item: Clone + PartialEq {
    /// What a person says about a record: the body of a creation, and the whole of an edit.
    type Draft: Clone + PartialEq;
    /// A list shows one kind; an outbox holds drafts of all of them.
    type Kind: Copy + PartialEq;

    fn id(&self) -> &str;
    fn kind(&self) -> Self::Kind;
    /// When it happened. Lists are newest first, by `(at, id)` descending, as the server orders them.
    fn at(&self) -> Timestamp;
    fn revision(&self) -> Revision;

    /// What a creation looks like that the server has not answered yet.
    fn provisional(id: &str, draft: &Self::Draft, now: Timestamp) -> Self;
    /// What an edit looks like that the server has not answered yet.
    #[must_use = "the edited record is a new one"]
    fn with_draft(&self, draft: &Self::Draft) -> Self;
    /// Whether the record holds exactly what the draft asks for, whatever the server added.
    fn says(&self, draft: &Self::Draft) -> bool;
    /// Whether a record made from the draft is of the kind `list` shows.
    fn belongs(draft: &Self::Draft, list: &Self::Kind) -> bool;
}
