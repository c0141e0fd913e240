//! Files handed to the browser as downloads.

use js_sys::Array;
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use super::timer::after;

/// How long the address of a saved file stays valid, in milliseconds: some browsers read it only after the click.
const KEPT_FOR_MS: u32 = 60_000;

/// Saves a text as a file. Returns `false` where the browser refuses.
pub fn save_text(name: &str, media_type: &str, text: &str) -> bool {
    try_save_text(name, media_type, text).is_ok()
}

fn try_save_text(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&JsValue::from_str(text));
    save(&Blob::new_with_str_sequence_and_options(&parts, &options)?, name)
}

/// Saves a file.
pub fn save(file: &Blob, name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(file)?;
    let anchor: HtmlElement = document().create_element("a")?.dyn_into()?;
    anchor.set_attribute("href", &address)?;
    anchor.set_attribute("download", name)?;
    anchor.click();
    after(KEPT_FOR_MS, move || drop(Url::revoke_object_url(&address)));
    Ok(())
}
