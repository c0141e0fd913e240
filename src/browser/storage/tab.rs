//! Things that outlive a reload of their tab, and are gone with the tab or when its user signs out.

fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().session_storage().ok().flatten()
}

pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Nothing is kept of an empty text.
pub fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // Full or forbidden: it holds until the reload.
        let _ = if value.is_empty() { storage.remove_item(key) } else { storage.set_item(key, value) };
    }
}

pub fn clear() {
    if let Some(storage) = storage() {
        let _ = storage.clear();
    }
}
