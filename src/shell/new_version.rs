//! Offers the newer version that `public/shell.js` has found. The user decides.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::{
    i18n::{shell_notes, use_locale},
    ui::{
        lazy::{lazy_small, lazy_view},
        view::{click, text, when},
    },
};

lazy_view! { pub new_version_offer: NewVersionOffer in daily }

#[wasm_bindgen]
extern "C" {
    /// `public/shell.js`: reloads the page unless typed text would be lost, and returns whether it does.
    #[wasm_bindgen(catch, js_name = latidoReload)]
    fn latido_reload() -> Result<bool, JsValue>;
}

#[component]
pub fn NewVersion() -> impl IntoView {
    let found = RwSignal::new(false);
    let listening = window_event_listener_untyped("latido-new-version", move |_| {
        found.try_set(true);
    });
    on_cleanup(move || listening.remove());
    when(move || found.get(), || lazy_small(new_version_offer))
}

/// The offer, and the button that reloads.
#[component]
pub fn NewVersionOffer() -> impl IntoView {
    let notes = shell_notes::of(use_locale().language);
    let said = RwSignal::new(notes.new_version.to_owned());
    let reload = click(move || {
        if latido_reload() == Ok(false) {
            said.set(notes.finish_typing.to_owned());
        }
    });
    view! {
        <p class="note news" data-testid="new-version">
            <span role="status">{text(move || said.get())}</span>
            <button type="button" class="button small" on:click=reload>{notes.reload}</button>
        </p>
    }
    .into_any()
}
