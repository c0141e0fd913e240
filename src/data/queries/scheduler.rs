//! The scheduler: the clock, the timer and the connection's state around the queries' schedules.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use latido_cache::refetch::Due;
use latido_protocol::time::Timestamp;
use wasm_bindgen_futures::spawn_local;

use super::{MARK_STALE_MS, Queries, entry::QueryEntry};
use crate::{
    browser::{clock, is_visible, timer::timeout_ms},
    log,
};

impl Queries {
    /// Starts what is due and sleeps until the next is.
    pub(super) fn schedule_fetches(&self) {
        let now = clock::wall();
        let is_live = self.0.is_live.get();
        if !is_live && is_visible() && now >= self.0.mark_stale_at.get() {
            self.0.mark_stale_at.set(now.plus_ms(MARK_STALE_MS));
            for entry in self.0.entries.borrow().iter() {
                entry.query.mark_stale();
            }
        }
        let entries = self.0.entries.borrow().clone();
        let mut next = None::<Timestamp>;
        for entry in entries {
            let due = if entry.schedule.borrow().has_failed() && !is_visible() {
                // Retried as soon as the page is visible; until then there is nothing to show it to.
                Due::Idle
            } else if entry.observers.get() > 0 {
                let poll_every = entry.polling.every(is_live).filter(|_| is_visible());
                entry.schedule.borrow().due(now, poll_every)
            } else {
                self.due_unobserved(&entry, now)
            };
            match due {
                Due::Now => {
                    entry.catch_up_at.set(None);
                    entry.schedule.borrow_mut().started(now);
                    spawn_local(self.clone().fetch(entry));
                }
                Due::At(at) => next = Some(next.map_or(at, |next| at.min(next))),
                Due::Idle => {}
            }
        }
        if let Some(at) = next {
            self.wake_by(at, now);
        }
    }

    /// A timer that wakes too early looks again: a burst that puts things off leaves it alone.
    fn wake_by(&self, at: Timestamp, now: Timestamp) {
        if self.0.wakes_at.get().is_some_and(|wakes_at| wakes_at <= at) {
            return;
        }
        let queries = self.clone();
        let wake = move || {
            queries.0.wakes_at.set(None);
            queries.schedule_fetches();
        };
        let wait = at.unix_ms() - now.unix_ms();
        self.0.wakes_at.set(Some(at));
        self.0.timer.replace(Some(Timeout::new(timeout_ms(wait), wake)));
    }

    /// While live and visible, queries without observers are refetched too, in their turn.
    fn due_unobserved(&self, entry: &QueryEntry, now: Timestamp) -> Due {
        match entry.catch_up_at.get() {
            Some(at) if self.0.is_live.get() && is_visible() => {
                if at > now {
                    Due::At(at)
                } else {
                    entry.schedule.borrow().due(now, None)
                }
            }
            Some(_) | None => Due::Idle,
        }
    }

    async fn fetch(self, entry: Rc<QueryEntry>) {
        let reason = entry.reason.take();
        let outcome = entry.fetch(&self.0.api).await;
        let now = clock::wall();
        let worked = outcome.is_ok();
        self.note_missing(&entry.path, outcome.as_ref().copied());
        {
            let mut schedule = entry.schedule.borrow_mut();
            if worked { schedule.succeeded(now) } else { schedule.failed(now) }
        }
        if let (true, Some(event)) = (worked, reason) {
            log::refreshed(entry.family, event);
        }
        if let Some(on_fetched) = self.0.on_fetched.borrow().as_ref() {
            on_fetched(worked);
        }
        self.schedule_fetches();
        self.check_quiet();
    }

    pub(super) fn check_quiet(&self) {
        let quiet = self
            .0
            .entries
            .borrow()
            .iter()
            .filter(|entry| entry.observers.get() > 0)
            .all(|entry| entry.schedule.borrow().is_settled());
        if quiet {
            self.flush();
            for then in self.0.waiting_for_quiet.take() {
                then();
            }
        }
    }
}
