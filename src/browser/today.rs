//! The change of day while the page stays open. One timer waits for midnight; since timers sleep with the machine, the
//! day is also checked when the page is shown again.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::{clock, day::Day, get_maybe_tracked, timer::timeout_ms};

/// Never waits longer: a clock that was set, or a timer that drifted, is noticed within it.
const AT_MOST_MS: i64 = 3_600_000;

thread_local! {
    /// The day that observers know; `None` before the first check.
    static TURNED: ArcRwSignal<Option<Day>> = ArcRwSignal::new(None);
    static TIMER: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Starts to watch for midnight, wherever the reader's zone has it; once a page.
pub fn watch() {
    look();
    // A change of zone moves midnight.
    Effect::new(move |_| {
        super::zone::follow();
        untrack(look);
    });
    for event in ["visibilitychange", "pageshow"] {
        // The handle is not kept: there is one of these a page, and it never ends before it.
        let _ = window_event_listener_untyped(event, move |_| look());
    }
}

impl Day {
    /// The day of now. Inside a reactive context it is read again at midnight.
    pub fn today() -> Self {
        TURNED.with(get_maybe_tracked);
        Self::of(clock::wall())
    }
}

/// Notifies observers if the day has changed, and waits for the next midnight.
fn look() {
    let now = clock::wall();
    let day = Day::of(now);
    TURNED.with(|turned| {
        if turned.with_untracked(|known| *known != Some(day)) {
            turned.set(Some(day));
        }
    });
    let wait = (day.end().unix_ms() - now.unix_ms()).clamp(1, AT_MOST_MS);
    TIMER.replace(Some(Timeout::new(timeout_ms(wait), look)));
}
