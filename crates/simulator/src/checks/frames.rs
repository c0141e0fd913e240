//! What is said on a socket, and what its answers show.

use latido_connection::{Backend, DialId};
use latido_protocol::frame::ClientFrame;

use super::Before;
use crate::world::World;

impl World {
    pub(super) fn check_send(&mut self, before: &Before, dial: DialId, text: &str) {
        if self.page.sockets.get(&dial) != Some(&true) {
            self.violated("nothing is sent on a socket that is not open", || {
                format!("dial {}: {text}", dial.0)
            });
        }
        match ClientFrame::parse(text) {
            Ok(ClientFrame::Ping { .. }) => {
                self.check_ping(before, dial);
                if self.page.watch.hidden {
                    self.violated("quiet while hidden", || format!("dial {} pings", dial.0));
                }
            }
            Ok(ClientFrame::Hello { position, .. }) => match position {
                Some(position) => self.page.watch.gaps.asked_from(position.seq),
                None => self.forget_position(),
            },
            Ok(_) => {}
            Err(error) => self.violated("frames are what the contract says", || error.to_string()),
        }
    }

    /// Whoever answers frames and not `hello` is known for what it is at once.
    pub fn check_plain(&mut self, before: &Before) {
        if before.passes_over && self.page.connection.backend() == Backend::Unknown {
            self.violated("an answer before a welcome is plain", String::new);
        }
    }
}
