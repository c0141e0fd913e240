//! Helpers over gloo's timers.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

/// Longer timeouts overflow in browsers; a timer that wakes too early looks again.
const LONGEST_MS: i64 = 1_000_000_000;

/// A wait of so many milliseconds, as browsers take it: none where it is over already.
pub fn timeout_ms(wait: i64) -> u32 {
    wait.clamp(0, LONGEST_MS) as u32
}

/// Runs `act` after so many milliseconds, whatever becomes of the caller. Unlike `Timeout::forget` it keeps nothing
/// behind.
pub fn after(ms: u32, act: impl FnOnce() + 'static) {
    spawn_local(async move {
        TimeoutFuture::new(ms).await;
        act();
    });
}

/// Keeps a timer for as long as the current owner lives.
pub fn while_owned<T: 'static>(timer: T) {
    let timer = SendWrapper::new(timer);
    on_cleanup(move || drop(timer));
}
