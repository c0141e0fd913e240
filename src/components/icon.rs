//! Icons, from the one sprite in `public/icons.svg`. They decorate: a label always says the same.

use leptos::prelude::*;

#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    // Erased, so that the many views that hold an icon do not each hold its type.
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("/icons.svg#{name}")></use>
        </svg>
    }
    .into_any()
}
