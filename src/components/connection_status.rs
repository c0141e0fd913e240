//! The connection's state, in the header of every page; opened, how good it is.
//!
//! The machine tells the truth at once. People are spared the blinks: a live connection that is
//! back within [`GRACE_MS`] was never seen to go.

use std::time::Duration;

use latido_connection::Status;
use latido_protocol::time::Timestamp;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::{
    icon::Icon,
    lazy::lazy_small,
    view::{click, dynamic, text, toggled, when},
};
use crate::{
    browser::{clock, format},
    i18n::{Locale, use_locale},
    parts,
    realtime::{Realtime, use_realtime_optional},
};

/// How long a lost connection may come back unnoticed.
const GRACE_MS: u64 = 1_500;

#[component]
pub fn ConnectionStatus() -> impl IntoView {
    match use_realtime_optional() {
        Some(realtime) => view! { <Badge realtime/> }.into_any(),
        None => ().into_any(),
    }
}

#[component]
fn Badge(realtime: Realtime) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let shown = calmed(realtime.status());
    let seconds = seconds_left(shown);
    let can_retry = move || matches!(shown.get(), Status::Disconnected { .. } | Status::Reconnecting { .. });
    let retry = {
        let realtime = realtime.clone();
        when(can_retry, move || {
            let realtime = realtime.clone();
            view! {
                <button
                    type="button"
                    class="button small"
                    data-testid="retry"
                    on:click=click(move || realtime.retry())
                >
                    <Icon name="retry"/>
                    <span>{strings.retry}</span>
                </button>
            }
            .into_any()
        })
    };
    let open = RwSignal::new(false);
    let details = when(move || open.get(), || lazy_small(parts::connection_panel));
    view! {
        <div class="connection" data-testid="connection-status" data-state=text(move || shown.get().name().to_owned())>
            <details name="header" on:toggle=toggled(open)>
                <summary class="badge" title=strings.connection>
                    <span class="dot"></span>
                    <span class="badge-text" role="status">{text(move || label(locale, shown.get()).to_owned())}</span>
                    <span class="badge-count" aria-hidden="true">
                        {text(move || countdown(locale, shown.get(), seconds.get()))}
                    </span>
                </summary>
                <div class="menu-panel">{details}</div>
            </details>
            {retry}
        </div>
    }
    .into_any()
}

/// What a screen reader is told; the seconds are left out, or it would count aloud.
pub(crate) fn label(locale: Locale, status: Status) -> &'static str {
    let strings = locale.strings;
    match status {
        Status::Polling => strings.polling,
        Status::Connecting => strings.connecting,
        Status::Live { .. } => strings.live,
        Status::Reconnecting { .. } => strings.reconnecting,
        Status::Stopped | Status::Disconnected { .. } => strings.disconnected,
    }
}

/// The rest of the sentence, for the eyes.
pub(crate) fn countdown(locale: Locale, status: Status, seconds: Option<i64>) -> String {
    let Status::Reconnecting { attempt, of, .. } = status else { return String::new() };
    let whole = match seconds {
        Some(seconds) => (locale.strings.reconnecting_in)(seconds, attempt, of),
        None => (locale.strings.reconnecting_now)(attempt, of),
    };
    whole.strip_prefix(locale.strings.reconnecting).map(str::to_owned).unwrap_or(whole)
}

/// What stands below the badge when it is opened.
#[component]
pub fn ConnectionPanel() -> impl IntoView {
    let locale = use_locale();
    let Some(realtime) = use_realtime_optional() else { return ().into_any() };
    let (status, now) = (realtime.status(), every_second());
    dynamic(move || {
        now.track();
        view! { <Details status=status.get() realtime=realtime.clone() locale/> }.into_any()
    })
}

