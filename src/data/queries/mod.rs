//! Cached queries, and the one place that decides when they are fetched again.
//!
//! A query is a path below the API and what its answer turns into. What was fetched stays on the
//! screen until something newer is there (stale while revalidate). When to fetch is decided by
//! [`latido_cache::refetch`], a pure schedule beside every answer; this file gives it the
//! clock, the timer and the connection's state. Unlike a Leptos `Resource`, a query outlives the
//! component that looks at it and can be written to by an event.

pub mod draft;
mod entry;
pub(crate) mod frame_batcher;
mod invalidate;
pub mod lag;
pub mod list;
mod missing;
mod polling;
pub mod profile;
mod query;
pub(crate) mod reconcile;
pub mod record;
pub mod row;
pub mod rows;
mod scheduler;
mod status;

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use latido_cache::Outbox;
use latido_connection::Backend;
use latido_protocol::{
    event::{Event, Family},
    time::Timestamp,
};
use leptos::prelude::*;

use crate::{
    api::{Api, prefetch},
    browser::{LocalRc, clock, local_rc},
};
use entry::{CachedQuery, QueryEntry};
use frame_batcher::FrameBatcher;
use lag::Lag;
pub use polling::{POLL_MS, Polling};
pub use query::Query;
use record::AnyRecord;
pub use status::FetchStatus;

/// How many responses without observers stay in memory, for a quick way back.
const MOST_UNOBSERVED: usize = 24;

/// Without a connection no event announces that a database was restored and its revisions are older. At this interval
/// a response is accepted even though it looks older; not at every poll, since some backends respond from a replica
/// that lags behind a write. Milliseconds.
const MARK_STALE_MS: i64 = 300_000;

/// The writes that wait; lists lay them over their rows.
pub type SharedOutbox = Rc<RefCell<Outbox<AnyRecord>>>;

/// Called with whether a fetch succeeded.
type OnFetched = Box<dyn Fn(bool)>;

#[derive(Clone)]
pub struct Queries(LocalRc<QueriesInner>);

struct QueriesInner {
    api: Api,
    entries: RefCell<Vec<Rc<QueryEntry>>>,
    outbox: SharedOutbox,
    lag: Lag,
    frames: FrameBatcher,
    is_live: Rc<Cell<bool>>,
    /// While polling: when queries are marked stale next.
    mark_stale_at: Cell<Timestamp>,
    timer: RefCell<Option<Timeout>>,
    /// When the timer wakes; never later than something is due.
    wakes_at: Cell<Option<Timestamp>>,
    waiting_for_quiet: RefCell<Vec<Box<dyn FnOnce()>>>,
    on_fetched: RefCell<Option<OnFetched>>,
    /// Paths of lists that the backend does not have.
    missing: ArcRwSignal<Vec<String>>,
}

impl Queries {
    pub fn new(api: Api) -> Self {
        Self(local_rc(QueriesInner {
            api,
            entries: RefCell::default(),
            outbox: Rc::new(RefCell::new(Outbox::new())),
            lag: Lag::default(),
            frames: FrameBatcher::default(),
            is_live: Rc::default(),
            mark_stale_at: Cell::new(clock::wall().plus_ms(MARK_STALE_MS)),
            timer: RefCell::default(),
            wakes_at: Cell::default(),
            waiting_for_quiet: RefCell::default(),
            on_fetched: RefCell::default(),
            missing: ArcRwSignal::default(),
        }))
    }

    /// Looks at the query for as long as the current owner lives. `make` builds its target the
    /// first time; later the same one is handed out, with whatever it holds.
    fn observe<T: CachedQuery>(
        &self,
        path: String,
        family: Family,
        polling: Polling,
        make: impl FnOnce() -> T,
    ) -> (Rc<T>, Rc<QueryEntry>) {
        let found = self.0.entries.borrow().iter().find(|entry| entry.path == path).cloned();
        let entry = found.unwrap_or_else(|| {
            let entry = Rc::new(QueryEntry::new(path, family, polling, Rc::new(make())));
            self.0.entries.borrow_mut().push(entry.clone());
            entry
        });
        entry.observers.set(entry.observers.get() + 1);
        self.drop_the_oldest();
        self.schedule_fetches();

        let (queries, observed) = (self.clone(), send_wrapper::SendWrapper::new(entry.clone()));
        on_cleanup(move || {
            observed.observers.set(observed.observers.get().saturating_sub(1));
            queries.schedule_fetches();
        });
        let query: Rc<dyn Any> = entry.query.clone().as_any();
        let query = query.downcast::<T>();
        // One path has one type: paths are written next to their types.
        let query = query.unwrap_or_else(|_| unreachable!("{} holds another type", entry.path));
        (query, entry)
    }

