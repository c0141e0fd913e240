//! What the browser's console is promised, and how much of it.
//!
//! Successes and warnings are always there. `enableWebSocketLogs()` adds every change of state,
//! `enableWebSocketDebug()` every frame's size as well, `disableWebSocketLogs()` takes
//! both away. Neither tokens nor health values are ever written: no frame's content is.

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Storage, console};

const STORAGE_KEY: &str = "latido.logs";

/// How much is written to the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Successes and warnings.
    Quiet,
    /// Changes of state as well.
    Verbose,
    /// Frames as well, by their size alone.
    Debug,
}

thread_local! {
    static LEVEL: Cell<Level> = const { Cell::new(Level::Quiet) };
}

/// Writes that the connection is live.
pub fn connected() {
    console::info_1(&"✅ WebSocket connected".into());
}

/// Writes that a query was fetched again because of an event; `what` names its records, as `food logs`.
pub fn refreshed(what: &str, event: &str) {
    console::info_1(&format!("🔄 Refreshed {what} ({event})").into());
}

/// Warns that there is no address to connect to.
pub fn not_configured() {
    console::warn_1(&"RealtimeProvider: WS_URL not configured".into());
}

/// Writes a warning, at every level.
pub fn warn(message: &str) {
    console::warn_1(&format!("⚠️ {message}").into());
}

/// Writes a message from [`Level::Verbose`] on. It is not made below.
pub fn verbose(message: impl FnOnce() -> String) {
    at(Level::Verbose, "📡", message);
}

/// Writes a message at [`Level::Debug`]. It is not made below.
pub fn debug(message: impl FnOnce() -> String) {
    at(Level::Debug, "🔍", message);
}

fn at(level: Level, sign: &str, message: impl FnOnce() -> String) {
    if LEVEL.get() >= level {
        console::log_1(&format!("{sign} {}", message()).into());
    }
}

/// The level that is set.
pub fn level() -> Level {
    LEVEL.get()
}

/// Sets the level, now and after a reload, as the functions in the console do. Where storage is full or forbidden it
/// holds until the reload.
pub fn choose(level: Level) {
    LEVEL.set(level);
    match level {
        Level::Quiet => store(None),
        Level::Verbose => store(Some("verbose")),
        Level::Debug => store(Some("debug")),
    }
}

/// Restores the stored level, and puts the three functions on the window. Once a page, so the closures live as long as it.
pub fn install() {
    match stored().as_deref() {
        Some("debug") => LEVEL.set(Level::Debug),
        Some(_) => LEVEL.set(Level::Verbose),
        None => {}
    }
    for (name, level) in [
        ("enableWebSocketLogs", Level::Verbose),
        ("enableWebSocketDebug", Level::Debug),
        ("disableWebSocketLogs", Level::Quiet),
    ] {
        let chosen = Closure::<dyn Fn()>::new(move || choose(level));
        // Without the functions the app works all the same.
        let _ = js_sys::Reflect::set(
            &leptos::prelude::window(),
            &JsValue::from_str(name),
            chosen.as_ref().unchecked_ref(),
        );
        chosen.forget();
    }
}

fn storage() -> Option<Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

fn stored() -> Option<String> {
    storage()?.get_item(STORAGE_KEY).ok().flatten()
}

/// Keeps the level for the next load. Where storage is full or forbidden, it holds until the reload.
fn store(level: Option<&str>) {
    if let Some(storage) = storage() {
        let _ = match level {
            Some(level) => storage.set_item(STORAGE_KEY, level),
            None => storage.remove_item(STORAGE_KEY),
        };
    }
}
