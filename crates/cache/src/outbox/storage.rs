//! What was saved, met again: after a reload of the page, or by the tab that is about to send.

use latido_protocol::time::Timestamp;

use super::{Effect, Held, Outbox, entry::EntryOf};
use crate::item::Item;

impl<R: Item> Outbox<R> {
    /// Takes all that is stored, in any order: when the page opens, and whenever this tab gets the
    /// lock under which one sends, since another may have sent, dismissed or added some. What this tab
    /// has not saved yet stays; what it had saved and is not stored any more is done.
    ///
    /// Read the storage after the effects so far were carried out, and not where it does not work.
    pub fn load(&mut self, stored: Vec<EntryOf<R>>) {
        let mut entries: Vec<Held<R>> = stored.into_iter().map(|entry| Held::new(entry, 0)).collect();
        let highest = entries.iter().map(|held| held.entry.number).max().unwrap_or(0);
        self.last_number = self.last_number.max(highest);
        for mut own in std::mem::take(&mut self.entries) {
            if own.unsaved == 0 && !own.unstored {
                continue;
            }
            if let Some(same) = entries.iter_mut().find(|held| held.entry.key == own.entry.key) {
                *same = own;
                continue;
            }
            // Queued before this tab knew of the others: it goes behind them.
            if own.entry.number <= highest {
                own.entry.number = self.next_number();
                own.unsaved += 1;
                self.effects.push_back(Effect::Save(own.entry.clone()));
            }
            entries.push(own);
        }
        self.entries = in_order(entries);
        self.forget_retried();
        self.bring_up_to_date();
    }

    /// A page that dies in the middle of a retry leaves both behind, what was refused and what is to
    /// be tried again.
    fn forget_retried(&mut self) {
        for place in (0..self.entries.len()).rev() {
            let entry = &self.entries[place].entry;
            if entry.is_refused() && self.waiting().any(|other| other.write.wants_what(&entry.write)) {
                self.forget(place);
            }
        }
    }
}

/// Two tabs may have given the same number; the rest only keeps the order the same every time. Inserted
/// one by one: there are few, and a general sort costs more code than all of this file.
fn in_order<R: Item>(entries: Vec<Held<R>>) -> Vec<Held<R>> {
    fn order<R: Item>(held: &Held<R>) -> (u64, Timestamp, &str) {
        (held.entry.number, held.entry.queued_at, &held.entry.key)
    }
    let mut sorted: Vec<Held<R>> = Vec::with_capacity(entries.len());
    for held in entries {
        let place = sorted.partition_point(|other| order(other) <= order(&held));
        sorted.insert(place, held);
    }
    sorted
}
