//! Which of two copies of an entity wins, and what is dropped to keep the bounds.

use std::rc::Rc;

use latido_protocol::time::Timestamp;

use super::{Collection, Entity, Fact, Known, MOST_ABSENT, Merged, Slot, Source};
use crate::lag::is_unsettled;

impl<T: Entity> Collection<T> {
    /// Takes a copy of an entity of an epoch, unless what is known is newer.
    pub(super) fn merge(&mut self, mut entity: T, epoch: u32, source: Source) -> Merged {
        let (touched, fetched, settles_at) = match source {
            Source::Event { tick, settles_at } => (tick, 0, settles_at),
            Source::Response(mark) => (0, mark.tick, Timestamp::EPOCH),
        };
        let revision = entity.revision();
        let is_below = self.floor.as_ref().is_some_and(|floor| entity.sort_key() > *floor);
        let before = self.slots.get_mut(entity.id()).and_then(|slot| slot.known.as_mut());
        if is_below && before.is_none() {
            return Merged::Same;
        }
        let mut known = Known { fact: Fact::Deleted, touched, fetched, settles_at, epoch };
        if let Some(before) = before {
            before.fetched = before.fetched.max(fetched);
            before.settles_at = before.settles_at.max(settles_at);
            let is_settled =
                !matches!(source, Source::Response(mark) if is_unsettled(mark.at, before.settles_at));
            // Of equal revisions an event's copy counts, unless the fetch started behind it.
            let was_overtaken =
                !is_settled || matches!(source, Source::Response(mark) if before.touched > mark.tick);
            let is_older = match &before.fact {
                Fact::Here(held) => {
                    held.revision() > revision
                        || was_overtaken && held.revision() == revision && **held != entity
                }
                Fact::Elsewhere(held) => *held > revision,
                Fact::Deleted => true,
            };
            if before.epoch > epoch || is_older && (before.epoch == epoch || !is_settled) {
                return self.complete(&entity);
            }
            if T::IS_PARTIAL
                && let Fact::Here(held) = &before.fact
            {
                entity.complete_from(held);
            }
            known.touched = before.touched.max(touched);
            known.fetched = before.fetched;
            known.settles_at = before.settles_at;
        }
        let id = entity.id().to_owned();
        known.fact = if entity.is_in(&self.scope) && !is_below {
            Fact::Here(Rc::new(entity))
        } else {
            Fact::Elsewhere(revision)
        };
        if self.set_known(&id, known) { Merged::New } else { Merged::Same }
    }

    /// Fills in what the held copy lacks and an older one has.
    fn complete(&mut self, older: &T) -> Merged {
        let slot = self.slots.get_mut(older.id()).filter(|_| T::IS_PARTIAL);
        let Some(Known { fact: Fact::Here(held), .. }) = slot.and_then(|slot| slot.known.as_mut()) else {
            return Merged::Outdated;
        };
        let mut completed = T::clone(held);
        completed.complete_from(older);
        if completed == **held {
            return Merged::Outdated;
        }
        *held = Rc::new(completed);
        self.update_row(older.id());
        Merged::Completed
    }

    /// Replaces what is known of an id. Returns whether the entity that is held is another.
    pub(super) fn set_known(&mut self, id: &str, known: Known<T>) -> bool {
        let (is_absent, touched) = (known.is_absent(), known.touched);
        let slot = self.slots.entry(id.to_owned()).or_insert_with(|| Box::new(Slot::EMPTY));
        let before = slot.known.replace(known);
        if let Some(before) = before.as_ref().filter(|before| before.is_absent()) {
            self.absent.remove(&(before.touched, id.to_owned()));
        }
        let held_before = before.as_ref().and_then(Known::held);
        let changed = held_before != slot.held();
        if is_absent {
            self.absent.insert((touched, id.to_owned()), ());
        }
        if changed {
            self.update_row(id);
        }
        while self.absent.len() > MOST_ABSENT
            && let Some(((_, oldest), ())) = self.absent.at(0)
        {
            let oldest = oldest.clone();
            self.forget(&oldest);
        }
        changed
    }

    /// Drops what is known of an id, without a tombstone. Returns whether an entity was held.
    pub(super) fn forget(&mut self, id: &str) -> bool {
        let Some(slot) = self.slots.get_mut(id) else { return false };
        let Some(known) = slot.known.take() else { return false };
        if known.is_absent() {
            self.absent.remove(&(known.touched, id.to_owned()));
        }
        self.update_row(id);
        !known.is_absent()
    }

    /// Drops the last rows while there are more than the limit.
    pub(super) fn keep_limit(&mut self) {
        while self.rows.len() > self.limit
            && let Some((_, last)) = self.rows.at(self.rows.len() - 1)
        {
            let id = last.id().to_owned();
            // What only the overlay shows stays: it is the user's own.
            if !self.forget(&id) {
                return;
            }
            self.floor = self.rows.len().checked_sub(1).and_then(|last| Some(self.rows.at(last)?.0.clone()));
            self.matches_last_response = false;
        }
    }
}
