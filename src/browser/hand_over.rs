//! Handing a text over to the person: to the clipboard, or as a file.

use std::time::Duration;

use js_sys::{Array, Reflect};
use leptos::prelude::{document, set_timeout};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// `false` where the browser does not let us: over plain HTTP it has no clipboard at all.
pub async fn copy(text: &str) -> bool {
    let navigator = leptos::prelude::window().navigator();
    // Asked for by name, as it may not be there.
    match Reflect::get(&navigator, &JsValue::from_str("clipboard")) {
        Ok(clipboard) if !clipboard.is_undefined() => {
            JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
        }
        Ok(_) | Err(_) => false,
    }
}

/// Saves a file as if it had been downloaded. `false` where the browser does not let us.
pub fn save(name: &str, media_type: &str, text: &str) -> bool {
    try_save(name, media_type, text).is_ok()
}

fn try_save(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&JsValue::from_str(text));
    keep(&Blob::new_with_str_sequence_and_options(&parts, &options)?, name)
}

/// Gives a file to the browser to keep.
pub fn keep(file: &Blob, name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(file)?;
    let anchor: HtmlElement = document().create_element("a")?.dyn_into()?;
    anchor.set_attribute("href", &address)?;
    anchor.set_attribute("download", name)?;
    anchor.click();
    // Some browsers read it only after the click.
    set_timeout(move || drop(Url::revoke_object_url(&address)), Duration::from_mins(1));
    Ok(())
}
