//! When queries are fetched: the clock, the timer and the connection's state around their schedules.

use std::{rc::Rc, time::Duration};

use latido_protocol::time::Timestamp;
use latido_replica::refetch::Due;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{DOUBT_POLLS_MS, Queries, entry::Entry};
use crate::{
    browser::{clock, is_visible},
    realtime::console,
};

impl Queries {
    /// Starts what is due and sleeps until the next is.
    pub(super) fn pump(&self) {
        let now = clock::wall();
        let is_live = self.0.is_live.get();
        if !is_live && is_visible() && now >= self.0.doubt_at.get() {
            self.0.doubt_at.set(now.plus_ms(DOUBT_POLLS_MS));
            for entry in self.0.entries.borrow().iter() {
                entry.target.doubt();
            }
        }
        let entries = self.0.entries.borrow().clone();
        let mut next = None::<Timestamp>;
        for entry in entries {
            let due = if entry.schedule.borrow().has_failed() && !is_visible() {
                // Whoever comes back has it tried at once; until then nobody is waiting.
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
        if let Some(timer) = self.0.timer.take() {
            timer.clear();
        }
        let queries = self.clone();
        let wake = move || {
            queries.0.wakes_at.set(None);
            queries.pump();
        };
        let wait = u64::try_from(at.unix_ms() - now.unix_ms()).unwrap_or(0);
        let timer = set_timeout_with_handle(wake, Duration::from_millis(wait)).ok();
        self.0.wakes_at.set(timer.is_some().then_some(at));
        self.0.timer.replace(timer);
    }

    /// While it is live and the page is seen, an answer that nobody looks at is caught up too, in its turn.
    fn due_unobserved(&self, entry: &Entry, now: Timestamp) -> Due {
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

    async fn fetch(self, entry: Rc<Entry>) {
        let reason = entry.reason.take();
        let outcome = entry.fetch(&self.0.api).await;
        let now = clock::wall();
        let worked = outcome.is_ok();
        {
            let mut schedule = entry.schedule.borrow_mut();
            if worked { schedule.succeeded(now) } else { schedule.failed(now) }
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

    pub(super) fn check_quiet(&self) {
        let quiet = self
            .0
            .entries
            .borrow()
            .iter()
            .filter(|entry| entry.observers.get() > 0)
            .all(|entry| entry.schedule.borrow().is_settled());
        if quiet {
            self.drain();
            for then in self.0.waiting_for_quiet.take() {
                then();
            }
        }
    }
}
