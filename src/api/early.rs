//! Answers that were asked for before this code was there.
//!
//! The page's own script (`public/early.js`) asks for what a page of records would ask for first: who is signed
//! in, and today's list. Both are on their way while the wasm streams, and a request that is exactly one of them
//! gets its answer instead of being sent.
//!
//! - Each is handed over at most once, and within twenty seconds; so a refresh token is not used twice, and no
//!   answer counts as newer than it is by more than that.
//! - The list is asked for with the token that the session's answer brought, and is the answer only to a request
//!   with that same token: it is never another person's.
//! - It shows the database as it was when it was asked for. So nothing is handed over any more as soon as
//!   something has happened since ([`close`]): an event, the server's greeting, a write's answer.
//! - Tokens and answers are in the script's memory and nowhere else, and there only until they are handed over.

use std::cell::Cell;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

mod glue {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_namespace = latidoRequests)]
        pub fn send(url: &str, request: &web_sys::RequestInit) -> Result<js_sys::Promise, JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoRequests)]
        pub fn close() -> Result<(), JsValue>;
    }
}

thread_local! {
    static IS_OPEN: Cell<bool> = const { Cell::new(true) };
}

/// The answer to this request and its body: it is sent, unless its answer is on its way or there already.
pub(super) async fn send(url: &str, request: &RequestInit) -> Result<(Response, String), JsValue> {
    // Two, of which the script says what they are.
    let answer: Array = JsFuture::from(glue::send(url, request)?).await?.unchecked_into();
    let body: Uint8Array = answer.get(1).unchecked_into();
    Ok((answer.get(0).unchecked_into(), String::from_utf8(body.to_vec()).unwrap_or_default()))
}

/// Something has happened: what was asked for before may not have it.
pub fn close() {
    if IS_OPEN.replace(false) {
        // Without the script nothing was asked for.
        let _ = glue::close();
    }
}
