//! An address that leads to no page.

use leptos::prelude::*;

use crate::i18n::use_locale;

#[component]
pub fn NotFound() -> impl IntoView {
    let later = use_locale().later();
    view! {
        <div class="empty">
            <h1>{later.not_found}</h1>
            <p class="quiet">{later.not_found_hint}</p>
            <a href="/" class="button primary">{later.to_the_overview}</a>
        </div>
    }
    .into_any()
}
