//! The two clocks: the wall's for deadlines, the monotonic one for round trips.

use latido_connection::Now;
use latido_protocol::time::Timestamp;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Asked with every message, so not by way of the window and its objects.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic_ms() -> f64;
}

/// The time of the wall clock, in whole milliseconds. It goes on while a laptop sleeps.
pub fn wall() -> Timestamp {
    Timestamp::from_unix_ms(js_sys::Date::now() as i64)
}

/// The time on both clocks, for an input of the connection.
pub fn now() -> Now {
    Now { wall: wall(), monotonic_ms: monotonic_ms() }
}
