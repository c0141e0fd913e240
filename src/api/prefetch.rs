//! Responses to requests that the page's script sent before this code was loaded.
//!
//! The page's own script (`public/prefetch.js`) asks for what a page of records would ask for first: who is signed
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

use gloo_net::http::{Headers, Response};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

mod glue {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_namespace = latidoRequests)]
        pub fn take(
            url: &str,
            method: &str,
            authorization: Option<String>,
            signal: Option<web_sys::AbortSignal>,
        ) -> Result<Option<js_sys::Promise>, JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoRequests)]
        pub fn close() -> Result<(), JsValue>;
    }
}

thread_local! {
    static IS_OPEN: Cell<bool> = const { Cell::new(true) };
}

/// The response to exactly this request, and its body, on their way or there already. `None`: it has to be sent.
pub(super) fn take(
    url: &str,
    method: &str,
    headers: &Headers,
    abort: Option<&AbortController>,
) -> Option<impl Future<Output = Result<(Response, Vec<u8>), JsValue>>> {
    if headers.has("if-none-match") {
        return None;
    }
    let signal = abort.map(AbortController::signal);
    // Without the script nothing was requested.
    let answer = glue::take(url, method, headers.get("authorization"), signal).ok()??;
    Some(async {
        // Two elements: the response and its body (`public/prefetch.js`).
        let answer: Array = JsFuture::from(answer).await?.unchecked_into();
        let body: Uint8Array = answer.get(1).unchecked_into();
        Ok((Response::from(answer.get(0).unchecked_into::<web_sys::Response>()), body.to_vec()))
    })
}

/// Something has happened: what was asked for before may not have it.
pub fn close() {
    if IS_OPEN.replace(false) {
        // Without the script nothing was asked for.
        let _ = glue::close();
    }
}
