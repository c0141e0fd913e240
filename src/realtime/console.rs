//! What the browser's console is promised, and how much of it.
//!
//! Successes and warnings are always there. `enableWebSocketLogs()` adds every change of state,
//! `enableWebSocketDebug()` every frame's type and size as well, `disableWebSocketLogs()` takes
//! both away. Neither tokens nor health values are ever written: no frame's content is.

use std::cell::Cell;

use latido_protocol::event::Family;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::console;

use crate::browser::storage;

const STORAGE_KEY: &str = "latido.logs";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Quiet,
    Verbose,
    Debug,
}

thread_local! {
    static LEVEL: Cell<Level> = const { Cell::new(Level::Quiet) };
}

pub fn connected() {
    console::info_1(&"✅ WebSocket connected".into());
}

pub fn refreshed(family: Family, event: &str) {
    let what = match family {
        Family::Food => "food logs",
        Family::Exercise => "exercise logs",
        Family::Metric => "health metrics",
        Family::Profile => "health profile",
        other => other.name(),
    };
    console::info_1(&format!("🔄 Refreshed {what} ({event})").into());
}

pub fn not_configured() {
    console::warn_1(&"RealtimeProvider: WS_URL not configured".into());
}

pub fn warn(message: &str) {
    console::warn_1(&format!("⚠️ {message}").into());
}

pub fn verbose(message: impl FnOnce() -> String) {
    at(Level::Verbose, "📡", message);
}

pub fn debug(message: impl FnOnce() -> String) {
    at(Level::Debug, "🔍", message);
}

fn at(level: Level, sign: &str, message: impl FnOnce() -> String) {
    if LEVEL.get() >= level {
        console::log_1(&format!("{sign} {}", message()).into());
    }
}

/// How much is written now.
pub fn level() -> Level {
    LEVEL.get()
}

/// As the functions in the console do, from now on and after a reload.
pub fn choose(level: Level) {
    LEVEL.set(level);
    match level {
        Level::Quiet => storage::remove(STORAGE_KEY),
        Level::Verbose => storage::set(STORAGE_KEY, "verbose"),
        Level::Debug => storage::set(STORAGE_KEY, "debug"),
    }
}

/// Puts the three functions on the window. Once a page, so the closures live as long as it.
pub fn install() {
    if storage::get(STORAGE_KEY).is_some_and(|stored| stored == "debug") {
        LEVEL.set(Level::Debug);
    } else if storage::get(STORAGE_KEY).is_some() {
        LEVEL.set(Level::Verbose);
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
