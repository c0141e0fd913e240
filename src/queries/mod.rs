//! Cached answers, and the one place that decides when they are fetched again.
//!
//! A query is a path below the API and what its answer turns into. What was fetched stays on the
//! screen until something newer is there (stale while revalidate). When to fetch is decided by
//! [`latido_replica::refetch`], a pure schedule beside every answer; this file gives it the
//! clock, the timer and the connection's state. Unlike a Leptos `Resource`, a query outlives the
//! component that looks at it and can be written to by an event.

pub mod document;
pub mod draft;
mod entry;
pub(crate) mod frames;
pub mod list;
mod pump;
pub(crate) mod reconcile;
pub mod record;
pub mod value;

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_connection::Invalidation;
use latido_protocol::{event::Family, time::Timestamp};
use latido_replica::Outbox;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    api::{Api, early, error::ApiError},
    browser::{Shared, clock, shared},
};
use entry::{Entry, Target};
use frames::Frames;
use record::{AnyRecord, Change, Kind};

/// Lists are polled this often while the connection is not live (setup guide).
pub const POLL_MS: i64 = 8_000;
/// Answers that nobody looks at are kept, for a quick way back; this many.
const MOST_UNOBSERVED: usize = 24;

/// Without a connection nobody tells that a database was restored and its revisions are old ones. So often
/// an answer is believed though it looks older; at every poll would be too often, since some backends answer
/// from a replica that lags behind a write.
const DOUBT_POLLS_MS: i64 = 300_000;
/// A query that nobody looks at is caught up somewhere within so many milliseconds after a reconnect, so
/// that those who were cut off together do not all ask for everything together.
const CATCH_UP_WITHIN_MS: f64 = 30_000.0;

/// How often an answer is asked for though nothing says that it has changed, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    pub while_live: Option<i64>,
    pub otherwise: i64,
}

impl Polling {
    pub const LISTS: Self = Self { while_live: None, otherwise: POLL_MS };

    fn every(self, is_live: bool) -> Option<i64> {
        if is_live { self.while_live } else { Some(self.otherwise) }
    }
}

/// The writes that wait; lists lay them over their rows.
pub type SharedOutbox = Rc<RefCell<Outbox<AnyRecord>>>;

/// Told whether a fetch worked.
type OnFetched = Box<dyn Fn(bool)>;

/// How a query is doing; its data is with its owner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// The last fetch failed like this; what is shown may be old.
    pub error: Option<ApiError>,
    /// When what is shown was true, if it may be old.
    pub as_of: Option<Timestamp>,
}

impl Health {
    /// Nobody has answered yet, and nothing was kept.
    fn knows_nothing(&self) -> bool {
        self.error.is_some() && self.as_of.is_none()
    }
}

#[derive(Clone)]
pub struct Queries(Shared<Inner>);

struct Inner {
    api: Api,
    entries: RefCell<Vec<Rc<Entry>>>,
    outbox: SharedOutbox,
    frames: Frames,
    is_live: Cell<bool>,
    /// While it polls: when what it holds is doubted again.
    doubt_at: Cell<Timestamp>,
    timer: RefCell<Option<TimeoutHandle>>,
    /// When the timer wakes; never later than something is due.
    wakes_at: Cell<Option<Timestamp>>,
    waiting_for_quiet: RefCell<Vec<Box<dyn FnOnce()>>>,
    on_fetched: RefCell<Option<OnFetched>>,
}

impl Queries {
    pub fn new(api: Api) -> Self {
        Self(shared(Inner {
            api,
            entries: RefCell::default(),
            outbox: Rc::new(RefCell::new(Outbox::new())),
            frames: Frames::default(),
            is_live: Cell::new(false),
            doubt_at: Cell::new(clock::wall().plus_ms(DOUBT_POLLS_MS)),
            timer: RefCell::default(),
            wakes_at: Cell::default(),
            waiting_for_quiet: RefCell::default(),
            on_fetched: RefCell::default(),
        }))
    }

