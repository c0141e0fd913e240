//! An address that leads to no page.

use leptos::prelude::*;

use crate::{i18n::use_locale, ui::lazy::lazy_view};

lazy_view! { pub not_found_page: NotFound in daily }

#[component]
pub fn NotFound() -> impl IntoView {
    let deferred = use_locale().deferred();
    view! {
        <div class="empty">
            <h1>{deferred.not_found}</h1>
            <p class="quiet">{deferred.not_found_hint}</p>
            <a href="/" class="button primary">{deferred.to_the_overview}</a>
        </div>
    }
    .into_any()
}
