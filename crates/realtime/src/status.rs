//! What a badge shows of the status, without its looks.

use gloo_timers::callback::{Interval, Timeout};
use latido_connection::Status;
use latido_protocol::time::Timestamp;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use crate::clock;

/// How long a lost connection may come back without a sign of it, in milliseconds.
pub const GRACE_MS: u32 = 1_500;

/// How often a countdown is computed, in milliseconds. Shorter than a second, so that no second is skipped.
const TICK_MS: u32 = 250;

/// Follows the status, but holds on to `Live` for [`GRACE_MS`]: the machine tells the truth at once, people are
/// spared the blinks.
pub fn debounced(status: ArcReadSignal<Status>) -> ReadSignal<Status> {
    let (shown, show) = signal(status.get_untracked());
    let pending = StoredValue::new(None::<SendWrapper<Timeout>>);
    Effect::new(move |_| {
        let now = status.get();
        let brief = matches!(now, Status::Reconnecting { .. } | Status::Connecting);
        if brief && shown.get_untracked().is_live() {
            if pending.with_value(Option::is_none) {
                let status = status.clone();
                let alarm = Timeout::new(GRACE_MS, move || {
                    pending.try_set_value(None);
                    show.try_set(status.get_untracked());
                });
                pending.set_value(Some(SendWrapper::new(alarm)));
            }
        } else {
            pending.set_value(None);
            show.set(now);
        }
    });
    on_cleanup(move || {
        pending.try_set_value(None);
    });
    shown
}

/// Whole seconds until the next dial, computed from the stored time so that a throttled timer shows late but never
/// wrong. `None` while none is planned.
pub fn seconds_left(status: ReadSignal<Status>) -> ReadSignal<Option<i64>> {
    let (seconds, set_seconds) = signal(None);
    let left = |retry_at: Timestamp| (retry_at.unix_ms() - clock::wall().unix_ms() + 999).max(0) / 1000;
    Effect::new(move |_| match status.get() {
        Status::Reconnecting { retry_at: Some(retry_at), .. } => {
            set_seconds.set(Some(left(retry_at)));
            let tick = Interval::new(TICK_MS, move || {
                set_seconds.try_set(Some(left(retry_at)));
            });
            let tick = SendWrapper::new(tick);
            on_cleanup(move || drop(tick));
        }
        _ => set_seconds.set(None),
    });
    seconds
}
