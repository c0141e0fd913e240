//! The state of the network: its wires, and how requests fare.

use std::collections::BTreeMap;

use latido_connection::DialId;

use crate::{dice::Dice, happening::Happening};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Good,
    /// Nothing moves for now.
    Stalled,
    /// Nothing arrives any more, without an error on either side.
    HalfOpen,
    /// Nothing arrives any more but, some time, the news of it.
    Cut,
}

pub struct Wire {
    pub condition: Condition,
    /// What waits for a stall to end, in order.
    pub(super) held: Vec<Happening>,
    /// When the newest message of each direction arrives: nothing overtakes it.
    pub(super) up_until: i64,
    pub(super) down_until: i64,
}

/// How requests fare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Http {
    Good,
    Unreachable,
    RequestsLost,
    AnswersLost,
    Unavailable,
}

pub struct Network {
    /// The least and the most that a message takes.
    pub(super) latency: (i64, i64),
    pub slow_until: i64,
    pub duplicates_until: i64,
    pub refuse_until: i64,
    pub hang_until: i64,
    pub http: Http,
    pub http_until: i64,
    pub wires: BTreeMap<DialId, Wire>,
}

impl Network {
    pub fn new(dice: &mut Dice) -> Self {
        let least = dice.about(1, 100);
        Self {
            latency: (least, least + dice.about(1, 300)),
            slow_until: 0,
            duplicates_until: 0,
            refuse_until: 0,
            hang_until: 0,
            http: Http::Good,
            http_until: 0,
            wires: BTreeMap::new(),
        }
    }

    pub fn heal(&mut self) {
        self.slow_until = 0;
        self.duplicates_until = 0;
        self.refuse_until = 0;
        self.hang_until = 0;
        self.http_until = 0;
    }
}
