//! The lag of responses behind events.
//!
//! A backend without numbers may answer from an index that lags behind its database. So, until a backend has
//! shown that it numbers its events, what an event or a write has brought *settles* only later: a fetch that
//! starts before that may be answered from before the event.

use std::cell::Cell;

use latido_cache::lag::LAG_MS;
use latido_connection::Backend;
use latido_protocol::time::Timestamp;

use crate::browser::{LocalRc, clock, local_rc};

#[derive(Clone)]
pub struct Lag(LocalRc<Cell<Backend>>);

impl Default for Lag {
    fn default() -> Self {
        Self(local_rc(Cell::default()))
    }
}

impl Lag {
    pub fn of(&self, backend: Backend) {
        self.0.set(backend);
    }

    /// When what is learned now will be in every answer; the epoch where it is already.
    pub fn settles_at(&self) -> Timestamp {
        match self.0.get() {
            Backend::Full => Timestamp::EPOCH,
            Backend::Unknown | Backend::Plain => clock::wall().plus_ms(LAG_MS),
        }
    }
}
