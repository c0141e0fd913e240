//! Whether the server is about to stop.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the server is about to go away.
#[derive(Default)]
pub struct Draining(AtomicBool);

impl Draining {
    /// From now on the server is not ready.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
