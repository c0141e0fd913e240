//! Writes on their way to the server. They show at once ([`crate::Collection::rows`]), are saved before
//! they are sent, are sent strictly in order and one at a time, and end confirmed or refused.
//!
//! The owner carries out the effects and reports their outcomes:
//!
//! ```text
//! queue ─▶ Save ─▶ saved ─▶ next: Send ─▶ started ─▶ Save ─▶ (request) ─▶ answered ─▶ Forget, Confirmed
//!                              ▲                                             │       or Refused
//!                              └───────────────── after a pause ◀── Later ◀──┘
//! ```
//!
//! A creation that was answered without its record ([`Answer::Accepted`]) is not sent again: it stays over the rows
//! and is looked for in its list ([`Next::Look`]) until it is found or [`MOST_LOOKS`] are used up.
//!
//! After every call, [`Outbox::poll`] until it is empty, and carry the effects out in their order.
//! Why no write is applied twice and none is lost, even when the page dies between two steps:
//!
//! 1. A creation is sent under one idempotency key, always with the same body: from `started` on
//!    nothing merges into it. The owner waits for the save of `started` before the request leaves, so
//!    that a page that comes after knows this too.
//! 2. An edit says which version it replaces. Sent twice, it looks like a conflict; when the record
//!    then says what the edit says, it is done.
//! 3. An entry is forgotten only after what waits behind it was rewritten to its answer.
//!
//! Of several tabs one sends, the one that holds a lock ([`Outbox::set_sender`]). The others queue,
//! show and dismiss; they change nothing that the sender may be sending.
//!
//! | file | idea |
//! |---|---|
//! | [`entry`] | one write, as it is stored |
//! | `queue` | how a write comes in, and merges with what was not sent |
//! | `answer` | what an answer does to its entry and to those behind |
//! | `settled` | how a write that names an old id or version finds its record |
//! | `storage` | what was saved: after a reload of the page, or by another tab |
//! | `overlay` | the rows as they will be |

mod answer;
pub mod entry;
mod overlay;
mod queue;
mod settled;
mod storage;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use latido_protocol::time::Timestamp;

use crate::item::Item;
use entry::{EntryOf, Refusal, WriteOf};
use settled::Settled;

/// Entries held at most, the refused ones among them.
pub const MOST_ENTRIES: usize = 200;
/// Seven days. What waited for longer is refused rather than sent.
pub const OLDEST_MS: i64 = 7 * 86_400_000;

/// So often an accepted creation is looked for in its list, over half a minute: a list may come from an index that
/// is behind.
pub const MOST_LOOKS: u32 = 5;

