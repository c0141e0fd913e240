//! What the browser does better than we would: clocks, days, formats, storage.

pub mod clock;
pub mod day;
pub mod format;
pub mod hand_over;
pub mod kept;
pub mod period;
pub mod router;
pub mod storage;
pub mod theme;
pub mod today;
pub mod units;
pub mod zone;

use std::rc::Rc;

use leptos::{
    prelude::{ArcRwSignal, Get, GetUntracked, Track},
    reactive::graph::Observer,
};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;

/// Shared within the page. Leptos asks for `Send` of what it keeps; a page has one thread.
pub type Shared<T> = SendWrapper<Rc<T>>;

pub fn shared<T>(value: T) -> Shared<T> {
    SendWrapper::new(Rc::new(value))
}

/// Whether anybody can see the page. Asked when deciding, never remembered: the answer sticks
/// when a page comes out of the back-forward cache.
pub fn is_visible() -> bool {
    leptos::prelude::document().visibility_state() != web_sys::VisibilityState::Hidden
}

/// 128 random bits in hexadecimal, to tell one request from another. Not a secret.
pub fn random_key() -> String {
    (0..4).fold(String::with_capacity(32), |mut key, _| {
        let part = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
        for nibble in (0..8).rev() {
            key.push(char::from_digit((part >> (nibble * 4)) & 15, 16).unwrap_or('0'));
        }
        key
    })
}

/// What a signal holds. Whoever is followed while asking is asked again when it changes; who is not, is not,
/// and that is no mistake: the page's own settings are read from anywhere.
fn tracked<T: Clone + 'static>(signal: &ArcRwSignal<T>) -> T {
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
