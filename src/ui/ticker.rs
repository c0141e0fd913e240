//! Signals that change with time.

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::browser::timer::while_owned;

/// Changes every second, for as long as its owner lives.
pub fn every_second() -> ReadSignal<u32> {
    let (second, next) = signal(0);
    let tick = move || {
        next.try_update(|second| *second += 1);
    };
    while_owned(Interval::new(1_000, tick));
    second
}
