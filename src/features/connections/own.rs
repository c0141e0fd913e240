//! This browser's own connection: state, measurements, history.

use latido_connection::Status;
use latido_realtime::history::Change;
use leptos::prelude::*;

use super::{
    diagnosis::Diagnosing,
    figures::{bytes, span, tile, whole},
    sparkline::{self, path},
    strings::strings,
};
use crate::{
    browser::{clock, format},
    i18n::{
        Locale,
        connection::{countdown, label},
        use_locale,
    },
    realtime::{Realtime, use_realtime},
    ui::{
        icon::Icon,
        ticker::every_second,
        view::{click, reactive, text, when},
    },
};

/// Fewer than these fill only the right part of the picture.
const FULL: usize = 20;

#[component]
pub fn Own() -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let realtime = use_realtime();
    let now = every_second();
    let quality = {
        let realtime = realtime.clone();
        Memo::new(move |_| {
            now.track();
            realtime.quality()
        })
    };
    let count = move |count: u64| whole(locale, count);
    let traffic = move |frames: u64, size: u64| format!("{} · {}", count(frames), bytes(locale, size));
    let uptime = move || {
        now.track();
        let share = quality.with(|quality| quality.uptime(clock::wall()));
        share.map_or_else(|| "–".to_owned(), |share| format::percent(locale.language, share))
    };
    view! {
        <section class="own" data-testid="own-connection">
            <State realtime=realtime.clone()/>
            <dl class="figure-tiles">
                <div class="card figure-tile round-trips">
                    <dt>{locale.deferred().round_trip}</dt>
                    <dd>{reactive(move || quality.with(|quality| {
                        round_trips(&quality.recent.iter().copied().collect::<Vec<_>>(), locale)
                    }))}</dd>
                </div>
                {tile(locale.deferred().received, move || {
                    quality.with(|quality| traffic(quality.received, quality.received_bytes))
                })}
                {tile(locale.deferred().sent, move || quality.with(|quality| traffic(quality.sent, quality.sent_bytes)))}
                {tile(locale.deferred().uptime, uptime)}
                {tile(strings.errors, move || quality.with(|quality| count(quality.troubles.into())))}
                {tile(locale.deferred().missed_heartbeats, move || {
                    quality.with(|quality| count(quality.missed_pongs.into()))
                })}
                {tile(locale.deferred().reconnects, move || quality.with(|quality| count(quality.reconnects.into())))}
            </dl>
            <Diagnosing realtime=realtime.clone()/>
            <Past realtime/>
        </section>
    }
    .into_any()
}

/// The state in words, with what can be done about it.
#[component]
fn State(realtime: Realtime) -> impl IntoView {
    let locale = use_locale();
    let status = realtime.status();
    let shown = Memo::new(move |_| status.get());
    // Without the seconds, which the header counts.
    let words =
        text(move || format!("{}{}", label(locale, shown.get()), countdown(locale, shown.get(), None)));
    let hint = text(move || match shown.get() {
        Status::Live { since } => {
            format!("{}: {}", locale.deferred().live_since, format::second(locale.language, since))
        }
        Status::Polling => locale.deferred().polling_hint.to_owned(),
        Status::Disconnected { reason } => (locale.deferred().gave_up)(reason).to_owned(),
        Status::Stopped | Status::Connecting | Status::Reconnecting { .. } => String::new(),
    });
    let can_retry = move || matches!(shown.get(), Status::Disconnected { .. } | Status::Reconnecting { .. });
    let retry = when(can_retry, move || {
        let realtime = realtime.clone();
        view! {
            <button type="button" class="button" on:click=click(move || realtime.reconnect())>
                <Icon name="retry"/>
                <span>{locale.strings.retry}</span>
            </button>
        }
        .into_any()
    });
    view! {
        <div class="card own-state">
            <span class="state" data-state=text(move || shown.get().name().to_owned())>
                <span class="dot"></span>
                <strong>{words}</strong>
            </span>
            <span class="quiet">{hint}</span>
            {retry}
        </div>
    }
    .into_any()
}

fn round_trips(recent: &[f64], locale: Locale) -> AnyView {
    let strings = strings(locale);
    let Some(newest) = recent.last() else {
        return view! { <p class="quiet none-yet">{strings.no_round_trips}</p> }.into_any();
    };
    let ms = |value: f64| locale.number(value.round());
    let least = recent.iter().copied().fold(f64::INFINITY, f64::min);
    let most = recent.iter().copied().fold(0.0, f64::max);
    let described = (strings.round_trips)(recent.len(), &ms(least), &ms(most));
    view! {
        <strong>{ms(*newest)} " ms"</strong>
        <svg
            class="sparkline"
            viewBox=format!("0 0 {} {}", sparkline::WIDTH, sparkline::HEIGHT)
            preserveAspectRatio="none"
            aria-hidden="true"
        >
            <path d=path(recent, recent.len().max(FULL))></path>
        </svg>
        <small class="quiet">{described}</small>
    }
    .into_any()
}

/// What it has been through.
#[component]
fn Past(realtime: Realtime) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let status = realtime.status();
    let rows = reactive(move || {
        status.track();
        let changes = realtime.history();
        // Each lasted until the next began.
        let ends = changes.iter().skip(1).map(|next| Some(next.at)).chain([None]);
        let mut rows: Vec<_> = changes
            .iter()
            .zip(ends)
            .map(|(change, end)| {
                let lasted = end.map(|end| span(locale, end.unix_ms() - change.at.unix_ms()));
                change_view(*change, lasted, locale)
            })
            .collect();
        rows.reverse();
        view! { <ol class="past" reversed data-testid="history">{rows}</ol> }.into_any()
    });
    view! {
        <section class="card">
            <h2>{strings.history}</h2>
            <p class="quiet">{strings.history_hint}</p>
            {rows}
        </section>
    }
    .into_any()
}

fn change_view(change: Change, lasted: Option<String>, locale: Locale) -> AnyView {
    let seconds = match change.status {
        Status::Reconnecting { retry_at: Some(at), .. } => {
            Some((at.unix_ms() - change.at.unix_ms() + 999).max(0) / 1000)
        }
        _ => None,
    };
    let words = format!("{}{}", label(locale, change.status), countdown(locale, change.status, seconds));
    let why = match (change.why, change.status) {
        (Some(why), _) => (locale.deferred().trouble)(why),
        (None, Status::Disconnected { reason }) => (locale.deferred().gave_up)(reason).to_owned(),
        (None, _) => String::new(),
    };
    view! {
        <li class="past-row">
            <time>{format::second(locale.language, change.at)}</time>
            <span class="state" data-state=change.status.name()><span class="dot"></span>{words}</span>
            <span class="quiet">{why}</span>
            <small class="quiet">{lasted}</small>
        </li>
    }
    .into_any()
}
