//! Things that outlive a reload of their tab, and are gone with the tab or when its user signs out.

/// How the keys of all that is kept begin.
pub const OURS: &str = "latido.";

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

/// Forgets whatever the dashboard has kept here, and nothing else.
pub fn clear() {
    let Some(storage) = storage() else { return };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok().flatten());
    // All of them before any is removed: that would change their places.
    for key in keys.filter(|key| key.starts_with(OURS)).collect::<Vec<_>>() {
        let _ = storage.remove_item(&key);
    }
}
