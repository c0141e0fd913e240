//! When today becomes yesterday while the page stays open. One timer waits for midnight; since timers sleep
//! with the machine, whoever comes back to the page is a reason to look as well.

use std::{cell::RefCell, time::Duration};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::{clock, day::Day, tracked};

/// Never waits longer: a clock that was set, or a timer that drifted, is noticed within it.
const AT_MOST_MS: i64 = 3_600_000;

thread_local! {
    /// The day that those who follow it know; `None` until somebody looks.
    static TURNED: ArcRwSignal<Option<Day>> = ArcRwSignal::new(None);
    static TIMER: RefCell<Option<TimeoutHandle>> = const { RefCell::new(None) };
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

/// Asked again when the day turns.
pub(super) fn follow_turns() {
    TURNED.with(tracked);
}

/// Tells those who follow if it is another day, and waits for the next midnight.
fn look() {
    let now = clock::wall();
    let day = Day::of(now);
    TURNED.with(|turned| {
        if turned.with_untracked(|known| *known != Some(day)) {
            turned.set(Some(day));
        }
    });
    let wait = (day.end().unix_ms() - now.unix_ms()).clamp(1, AT_MOST_MS);
    let timer = set_timeout_with_handle(look, Duration::from_millis(wait.unsigned_abs())).ok();
    if let Some(before) = TIMER.replace(timer) {
        before.clear();
    }
}
