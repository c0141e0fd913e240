//! Cached answers, and the one place that decides when they are fetched again.
//!
//! A query is a path below the API and what its answer turns into. What was fetched stays on the
//! screen until something newer is there (stale while revalidate). When to fetch is decided by
//! [`latido_replica::refetch`], a pure schedule beside every answer; this file gives it the
//! clock, the timer and the connection's state. Unlike a Leptos `Resource`, a query outlives the
//! component that looks at it and can be written to by an event.

mod entry;
pub mod list;
pub mod record;
pub mod value;

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use latido_connection::Invalidation;
use latido_protocol::event::Family;
use latido_replica::refetch::Due;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::{Api, error::ApiError},
    browser::{Shared, clock, is_visible, shared},
    realtime::console,
};
use entry::{Entry, Target};

/// Lists are polled this often while the connection is not live (setup guide).
pub const POLL_MS: i64 = 8_000;
/// Answers that nobody looks at are kept, for a quick way back; this many.
const MOST_UNOBSERVED: usize = 24;

/// Told whether a fetch worked.
type OnFetched = Box<dyn Fn(bool)>;

/// How a query is doing; its data is with its owner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// The last fetch failed like this; what is shown may be old.
    pub error: Option<ApiError>,
}

#[derive(Clone)]
pub struct Queries(Shared<Inner>);

struct Inner {
    api: Api,
    entries: RefCell<Vec<Rc<Entry>>>,
    /// `None` while the connection is live.
    poll_every: Cell<Option<i64>>,
    timer: RefCell<Option<TimeoutHandle>>,
    waiting_for_quiet: RefCell<Vec<Box<dyn FnOnce()>>>,
    on_fetched: RefCell<Option<OnFetched>>,
}

impl Queries {
    pub fn new(api: Api) -> Self {
        Self(shared(Inner {
            api,
            entries: RefCell::default(),
            poll_every: Cell::new(Some(POLL_MS)),
            timer: RefCell::default(),
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
        make: impl FnOnce() -> T,
    ) -> (Rc<T>, ArcRwSignal<Health>) {
        let found = self.0.entries.borrow().iter().find(|entry| entry.path == path).cloned();
        let entry = found.unwrap_or_else(|| {
            let entry = Rc::new(Entry::new(path, family, Rc::new(make())));
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

    /// What was fetched no longer holds.
    pub fn invalidate(&self, invalidation: Invalidation) {
        for entry in self.0.entries.borrow().iter() {
            match invalidation {
                Invalidation::Everything => entry.invalidate(None),
                Invalidation::Family { family, event } if family == entry.family => {
                    entry.invalidate(Some(event));
                }
                Invalidation::Family { .. } => {}
            }
        }
        self.pump();
    }

    /// This page itself has changed something of `family`.
    pub fn changed(&self, family: Family) {
        for entry in self.0.entries.borrow().iter().filter(|entry| entry.family == family) {
            entry.invalidate(None);
        }
        self.pump();
    }

    /// Polls every so many milliseconds, or not at all.
    pub fn poll_every(&self, ms: Option<i64>) {
        if self.0.poll_every.replace(ms) != ms {
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

    /// Calls back when no query that somebody looks at is stale or under way; perhaps at once.
    pub fn when_quiet(&self, then: impl FnOnce() + 'static) {
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

    /// Starts what is due and sleeps until the next is.
    pub fn pump(&self) {
        if let Some(timer) = self.0.timer.take() {
            timer.clear();
        }
        let now = clock::wall();
        let poll_every = self.0.poll_every.get().filter(|_| is_visible());
        let observed: Vec<_> =
            self.0.entries.borrow().iter().filter(|entry| entry.observers.get() > 0).cloned().collect();
        let mut next = None;
        for entry in observed {
            let due = entry.schedule.borrow().due(now, poll_every);
            match due {
                Due::Now => {
                    entry.schedule.borrow_mut().started(now);
                    spawn_local(self.clone().fetch(entry));
                }
                Due::At(at) => next = Some(next.map_or(at, |next| at.min(next))),
                Due::Idle => {}
            }
        }
        if let Some(at) = next {
            let queries = self.clone();
            let wait = u64::try_from(at.unix_ms() - now.unix_ms()).unwrap_or(0);
            let timer = set_timeout_with_handle(move || queries.pump(), Duration::from_millis(wait));
            self.0.timer.replace(timer.ok());
        }
    }

    async fn fetch(self, entry: Rc<Entry>) {
        let reason = entry.reason.take();
        let outcome = entry.fetch(&self.0.api).await;
        let now = clock::wall();
        let worked = outcome.is_ok();
        {
            let mut schedule = entry.schedule.borrow_mut();
            if worked { schedule.succeeded(now) } else { schedule.failed(now) }
        }
        let health = Health { error: outcome.err() };
        if entry.health.with_untracked(|before| *before != health) {
            entry.health.set(health);
        }
        if let (true, Some(event)) = (worked, reason) {
            console::refreshed(entry.family, event);
        }
        if let Some(on_fetched) = self.0.on_fetched.borrow().as_ref() {
            on_fetched(worked);
        }
        self.pump();
        self.check_quiet();
    }

    fn check_quiet(&self) {
        let quiet = self
            .0
            .entries
            .borrow()
            .iter()
            .filter(|entry| entry.observers.get() > 0)
            .all(|entry| entry.schedule.borrow().is_settled());
        if quiet {
            for then in self.0.waiting_for_quiet.take() {
                then();
            }
        }
    }
}