#[component]
fn Details(status: Status, realtime: Realtime, locale: Locale) -> impl IntoView {
    let later = locale.later();
    let quality = realtime.quality();
    let nothing = || "–".to_owned();
    let ms = |value: Option<f64>| value.map_or_else(nothing, |ms| format!("{} ms", locale.number(ms)));
    let hint = match status {
        Status::Polling => Some(later.polling_hint),
        Status::Disconnected { reason } => Some((later.gave_up)(reason)),
        Status::Stopped | Status::Connecting | Status::Live { .. } | Status::Reconnecting { .. } => None,
    };
    let since = match status {
        Status::Live { since } => Some(format::time(locale.language, since)),
        _ => None,
    };
    let trouble = realtime.last_trouble().map_or_else(|| later.none.to_owned(), later.trouble);
    let count = |count: u64| locale.number(count as f64);
    let traffic = |frames: u64, bytes: u64| format!("{} · {} kB", count(frames), count(bytes.div_ceil(1000)));
    let uptime = quality.uptime(clock::wall());
    let round_trip = match quality.round_trip {
        Some(last) => format!("{} (⌀ {})", ms(Some(last)), ms(quality.smoothed)),
        None => nothing(),
    };
    let facts = [
        (later.live_since, since.unwrap_or_else(nothing)),
        (later.uptime, uptime.map_or_else(nothing, |share| format!("{} %", locale.number(share * 100.0)))),
        (later.round_trip, round_trip),
        (later.jitter, ms(quality.smoothed.map(|_| quality.jitter))),
        (later.received, traffic(quality.received, quality.received_bytes)),
        (later.sent, traffic(quality.sent, quality.sent_bytes)),
        (later.reconnects, count(quality.reconnects.into())),
        (later.missed_heartbeats, count(quality.missed_pongs.into())),
        (later.last_error, trouble),
    ];
    let facts =
        facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view();
    view! {
        <p class="hint">{hint.unwrap_or_default()}</p>
        <dl class="facts">{facts}</dl>
    }
    .into_any()
}

/// Follows the status, but holds on to `Live` for the grace period.
pub(crate) fn calmed(status: ArcReadSignal<Status>) -> ReadSignal<Status> {
    let (shown, show) = signal(status.get_untracked());
    let pending = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        let now = status.get();
        let brief = matches!(now, Status::Reconnecting { .. } | Status::Connecting);
        if brief && shown.get_untracked().is_live() {
            if pending.with_value(Option::is_none) {
                let status = status.clone();
                let alarm = move || {
                    pending.try_set_value(None);
                    show.try_set(status.get_untracked());
                };
                pending.set_value(set_timeout_with_handle(alarm, Duration::from_millis(GRACE_MS)).ok());
            }
        } else {
            cancel(pending);
            show.set(now);
        }
    });
    on_cleanup(move || cancel(pending));
    shown
}

fn cancel(pending: StoredValue<Option<TimeoutHandle>>) {
    let timer = pending.try_update_value(Option::take);
    if let Some(Some(timer)) = timer {
        timer.clear();
    }
}

/// Changes every second, for as long as its owner lives.
pub(crate) fn every_second() -> ReadSignal<u32> {
    let (second, next) = signal(0);
    let tick = move || {
        next.try_update(|second| *second += 1);
    };
    if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
    second
}

/// Whole seconds until the next dial, computed from the stored time so that a throttled timer
/// shows late but never wrong.
fn seconds_left(status: ReadSignal<Status>) -> ReadSignal<Option<i64>> {
    let (seconds, set_seconds) = signal(None);
    let left = |retry_at: Timestamp| (retry_at.unix_ms() - clock::wall().unix_ms() + 999).max(0) / 1000;
    Effect::new(move |_| match status.get() {
        Status::Reconnecting { retry_at: Some(retry_at), .. } => {
            set_seconds.set(Some(left(retry_at)));
            let tick = move || {
                set_seconds.try_set(Some(left(retry_at)));
            };
            if let Ok(timer) = set_interval_with_handle(tick, Duration::from_millis(250)) {
                on_cleanup(move || timer.clear());
            }
        }
        _ => set_seconds.set(None),
    });
    seconds
}