    /// Looks at the query for as long as the current owner lives. `make` builds its target the
    /// first time; later the same one is handed out, with whatever it holds.
    fn observe<T: Target>(
        &self,
        path: String,
        family: Family,
        polling: Polling,
        make: impl FnOnce() -> T,
    ) -> (Rc<T>, ArcRwSignal<Health>) {
        let found = self.0.entries.borrow().iter().find(|entry| entry.path == path).cloned();
        let entry = found.unwrap_or_else(|| {
            let entry = Rc::new(Entry::new(path, family, polling, Rc::new(make())));
            self.0.entries.borrow_mut().push(entry.clone());
            entry
        });
        entry.observers.set(entry.observers.get() + 1);
        self.drop_the_oldest();
        self.pump();

        let (queries, observed) = (self.clone(), send_wrapper::SendWrapper::new(entry.clone()));
        on_cleanup(move || {
            observed.observers.set(observed.observers.get().saturating_sub(1));
            queries.pump();
        });
        let target: Rc<dyn Any> = entry.target.clone().as_any();
        let target = target.downcast::<T>();
        // One path has one type: paths are written next to their types, in `list` and `value`.
        let target = target.unwrap_or_else(|_| unreachable!("{} holds another type", entry.path));
        (target, entry.health.clone())
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

    /// What was fetched no longer holds.
    pub fn invalidate(&self, invalidation: Invalidation) {
        early::close();
        let now = clock::wall();
        for entry in self.0.entries.borrow().iter() {
            match invalidation {
                Invalidation::Everything => {
                    entry.target.doubt();
                    entry.invalidate(None);
                    let later = js_sys::Math::random() * CATCH_UP_WITHIN_MS;
                    entry.catch_up_at.set(Some(now.plus_ms(later as i64)));
                }
                Invalidation::Family { family, event } if family == entry.family => {
                    entry.invalidate(Some(event));
                }
                Invalidation::Confirm { family, event } if family == entry.family => {
                    entry.confirm_later(event, now);
                }
                Invalidation::Family { .. } | Invalidation::Confirm { .. } => {}
            }
        }
        self.pump();
    }

    /// Something of a person's has changed whom this one follows.
    pub fn invalidate_person(&self, person: &str, family: &str) {
        let theirs = format!("person={person}");
        for entry in self.0.entries.borrow().iter() {
            if entry.family.name() == family && entry.path.contains(&theirs) {
                entry.invalidate(None);
            }
        }
        self.pump();
    }

    /// Puts what an event or a write's answer brought into every answer that it belongs to.
    pub fn put(&self, change: &Change) {
        early::close();
        self.touch(|entry| entry.target.put(change));
    }

    /// Shows once more what lists hold: the writes that lie over them are others.
    pub fn lay_over_again(&self) {
        self.touch(|_| true);
    }

    /// The newest copy of a record that any list holds.
    pub fn find(&self, id: &str) -> Option<AnyRecord> {
        let entries = self.0.entries.borrow();
        entries.iter().filter_map(|entry| entry.target.find(id)).max_by_key(AnyRecord::version)
    }

    /// Marks what changed, and shows it in this frame if it is the frame's first, else in the next.
    fn touch(&self, changes: impl Fn(&Entry) -> bool) {
        let mut any = false;
        for entry in self.0.entries.borrow().iter().filter(|entry| changes(entry)) {
            entry.dirty.set(true);
            any = true;
        }
        if any {
            let queries = self.clone();
            self.0.frames.request(move || queries.drain());
        }
    }

    /// The page was hidden or shown: what waits for a frame is shown now.
    pub fn flush(&self) {
        self.0.frames.flush(|| self.drain());
    }

    fn drain(&self) {
        // A copy: what is shown may start to look at something else.
        let entries = self.0.entries.borrow().clone();
        for entry in entries.iter().filter(|entry| entry.dirty.take()) {
            entry.target.show();
        }
    }

    /// A write's answer has brought a record. It may be an old one: a creation that was sent again is
    /// answered as it was the first time, whatever has happened since.
    pub fn confirm(&self, record: AnyRecord) {
        let kind = record.kind();
        self.put(&Change::Put(record));
        self.refetch(kind);
    }

    /// Asks for everything of a kind again.
    pub fn refetch(&self, kind: Kind) {
        self.refetch_family(kind.family());
    }

    pub fn refetch_family(&self, family: Family) {
        for entry in self.0.entries.borrow().iter().filter(|entry| entry.family == family) {
            entry.invalidate(None);
        }
        self.pump();
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
            self.0.doubt_at.set(clock::wall().plus_ms(DOUBT_POLLS_MS));
            self.pump();
        }
    }

    /// Somebody came back, or the network did: what failed or is old is fetched now.
    pub fn refresh(&self) {
        for entry in self.0.entries.borrow().iter() {
            entry.schedule.borrow_mut().forgive();
            entry.invalidate(None);
        }
        self.pump();
    }

    /// Calls back when no query that somebody looks at is stale or under way; perhaps at once. What has
    /// failed before is not taken for done: it is tried again first.
    pub fn when_quiet(&self, then: impl FnOnce() + 'static) {
        for entry in self.0.entries.borrow().iter() {
            entry.schedule.borrow_mut().forgive();
        }
        self.pump();
        self.0.waiting_for_quiet.borrow_mut().push(Box::new(then));
        self.check_quiet();
    }

    /// Called with whether it worked after every fetch.
    pub fn on_fetched(&self, callback: impl Fn(bool) + 'static) {
        self.0.on_fetched.replace(Some(Box::new(callback)));
    }

    /// Forgets everything: somebody else may sign in.
    pub fn clear(&self) {
        self.0.api.abort_all();
        self.0.entries.borrow_mut().clear();
        self.0.waiting_for_quiet.borrow_mut().clear();
    }
}
