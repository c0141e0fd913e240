//! How often queries are refetched without an event.

/// Lists are polled this often while the connection is not live (setup guide).
pub const POLL_MS: i64 = 8_000;

/// The intervals at which a query is refetched, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    pub while_live: Option<i64>,
    pub otherwise: i64,
}

impl Polling {
    pub const LISTS: Self = Self { while_live: None, otherwise: POLL_MS };

    /// The interval in milliseconds; `None` where only events cause a fetch.
    pub fn every(self, is_live: bool) -> Option<i64> {
        if is_live { self.while_live } else { Some(self.otherwise) }
    }
}