/// The outbox holds [`MOST_ENTRIES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// What the owner has to do.
#[derive(Clone, PartialEq)]
pub enum Effect<R: Item> {
    /// Store the entry under its key, then call [`Outbox::saved`] with whether it worked.
    Save(EntryOf<R>),
    /// Delete what is stored under this key.
    Forget {
        /// The entry's key.
        key: String,
    },
    /// The server's newest copy of a record: put it into the lists.
    Confirmed(R),
    /// The record is deleted: take it out of the lists.
    Removed {
        /// The record's id.
        id: String,
    },
    /// Tell the person; [`Outbox::entry`] says what and why.
    Refused {
        /// The entry's key.
        key: String,
    },
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<R> {
    /// 2xx, and the record where there is one.
    Done(Option<R>),
    /// 2xx of a creation without its record; or it was looked for, and is not in its list.
    Accepted,
    /// 412, and the record as it is now.
    Conflict(R),
    /// 404 of a record that was there.
    Gone,
    /// 404 of an address that this backend does not have.
    NoRoute,
    /// No answer, 5xx, 429, or something in between that answered instead of the server: again later.
    Later,
    /// Another 4xx, in the server's words.
    Refused(String),
}

/// What to do about sending.
#[derive(Clone, PartialEq)]
pub enum Next<R: Item> {
    /// Call [`Outbox::started`], carry out the effects, then send this.
    Send(EntryOf<R>),
    /// Call [`Outbox::started`], carry out the effects, then look for the record of this creation in its list:
    /// [`Answer::Done`] with the record, [`Answer::Accepted`] if it is not there, or [`Answer::Later`].
    Look(EntryOf<R>),
    /// Ask again then.
    At(Timestamp),
    /// Nothing, until something happens.
    Nothing,
}

/// The writes that wait, and those that were refused.
pub struct Outbox<R: Item> {
    /// In the order of their numbers.
    entries: Vec<Held<R>>,
    effects: VecDeque<Effect<R>>,
    /// The key of the request under way.
    in_flight: Option<String>,
    /// In a row.
    failures: u32,
    /// Nothing is sent before.
    resume_at: Option<Timestamp>,
    last_number: u64,
    is_sender: bool,
    settled: Settled,
}

struct Held<R: Item> {
    entry: EntryOf<R>,
    /// Saves asked for and not yet done.
    unsaved: u32,
    /// The storage would not take it: this page alone knows of it.
    unstored: bool,
    /// How often it was looked for in its list.
    looks: u32,
}

impl<R: Item> Held<R> {
    fn new(entry: EntryOf<R>, unsaved: u32) -> Self {
        Self { entry, unsaved, unstored: false, looks: 0 }
    }
}

impl<R: Item> Default for Outbox<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Item> Outbox<R> {
    /// An empty one, which sends.
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
            effects: VecDeque::new(),
            in_flight: None,
            failures: 0,
            resume_at: None,
            last_number: 0,
            is_sender: true,
            settled: Settled::default(),
        }
    }

    /// What to do, in this order. `None` when there is nothing more.
    pub fn poll(&mut self) -> Option<Effect<R>> {
        self.effects.pop_front()
    }

    /// Whether this tab is the one that sends. A tab that becomes it calls [`Self::load`] first.
    pub fn set_sender(&mut self, is_sender: bool) {
        self.is_sender = is_sender;
    }

    /// What to send now. What has become too old is refused here.
    pub fn next(&mut self, now: Timestamp) -> Next<R> {
        if !self.is_sender || self.in_flight.is_some() {
            return Next::Nothing;
        }
        while let Some(place) = self.entries.iter().position(|held| held.entry.is_waiting()) {
            let held = &self.entries[place];
            let is_old = now.unix_ms() - held.entry.queued_at.unix_ms() > OLDEST_MS;
            if is_old && !held.entry.accepted {
                self.refuse(place, Refusal::TooOld);
                continue;
            }
            if held.unsaved > 0 {
                return Next::Nothing;
            }
            return match self.resume_at {
                Some(at) if at > now => Next::At(at),
                _ if held.entry.accepted => Next::Look(held.entry.clone()),
                _ => Next::Send(held.entry.clone()),
            };
        }
        Next::Nothing
    }

    /// The entry is about to be sent. The request leaves when the save that this asks for is done.
    pub fn started(&mut self, key: &str) {
        if let Some(place) = self.place(key) {
            self.in_flight = Some(key.to_owned());
            self.entries[place].entry.sent = true;
            self.save(place);
        }
    }

    /// The effect [`Effect::Save`] was carried out, or tried: a write that cannot be stored waits in this
    /// page and is sent all the same.
    pub fn saved(&mut self, key: &str, stored: bool) {
        if let Some(place) = self.place(key) {
            let held = &mut self.entries[place];
            held.unsaved = held.unsaved.saturating_sub(1);
            held.unstored = !stored;
        }
    }

    /// Whether something that waits is known to this page alone: it is lost if the page closes before it is sent.
    pub fn holds_unstored(&self) -> bool {
        self.entries.iter().any(|held| held.unstored && held.entry.is_waiting())
    }

    /// The person has seen that this was refused and lets it go.
    pub fn dismiss(&mut self, key: &str) {
        if let Some(place) = self.place(key)
            && self.entries[place].entry.is_refused()
        {
            self.forget(place);
        }
    }

    /// The entry of a key, waiting or refused.
    pub fn entry(&self, key: &str) -> Option<&EntryOf<R>> {
        self.place(key).map(|place| &self.entries[place].entry)
    }

    /// What is still to be done, in order.
    pub fn waiting(&self) -> impl Iterator<Item = &EntryOf<R>> {
        self.entries.iter().map(|held| &held.entry).filter(|entry| entry.is_waiting())
    }

    /// What will not be done, in order.
    pub fn refused(&self) -> impl Iterator<Item = &EntryOf<R>> {
        self.entries.iter().map(|held| &held.entry).filter(|entry| entry.is_refused())
    }

    /// Nothing waits and nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|held| held.entry.key == key)
    }

    fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Takes an entry with the highest number.
    fn push(&mut self, entry: EntryOf<R>) {
        self.effects.push_back(Effect::Save(entry.clone()));
        self.entries.push(Held::new(entry, 1));
    }

    /// Saves a changed entry. Tabs that do not send leave that to the one that does: theirs could be
    /// older than what it has saved since.
    fn save(&mut self, place: usize) {
        if self.is_sender {
            let held = &mut self.entries[place];
            held.unsaved += 1;
            self.effects.push_back(Effect::Save(held.entry.clone()));
        }
    }

    fn forget(&mut self, place: usize) {
        let key = self.entries.remove(place).entry.key;
        self.effects.push_back(Effect::Forget { key });
    }

    /// Rewrites waiting writes whose record has another id or version since.
    fn bring_up_to_date(&mut self) {
        for place in 0..self.entries.len() {
            let entry = &mut self.entries[place].entry;
            if entry.is_malleable() && self.settled.bring_up_to_date(&mut entry.write) {
                self.save(place);
            }
        }
    }

    fn was_created_here(&self, id: &str) -> bool {
        self.settled.was_created(id)
    }

    fn refused_create(&self, write: &WriteOf<R>) -> bool {
        !write.is_create()
            && self.refused().any(|entry| entry.write.is_create() && entry.write.id() == write.id())
    }
}
