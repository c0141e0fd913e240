//! The choice between light, dark and the system's theme.

use leptos::prelude::*;

use super::view::{derived_bool, typed};
use crate::{
    browser::theme::{self, Theme},
    i18n::use_locale,
};

#[component]
pub fn ThemePicker() -> impl IntoView {
    let deferred = use_locale().deferred();
    let option = |theme: Theme| {
        let label = match theme {
            Theme::System => deferred.theme_system,
            Theme::Light => deferred.theme_light,
            Theme::Dark => deferred.theme_dark,
        };
        view! { <option value=theme.as_str() selected=derived_bool(move || theme::chosen() == theme)>{label}</option> }
    };
    view! {
        <label class="field">
            <span>{deferred.theme}</span>
            <select name="theme" on:change=typed(|word| theme::choose(Theme::parse(&word)))>
                {Theme::ALL.map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}
