//! Settings that outlive a reload. Where storage is forbidden they do not; nothing breaks. No token is ever stored
//! here.

use leptos::prelude::window_event_listener_untyped;
use wasm_bindgen::JsCast;

/// Storage of this tab alone, cleared at sign-out.
pub mod tab;

fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

pub fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // Full or forbidden: the setting holds until the reload.
        let _ = storage.set_item(key, value);
    }
}

pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Calls back with the new value when another tab sets or removes it.
pub fn on_change_elsewhere(key: &'static str, changed: impl Fn(Option<String>) + 'static) {
    // The handle is dropped: settings are followed for as long as the page lives.
    let _ = window_event_listener_untyped("storage", move |event| {
        let Some(event) = event.dyn_ref::<web_sys::StorageEvent>() else { return };
        if event.key().as_deref() == Some(key) {
            changed(event.new_value());
        }
    });
}
