//! One cached query: its path, its schedule, and where its data goes.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_cache::refetch::Refetch;
use latido_protocol::{
    event::{Event, Family},
    time::Timestamp,
};
use leptos::prelude::{ArcRwSignal, Set, WithUntracked};

use super::{polling::Polling, record::AnyRecord, status::FetchStatus};
use crate::{
    api::{Api, Call, error::ApiError},
    browser::{clock, response_cache},
};

/// Pages of one list that are followed; at the contract's 200 a page, 10 000 records.
pub(super) const MOST_PAGES: usize = 50;

/// Where an answer goes. It comes in pages and counts when it is whole.
pub(super) trait CachedQuery: Any {
    /// A fetch starts: what happens from now on may not be in its answer.
    fn begin(&self);
    /// Parses one page and returns the cursor of the next.
    fn page(&self, body: &str) -> Result<Option<String>, ApiError>;
    /// The answer is there; `whole` unless it has more pages than are followed.
    fn commit(&self, whole: bool);
    /// Takes what an event or a write's answer brought. `true` if that changes what is to be shown.
    /// Fetches that start before `settles_at` may be answered from before it.
    fn apply_event(&self, event: &Event, settles_at: Timestamp) -> bool;
    /// The record of this id, as far as it is shown.
    fn find(&self, _id: &str) -> Option<AnyRecord> {
        None
    }
    /// Nothing known so far counts against what comes from now on.
    fn mark_stale(&self);
    /// Whether events that are whole bring it all that they change.
    fn takes_events(&self) -> bool;
    /// Whether what is held is exactly the last answer.
    fn matches_last_response(&self) -> bool;
    /// Brings what is held to the screen.
    fn show(&self);
    fn as_any(self: Rc<Self>) -> Rc<dyn Any>;
}

/// What it means when nothing was kept.
#[derive(Clone, Copy, PartialEq)]
enum OnCacheMiss {
    /// The server is still being asked.
    Wait,
    /// There is no other answer to come.
    ShowEmpty,
}

pub(super) struct QueryEntry {
    pub path: String,
    pub family: Family,
    pub polling: Polling,
    pub query: Rc<dyn CachedQuery>,
    pub schedule: RefCell<Refetch>,
    pub fetch_status: ArcRwSignal<FetchStatus>,
    pub observers: Cell<usize>,
    /// The event that asked for the next fetch, for the log.
    pub reason: Cell<Option<&'static str>>,
    /// Holds something that is not shown yet.
    pub dirty: Cell<bool>,
    /// When to refetch a query that has no observers, after a reconnect.
    pub catch_up_at: Cell<Option<Timestamp>>,
    etag: RefCell<Option<String>>,
    /// When what is held was true; `None` before there is anything.
    as_of: Cell<Option<Timestamp>>,
    /// What was kept has been looked at.
    cache_read: Cell<bool>,
}

impl QueryEntry {
    pub fn new(path: String, family: Family, polling: Polling, query: Rc<dyn CachedQuery>) -> Self {
        Self {
            path,
            family,
            polling,
            query,
            schedule: RefCell::new(Refetch::new()),
            fetch_status: ArcRwSignal::default(),
            observers: Cell::new(0),
            reason: Cell::new(None),
            dirty: Cell::new(false),
            catch_up_at: Cell::new(None),
            etag: RefCell::default(),
            as_of: Cell::new(None),
            cache_read: Cell::new(false),
        }
    }

    /// What is held does not hold any more, and answers say so from `settles_at` on.
    pub fn invalidate(&self, event: Option<&'static str>, settles_at: Timestamp) {
        self.schedule.borrow_mut().invalidate();
        self.settle_by(settles_at);
        if event.is_some() {
            self.reason.set(event);
        }
    }

    /// An event has come, and with it all that it changes.
    pub fn confirm_later(&self, event: &'static str, now: Timestamp, settles_at: Timestamp) {
        if self.query.takes_events() {
            self.schedule.borrow_mut().confirm_later(now);
            self.settle_by(settles_at);
            self.reason.set(Some(event));
        } else {
            self.invalidate(Some(event), settles_at);
        }
    }

