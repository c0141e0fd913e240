//! A collection: the entities of one query as this page knows them, sorted, from responses and events in any order,
//! with pending writes laid over them.
//!
//! # What decides what
//!
//! - **A response** is a picture of the database at some moment after its fetch *started* ([`FetchMark`]). It decides
//!   about every entity that no event has touched since then: what it lacks is removed. A response that a later
//!   fetch's has overtaken is dropped.
//! - **An event** decides about the one entity that it names. The response to a write counts as one.
//! - **Of two copies** of one entity the one with the greater [`Entity::Revision`] wins, wherever it comes from: some
//!   backends answer from a replica that lags behind.
//! - **A tombstone** stays: a deleted entity does not return, since ids are never used again. The same holds for one
//!   that has left the scope, until a newer revision is in it.
//! - **A lagging index** ([`crate::lag`]): an event's entity *settles* some time after the event. A fetch that starts
//!   before that neither removes nor reverts it.
//! - **A page** is a response about a part of a long list, from the top or from where the page before ended. It decides
//!   about that part alone; see [`paging`].
//! - **An epoch**: all of this rests on revisions that only grow. When the log was lost or the database restored,
//!   they may not have. [`Collection::mark_stale`] begins a new epoch, in which nothing known before counts
//!   against what comes now.
//!
//! # What it costs
//!
//! A change of one entity costs O(log n) and adds one [`Delta`] for the view, which takes them with
//! [`Collection::take_update`]; no change copies the list. Rows are shared (`Rc`), so a delta costs a pointer.
//! Memory is bounded by the limit of rows: what sorts behind the last of them is dropped and not taken
//! until a response says what is there ([`Collection::is_cut`]). Tombstones are bounded by [`MOST_ABSENT`].
//!
//! | file | idea |
//! |---|---|
//! | `entity` | what a value needs to be held |
//! | `known` | what is known about one id, and from where |
//! | `merge` | which of two copies wins |
//! | `paging` | how far down the rows are complete |
//! | `order` | rows by sort key and by rank |
//! | `delta` | steps for the view |
//! | `overlay` | pending writes over the rows |

mod delta;
mod entity;
mod known;
mod merge;
mod order;
mod overlay;
mod paging;
mod patch;

use std::rc::Rc;

use latido_protocol::time::Timestamp;

pub use delta::{Delta, MOST_STEPS, Update};
pub use entity::Entity;
use known::{Fact, Known, Merged, Slot, Source};
use order::RankedMap;
pub use paging::PageApplied;
use paging::{Part, Reach, Unbroken};
pub use patch::{Patch, Patches};

use crate::{
    by_id::{ById, Ids},
    lag::is_unsettled,
};

/// Tombstones that are kept; of more, the one touched longest ago goes.
pub const MOST_ABSENT: usize = 1_000;

/// The start of a fetch, in the order of what happened to the collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchMark {
    tick: u64,
    epoch: u32,
    at: Timestamp,
}

/// The entities of one query. See the module.
pub struct Collection<T: Entity> {
    scope: T::Scope,
    /// Rows held at most.
    limit: usize,
    /// Counts events and starts of fetches.
    tick: u64,
    epoch: u32,
    /// The tick of the newest fetch that was answered.
    answered: Option<u64>,
    matches_last_response: bool,
    /// Boxed: the table doubles at once, and a slot is large.
    slots: ById<Box<Slot<T>>>,
    /// Tombstones by the tick of their last event.
    absent: RankedMap<(u64, String), ()>,
    /// Ids with a patch.
    patched: Ids,
    rows: RankedMap<T::SortKey, Rc<T>>,
    /// The sort key of the last row that was kept: what sorts behind it is not held. `None` while nothing was dropped.
    floor: Option<T::SortKey>,
    reach: Reach<T::SortKey>,
    unbroken: Unbroken<T::SortKey>,
    pending: delta::Pending<T>,
}

impl<T: Entity> Collection<T> {
    /// A collection without a response yet, which holds at most `limit` rows.
    pub fn new(scope: T::Scope, limit: usize) -> Self {
        Self {
            scope,
            limit,
            tick: 0,
            epoch: 0,
            answered: None,
            matches_last_response: false,
            slots: ById::default(),
            absent: RankedMap::default(),
            patched: Ids::default(),
            rows: RankedMap::default(),
            floor: None,
            reach: Reach::default(),
            unbroken: Unbroken::ToReach,
            pending: delta::Pending::default(),
        }
    }

    /// Which entities the collection shows.
    pub fn scope(&self) -> &T::Scope {
        &self.scope
    }

    /// Whether a first response was applied. Before it, events are remembered, and the rows are not the list.
    pub fn is_known(&self) -> bool {
        self.answered.is_some()
    }

    /// Whether there is more than the rows: some were dropped to keep the limit.
    pub fn is_cut(&self) -> bool {
        self.floor.is_some()
    }

    /// Whether what is held is exactly the last response. Only then may the query send that response's `ETag`:
    /// "not modified" would leave here what an event has added since, also when another, missed one has
    /// taken it away again. A new epoch changes nothing about it: "not modified" confirms what is held.
    pub fn matches_last_response(&self) -> bool {
        self.matches_last_response
    }

    /// Notes that a fetch starts at `now`. Its response comes back with the mark.
    pub fn begin_fetch(&mut self, now: Timestamp) -> FetchMark {
        self.tick += 1;
        FetchMark { tick: self.tick, epoch: self.epoch, at: now }
    }

    /// Applies the whole response of the fetch that started at `mark`. Returns whether anything changed.
    pub fn apply_response(&mut self, mark: FetchMark, entities: Vec<T>) -> bool {
        self.apply_first_page(mark, entities, None, true).changed
    }

