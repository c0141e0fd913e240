//! The newer version that `public/shell.js` has found is offered, and nobody insists.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use super::{
    lazy::lazy_small,
    view::{click, text, when},
};
use crate::{
    i18n::{shell_notes, use_locale},
    parts,
};

#[wasm_bindgen]
extern "C" {
    /// `public/shell.js`: loads the page anew unless something typed would be lost, and says whether it does.
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
    when(move || found.get(), || lazy_small(parts::new_version))
}

/// What is said about it, and the way there.
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
