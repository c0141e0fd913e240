//! The placeholder of a list that is loading.

use leptos::prelude::*;

use crate::i18n::use_locale;

/// The shape of rows to come, so that nothing jumps when they do.
#[component]
pub fn Skeleton() -> impl IntoView {
    let strings = use_locale().strings;
    view! {
        <div class="skeleton" role="status">
            <span class="sr-only">{strings.loading}</span>
            <div></div>
            <div></div>
            <div></div>
        </div>
    }
    .into_any()
}
