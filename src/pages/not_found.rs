//! An address that leads to no page.

use leptos::prelude::*;

use crate::i18n::use_locale;

#[component]
pub fn NotFound() -> impl IntoView {
    let strings = use_locale().strings;
    view! {
        <div class="empty">
            <h1>{strings.not_found}</h1>
            <p class="quiet">{strings.not_found_hint}</p>
            <a href="/" class="button primary">{strings.to_the_overview}</a>
        </div>
    }
    .into_any()
}
