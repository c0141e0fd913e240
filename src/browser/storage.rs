//! Small things that outlive a reload. Where storage is forbidden, they do not; nothing breaks.
//! No token is ever kept here.

/// What only this tab has, and only for as long as somebody is signed in.
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
