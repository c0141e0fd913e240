//! The router: which page the address names, and navigation without loading another document.
//!
//! Ours rather than a library's: the pages are a flat handful, and the general router was a tenth
//! of everything that goes over the wire. Links are plain anchors; one listener takes those that
//! stay in the app, so opening in a new tab, copying and middle clicks work as everywhere.

use std::cell::{Cell, RefCell};

use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::{JsCast, JsValue};

use super::timer::after;

/// The current path, `/food`. Components follow it.
#[derive(Clone, Copy)]
pub struct Location(RwSignal<String>);

thread_local! {
    /// The browser was asked to step back, and has not done so yet.
    static STEPPING_BACK: Cell<bool> = const { Cell::new(false) };
    /// What waits until it has.
    static AFTERWARDS: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
}

impl Location {
    /// Starts following the address; once a page.
    pub fn follow() -> Self {
        let location = Self(RwSignal::new(current()));
        // The handles are not kept: there is one of these a page, and it never ends before it.
        let _ = window_event_listener_untyped("popstate", move |_| {
            STEPPING_BACK.set(false);
            location.0.set(current());
            for act in AFTERWARDS.take() {
                // After all listeners have received this step.
                after(0, act);
            }
        });
        let _ = window_event_listener_untyped("click", move |event| {
            let Some(event) = event.dyn_ref::<MouseEvent>() else { return };
            if let Some(path) = link_within_the_app(event) {
                event.prevent_default();
                location.go(&path);
            }
        });
        location
    }

    pub fn path(self) -> String {
        self.0.get()
    }

    /// The page that the path is of: only conversations have paths below their own.
    pub fn page(self) -> String {
        const ROOMY: &str = "/conversations";
        if self.is_within(ROOMY) { ROOMY.to_owned() } else { self.path() }
    }

    /// What stands below a section in the path.
    pub fn below(self, section: &str) -> Option<String> {
        self.0.with(|current| {
            let below = current.strip_prefix(section)?.strip_prefix('/')?;
            js_sys::decode_uri_component(below).ok().map(String::from)
        })
    }

    /// Whether the page is this section's, or below it.
    pub fn is_within(self, section: &str) -> bool {
        self.0.with(|current| match current.strip_prefix(section) {
            Some("") => true,
            Some(below) => below.starts_with('/'),
            None => false,
        })
    }

    pub fn go(self, path: &str) {
        if STEPPING_BACK.get() {
            let path = path.to_owned();
            return when_still(move || self.go(&path));
        }
        let pushed = window()
            .history()
            .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(path)));
        if pushed.is_ok() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            self.0.set(current());
        }
    }
}

/// Acts at once, or when the browser has stepped back if it was asked to.
pub(super) fn when_still(act: impl FnOnce() + 'static) {
    if STEPPING_BACK.get() {
        AFTERWARDS.with_borrow_mut(|waiting| waiting.push(Box::new(act)));
    } else {
        act();
    }
}

/// Removes the last entry from the history. It takes effect later; navigation meanwhile waits for it.
pub(super) fn step_back() {
    let asked = window().history().and_then(|history| history.back());
    STEPPING_BACK.set(asked.is_ok());
}

fn current() -> String {
    let path = window().location().pathname().unwrap_or_default();
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() }
}

/// The path of a plain left click on an anchor that leads to another page of this app.
fn link_within_the_app(event: &MouseEvent) -> Option<String> {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    let anchor = element.closest("a[href]").ok()??;
    let path = anchor.get_attribute("href")?;
    let leaves = anchor.has_attribute("target") || anchor.has_attribute("download");
    (path.starts_with('/') && !path.starts_with("//") && !leaves).then_some(path)
}
