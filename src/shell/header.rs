//! The header of every page: navigation, connection status, and settings.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{connection_status::ConnectionStatus, outbox::OutboxStatus, sections::Sections};
use crate::{
    api::Api,
    i18n::use_locale,
    ui::{
        icon::Icon,
        lazy::{lazy_small, lazy_view},
        theme_picker::ThemePicker,
        view::{click, toggled, when},
    },
};

lazy_view! { pub settings_panel: SettingsPanel in daily }

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
    let panel = when(move || open.get(), || lazy_small(settings_panel));
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
    let deferred = use_locale().deferred();
    let api: Api = expect_context();
    // The language belongs to the account, where it is chosen with the other preferences.
    let sign_out = click(move || {
        let api = api.clone();
        spawn_local(async move { api.session().sign_out().await });
    });
    view! {
        <a class="button" href="/profile">{deferred.preferences}</a>
        <ThemePicker/>
        <button type="button" class="button" data-testid="sign-out" on:click=sign_out>
            {deferred.sign_out}
        </button>
    }
    .into_any()
}
