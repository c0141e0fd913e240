//! The user's writes: the dashboard's `writes` folder, with a storage that survives the page.

use std::collections::{BTreeMap, VecDeque};

use latido_cache::{Answer, Effect, EntryOf, Next, Outbox, Write};
use latido_connection::Invalidation;

use super::{Timer, request::Ask, task::Task};
use crate::{
    happening::Happening,
    ledger::amount_of,
    record::{FIRST_DAY_MS, Kind, Record},
    server::random_draft,
    story::tell,
    tally::Class,
    world::World,
};

/// What the hands of an outbox hold.
#[derive(Default)]
pub struct Hands {
    /// Not yet stored, in order.
    tasks: VecDeque<Store>,
    storing: bool,
    /// Waits for its save before it leaves.
    to_send: Option<EntryOf<Record>>,
    sending: bool,
    timer: Timer,
    /// What is stored is read as soon as all is stored.
    loading: bool,
}

impl Hands {
    pub fn timer_number(&self) -> u32 {
        self.timer.number
    }

    /// Those of a new page: timers of the old one are of no effect.
    pub fn with_timer_number(number: u32) -> Self {
        Self { timer: Timer { at: None, number }, ..Self::default() }
    }
}

/// What outlives the page.
#[derive(Default)]
pub struct Storage(BTreeMap<String, EntryOf<Record>>);

enum Store {
    Save(EntryOf<Record>),
    Forget(String),
}

impl Storage {
    pub fn holds(&self, amount: u32) -> bool {
        self.0.values().any(|entry| amount_of(&entry.write) == Some(amount))
    }
}

impl World {
    pub fn user_writes(&mut self) {
        if self.page.paused || !self.page.signed_in {
            return;
        }
        let place = self.dice.below(self.page.queries.len());
        let Some(query) = self.page.queries.get(place).filter(|query| query.list.is_known()) else { return };
        let rows = &query.view;
        let Some(amount) = self.ledger.next_amount() else { return };
        let choice = self.dice.below(if rows.is_empty() { 1 } else { 4 });
        let write = if choice == 0 {
            let draft = crate::record::Draft { amount, ..random_draft(&mut self.dice) };
            Write::Create { id: format!("local-{amount}"), draft }
        } else {
            let row = &rows[self.dice.below(rows.len())];
            let id = row.id().to_owned();
            if choice == 3 {
                Write::Delete { id, kind: row.kind() }
            } else {
                let draft = crate::record::Draft { amount, ..row.draft() };
                Write::Edit { id, version: row.version(), draft }
            }
        };
        tell!(self, "user", "writes {write:?}");
        self.count(Class::UserWrite);
        let (key, wall) = (format!("k{amount}"), self.wall());
        self.ledger.queued(&write);
        if self.with_outbox(|outbox| outbox.queue(write, key, wall)).is_err() {
            self.ledger.excuse_newest();
        }
    }

    /// Shows once more what the lists hold: the writes that lie over them are others.
    pub fn show_lists(&mut self) {
        for query in &mut self.page.queries {
            query.show(&self.page.outbox);
        }
    }

    /// Does something to the outbox, and what follows from it.
    pub fn with_outbox<T>(&mut self, work: impl FnOnce(&mut Outbox<Record>) -> T) -> T {
        let done = work(&mut self.page.outbox);
        self.show_lists();
        while let Some(effect) = self.page.outbox.poll() {
            match effect {
                Effect::Save(entry) => self.page.hands.tasks.push_back(Store::Save(entry)),
                Effect::Forget { key } => self.page.hands.tasks.push_back(Store::Forget(key)),
                Effect::Confirmed(record) => {
                    let kind = record.kind();
                    self.learn(kind, &Ok(record));
                    // A repeated creation is answered as the first was, whatever has happened since.
                    let invalidation = Invalidation::Family { family: kind.family(), event: "write" };
                    self.invalidate(invalidation);
                }
                Effect::Removed { id } => {
                    for kind in [Kind::Food, Kind::Exercise] {
                        self.learn(kind, &Err(id.clone()));
                    }
                }
                Effect::Refused { key } => {
                    self.count(Class::Refused);
                    let entry = self.page.outbox.entry(&key);
                    if let Some(amount) = entry.and_then(|entry| amount_of(&entry.write)) {
                        tell!(self, "page", "the write {amount} is refused");
                        self.ledger.refused(amount);
                        let is_done =
                            self.server.records.iter().any(|record| record.draft().amount == amount);
                        if is_done && !self.ledger.restored_since(amount) {
                            self.violated("what is done is not refused", || format!("the write {amount}"));
                        }
                    }
                }
            }
        }
        self.store();
        self.flush_outbox();
        done
    }

