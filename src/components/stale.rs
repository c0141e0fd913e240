//! Says that what is shown may be old, and that it is being tried again.

use leptos::prelude::*;

use super::view::{click, when};
use crate::{
    i18n::use_locale,
    queries::{Health, Queries},
};

#[component]
pub fn StaleNote(health: ArcRwSignal<Health>) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let failed = {
        let health = health.clone();
        move || health.with(|health| health.error.is_some())
    };
    when(failed, move || {
        let queries = queries.clone();
        let error = health.with(|health| health.error.as_ref().map(locale.strings.error));
        view! {
            <p class="note warn" role="status">
                <span>{error} " " {locale.strings.stale}</span>
                <button type="button" class="button small" on:click=click(move || queries.refresh())>
                    {locale.strings.try_again}
                </button>
            </p>
        }
        .into_any()
    })
}
