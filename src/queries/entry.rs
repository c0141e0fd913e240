//! One cached answer: its path, its schedule, and where its data goes.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_protocol::{event::Family, time::Timestamp};
use latido_replica::refetch::Refetch;
use leptos::prelude::{ArcRwSignal, Set, WithUntracked};

use super::{
    Health, Polling,
    record::{AnyRecord, Change},
};
use crate::{
    api::{Api, Call, error::ApiError},
    browser::{clock, kept},
};

/// Pages of one list that are followed; at the contract's 200 a page, 10 000 records.
const MOST_PAGES: usize = 50;

/// Where an answer goes. It comes in pages and counts when it is whole.
pub(super) trait Target: Any {
    /// A fetch starts: what happens from now on may not be in its answer.
    fn begin(&self);
    /// Takes one page and says with which cursor the next is asked for.
    fn page(&self, body: &str) -> Result<Option<String>, ApiError>;
    /// The answer is there; `whole` unless it has more pages than are followed.
    fn commit(&self, whole: bool);
    /// Takes what an event or a write's answer brought. `true` if that changes what is to be shown.
    fn put(&self, change: &Change) -> bool;
    /// The record of this id, as far as it is shown.
    fn find(&self, id: &str) -> Option<AnyRecord>;
    /// Nothing known so far counts against what comes from now on.
    fn doubt(&self);
    /// Whether events that are whole bring it all that they change.
    fn takes_events(&self) -> bool;
    /// Whether what is held is exactly the last answer.
    fn agrees(&self) -> bool;
    /// Brings what is held to the screen.
    fn show(&self);
    fn as_any(self: Rc<Self>) -> Rc<dyn Any>;
}

/// What it means when nothing was kept.
#[derive(Clone, Copy, PartialEq)]
enum Without {
    /// The server is still being asked.
    Wait,
    /// There is no other answer to come.
    ShowNothing,
}

pub(super) struct Entry {
    pub path: String,
    pub family: Family,
    pub polling: Polling,
    pub target: Rc<dyn Target>,
    pub schedule: RefCell<Refetch>,
    pub health: ArcRwSignal<Health>,
    pub observers: Cell<usize>,
    /// The event that asked for the next fetch, for the log.
    pub reason: Cell<Option<&'static str>>,
    /// Holds something that is not shown yet.
    pub dirty: Cell<bool>,
    /// When it is fetched though nobody looks, to be fresh when somebody does.
    pub catch_up_at: Cell<Option<Timestamp>>,
    etag: RefCell<Option<String>>,
    /// When what is held was true; `None` before there is anything.
    as_of: Cell<Option<Timestamp>>,
    /// What was kept has been looked at.
    recalled: Cell<bool>,
}

impl Entry {
    pub fn new(path: String, family: Family, polling: Polling, target: Rc<dyn Target>) -> Self {
        Self {
            path,
            family,
            polling,
            target,
            schedule: RefCell::new(Refetch::new()),
            health: ArcRwSignal::default(),
            observers: Cell::new(0),
            reason: Cell::new(None),
            dirty: Cell::new(false),
            catch_up_at: Cell::new(None),
            etag: RefCell::default(),
            as_of: Cell::new(None),
            recalled: Cell::new(false),
        }
    }

    pub fn invalidate(&self, event: Option<&'static str>) {
        self.schedule.borrow_mut().invalidate();
        if event.is_some() {
            self.reason.set(event);
        }
    }

    /// An event has come, and with it all that it changes.
    pub fn confirm_later(&self, event: &'static str, now: Timestamp) {
        if self.target.takes_events() {
            self.schedule.borrow_mut().confirm_later(now);
            self.reason.set(Some(event));
        } else {
            self.invalidate(Some(event));
        }
    }

    /// What is held is what the server has now, as far as anybody can know.
    pub fn confirm(&self, now: Timestamp) {
        if self.as_of.get().is_some() && self.schedule.borrow().is_up_to_date() {
            self.as_of.set(Some(now));
        }
    }

    /// Asks the server. Where it cannot be reached, what was kept takes the place of a first answer.
    pub async fn fetch(&self, api: &Api) -> Result<(), ApiError> {
        if api.session().is_open() {
            // Nobody knows how long it takes to find out that there is no network.
            self.recall(Without::Wait).await;
        }
        let outcome = self.ask(api).await;
        match &outcome {
            Ok(()) => self.as_of.set(Some(clock::wall())),
            Err(ApiError::Unreachable | ApiError::TimedOut) => self.recall(Without::ShowNothing).await,
            // A gateway that has lost its server.
            Err(ApiError::Refused(problem)) if problem.status >= 500 => {
                self.recall(Without::ShowNothing).await;
            }
            Err(ApiError::SignedOut | ApiError::Unreadable | ApiError::Refused(_)) => {}
        }
        let as_of = self.as_of.get().filter(|_| outcome.is_err());
        self.show(Health { error: outcome.clone().err(), as_of });
        outcome
    }

    fn show(&self, health: Health) {
        if self.health.with_untracked(|before| *before != health) {
            self.health.set(health);
        }
    }

    /// Nothing of it counts against the answer that is still to come.
    async fn recall(&self, without: Without) {
        if self.as_of.get().is_some() || self.recalled.get() {
            return;
        }
        let kept = kept::recall(&self.path).await;
        if kept.bodies.is_empty() && without == Without::Wait {
            return;
        }
        self.recalled.set(true);
        self.target.begin();
        let mut whole = true;
        for body in &kept.bodies {
            // What an older version kept and this one cannot read is left out.
            whole &= matches!(self.target.page(body), Ok(None));
        }
        self.target.commit(whole);
        self.target.doubt();
        self.as_of.set(kept.at);
        self.show(Health { error: None, as_of: kept.at });
    }

    async fn ask(&self, api: &Api) -> Result<(), ApiError> {
        self.target.begin();
        // "Not modified" is an answer only where nothing but the last answer is held.
        let known = self.etag.borrow().clone().filter(|_| self.target.agrees());
        let first = api.send(Call { known, ..Call::get(&self.path) }).await?;
        if first.status == 304 {
            return Ok(());
        }
        let mut cursor = self.target.page(&first.body)?;
        kept::keep(&self.path, &first.body);
        // An ETag stands for one page: of several, only all together would say "unchanged".
        self.etag.replace(first.etag.filter(|_| cursor.is_none()));
        for _ in 1..MOST_PAGES {
            let Some(next) = cursor else { break };
            let joint = if self.path.contains('?') { '&' } else { '?' };
            let next: String = js_sys::encode_uri_component(&next).into();
            let path = format!("{}{joint}cursor={next}", self.path);
            cursor = self.target.page(&api.send(Call::get(&path)).await?.body)?;
        }
        self.target.commit(cursor.is_none());
        Ok(())
    }
}