    /// Carries out the storage's tasks in their order, one at a time.
    fn store(&mut self) {
        if !self.page.hands.tasks.is_empty() && !std::mem::replace(&mut self.page.hands.storing, true) {
            let ms = self.dice.about(1, 200);
            let life = self.page.life;
            self.after(ms, Happening::Page(Task::Stored { life }));
        }
    }

    /// The oldest task is carried out.
    pub fn stored(&mut self, life: u32) {
        if life != self.page.life {
            return;
        }
        self.page.hands.storing = false;
        match self.page.hands.tasks.pop_front() {
            Some(Store::Save(entry)) => {
                let key = entry.key.clone();
                self.page.storage.0.insert(key.clone(), entry);
                self.page.outbox.saved(&key, true);
            }
            Some(Store::Forget(key)) => {
                self.page.storage.0.remove(&key);
            }
            None => {}
        }
        self.store();
        if !self.page.hands.storing {
            self.all_is_stored();
        }
        self.flush_outbox();
    }

    fn all_is_stored(&mut self) {
        if std::mem::take(&mut self.page.hands.loading) {
            let entries: Vec<_> = self.page.storage.0.values().cloned().collect();
            self.page.outbox.set_sender(true);
            self.with_outbox(|outbox| {
                outbox.load(entries);
                outbox.wake();
            });
        }
        if let Some(entry) = self.page.hands.to_send.take() {
            tell!(self, "page", "sends the write {:?}", amount_of(&entry.write));
            self.ask(Ask::Write { entry: Box::new(entry) });
        }
    }

    /// Sends what can be sent, one after the other.
    pub fn flush_outbox(&mut self) {
        if self.page.hands.sending || self.page.hands.loading {
            return;
        }
        let number = self.page.hands.timer.number + 1;
        self.page.hands.timer = Timer { at: None, number };
        match self.page.outbox.next(self.wall()) {
            Next::Send(entry) => {
                self.page.hands.sending = true;
                let key = entry.key.clone();
                self.page.hands.to_send = Some(entry);
                self.with_outbox(|outbox| outbox.started(&key));
            }
            Next::At(at) => {
                let at = at.unix_ms() - FIRST_DAY_MS;
                self.page.hands.timer.at = Some(at);
                self.queue.push(at.max(self.now), Happening::Page(Task::Outbox { number }));
            }
            // Its server answers every creation with the record.
            Next::Look(_) | Next::Nothing => {}
        }
    }

    pub fn outbox_timer_fires(&mut self, number: u32) {
        if number == self.page.hands.timer.number && self.page.hands.timer.at.is_some() {
            self.flush_outbox();
        }
    }

    pub fn write_answered(&mut self, key: &str, answer: Answer<Record>) {
        self.page.hands.sending = false;
        tell!(self, "page", "the write {key} is answered: {answer:?}");
        let (wall, jitter) = (self.wall(), self.dice.between(0, 1_000));
        self.with_outbox(|outbox| outbox.answered(key, answer, wall, jitter));
    }

    /// Online, visible, live, or a request that worked: what waits is tried now.
    pub fn wake_outbox(&mut self) {
        if self.page.outbox.waiting().next().is_some() {
            self.with_outbox(Outbox::wake);
        }
    }

    /// Somebody has signed in: what they had waiting comes back.
    pub fn load_outbox(&mut self) {
        self.page.outbox = Outbox::new();
        self.page.outbox.set_sender(false);
        self.page.hands.loading = true;
        if !self.page.hands.storing {
            self.all_is_stored();
        }
    }

    /// Nobody is signed in. What waits stays in the storage.
    pub fn leave_outbox(&mut self) {
        self.page.outbox = Outbox::new();
        self.page.hands.to_send = None;
        self.page.hands.sending = false;
        self.page.hands.loading = false;
        self.page.requests.retain(|_, request| !matches!(request.ask, Ask::Write { .. }));
    }
}
