//! What the page's connection has been through: every change of its status, with what went wrong before it.
//!
//! Kept from the start of the page, for people who ask only after something has happened. States and times
//! and nothing else: neither frames nor addresses, so that whoever reads it reads no secret. It is put into
//! words by the page that shows it.

use std::{cell::RefCell, collections::VecDeque};

use latido_connection::{Status, Trouble};
use latido_protocol::time::Timestamp;

/// Ten attempts in a row are some twenty of them.
const KEPT: usize = 200;

/// A change of the connection's status.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// When it changed, on the wall clock.
    pub at: Timestamp,
    /// The status that it changed to.
    pub status: Status,
    /// What has gone wrong since the change before.
    pub why: Option<Trouble>,
}

/// The last 200 changes of a connection's status.
#[derive(Default)]
pub struct History(RefCell<Recorded>);

#[derive(Default)]
struct Recorded {
    changes: VecDeque<Change>,
    /// How many troubles the changes so far account for.
    troubles: u32,
}

impl History {
    /// Adds a change. `last` is what went wrong last; it was the reason only if something has since the change before,
    /// which the count of `troubles` shows.
    pub fn record(&self, at: Timestamp, status: Status, last: Option<Trouble>, troubles: u32) {
        let mut recorded = self.0.borrow_mut();
        let why = last.filter(|_| recorded.troubles != troubles);
        recorded.troubles = troubles;
        if recorded.changes.len() == KEPT {
            recorded.changes.pop_front();
        }
        recorded.changes.push_back(Change { at, status, why });
    }

    /// The changes, oldest first.
    pub fn changes(&self) -> Vec<Change> {
        self.0.borrow().changes.iter().copied().collect()
    }
}
