//! The rows as they will be once the server has done what waits.

use super::{
    Outbox,
    entry::{EntryOf, Write},
};
use crate::item::Item;

impl<R: Item> Outbox<R> {
    /// Whether a write about this record waits.
    pub fn is_pending(&self, id: &str) -> bool {
        self.waiting().any(|entry| entry.write.id() == id)
    }

    /// Lays the waiting writes over the records of a list of `kind`. An edit can only show where the
    /// record it is about is in `rows`.
    pub(crate) fn lay_over(&self, kind: R::Kind, rows: &mut Vec<R>) {
        let held = rows.len();
        let mut deleted: Vec<&str> = Vec::new();
        let mut stand_ins: Vec<StandIn> = Vec::new();
        for entry in self.waiting() {
            match &entry.write {
                Write::Create { id, draft } if R::belongs(draft, &kind) => {
                    match self.arrived(entry, draft, &rows[..held], &stand_ins) {
                        Some(record) => {
                            stand_ins.push(StandIn { local: id, record: record.id().to_owned() });
                        }
                        None => rows.push(R::provisional(id, draft, entry.queued_at)),
                    }
                }
                Write::Edit { id, draft, .. } if R::belongs(draft, &kind) => {
                    let id = stand_in_for(id, &stand_ins);
                    if let Some(row) = rows.iter_mut().find(|row| row.id() == id) {
                        *row = row.with_draft(draft);
                    }
                }
                Write::Delete { id, kind: of } if *of == kind => deleted.push(id),
                Write::Create { .. } | Write::Edit { .. } | Write::Delete { .. } => {}
            }
        }
        rows.retain(|row| deleted.iter().all(|id| stand_in_for(id, &stand_ins) != row.id()));
    }

    /// The record that a creation has made already, where its event overtook its answer.
    fn arrived<'a>(
        &self,
        entry: &EntryOf<R>,
        draft: &R::Draft,
        rows: &'a [R],
        stand_ins: &[StandIn],
    ) -> Option<&'a R> {
        // Another tab that sends may be further than what was read of it.
        if !entry.sent && self.is_sender {
            return None;
        }
        rows.iter().find(|row| {
            row.says(draft)
                && !self.was_created_here(row.id())
                && stand_ins.iter().all(|other| other.record != row.id())
        })
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
