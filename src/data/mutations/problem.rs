//! Problems that concern all waiting writes.

use wasm_bindgen::JsValue;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxProblem {
    /// What is written is in this page alone, and lost if it closes before it is sent.
    pub not_stored: Option<NotStored>,
    /// Something answered in the server's place, with this status.
    pub intercepted: Option<u16>,
}

/// Why the browser keeps nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotStored {
    /// The device has no room, or gives this page no more.
    Full,
    /// It is forbidden, broken, or does not answer.
    Unavailable,
}

impl NotStored {
    pub fn of(error: &JsValue) -> Self {
        // Of a `DOMException`, or of what is none.
        let name = js_sys::Reflect::get(error, &JsValue::from_str("name")).ok();
        let is_full = name.is_some_and(|name| name == "QuotaExceededError");
        if is_full { Self::Full } else { Self::Unavailable }
    }
}
