//! The note that data may be old: why, how old it is, and that it is being refetched.

use gloo_timers::callback::Interval;
use latido_protocol::time::Timestamp;
use leptos::prelude::*;

use super::view::{click, text, when};
use crate::{
    api::error::ApiError,
    browser::{clock, format, timer::while_owned},
    data::queries::{FetchStatus, Queries},
    i18n::{Locale, shell_notes, use_locale},
};

/// How often the age is updated, and the least age shown, in milliseconds.
const TICK_MS: u32 = 60_000;
/// Below this age the time of day is shown too, in milliseconds.
const DAY_MS: i64 = 86_400_000;

#[component]
pub fn StaleNote(fetch_status: ArcRwSignal<FetchStatus>) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let may_be_old = {
        let fetch_status = fetch_status.clone();
        move || fetch_status.with(|fetch_status| *fetch_status != FetchStatus::default())
    };
    when(may_be_old, move || {
        let (queries, of_why, of_age) = (queries.clone(), fetch_status.clone(), fetch_status.clone());
        let tick = ticking();
        // Separate from the age, so that a screen reader announces the reason and not the age every minute.
        let why = text(move || of_why.with(|fetch_status| why(fetch_status, locale)));
        let age = text(move || {
            tick.track();
            of_age.with(|fetch_status| age(fetch_status, locale, clock::wall())).unwrap_or_default()
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
pub(crate) fn why(fetch_status: &FetchStatus, locale: Locale) -> String {
    let notes = shell_notes::of(locale.language);
    match (&fetch_status.error, fetch_status.as_of) {
        (None, _) => notes.updating.to_owned(),
        (Some(ApiError::Unreachable | ApiError::TimedOut), Some(_)) => notes.offline.to_owned(),
        (Some(ApiError::Unreachable | ApiError::TimedOut), None) => notes.offline_without_data.to_owned(),
        (Some(error), _) => format!("{} {}", (locale.strings.error)(error), locale.strings.stale),
    }
}

/// How old what is shown is, where that is the point.
pub(crate) fn age(fetch_status: &FetchStatus, locale: Locale, now: Timestamp) -> Option<String> {
    let notes = shell_notes::of(locale.language);
    match fetch_status.error {
        None | Some(ApiError::Unreachable | ApiError::TimedOut) => {
            let as_of = fetch_status.as_of?;
            let ms = (now.unix_ms() - as_of.unix_ms()).max(TICK_MS.into());
            let ago = format::ago(locale.language, ms);
            let time = (ms < DAY_MS).then(|| format!(" ({})", format::time(locale.language, as_of)));
            Some((notes.data_from)(&format!("{ago}{}", time.unwrap_or_default())))
        }
        Some(
            ApiError::SignedOut | ApiError::Unreadable | ApiError::Refused(_) | ApiError::Intercepted { .. },
        ) => None,
    }
}

/// Changes now and then, for as long as its owner lives.
fn ticking() -> Trigger {
    let trigger = Trigger::new();
    while_owned(Interval::new(TICK_MS, move || trigger.notify()));
    trigger
}
