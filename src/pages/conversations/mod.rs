//! What was said with each contact, as it is said.

mod strings;

use leptos::prelude::*;

use crate::i18n::use_locale;
use strings::strings;

#[component]
pub fn Conversations() -> impl IntoView {
    let strings = strings(use_locale());
    view! {
        <div class="page-head">
            <h1>{strings.title}</h1>
        </div>
    }
    .into_any()
}
