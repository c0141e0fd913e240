//! What became of the messages that were sent.

mod strings;

use leptos::prelude::*;

use crate::i18n::use_locale;
use strings::strings;

#[component]
pub fn Deliveries() -> impl IntoView {
    let strings = strings(use_locale());
    view! {
        <div class="page-head">
            <h1>{strings.title}</h1>
        </div>
    }
    .into_any()
}
