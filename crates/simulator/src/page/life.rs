//! A page ends, by a reload or a crash, and another begins with what was stored.

use latido_connection::{Connection, DialId, Input};

use super::{Page, Timer};
use crate::{story::tell, tally::Class, world::World};

/// Dials of one page, at most. A socket's number holds the page's as well.
const MOST_DIALS: u32 = 100_000;

impl Page {
    /// The number of a dial's socket in the network.
    pub fn wire_of(&self, dial: DialId) -> DialId {
        DialId(self.life * MOST_DIALS + dial.0)
    }

    /// The dial of a socket, if it is this page's.
    pub fn own(&self, wire: DialId) -> Option<DialId> {
        (wire.0 / MOST_DIALS == self.life).then_some(DialId(wire.0 % MOST_DIALS))
    }

    fn next_life(&mut self, seed: u64) {
        self.life += 1;
        self.connection = Connection::new(self.config.clone(), seed);
        self.inputs.clear();
        self.sockets.clear();
        self.alive.clear();
        self.machine_timer = Timer { at: None, number: self.machine_timer.number + 1 };
        self.query_timer = Timer { at: None, number: self.query_timer.number + 1 };
        self.inbox.clear();
        self.queries.clear();
        self.watched.clear();
        self.is_saying = false;
        self.poll_every = Some(super::queries::POLL_MS);
        self.awaiting.clear();
        self.requests.clear();
        self.rooms.clear();
        self.token = None;
        self.watch = crate::checks::Watch::default();
        let number = self.hands.timer_number() + 1;
        self.hands = super::writes::Hands::with_timer_number(number);
    }
}

impl World {
    /// The page is loaded anew. After a crash the server is not told.
    pub fn reload(&mut self, crashed: bool) {
        if self.page.paused {
            return;
        }
        tell!(self, "user", "{}", if crashed { "the page crashed and is loaded anew" } else { "reloads" });
        self.count(if crashed { Class::Crash } else { Class::Reload });
        let dials: Vec<_> = self.page.sockets.keys().copied().collect();
        for dial in dials {
            if !crashed {
                self.page_closes(dial);
            }
        }
        self.keep_unsent();
        let seed = self.dice.seed();
        self.page.next_life(seed);
        let storage = &self.page.storage;
        self.ledger.page_died(|amount| storage.holds(amount));
        self.leave_outbox();
        if !self.page.visible {
            self.input(Input::Hidden);
        }
        if self.page.signed_in {
            self.load_outbox();
            self.look_at_lists();
            self.input(Input::Start);
        }
    }
}
