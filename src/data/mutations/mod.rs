//! Mutations: optimistic writes, sent when the server can be reached.
//!
//! [`latido_cache::Outbox`] decides; this folder carries it out: it stores entries in the browser, sends them one at a
//! time, and informs lists and views of the outcome. Of several tabs only the one that holds a lock sends; a hidden
//! tab gives the lock to a visible one.
//!
//! | file | what it does |
//! |---|---|
//! | [`storage`] | storage, lock and channel between tabs, over `public/outbox.js` |
//! | [`stored`] | how an entry is written down |
//! | [`send`] | one write as a request, and what its outcome means |
//! | [`problem`] | what a person should know about all of them |
//! | [`write_code`] | what of all this is loaded when there is a write |
//! | [`tabs`] | whose writes these are, and which of their tabs sends them |
//! | this one | the flow between outbox, storage, server, lists and signals |

mod owner;
pub mod problem;
mod send;
mod storage;
pub(crate) mod stored;
mod tabs;
mod write_code;

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
};

use futures::channel::oneshot;
use gloo_timers::callback::Timeout;
use latido_cache::{Answer, Effect, EntryOf, EntryState, Full, Next, Outbox, Refusal, Write};
use latido_protocol::problem::Problem;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::Api,
    browser::{LocalRc, clock, is_visible, local_rc, random_key, timer::timeout_ms},
    data::queries::{
        Queries,
        draft::Draft,
        record::{AnyRecord, RecordKind},
        row::LOCAL_ID,
    },
    log,
};
use owner::OutboxOwner;
use problem::{NotStored, OutboxProblem};
use send::{WriteOutcome, kind_of};
use storage::{TabMessage, Task, carry_out, post};

/// The random part of the pause after a failure, milliseconds.
const JITTER_MS: f64 = 1_000.0;

/// So many versions of records are remembered; a conflict is seldom looked at much later.
const MOST_VERSIONS: usize = 32;

/// A write that will not be done, with what the person had put in.
pub type Refused = EntryOf<AnyRecord>;

/// The server's problem behind a refusal, for the fields of a form.
pub fn problem_of(refused: &Refused) -> Option<Problem> {
    match &refused.state {
        EntryState::Refused(Refusal::Said(words)) => serde_json::from_str(words).ok(),
        EntryState::Refused(_) | EntryState::Waiting => None,
    }
}

#[derive(Clone)]
pub struct Writes(LocalRc<WritesInner>);

struct WritesInner {
    api: Api,
    queries: Queries,
    user: RefCell<Option<OutboxOwner>>,
    /// What has to be stored, and for whom.
    tasks: RefCell<VecDeque<(String, Task)>>,
    /// Counts the tasks, to know whether any came while the storage was read.
    planned: Cell<u32>,
    storing: Cell<bool>,
    /// What is stored is going to be read again.
    reads_again: Cell<bool>,
    /// The pause before that.
    read_pause_ms: Cell<u32>,
    when_stored: RefCell<Vec<oneshot::Sender<()>>>,
    sending: Cell<bool>,
    /// While it was sending.
    asked_to_yield: Cell<bool>,
    timer: RefCell<Option<Timeout>>,
    /// Of records that answers were about, by id.
    versions: RefCell<Vec<(String, u64)>>,
    waiting: ArcRwSignal<usize>,
    refused: ArcRwSignal<Vec<Refused>>,
    problem: ArcRwSignal<OutboxProblem>,
}

impl Writes {
    pub fn new(api: &Api, queries: &Queries) -> Self {
        Self(local_rc(WritesInner {
            api: api.clone(),
            queries: queries.clone(),
            user: RefCell::default(),
            tasks: RefCell::default(),
            planned: Cell::default(),
            storing: Cell::default(),
            reads_again: Cell::default(),
            read_pause_ms: Cell::new(tabs::READ_AGAIN_MS),
            when_stored: RefCell::default(),
            sending: Cell::default(),
            asked_to_yield: Cell::default(),
            timer: RefCell::default(),
            versions: RefCell::default(),
            waiting: ArcRwSignal::default(),
            refused: ArcRwSignal::default(),
            problem: ArcRwSignal::default(),
        }))
    }

    /// How many wait for the server.
    pub fn waiting(&self) -> ArcReadSignal<usize> {
        self.0.waiting.read_only()
    }

    pub fn refused(&self) -> ArcReadSignal<Vec<Refused>> {
        self.0.refused.read_only()
    }