    /// A fetch is owed that starts at this time or later; none at the epoch.
    pub fn settle_by(&self, at: Timestamp) {
        if at > Timestamp::EPOCH {
            self.schedule.borrow_mut().settle_by(at);
        }
    }

    /// Marks the data as current, if no fetch is due and none has failed.
    pub fn confirm(&self, now: Timestamp) {
        if self.as_of.get().is_some() && self.schedule.borrow().is_up_to_date() {
            self.as_of.set(Some(now));
        }
    }

    /// Asks the server. Where it cannot be reached, what was kept takes the place of a first answer.
    pub async fn fetch(&self, api: &Api) -> Result<(), ApiError> {
        if api.session().is_open() {
            // Without a network it can take long until the request fails, so the cache is shown first.
            self.load_cached(OnCacheMiss::Wait).await;
        }
        let outcome = self.ask(api).await;
        match &outcome {
            Ok(()) => self.as_of.set(Some(clock::wall())),
            // An intermediary's response is treated like no response.
            Err(ApiError::Unreachable | ApiError::TimedOut | ApiError::Intercepted { .. }) => {
                self.load_cached(OnCacheMiss::ShowEmpty).await;
            }
            // A gateway that has lost its server.
            Err(ApiError::Refused(problem)) if problem.status >= 500 => {
                self.load_cached(OnCacheMiss::ShowEmpty).await;
            }
            Err(ApiError::SignedOut | ApiError::Unreadable | ApiError::Refused(_)) => {}
        }
        let as_of = self.as_of.get().filter(|_| outcome.is_err());
        self.show(FetchStatus { error: outcome.clone().err(), as_of });
        outcome
    }

    fn show(&self, fetch_status: FetchStatus) {
        if self.fetch_status.with_untracked(|before| *before != fetch_status) {
            self.fetch_status.set(fetch_status);
        }
    }

    /// Nothing of it counts against the answer that is still to come.
    async fn load_cached(&self, on_miss: OnCacheMiss) {
        if self.as_of.get().is_some() || self.cache_read.get() {
            return;
        }
        let kept = response_cache::load(&self.path).await;
        if kept.bodies.is_empty() && on_miss == OnCacheMiss::Wait {
            return;
        }
        self.cache_read.set(true);
        self.query.begin();
        let mut whole = true;
        for body in &kept.bodies {
            // What an older version kept and this one cannot read is left out.
            whole &= matches!(self.query.page(body), Ok(None));
        }
        self.query.commit(whole);
        self.query.mark_stale();
        self.as_of.set(kept.at);
        self.show(FetchStatus { error: None, as_of: kept.at });
    }

    async fn ask(&self, api: &Api) -> Result<(), ApiError> {
        self.query.begin();
        // "Not modified" is an answer only where nothing but the last answer is held.
        let known = self.etag.borrow().clone().filter(|_| self.query.matches_last_response());
        let first = api.send(Call { known, ..Call::get(&self.path) }).await?;
        if first.status == 304 {
            return Ok(());
        }
        let mut cursor = self.query.page(&first.body)?;
        response_cache::store(&self.path, &first.body);
        // An ETag stands for one page: of several, only all together would say "unchanged".
        self.etag.replace(first.etag.filter(|_| cursor.is_none()));
        for _ in 1..MOST_PAGES {
            let Some(next) = cursor else { break };
            let path = with_cursor(&self.path, &next);
            cursor = self.query.page(&api.send(Call::get(&path)).await?.body)?;
        }
        self.query.commit(cursor.is_none());
        Ok(())
    }
}

/// The path of the page that a cursor leads to.
pub(super) fn with_cursor(path: &str, cursor: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    let cursor: String = js_sys::encode_uri_component(cursor).into();
    format!("{path}{joint}cursor={cursor}")
}
