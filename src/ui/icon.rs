//! Icons, from the one sprite, `public/icons.svg`, in the page. They decorate: a label always has the same meaning.

use leptos::prelude::*;

#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    // Erased, so that the many views that hold an icon do not each hold its type.
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("#icon-{name}")></use>
        </svg>
    }
    .into_any()
}
