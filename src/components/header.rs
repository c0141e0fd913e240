//! The header of every page: where one is, how the connection is, and the settings.

use latido_protocol::values::Language;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    connection_status::ConnectionStatus,
    icon::Icon,
    lazy::lazy_small,
    outbox::OutboxStatus,
    sections::Sections,
    view::{click, flag, toggled, typed, when},
};
use crate::{
    api::Api,
    app::LanguageChoice,
    browser::{
        focus,
        theme::{self, Theme},
    },
    i18n::{self, use_locale},
    parts,
};

#[component]
pub fn Header() -> impl IntoView {
    let strings = use_locale().strings;
    view! {
        <a class="skip" href="#content">{strings.skip_to_content}</a>
        <header class="header">
            <a href="/" class="brand">
                <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                    <path d="M2 17h7l3-9 6 17 4-12 2 4h6"></path>
                </svg>
                "Latido"
            </a>
            <Sections/>
            <div class="header-end">
                <OutboxStatus/>
                <ConnectionStatus/>
                <Settings/>
            </div>
        </header>
    }
    .into_any()
}

#[component]
fn Settings() -> impl IntoView {
    let strings = use_locale().strings;
    let open = RwSignal::new(false);
    let panel = when(move || open.get(), || lazy_small(parts::settings_panel));
    view! {
        <details class="menu" name="header" on:toggle=toggled(open)>
            <summary class="icon-button" aria-label=strings.settings title=strings.settings>
                <Icon name="settings"/>
            </summary>
            <div class="menu-panel">{panel}</div>
        </details>
    }
    .into_any()
}

/// What the menu of settings holds.
#[component]
pub fn SettingsPanel() -> impl IntoView {
    let later = use_locale().later();
    let api: Api = expect_context();
    let sign_out = click(move || {
        let api = api.clone();
        spawn_local(async move { api.session().sign_out().await });
    });
    view! {
        <LanguagePicker/>
        <ThemePicker/>
        <button type="button" class="button" data-testid="sign-out" on:click=sign_out>
            {later.sign_out}
        </button>
    }
    .into_any()
}

#[component]
pub fn LanguagePicker() -> impl IntoView {
    let strings = use_locale().strings;
    let choice = expect_context::<LanguageChoice>().0;
    let choose = typed(move |value| {
        if let Ok(language) = Language::parse(&value) {
            i18n::remember(language);
            choice.set(language);
            // The tree is another one then, with its menus closed; the keyboard goes on where it was.
            request_animation_frame(|| {
                let chooser = "[name=header] > .icon-button, [name=language]";
                focus(document().query_selector(chooser).ok().flatten());
            });
        }
    });
    let chosen = choice.get_untracked();
    view! {
        <label class="field">
            <span>{strings.language}</span>
            <select name="language" on:change=choose>
                <option value="es" selected=chosen == Language::Es>"Español"</option>
                <option value="en" selected=chosen == Language::En>"English"</option>
            </select>
        </label>
    }
    .into_any()
}

#[component]
pub fn ThemePicker() -> impl IntoView {
    let later = use_locale().later();
    let option = |theme: Theme| {
        let label = match theme {
            Theme::System => later.theme_system,
            Theme::Light => later.theme_light,
            Theme::Dark => later.theme_dark,
        };
        view! { <option value=theme.as_str() selected=flag(move || theme::chosen() == theme)>{label}</option> }
    };
    view! {
        <label class="field">
            <span>{later.theme}</span>
            <select name="theme" on:change=typed(|word| theme::choose(Theme::parse(&word)))>
                {Theme::ALL.map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}
