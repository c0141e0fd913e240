//! Sockets and requests under way. A socket keeps the order of its frames, as TCP does; two sockets,
//! or a socket and a request, know nothing of each other.

mod faults;
mod state;

use std::collections::BTreeSet;

use latido_connection::{DialId, close_code::ABNORMAL};

use crate::{
    happening::{Down, Happening},
    page::task::Task,
    server::Peer,
    story::tell,
    tally::Class,
    world::World,
};
use state::Wire;
pub use state::{Condition, Http, Network};

/// What becomes of a message that does not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passage {
    Held,
    Lost,
}

impl World {
    pub fn latency(&mut self) -> i64 {
        let (least, most) = self.network.latency;
        let latency = self.dice.between(least, most);
        if self.now < self.network.slow_until { latency + self.dice.about(100, 6_000) } else { latency }
    }

    pub fn http(&self) -> Http {
        if !self.server.up {
            Http::Unreachable
        } else if self.now < self.network.http_until {
            self.network.http
        } else {
            Http::Good
        }
    }

    // ── Sockets ─────────────────────────────────────────────────────────────────────────────────

    pub fn dial(&mut self, dial: DialId, token: String) {
        let wire = Wire { condition: Condition::Good, held: Vec::new(), up_until: 0, down_until: 0 };
        self.network.wires.insert(dial, wire);
        if self.now < self.network.hang_until {
            tell!(self, "network", "dial {} hangs", dial.0);
            self.count(Class::HungDial);
            return;
        }
        let latency = self.latency();
        self.after(latency, Happening::Upgrade { dial, token });
    }

    /// A dial reaches the server.
    pub fn upgrade(&mut self, dial: DialId, token: &str) {
        let refused = !self.server.up || self.now < self.network.refuse_until;
        let expires_at = if refused { None } else { self.server.redeem(token, self.now) };
        if let Some(expires_at) = expires_at {
            let used_at = self.now;
            let peer = Peer { greeted: false, sent: 0, expires_at, used_at, rooms: BTreeSet::new() };
            self.server.peers.insert(dial, peer);
            self.send_down(dial, Down::Opened);
            if self.server.plain {
                self.count(Class::Plain);
                self.flap(dial);
            }
            self.queue.push(expires_at, Happening::TokenExpires { dial });
            if self.server.behind_gateway {
                self.look_for_idle(dial);
            }
        } else if !refused && self.server.refuses_by_code {
            self.send_down(dial, Down::Opened);
            self.send_down(dial, Down::Closed { code: 4401 });
        } else {
            tell!(self, "server", "refuses the upgrade of dial {}", dial.0);
            self.count(Class::RefusedUpgrade);
            self.send_down(dial, Down::Closed { code: ABNORMAL });
        }
    }

    pub fn send_up(&mut self, dial: DialId, text: String) {
        let latency = self.latency();
        let Some(wire) = self.network.wires.get_mut(&dial) else { return };
        wire.up_until = wire.up_until.max(self.now + latency);
        let at = wire.up_until;
        self.queue.push(at, Happening::Up { dial, text });
    }

    pub fn send_down(&mut self, dial: DialId, what: Down) {
        let latency = self.latency();
        let Some(wire) = self.network.wires.get_mut(&dial) else { return };
        wire.down_until = wire.down_until.max(self.now + latency);
        let at = wire.down_until;
        if self.now < self.network.duplicates_until && matches!(what, Down::Text(_)) && self.dice.chance(40) {
            self.count(Class::Duplicated);
            self.queue.push(at, Happening::Down { dial, what: what.clone() });
        }
        self.queue.push(at, Happening::Down { dial, what });
    }

    /// Whether a message gets through now.
    fn passes(&self, dial: DialId) -> Result<(), Passage> {
        match self.network.wires.get(&dial).map(|wire| wire.condition) {
            Some(Condition::Good) => Ok(()),
            Some(Condition::Stalled) => Err(Passage::Held),
            Some(Condition::HalfOpen | Condition::Cut) | None => Err(Passage::Lost),
        }
    }

    fn hold(&mut self, dial: DialId, what: Happening) {
        if let Some(wire) = self.network.wires.get_mut(&dial) {
            wire.held.push(what);
        }
    }

    pub fn server_hears(&mut self, dial: DialId, text: &str) {
        match self.passes(dial) {
            Ok(()) => {}
            Err(Passage::Held) => {
                self.hold(dial, Happening::Up { dial, text: text.to_owned() });
                return;
            }
            Err(Passage::Lost) => return,
        }
        let Some(peer) = self.server.peers.get(&dial) else { return };
        let again = peer.greeted;
        let wall = self.wall();
        let (texts, mode) = self.server.hear(dial, text, wall);
        if self.server.behind_gateway {
            self.count(Class::Gateway);
        }
        if let Some(mode) = mode {
            self.greeted(mode, again);
            if !again {
                self.flap(dial);
            }
            tell!(self, "server", "answers hello of dial {}: {mode:?}, {} events", dial.0, texts.len() - 1);
        }
        for text in texts {
            self.send_down(dial, Down::Text(text));
        }
    }

    pub fn page_end_receives(&mut self, dial: DialId, what: Down) {
        match self.passes(dial) {
            Ok(()) => {}
            Err(Passage::Held) => {
                self.hold(dial, Happening::Down { dial, what });
                return;
            }
            Err(Passage::Lost) => return,
        }
        let task = match what {
            Down::Opened => Task::Opened { dial },
            Down::Text(text) => Task::Frame { dial, text },
            Down::Binary => Task::Binary { dial },
            Down::Closed { code } => {
                self.network.wires.remove(&dial);
                Task::Closed { dial, code }
            }
        };
        self.page_task(task);
    }

    /// The page has closed its end; the server hears of it, unless nothing gets through.
    pub fn page_closes(&mut self, dial: DialId) {
        let wire = self.page.wire_of(dial);
        if self.passes(wire).is_ok() {
            self.server.peers.remove(&wire);
        }
    }

    /// The server closes its end with a code, and is done with it.
    pub fn server_closes(&mut self, dial: DialId, code: u16) {
        if self.server.peers.remove(&dial).is_some() {
            self.send_down(dial, Down::Closed { code });
        }
    }

    pub fn open_dials(&self) -> Vec<DialId> {
        self.server.peers.keys().copied().collect()
    }
}
