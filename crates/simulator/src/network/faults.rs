//! What goes wrong with a socket.

use latido_connection::{DialId, close_code::ABNORMAL};

use super::Condition;
use crate::{
    happening::{Happening, Recovery},
    page::task::Task,
    story::tell,
    tally::Class,
    world::World,
};

impl World {
    /// The page learns of it `notice` milliseconds later.
    pub fn cut(&mut self, dial: DialId, notice: i64) {
        if let Some(wire) = self.network.wires.get_mut(&dial)
            && wire.condition != Condition::Cut
        {
            wire.condition = Condition::Cut;
            self.server.peers.remove(&dial);
            tell!(self, "network", "cuts dial {}, noticed after {notice} ms", dial.0);
            self.count(Class::Cut);
            self.after(notice, Happening::Page(Task::Closed { dial, code: ABNORMAL }));
        }
    }

    pub fn half_open(&mut self, dial: DialId) {
        if let Some(wire) = self.network.wires.get_mut(&dial)
            && wire.condition != Condition::Cut
        {
            wire.condition = Condition::HalfOpen;
            tell!(self, "network", "dial {} is half-open", dial.0);
            self.count(Class::HalfOpen);
        }
    }

    pub fn stall(&mut self, dial: DialId, ms: i64) {
        if let Some(wire) = self.network.wires.get_mut(&dial)
            && wire.condition == Condition::Good
        {
            wire.condition = Condition::Stalled;
            tell!(self, "network", "stalls dial {} for {ms} ms", dial.0);
            self.count(Class::Stalled);
            self.after(ms, Happening::Recover(Recovery::SocketMoves { dial }));
        }
    }

    pub fn move_again(&mut self, dial: DialId) {
        if let Some(wire) = self.network.wires.get_mut(&dial)
            && wire.condition == Condition::Stalled
        {
            wire.condition = Condition::Good;
            for what in std::mem::take(&mut wire.held) {
                self.queue.push(self.now, what);
            }
        }
    }
}
