//! The patches that pending writes lay over a list.

use std::{collections::hash_map::Entry as Place, rc::Rc};

use super::{
    Outbox,
    entry::{EntryOf, Write},
};
use crate::{
    collection::{Collection, Patch, Patches},
    item::Item,
};

impl<R: Item> Outbox<R> {
    /// Whether a write about this record waits.
    pub fn is_pending(&self, id: &str) -> bool {
        self.waiting().any(|entry| entry.write.id() == id)
    }

    /// The patches of the waiting writes for a list. Looks through the list only for a creation that was sent and has
    /// no answer.
    fn patches(&self, list: &Collection<R>) -> Patches<R> {
        let kind = list.scope().kind;
        let mut patches = Patches::default();
        let mut stand_ins: Vec<StandIn> = Vec::new();
        for entry in self.waiting() {
            match &entry.write {
                Write::Create { id, draft } if R::belongs(draft, &kind) => {
                    if let Some(record) = self.created_record(entry, draft, list, &stand_ins) {
                        stand_ins.push(StandIn { local: id, record: record.id().to_owned() });
                    } else {
                        let row = R::provisional(id, draft, entry.queued_at);
                        patches.insert(id.clone(), Patch::Insert(Rc::new(row)));
                    }
                }
                Write::Edit { id, draft, .. } if R::belongs(draft, &kind) => {
                    match patches.entry(stand_in_for(id, &stand_ins).to_owned()) {
                        Place::Vacant(place) => drop(place.insert(Patch::Edit(draft.clone()))),
                        Place::Occupied(mut place) => match place.get_mut() {
                            Patch::Insert(row) => *row = Rc::new(row.with_draft(draft)),
                            Patch::Edit(before) => before.clone_from(draft),
                            Patch::Remove => {}
                        },
                    }
                }
                Write::Delete { id, kind: of } if *of == kind => {
                    patches.insert(stand_in_for(id, &stand_ins).to_owned(), Patch::Remove);
                }
                Write::Create { .. } | Write::Edit { .. } | Write::Delete { .. } => {}
            }
        }
        patches
    }

    /// The record that a creation has made already, where its event overtook its answer.
    fn created_record<'a>(
        &self,
        entry: &EntryOf<R>,
        draft: &R::Draft,
        list: &'a Collection<R>,
        stand_ins: &[StandIn],
    ) -> Option<&'a R> {
        // Another tab that sends may be further than what was read of it.
        if !entry.sent && self.is_sender {
            return None;
        }
        let made = list.held().filter(|row| {
            row.says(draft)
                && !self.was_created_here(row.id())
                && stand_ins.iter().all(|other| other.record != row.id())
        });
        // The same one every time.
        made.min_by(|one, other| one.id().cmp(other.id()))
    }
}

impl<R: Item> Collection<R> {
    /// Lays the pending writes over the rows. To be called when the outbox has changed, and after an event or a
    /// response while it is not empty: a record may have come that a creation has made.
    pub fn reapply_pending_writes(&mut self, outbox: &Outbox<R>) {
        self.set_overlay(outbox.patches(self));
    }
}

/// A record that stands for a creation without an answer.
struct StandIn<'a> {
    local: &'a str,
    record: String,
}

fn stand_in_for<'a>(id: &'a str, stand_ins: &'a [StandIn]) -> &'a str {
    stand_ins.iter().find(|stand_in| stand_in.local == id).map_or(id, |stand_in| &stand_in.record)
}