    /// What is wrong with the browser's storage, or between here and the server.
    pub fn problem(&self) -> ArcReadSignal<OutboxProblem> {
        self.0.problem.read_only()
    }

    fn set_problem(&self, change: impl FnOnce(&mut OutboxProblem)) {
        let mut now = self.0.problem.get_untracked();
        change(&mut now);
        if self.0.problem.with_untracked(|before| *before != now) {
            self.0.problem.set(now);
        }
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
            self.request_lock();
        }
    }

    fn queue(&self, write: Write<Draft, RecordKind>) -> Result<(), Full> {
        let queued = self.with(|outbox| outbox.queue(write, random_key(), clock::wall()));
        self.request_lock();
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
                    for kind in [RecordKind::Food, RecordKind::Exercise, RecordKind::Metric] {
                        self.0.queries.apply_event(&kind.deleted(&id));
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

    /// The newest version of a record that a response has named, whether any list shows the record or not.
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
        self.0.queries.reapply_pending_writes();
    }

    /// Carries out the storage's tasks in their order, one at a time.
    fn store(&self) {
        if self.0.tasks.borrow().is_empty() || self.0.storing.replace(true) {
            return;
        }
        let writes = self.clone();
        spawn_local(async move {
            while let Some((user, task)) = writes.next_task() {
                let outcome = carry_out(&user, &task).await;
                if outcome.is_err() {
                    log::warn("a write could not be stored: it is lost if the page closes before it is sent");
                }
                let stored = outcome.is_ok();
                writes
                    .set_problem(|problem| problem.not_stored = outcome.err().map(|why| NotStored::of(&why)));
                if let Task::Save(entry) = &task {
                    writes.0.queries.outbox().borrow_mut().saved(&entry.key, stored);
                }
            }
            writes.0.storing.set(false);
            for waiting in writes.0.when_stored.take() {
                let _ = waiting.send(());
            }
            post(&TabMessage::StorageChanged);
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
        if !self.holds_lock() || self.0.sending.get() {
            return;
        }
        self.0.timer.take();
        let next = self.0.queries.outbox().borrow_mut().next(clock::wall());
        // What has become too old was refused on the way.
        self.carry_out();
        match next {
            Next::Send(entry) | Next::Look(entry) => {
                self.0.sending.set(true);
                let writes = self.clone();
                spawn_local(async move { writes.send(entry).await });
            }
            Next::At(at) => {
                let writes = self.clone();
                let wait = timeout_ms(at.unix_ms() - clock::wall().unix_ms());
                self.0.timer.replace(Some(Timeout::new(wait, move || writes.flush())));
            }
            Next::Nothing => {}
        }
    }

    async fn ask(&self, entry: &EntryOf<AnyRecord>) -> WriteOutcome {
        let Ok(code) = write_code::load().await else { return Answer::Later.into() };
        let ask = if entry.accepted { code.look } else { code.send };
        ask(self.0.api.clone(), entry.clone()).await
    }

    async fn send(&self, entry: EntryOf<AnyRecord>) {
        let user = self.user_id();
        self.with(|outbox| outbox.started(&entry.key));
        // Stored before it is sent: after a crash the entry counts as possibly received.
        self.stored().await;
        let outcome = if self.user_id() == user { Some(self.ask(&entry).await) } else { None };
        self.0.sending.set(false);
        let Some(WriteOutcome { answer, body, intercepted }) = outcome.filter(|_| self.user_id() == user)
        else {
            // Another user is signed in; their writes have waited for this request.
            return self.flush();
        };
        self.set_problem(|problem| problem.intercepted = intercepted);
        let is_done = matches!(answer, Answer::Done(_));
        if (is_done && body.is_none()) || answer == Answer::Accepted {
            // Done, but what became of it has to be asked.
            self.0.queries.refetch(kind_of(&entry));
        }
        let jitter = js_sys::Math::random() * JITTER_MS;
        let yields = self.0.asked_to_yield.take();
        self.0.sending.set(yields);
        self.with(|outbox| outbox.answered(&entry.key, answer, clock::wall(), jitter as i64));
        // The other tabs learn of what was found from the storage: the creation is gone from it.
        if is_done && !entry.accepted {
            post(&TabMessage::Done { key: entry.key, body });
        }
        if yields {
            // The tab that sends next reads the storage.
            self.stored().await;
            self.0.sending.set(false);
            self.yield_lock();
            self.flush();
        }
    }
}
