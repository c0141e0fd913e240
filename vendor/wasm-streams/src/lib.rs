//! Stands in for the crate of the same name, which Leptos's server functions link.
//!
//! Latido calls no server functions. But the real crate exports classes to JavaScript, and what is
//! exported cannot be removed by any linker: six kilobytes over the wire (brotli) for streams that nobody
//! opens. Here are the names that `server_fn` asks for. Were they ever called, a request body would be
//! empty, which the first server function to be written would show at once.
#![forbid(unsafe_code)]

use futures_core::Stream;
use wasm_bindgen::JsValue;

pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// # Panics
    ///
    /// Where the browser knows no streams.
    pub fn from_stream<S>(_stream: S) -> Self
    where
        S: Stream<Item = Result<JsValue, JsValue>> + 'static,
    {
        Self(web_sys::ReadableStream::new().expect("a stream"))
    }

    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        futures_util::stream::empty()
    }
}
