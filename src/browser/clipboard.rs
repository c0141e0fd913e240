//! The clipboard.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Copies a text. Returns `false` where the browser refuses: over plain HTTP it has no clipboard at all.
pub async fn copy(text: &str) -> bool {
    let navigator = leptos::prelude::window().navigator();
    // Read by name, since it may be missing.
    match Reflect::get(&navigator, &JsValue::from_str("clipboard")) {
        Ok(clipboard) if !clipboard.is_undefined() => {
            JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
        }
        Ok(_) | Err(_) => false,
    }
}