    fn drop_the_oldest(&self) {
        let mut entries = self.0.entries.borrow_mut();
        let mut surplus =
            entries.iter().filter(|entry| entry.observers.get() == 0).count().saturating_sub(MOST_UNOBSERVED);
        entries.retain(|entry| {
            let goes = surplus > 0 && entry.observers.get() == 0;
            surplus -= usize::from(goes);
            !goes
        });
    }

    pub fn outbox(&self) -> &SharedOutbox {
        &self.0.outbox
    }

    /// Applies an event, or a write's answer, to every query that it belongs to. What is held until it settles is asked
    /// for then: nothing else may ask.
    pub fn apply_event(&self, event: &Event) {
        if event.is_whole() {
            prefetch::close();
        }
        let (settles_at, family) = (self.0.lag.settles_at(), event.family());
        self.mark_dirty(|entry| {
            if entry.family != family {
                return false;
            }
            entry.settle_by(settles_at);
            entry.query.apply_event(event, settles_at)
        });
        if settles_at > Timestamp::EPOCH {
            self.schedule_fetches();
        }
    }

    /// Shows once more what lists hold: the writes that lie over them are others.
    pub fn reapply_pending_writes(&self) {
        self.mark_dirty(|_| true);
    }

    /// The newest copy of a record that any list holds.
    pub fn find(&self, id: &str) -> Option<AnyRecord> {
        let entries = self.0.entries.borrow();
        entries.iter().filter_map(|entry| entry.query.find(id)).max_by_key(AnyRecord::version)
    }

    /// Marks what changed, and shows it in this frame if it is the frame's first, else in the next.
    fn mark_dirty(&self, changes: impl Fn(&QueryEntry) -> bool) {
        let mut any = false;
        for entry in self.0.entries.borrow().iter().filter(|entry| changes(entry)) {
            entry.dirty.set(true);
            any = true;
        }
        if any {
            let queries = self.clone();
            self.0.frames.request(move || queries.flush());
        }
    }

    /// The page was hidden or shown: what waits for a frame is shown now.
    pub fn flush_now(&self) {
        self.0.frames.flush(|| self.flush());
    }

    fn flush(&self) {
        // A copy: what is shown may start to look at something else.
        let entries = self.0.entries.borrow().clone();
        for entry in entries.iter().filter(|entry| entry.dirty.take()) {
            entry.query.show();
        }
    }

    /// When what is learned now will be in every response; the epoch where it is already.
    pub fn settles_at(&self) -> Timestamp {
        self.0.lag.settles_at()
    }

    /// What the connection has shown of the backend.
    pub fn talk_to(&self, backend: Backend) {
        self.0.lag.of(backend);
    }

    /// While the connection is live, events say what to fetch; else it is polled for.
    pub fn follow(&self, is_live: bool) {
        if self.0.is_live.replace(is_live) != is_live {
            if !is_live {
                // Until now it was.
                for entry in self.0.entries.borrow().iter() {
                    entry.confirm(clock::wall());
                }
            }
            self.0.mark_stale_at.set(clock::wall().plus_ms(MARK_STALE_MS));
            self.schedule_fetches();
        }
    }

    /// Calls back once no observed query is stale or being fetched; perhaps at once. What has failed before is retried
    /// first.
    pub fn when_quiet(&self, then: impl FnOnce() + 'static) {
        for entry in self.0.entries.borrow().iter() {
            entry.schedule.borrow_mut().forgive();
        }
        self.schedule_fetches();
        self.0.waiting_for_quiet.borrow_mut().push(Box::new(then));
        self.check_quiet();
    }

    /// Called with whether it worked after every fetch.
    pub fn on_fetched(&self, callback: impl Fn(bool) + 'static) {
        self.0.on_fetched.replace(Some(Box::new(callback)));
    }

    /// Drops everything: another user may sign in.
    pub fn clear(&self) {
        self.0.api.abort_all();
        self.0.entries.borrow_mut().clear();
        self.0.waiting_for_quiet.borrow_mut().clear();
    }
}
