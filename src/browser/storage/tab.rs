//! Storage that outlives a reload of its tab, and ends with the tab or at sign-out. Where storage is forbidden or full
//! it falls back to memory, until the reload.

use std::cell::RefCell;

/// How the keys of all that is kept begin.
pub const OURS: &str = "latido.";

thread_local! {
    /// What the browser would not store.
    static IN_MEMORY: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().session_storage().ok().flatten()
}

pub fn get(key: &str) -> Option<String> {
    let in_memory = IN_MEMORY.with_borrow(|held| {
        let found = held.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.clone())
    });
    in_memory.or_else(|| storage()?.get_item(key).ok().flatten())
}

/// Nothing is kept of an empty text.
pub fn set(key: &str, value: &str) {
    IN_MEMORY.with_borrow_mut(|held| held.retain(|(name, _)| name != key));
    let storage = storage();
    if value.is_empty() {
        storage.map(|storage| storage.remove_item(key));
        return;
    }
    let is_stored = storage.as_ref().is_some_and(|storage| storage.set_item(key, value).is_ok());
    if !is_stored {
        // An older value that is stored would be found again after a reload.
        storage.map(|storage| storage.remove_item(key));
        IN_MEMORY.with_borrow_mut(|held| held.push((key.to_owned(), value.to_owned())));
    }
}

/// The keys that begin like this.
pub fn keys(begin: &str) -> Vec<String> {
    let storage = storage();
    let count = storage.as_ref().and_then(|storage| storage.length().ok()).unwrap_or(0);
    let stored = (0..count).filter_map(|place| storage.as_ref()?.key(place).ok().flatten());
    let in_memory =
        IN_MEMORY.with_borrow(|held| held.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    stored.chain(in_memory).filter(|key| key.starts_with(begin)).collect()
}

/// Forgets whatever the dashboard has kept here, and nothing else.
pub fn clear() {
    for key in keys(OURS) {
        set(&key, "");
    }
}
