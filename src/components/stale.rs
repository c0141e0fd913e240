//! Says that what is shown may be old, and how old, and that it is being tried again.

use std::time::Duration;

use latido_protocol::time::Timestamp;
use leptos::prelude::*;

use super::view::{click, text, when};
use crate::{
    api::error::ApiError,
    browser::{clock, format},
    i18n::{Locale, shell_notes, use_locale},
    queries::{Health, Queries},
};

/// How often the age of what is shown is said anew, and the least that is said.
const TICK_MS: i64 = 60_000;
/// Of what is younger, the time of day says something.
const DAY_MS: i64 = 86_400_000;

#[component]
pub fn StaleNote(health: ArcRwSignal<Health>) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let may_be_old = {
        let health = health.clone();
        move || health.with(|health| *health != Health::default())
    };
    when(may_be_old, move || {
        let (queries, of_why, of_age) = (queries.clone(), health.clone(), health.clone());
        let tick = ticking();
        // Apart, so that a screen reader is told why and not every minute how long.
        let why = text(move || of_why.with(|health| why(health, locale)));
        let age = text(move || {
            tick.track();
            of_age.with(|health| age(health, locale, clock::wall())).unwrap_or_default()
        });
        view! {
            <p class="note warn" data-testid="stale">
                <span><span role="status">{why}</span> " " <span>{age}</span></span>
                <button type="button" class="button small" on:click=click(move || queries.refresh())>
                    {locale.strings.try_again}
                </button>
            </p>
        }
        .into_any()
    })
}

/// Why what is shown may be old.
pub(crate) fn why(health: &Health, locale: Locale) -> String {
    let notes = shell_notes::of(locale.language);
    match (&health.error, health.as_of) {
        (None, _) => notes.updating.to_owned(),
        (Some(ApiError::Unreachable | ApiError::TimedOut), Some(_)) => notes.offline.to_owned(),
        (Some(ApiError::Unreachable | ApiError::TimedOut), None) => notes.offline_without_data.to_owned(),
        (Some(error), _) => format!("{} {}", (locale.strings.error)(error), locale.strings.stale),
    }
}

/// How old what is shown is, where that is the point.
pub(crate) fn age(health: &Health, locale: Locale, now: Timestamp) -> Option<String> {
    let notes = shell_notes::of(locale.language);
    match health.error {
        None | Some(ApiError::Unreachable | ApiError::TimedOut) => {
            let as_of = health.as_of?;
            let ms = (now.unix_ms() - as_of.unix_ms()).max(TICK_MS);
            let ago = format::ago(locale.language, ms);
            let time = (ms < DAY_MS).then(|| format!(" ({})", format::time(locale.language, as_of)));
            Some((notes.data_from)(&format!("{ago}{}", time.unwrap_or_default())))
        }
        Some(ApiError::SignedOut | ApiError::Unreadable | ApiError::Refused(_)) => None,
    }
}

/// Changes now and then, for as long as its owner lives.
fn ticking() -> Trigger {
    let trigger = Trigger::new();
    if let Ok(timer) =
        set_interval_with_handle(move || trigger.notify(), Duration::from_millis(TICK_MS as u64))
    {
        on_cleanup(move || timer.clear());
    }
    trigger
}
