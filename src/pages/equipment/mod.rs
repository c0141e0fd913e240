//! Devices as they are at this moment, and their switches.

mod strings;

use leptos::prelude::*;

use crate::i18n::use_locale;
use strings::strings;

#[component]
pub fn Equipment() -> impl IntoView {
    let strings = strings(use_locale());
    view! {
        <div class="page-head">
            <h1>{strings.title}</h1>
        </div>
    }
    .into_any()
}
