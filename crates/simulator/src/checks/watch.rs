//! The memory of the checks.

use std::collections::{BTreeMap, BTreeSet};

use latido_connection::DialId;

use super::gaps::Gaps;

#[derive(Default)]
pub struct Watch {
    pub(super) hidden: bool,
    /// Events that were given out since there is a position: epoch and number. Without a position
    /// nothing tells a repetition, and an event that is applied twice does no harm.
    pub(super) given: BTreeSet<(String, u64)>,
    pub(super) has_position: bool,
    pub(super) gaps: Gaps,
    /// Dials that only the clock asked for, since the connection last proved itself.
    pub(super) automatic: u32,
    pub(super) opened_at: BTreeMap<DialId, i64>,
    /// For every list, the invalidation that "live" has to wait for.
    pub(super) awaited: Vec<u64>,
    pub(super) wakes: (i64, u32),
    /// A second dial began with this input.
    pub(super) second: bool,
    pub(super) rotations: u32,
    /// Until when the server has asked not to be dialled, by the wall's clock.
    pub(super) not_before: Option<i64>,
    pub(super) pings: BTreeMap<DialId, Pinged>,
}

/// The last ping on a socket.
#[derive(Clone, Copy, Default)]
pub struct Pinged {
    pub(super) at: i64,
    /// The same in time in which the page ran.
    pub(super) ran: i64,
    pub(super) answered: bool,
    /// By a gateway, in the backend's place.
    pub(super) by_gateway: bool,
}

impl Pinged {
    pub fn answer(&mut self, by_gateway: bool) {
        self.answered = true;
        self.by_gateway = by_gateway;
    }
}
