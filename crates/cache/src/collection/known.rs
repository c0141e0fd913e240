//! What a collection knows about one id, and from where.

use std::rc::Rc;

use latido_protocol::time::Timestamp;

use super::{Entity, FetchMark, patch::Patch};

/// All that is held under one id.
pub(super) struct Slot<T: Entity> {
    /// From responses and events; `None` for an entity that only the overlay shows.
    pub known: Option<Known<T>>,
    /// What a pending write makes of it.
    pub patch: Option<Patch<T>>,
    /// The sort key of its row, while it has one.
    pub row: Option<T::SortKey>,
}

/// What responses and events have brought.
pub(super) struct Known<T: Entity> {
    pub fact: Fact<T>,
    /// The tick of the last event about it; zero without one.
    pub touched: u64,
    /// The tick of the fetch whose response last held it; zero without one.
    pub fetched: u64,
    /// Fetches that start before this time may be answered from before the event.
    pub settles_at: Timestamp,
    pub epoch: u32,
}

pub(super) enum Fact<T: Entity> {
    Here(Rc<T>),
    /// Out of scope, as of this revision.
    Elsewhere(T::Revision),
    /// A tombstone.
    Deleted,
}

/// Where a copy of an entity comes from. The response to a write counts as an event.
#[derive(Clone, Copy)]
pub(super) enum Source {
    Event { tick: u64, settles_at: Timestamp },
    Response(FetchMark),
}

/// What a copy of an entity did to the collection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Merged {
    New,
    Same,
    /// What is known is newer.
    Outdated,
    /// What is known is newer, and has learned something of this one all the same.
    Completed,
}

impl<T: Entity> Slot<T> {
    pub const EMPTY: Self = Self { known: None, patch: None, row: None };

    pub fn held(&self) -> Option<&Rc<T>> {
        self.known.as_ref()?.held()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_none() && self.patch.is_none() && self.row.is_none()
    }

    /// The row to show, if any.
    pub fn shown(&self, scope: &T::Scope) -> Option<Rc<T>> {
        let Some(patch) = &self.patch else { return self.held().cloned() };
        let row = match patch {
            Patch::Insert(row) => row.clone(),
            Patch::Edit(draft) => Rc::new(self.held()?.with_draft(draft)),
            Patch::Remove => return None,
        };
        row.is_in(scope).then_some(row)
    }
}

impl<T: Entity> Known<T> {
    pub fn held(&self) -> Option<&Rc<T>> {
        match &self.fact {
            Fact::Here(entity) => Some(entity),
            Fact::Elsewhere(_) | Fact::Deleted => None,
        }
    }

    pub fn is_absent(&self) -> bool {
        !matches!(self.fact, Fact::Here(_))
    }
}
