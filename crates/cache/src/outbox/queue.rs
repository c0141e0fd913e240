//! How a write comes in: merged with what the server has not heard of, or behind the others.

use latido_protocol::time::Timestamp;

use super::{
    Effect, Full, Held, MOST_ENTRIES, Outbox,
    entry::{Entry, EntryState, Refusal, Write, WriteOf},
};
use crate::item::Item;

impl<R: Item> Outbox<R> {
    /// Takes a write under a new idempotency key. Where it merges with one that the server has not
    /// heard of, that one's key stays and this one is never used.
    ///
    /// # Errors
    ///
    /// [`Full`] if [`MOST_ENTRIES`](super::MOST_ENTRIES) are held.
    pub fn queue(&mut self, mut write: WriteOf<R>, key: String, now: Timestamp) -> Result<(), Full> {
        self.settled.bring_up_to_date(&mut write);
        let Some(write) = self.merge(write) else { return Ok(()) };
        if self.entries.len() >= MOST_ENTRIES {
            return Err(Full);
        }
        let number = self.next_number();
        if self.refused_create(&write) {
            let state = EntryState::Refused(Refusal::WaitedForRefused);
            self.push(Entry {
                key: key.clone(),
                number,
                queued_at: now,
                write,
                sent: false,
                accepted: false,
                state,
            });
            self.effects.push_back(Effect::Refused { key });
        } else {
            let state = EntryState::Waiting;
            self.push(Entry { key, number, queued_at: now, write, sent: false, accepted: false, state });
        }
        Ok(())
    }

    /// The person has another go at a write that was refused: with its input, based on `version` if
    /// it is an edit, under a new key, behind the others. Says whether there was such a write.
    pub fn retry(&mut self, key: &str, version: u64, new_key: String, now: Timestamp) -> bool {
        let Some(place) = self.place(key).filter(|&place| self.entries[place].entry.is_refused()) else {
            return false;
        };
        if self.refused_create(&self.entries[place].entry.write) {
            return false;
        }
        let mut entry = self.entries.remove(place).entry;
        if let Write::Edit { version: seen, .. } = &mut entry.write {
            *seen = version;
        }
        self.settled.bring_up_to_date(&mut entry.write);
        let number = self.next_number();
        // Saved anew before the old is forgotten, so that a crash in between loses nothing.
        self.push(Entry {
            key: new_key,
            number,
            queued_at: now,
            sent: false,
            accepted: false,
            state: EntryState::Waiting,
            ..entry
        });
        self.effects.push_back(Effect::Forget { key: key.to_owned() });
        true
    }

    /// Merges the write into an entry that can still change, or gives it back.
    fn merge(&mut self, write: WriteOf<R>) -> Option<WriteOf<R>> {
        // Only the tab that sends knows for certain what was not sent.
        if !self.is_sender || write.is_create() {
            return Some(write);
        }
        let is_waiting = |held: &Held<R>| held.entry.is_waiting();
        let about_it = |held: &Held<R>| is_waiting(held) && held.entry.write.id() == write.id();
        let last_about_it = self.entries.iter().rposition(about_it);
        // While a creation is under way its record may go by two names, and then nothing tells that a
        // write in between is about the same one; only with the last of all is the order kept.
        let two_names = self.waiting().any(|entry| entry.sent && entry.write.is_create());
        let Some(place) = last_about_it.filter(|&place| {
            self.entries[place].entry.is_malleable()
                && (!two_names || Some(place) == self.entries.iter().rposition(is_waiting))
        }) else {
            return Some(write);
        };
        let earlier = &mut self.entries[place].entry.write;
        match (earlier, write) {
            (Write::Create { draft, .. } | Write::Edit { draft, .. }, Write::Edit { draft: newer, .. }) => {
                *draft = newer;
                self.save(place);
            }
            (Write::Create { .. }, Write::Delete { .. }) => self.forget(place),
            (earlier @ (Write::Edit { .. } | Write::Delete { .. }), delete @ Write::Delete { .. }) => {
                *earlier = delete;
                self.save(place);
            }
            (Write::Delete { .. }, write @ Write::Edit { .. }) | (_, write @ Write::Create { .. }) => {
                return Some(write);
            }
        }
        None
    }
}