    /// Takes what a response says of a part of the list. Returns whether anything changed, and whether what is held of
    /// that part is exactly this.
    fn apply_part(&mut self, mark: FetchMark, entities: Vec<T>, part: &Part<T::SortKey>) -> (bool, bool) {
        let (mut changed, mut matches) = (false, true);
        for entity in entities {
            if entity.is_in(&self.scope) {
                let merged = self.merge(entity, mark.epoch, Source::Response(mark));
                changed |= merged == Merged::New || merged == Merged::Completed;
                matches &= merged != Merged::Outdated && merged != Merged::Completed;
            }
        }
        let mut missing = Vec::new();
        for (id, slot) in &self.slots {
            let Some(known) = &slot.known else { continue };
            let is_later = known.epoch > mark.epoch
                || known.touched > mark.tick
                || is_unsettled(mark.at, known.settles_at);
            match known.held() {
                // A tombstone of an earlier epoch says nothing about this one.
                None if known.epoch < mark.epoch && !is_later => missing.push(id.clone()),
                None => {}
                Some(held) if known.fetched == mark.tick || !part.holds(&held.sort_key()) => {}
                Some(_) if is_later => matches = false,
                Some(_) => missing.push(id.clone()),
            }
        }
        for id in missing {
            changed |= self.forget(&id);
        }
        (changed, matches)
    }

    /// Applies an entity from an event, or from the response to a write. Returns whether anything changed.
    pub fn put(&mut self, entity: T) -> bool {
        self.put_until(entity, Timestamp::EPOCH)
    }

    /// As [`put`](Self::put), where fetches that start before `settles_at` may be answered from before it.
    pub fn put_until(&mut self, entity: T, settles_at: Timestamp) -> bool {
        self.tick += 1;
        let source = Source::Event { tick: self.tick, settles_at };
        let changed = matches!(self.merge(entity, self.epoch, source), Merged::New | Merged::Completed);
        // Where an index lags, pages behind the first have to be loaded again, and "not modified" would keep them.
        let lags = settles_at > Timestamp::EPOCH && self.reach.is_beyond_first_page;
        self.matches_last_response &= !changed && !lags;
        self.keep_limit();
        changed
    }

    /// Applies a deletion from an event. Returns whether anything changed.
    pub fn remove(&mut self, id: &str) -> bool {
        self.remove_until(id, Timestamp::EPOCH)
    }

    /// As [`remove`](Self::remove), where fetches that start before `settles_at` may still be answered with it.
    pub fn remove_until(&mut self, id: &str, settles_at: Timestamp) -> bool {
        self.tick += 1;
        let (touched, epoch) = (self.tick, self.epoch);
        let tombstone = Known { fact: Fact::Deleted, touched, fetched: 0, settles_at, epoch };
        let changed = self.set_known(id, tombstone);
        self.matches_last_response &= !changed;
        changed
    }

    /// Begins a new epoch: the log was lost or the database restored, and revisions may have gone backwards. What is
    /// held stays until something newer is, but does not count against an event or a fetch from now on.
    pub fn mark_stale(&mut self) {
        self.tick += 1;
        self.epoch += 1;
        // "Not modified" confirms the first page, and nothing below it.
        self.matches_last_response &= !self.reach.is_beyond_first_page;
    }

    /// The entity of this id as responses and events say, without the overlay.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.slots.get(id)?.held().map(|held| &**held)
    }

    /// The entities that are held, without the overlay, in no order.
    pub fn held(&self) -> impl Iterator<Item = &T> {
        self.slots.values().filter_map(|slot| slot.held().map(|held| &**held))
    }

    /// The rows to show, from the top, with the overlay. Before the first response ([`Self::is_known`]) they are only
    /// part of the list.
    pub fn rows(&self) -> impl Iterator<Item = &Rc<T>> {
        self.rows.values()
    }

    /// The number of rows, with the overlay.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// The row at a rank, from the top.
    pub fn row_at(&self, rank: usize) -> Option<&Rc<T>> {
        self.rows.at(rank).map(|(_, row)| row)
    }

    /// What has changed in the rows since the last call.
    pub fn take_update(&mut self) -> Update<T> {
        self.pending.drain()
    }

    /// Brings the row of an id to what its slot shows, with a delta for the view.
    fn update_row(&mut self, id: &str) {
        let Some(slot) = self.slots.get_mut(id) else { return };
        let shown = slot.shown(&self.scope).map(|row| (row.sort_key(), row));
        match (slot.row.take(), shown) {
            (None, None) => {}
            (None, Some((key, row))) => {
                slot.row = Some(key.clone());
                let at = self.rows.insert(key, row.clone());
                self.pending.push(Delta::Inserted { at, row });
            }
            (Some(before), None) => {
                if let Some((at, _)) = self.rows.remove(&before) {
                    self.pending.push(Delta::Removed { at });
                }
            }
            (Some(before), Some((key, row))) if before == key => {
                slot.row = Some(key);
                if let Some((at, held)) = self.rows.get_mut(&before)
                    && *held != row
                {
                    *held = row.clone();
                    self.pending.push(Delta::Changed { at, row });
                }
            }
            (Some(before), Some((key, row))) => {
                slot.row = Some(key.clone());
                let from = self.rows.remove(&before).map(|(from, _)| from);
                let to = self.rows.insert(key, row.clone());
                self.pending.push(match from {
                    Some(from) => Delta::Moved { from, to, row },
                    None => Delta::Inserted { at: to, row },
                });
            }
        }
        if slot.is_empty() {
            self.slots.remove(id);
        }
    }
}

#[cfg(test)]
mod tests;
