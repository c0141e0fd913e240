//! The two clocks: the wall's for deadlines, the monotonic one for round trips.

use latido_connection::Now;
use latido_protocol::time::Timestamp;

pub fn wall() -> Timestamp {
    Timestamp::from_unix_ms(js_sys::Date::now() as i64)
}

pub fn now() -> Now {
    let monotonic_ms = leptos::prelude::window().performance().map_or(0.0, |performance| performance.now());
    Now { wall: wall(), monotonic_ms }
}
