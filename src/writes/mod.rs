//! Writes show at once and reach the server when they can.
//!
//! [`latido_replica::Outbox`] decides; this folder is its hands: it keeps entries in the browser's storage,
//! sends them one at a time, and tells lists and people what came of it. Of several tabs one sends, the one
//! that holds a lock; a tab that somebody looks at gets it from one that nobody does.
//!
//! | file | what it does |
//! |---|---|
//! | [`storage`] | storage, lock and channel between tabs, over `public/outbox.js` |
//! | [`stored`] | how an entry is written down |
//! | [`send`] | one write as a request, and what its outcome means |
//! | [`tabs`] | whose writes these are, and which of their tabs sends them |
//! | this one | the flow between outbox, storage, server, lists and signals |

mod send;
mod storage;
pub(crate) mod stored;
mod tabs;

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    time::Duration,
};

use futures::channel::oneshot;
use latido_replica::{Answer, Effect, EntryOf, Full, Next, Outbox, Write};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::Api,
    browser::{Shared, clock, is_visible, random_key, shared},
    queries::{
        Queries,
        draft::Draft,
        list::LOCAL_ID,
        record::{AnyRecord, Change, Kind},
    },
    realtime::console,
};
use send::{Outcome, kind_of, send};
use storage::{Task, Word, carry_out, say};
use tabs::User;

/// The random part of the pause after a failure, milliseconds.
const JITTER_MS: f64 = 1_000.0;

/// So many versions of records are remembered; a conflict is seldom looked at much later.
const MOST_VERSIONS: usize = 32;

/// A write that will not be done, with what the person had put in.
pub type Refused = EntryOf<AnyRecord>;

#[derive(Clone)]
pub struct Writes(Shared<Inner>);

struct Inner {
    api: Api,
    queries: Queries,
    user: RefCell<Option<User>>,
    /// What has to be stored, and for whom.
    tasks: RefCell<VecDeque<(String, Task)>>,
    /// Counts the tasks, to know whether any came while the storage was read.
    planned: Cell<u32>,
    storing: Cell<bool>,
    when_stored: RefCell<Vec<oneshot::Sender<()>>>,
    sending: Cell<bool>,
    /// While it was sending.
    asked_to_yield: Cell<bool>,
    timer: RefCell<Option<TimeoutHandle>>,
    /// Of records that answers were about, by id.
    versions: RefCell<Vec<(String, u64)>>,
    waiting: ArcRwSignal<usize>,
    refused: ArcRwSignal<Vec<Refused>>,
}

impl Writes {
    pub fn new(api: &Api, queries: &Queries) -> Self {
        Self(shared(Inner {
            api: api.clone(),
            queries: queries.clone(),
            user: RefCell::default(),
            tasks: RefCell::default(),
            planned: Cell::default(),
            storing: Cell::default(),
            when_stored: RefCell::default(),
            sending: Cell::default(),
            asked_to_yield: Cell::default(),
            timer: RefCell::default(),
            versions: RefCell::default(),
            waiting: ArcRwSignal::default(),
            refused: ArcRwSignal::default(),
        }))
    }

    /// How many wait for the server.
    pub fn waiting(&self) -> ArcReadSignal<usize> {
        self.0.waiting.read_only()
    }

    pub fn refused(&self) -> ArcReadSignal<Vec<Refused>> {
        self.0.refused.read_only()
    }

    pub fn create(&self, draft: Draft) -> Result<(), Full> {
        // Of two made in the same minute the newer stands above, as it will when the server has named them.
        let id = format!("{LOCAL_ID}{}-{}", clock::wall().unix_ms(), random_key());
        self.queue(Write::Create { id, draft })
    }

    pub fn edit(&self, record: &AnyRecord, draft: Draft) -> Result<(), Full> {
        self.queue(Write::Edit { id: record.id().to_owned(), version: record.version(), draft })
    }

    pub fn delete(&self, record: &AnyRecord) -> Result<(), Full> {
        self.queue(Write::Delete { id: record.id().to_owned(), kind: record.kind() })
    }

    /// The person lets a refused write go.
    pub fn dismiss(&self, key: &str) {
        self.with(|outbox| outbox.dismiss(key));
    }

    /// Online, visible, or a request that worked after one that did not: what waits is tried now.
    pub fn wake(&self) {
        if self.0.waiting.get_untracked() == 0 {
            return;
        }
        self.with(Outbox::wake);
        if is_visible() {
            self.want_the_lock();
        }
    }

    fn queue(&self, write: Write<Draft, Kind>) -> Result<(), Full> {
        let queued = self.with(|outbox| outbox.queue(write, random_key(), clock::wall()));
        self.want_the_lock();
        queued
    }

    /// Does something to the outbox, and what follows from it.
    fn with<T>(&self, work: impl FnOnce(&mut Outbox<AnyRecord>) -> T) -> T {
        let done = work(&mut self.0.queries.outbox().borrow_mut());
        self.carry_out();
        self.show();
        self.flush();
        done
    }

