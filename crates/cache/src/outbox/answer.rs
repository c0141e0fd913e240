//! What an answer of the server does to the entry it is for, and to those behind it.

use latido_protocol::time::Timestamp;

use super::{
    Answer, Effect, MOST_LOOKS, Outbox,
    entry::{EntryState, Refusal, Write},
};
use crate::item::Item;

/// The pause after a first failure, doubled with every further one up to [`LONGEST_PAUSE_MS`], as the
/// connection waits (protocol, section 3).
const FIRST_PAUSE_MS: i64 = 1_000;
const LONGEST_PAUSE_MS: i64 = 30_000;

impl<R: Item> Outbox<R> {
    /// The server's answer to the request with this key. `random_ms` is the random part of the pause
    /// after a failure, by convention from 0 to 1,000. An answer to what is no longer here does no harm.
    pub fn answered(&mut self, key: &str, answer: Answer<R>, now: Timestamp, random_ms: i64) {
        if self.in_flight.as_deref() == Some(key) {
            self.in_flight = None;
            match answer {
                Answer::Later => self.pause(now, random_ms),
                Answer::Accepted => {
                    if !self.entry(key).is_some_and(|entry| entry.accepted) {
                        // The first look comes soon, however often it had to be sent.
                        self.failures = 0;
                    }
                    self.pause(now, random_ms);
                }
                Answer::Done(_)
                | Answer::Conflict(_)
                | Answer::Gone
                | Answer::NoRoute
                | Answer::Refused(_) => {
                    self.failures = 0;
                    self.resume_at = None;
                }
            }
        }
        let place = self.place(key);
        match (answer, place) {
            (Answer::Later, _)
            | (
                Answer::Accepted | Answer::Gone | Answer::NoRoute | Answer::Refused(_) | Answer::Done(None),
                None,
            ) => {}
            (Answer::Accepted, Some(place)) => self.accepted(place),
            (Answer::NoRoute, Some(place)) => self.refuse(place, Refusal::NoRoute),
            (Answer::Done(Some(record)) | Answer::Conflict(record), None) => {
                self.effects.push_back(Effect::Confirmed(record));
            }
            (Answer::Done(record), Some(place)) => self.done(place, record),
            (Answer::Conflict(record), Some(place)) => self.conflict(place, record),
            (Answer::Gone, Some(place)) => {
                if matches!(self.entries[place].entry.write, Write::Delete { .. }) {
                    self.done(place, None);
                } else {
                    self.refuse(place, Refusal::Gone);
                }
            }
            (Answer::Refused(words), Some(place)) => self.refuse(place, Refusal::Said(words)),
        }
    }

    /// Done, as far as the server says. Without the record its id is not known.
    fn accepted(&mut self, place: usize) {
        let held = &mut self.entries[place];
        if !held.entry.write.is_create() {
            return self.done(place, None);
        }
        if !held.entry.accepted {
            held.entry.accepted = true;
            return self.save(place);
        }
        held.looks += 1;
        if held.looks >= MOST_LOOKS {
            self.failures = 0;
            self.resume_at = None;
            self.refuse(place, Refusal::NotShown);
        }
    }

    /// Another tab sent this entry and got its record; `None` if it was a deletion.
    pub fn confirmed_elsewhere(&mut self, key: &str, record: Option<R>) {
        match (self.place(key), record) {
            (Some(place), record) => self.done(place, record),
            (None, Some(record)) => self.effects.push_back(Effect::Confirmed(record)),
            (None, None) => {}
        }
    }

    /// Online, visible or live again: what waits after a failure is tried now.
    pub fn wake(&mut self) {
        // An index that is behind is not faster for it.
        if !self.waiting().next().is_some_and(|entry| entry.accepted) {
            self.resume_at = None;
        }
    }

    fn pause(&mut self, now: Timestamp, random_ms: i64) {
        let growing = FIRST_PAUSE_MS << self.failures.min(5);
        self.failures = self.failures.saturating_add(1);
        self.resume_at = Some(now.plus_ms(growing.min(LONGEST_PAUSE_MS) + random_ms));
    }

    fn done(&mut self, place: usize, record: Option<R>) {
        let entry = &self.entries[place].entry;
        match (entry.write.clone(), record) {
            (Write::Create { id: local, .. }, Some(record)) => {
                self.settled.created(local, record.id(), record.revision().version);
                self.effects.push_back(Effect::Confirmed(record));
            }
            (Write::Edit { id, version, .. }, Some(record)) => {
                self.settled.edited(&id, version, record.revision().version);
                self.effects.push_back(Effect::Confirmed(record));
            }
            (Write::Delete { id, .. }, _) => self.effects.push_back(Effect::Removed { id }),
            // Without a record the id that it was created under is not known: nothing can follow it.
            (Write::Create { id, .. }, None) => self.refuse_followers(&id, Refusal::WaitedForRefused),
            (Write::Edit { .. }, None) => {}
        }
        // Rewritten entries are saved before this one is forgotten: after a crash in between it is
        // sent again, which the server answers in the same way.
        self.bring_up_to_date();
        self.forget(place);
    }

    fn conflict(&mut self, place: usize, record: R) {
        let said = match &self.entries[place].entry.write {
            Write::Create { draft, .. } | Write::Edit { draft, .. } => record.says(draft),
            Write::Delete { .. } => false,
        };
        if said {
            // It was done, and the answer lost; or another user did the same.
            self.done(place, Some(record));
        } else {
            self.effects.push_back(Effect::Confirmed(record));
            self.refuse(place, Refusal::Conflict);
        }
    }

    /// Keeps the entry as refused, and with a creation what waits for it.
    pub(super) fn refuse(&mut self, place: usize, why: Refusal) {
        let held = &mut self.entries[place];
        held.entry.state = EntryState::Refused(why);
        let key = held.entry.key.clone();
        let created = held.entry.write.is_create().then(|| held.entry.write.id().to_owned());
        self.save(place);
        self.effects.push_back(Effect::Refused { key });
        if let Some(id) = created {
            self.refuse_followers(&id, Refusal::WaitedForRefused);
        }
    }

    fn refuse_followers(&mut self, local: &str, why: Refusal) {
        for place in 0..self.entries.len() {
            let entry = &self.entries[place].entry;
            if entry.is_waiting() && !entry.write.is_create() && entry.write.id() == local {
                self.refuse(place, why.clone());
            }
        }
    }
}
