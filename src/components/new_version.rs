//! The newer version that `public/shell.js` has found is offered, and nobody insists.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use super::view::{click, text, when};
use crate::i18n::{shell_notes, use_locale};

#[wasm_bindgen]
extern "C" {
    /// `public/shell.js`: loads the page anew unless something typed would be lost, and says whether it does.
    #[wasm_bindgen(catch, js_name = latidoReload)]
    fn latido_reload() -> Result<bool, JsValue>;
}

#[component]
pub fn NewVersion() -> impl IntoView {
    let notes = shell_notes::of(use_locale().language);
    let said = RwSignal::new(None::<&'static str>);
    let found = window_event_listener_untyped("latido-new-version", move |_| {
        said.try_set(Some(notes.new_version));
    });
    on_cleanup(move || found.remove());
    when(
        move || said.with(Option::is_some),
        move || {
            let reload = click(move || {
                if latido_reload() == Ok(false) {
                    said.set(Some(notes.finish_typing));
                }
            });
            view! {
                <p class="note news" data-testid="new-version">
                    <span role="status">{text(move || said.get().unwrap_or_default().to_owned())}</span>
                    <button type="button" class="button small" on:click=reload>{notes.reload}</button>
                </p>
            }
            .into_any()
        },
    )
}