    fn carry_out(&self) {
        while let Some(effect) = self.next_effect() {
            match effect {
                Effect::Save(entry) => self.plan(Task::Save(Box::new(entry))),
                Effect::Forget { key } => self.plan(Task::Forget { key }),
                Effect::Confirmed(record) => {
                    self.remember_version(&record);
                    self.0.queries.confirm(record);
                }
                Effect::Removed { id } => {
                    for kind in [Kind::Food, Kind::Exercise, Kind::Metric] {
                        self.0.queries.put(&Change::Removed { kind, id: id.clone() });
                    }
                }
                Effect::Refused { .. } => {}
            }
        }
        self.store();
    }

    fn remember_version(&self, record: &AnyRecord) {
        let mut versions = self.0.versions.borrow_mut();
        versions.retain(|(id, _)| id != record.id());
        versions.push((record.id().to_owned(), record.version()));
        if versions.len() > MOST_VERSIONS {
            versions.remove(0);
        }
    }

    /// The newest version that an answer has told of a record, whether any list shows it or not.
    pub fn version_of(&self, id: &str) -> Option<u64> {
        self.0.versions.borrow().iter().find(|(known, _)| known == id).map(|(_, version)| *version)
    }

    fn plan(&self, task: Task) {
        if let Some(user) = self.user_id() {
            self.0.tasks.borrow_mut().push_back((user, task));
            self.0.planned.set(self.0.planned.get() + 1);
        }
    }

    fn next_effect(&self) -> Option<Effect<AnyRecord>> {
        self.0.queries.outbox().borrow_mut().poll()
    }

    fn show(&self) {
        let outbox = self.0.queries.outbox().clone();
        let (waiting, refused) = {
            let outbox = outbox.borrow();
            (outbox.waiting().count(), outbox.refused().cloned().collect::<Vec<_>>())
        };
        if self.0.waiting.get_untracked() != waiting {
            self.0.waiting.set(waiting);
        }
        if self.0.refused.with_untracked(|before| *before != refused) {
            self.0.refused.set(refused);
        }
        self.0.queries.lay_over_again();
    }

    /// Carries out the storage's tasks in their order, one at a time.
    fn store(&self) {
        if self.0.tasks.borrow().is_empty() || self.0.storing.replace(true) {
            return;
        }
        let writes = self.clone();
        spawn_local(async move {
            while let Some((user, task)) = writes.next_task() {
                let stored = carry_out(&user, &task).await.is_ok();
                if !stored {
                    console::warn(
                        "a write could not be stored: it is lost if the page closes before it is sent",
                    );
                }
                if let Task::Save(entry) = &task {
                    writes.0.queries.outbox().borrow_mut().saved(&entry.key, stored);
                }
            }
            writes.0.storing.set(false);
            for waiting in writes.0.when_stored.take() {
                let _ = waiting.send(());
            }
            say(&Word::Changed);
            writes.flush();
        });
    }

    fn next_task(&self) -> Option<(String, Task)> {
        self.0.tasks.borrow_mut().pop_front()
    }

    /// Waits until all that was to be stored is.
    async fn stored(&self) {
        if self.0.storing.get() {
            let (done, wait) = oneshot::channel();
            self.0.when_stored.borrow_mut().push(done);
            let _ = wait.await;
        }
    }

    /// Sends what can be sent, one after the other.
    fn flush(&self) {
        if !self.holds_the_lock() || self.0.sending.get() {
            return;
        }
        if let Some(timer) = self.0.timer.take() {
            timer.clear();
        }
        let next = self.0.queries.outbox().borrow_mut().next(clock::wall());
        // What has become too old was refused on the way.
        self.carry_out();
        match next {
            Next::Send(entry) => {
                self.0.sending.set(true);
                let writes = self.clone();
                spawn_local(async move { writes.send(entry).await });
            }
            Next::At(at) => {
                let writes = self.clone();
                let wait = u64::try_from(at.unix_ms() - clock::wall().unix_ms()).unwrap_or(0);
                let timer = set_timeout_with_handle(move || writes.flush(), Duration::from_millis(wait));
                self.0.timer.replace(timer.ok());
            }
            Next::Nothing => {}
        }
    }

    async fn send(&self, entry: EntryOf<AnyRecord>) {
        let user = self.user_id();
        self.with(|outbox| outbox.started(&entry.key));
        // That it was perhaps received has to be known to whoever comes after a crash.
        self.stored().await;
        let outcome = if self.user_id() == user { Some(send(&self.0.api, &entry).await) } else { None };
        self.0.sending.set(false);
        let Some(Outcome { answer, body }) = outcome.filter(|_| self.user_id() == user) else {
            // Somebody else is signed in; what was theirs to send has waited for this.
            return self.flush();
        };
        let is_done = matches!(answer, Answer::Done(_));
        if is_done && body.is_none() {
            // Done, but what became of it has to be asked.
            self.0.queries.refetch(kind_of(&entry));
        }
        let jitter = js_sys::Math::random() * JITTER_MS;
        let yields = self.0.asked_to_yield.take();
        self.0.sending.set(yields);
        self.with(|outbox| outbox.answered(&entry.key, answer, clock::wall(), jitter as i64));
        if is_done {
            say(&Word::Done { key: entry.key, body });
        }
        if yields {
            // Whoever sends next reads what is stored.
            self.stored().await;
            self.0.sending.set(false);
            self.yield_the_lock();
            self.flush();
        }
    }
}
