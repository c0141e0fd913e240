//! The browser's own facilities: clocks, days, formats, storage.

pub mod back;
pub mod chunk;
pub mod clipboard;
pub mod composition;
pub mod day;
pub mod download;
pub mod format;
pub mod period;
pub mod response_cache;
pub mod router;
pub mod storage;
pub mod theme;
pub mod timer;
pub mod today;
pub mod units;
pub mod zone;

use std::rc::Rc;

pub use latido_realtime::{clock, page::is_visible};
use leptos::{
    prelude::{ArcRwSignal, Get, GetUntracked, Track},
    reactive::graph::Observer,
};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

/// Shared within the page. Leptos asks for `Send` of what it keeps; a page has one thread.
pub type LocalRc<T> = SendWrapper<Rc<T>>;

pub fn local_rc<T>(value: T) -> LocalRc<T> {
    SendWrapper::new(Rc::new(value))
}

/// 128 random bits in hexadecimal, to distinguish requests. Not a secret.
pub fn random_key() -> String {
    (0..4).fold(String::with_capacity(32), |mut key, _| {
        let part = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
        for nibble in (0..8).rev() {
            key.push(char::from_digit((part >> (nibble * 4)) & 15, 16).unwrap_or('0'));
        }
        key
    })
}

/// Reads a signal. Tracks it inside a reactive context, otherwise reads it untracked without a warning: settings are
/// read from anywhere.
fn get_maybe_tracked<T: Clone + 'static>(signal: &ArcRwSignal<T>) -> T {
    if Observer::get().is_some() { signal.get() } else { signal.get_untracked() }
}

fn track<T: 'static>(signal: &ArcRwSignal<T>) {
    if Observer::get().is_some() {
        signal.track();
    }
}

/// Gives an element the focus, if there is one that can take it.
pub fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails for what cannot be focused.
        let _ = element.focus();
    }
}
