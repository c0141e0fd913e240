//! The connection status badge, in the header of every page; opened, it shows the connection's quality.
//!
//! The state machine reports every change at once. The badge hides short interruptions: a live connection that is back
//! within [`latido_realtime::status::GRACE_MS`] stays shown as live.

use latido_realtime::{
    Status,
    status::{debounced, seconds_left},
};
use leptos::prelude::*;

use crate::{
    browser::{clock, format},
    i18n::{
        Locale,
        connection::{countdown, label},
        use_locale,
    },
    realtime::{Realtime, use_realtime_optional},
    ui::{
        icon::Icon,
        lazy::{lazy_small, lazy_view},
        ticker::every_second,
        view::{click, reactive, text, toggled, when},
    },
};

lazy_view! { pub connection_panel: ConnectionPanel in daily }

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
    let shown = debounced(realtime.status());
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
                    on:click=click(move || realtime.reconnect())
                >
                    <Icon name="retry"/>
                    <span>{strings.retry}</span>
                </button>
            }
            .into_any()
        })
    };
    let open = RwSignal::new(false);
    let details = when(move || open.get(), || lazy_small(connection_panel));
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

/// What stands below the badge when it is opened.
#[component]
pub fn ConnectionPanel() -> impl IntoView {
    let locale = use_locale();
    let Some(realtime) = use_realtime_optional() else { return ().into_any() };
    let (status, now) = (realtime.status(), every_second());
    reactive(move || {
        now.track();
        view! { <Details status=status.get() realtime=realtime.clone() locale/> }.into_any()
    })
}

#[component]
fn Details(status: Status, realtime: Realtime, locale: Locale) -> impl IntoView {
    let deferred = locale.deferred();
    let quality = realtime.quality();
    let nothing = || "–".to_owned();
    let ms = |value: Option<f64>| value.map_or_else(nothing, |ms| format!("{} ms", locale.number(ms)));
    let hint = match status {
        Status::Polling => Some(deferred.polling_hint),
        Status::Disconnected { reason } => Some((deferred.gave_up)(reason)),
        Status::Stopped | Status::Connecting | Status::Live { .. } | Status::Reconnecting { .. } => None,
    };
    let since = match status {
        Status::Live { since } => Some(format::time(locale.language, since)),
        _ => None,
    };
    let trouble = realtime.last_trouble().map_or_else(|| deferred.none.to_owned(), deferred.trouble);
    let count = |count: u64| locale.number(count as f64);
    let traffic = |frames: u64, bytes: u64| format!("{} · {} kB", count(frames), count(bytes.div_ceil(1000)));
    let uptime = quality.uptime(clock::wall());
    let round_trip = match quality.round_trip {
        Some(last) => format!("{} (⌀ {})", ms(Some(last)), ms(quality.smoothed)),
        None => nothing(),
    };
    let facts = [
        (deferred.live_since, since.unwrap_or_else(nothing)),
        (deferred.uptime, uptime.map_or_else(nothing, |share| format::percent(locale.language, share))),
        (deferred.round_trip, round_trip),
        (deferred.jitter, ms(quality.smoothed.map(|_| quality.jitter))),
        (deferred.received, traffic(quality.received, quality.received_bytes)),
        (deferred.sent, traffic(quality.sent, quality.sent_bytes)),
        (deferred.reconnects, count(quality.reconnects.into())),
        (deferred.missed_heartbeats, count(quality.missed_pongs.into())),
        (deferred.last_error, trouble),
    ];
    let facts =
        facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view();
    view! {
        <p class="hint">{hint.unwrap_or_default()}</p>
        <dl class="facts">{facts}</dl>
    }
    .into_any()
}
