//! What ends by itself, and what the server does by the clock.

use latido_connection::{DialId, Input};
use latido_protocol::frame::WelcomeMode;

use crate::{
    happening::{Down, Happening, Recovery},
    server::{Logged, random_draft, random_time},
    story::tell,
    tally::Class,
    world::World,
};

impl World {
    pub fn recover(&mut self, recovery: Recovery) {
        if self.page.paused {
            self.forgive_gap();
        }
        match recovery {
            Recovery::ServerIsUp => self.server.up = true,
            Recovery::SocketMoves { dial } => self.move_again(dial),
            Recovery::Deliver => self.server.gaps = 0,
            Recovery::WakeUp => {
                if self.page.paused {
                    tell!(self, "tab", "runs again");
                    self.page.unpause(self.now, true);
                    self.run_what_waited();
                }
            }
            Recovery::Thaw | Recovery::PageShow => {
                if self.page.paused {
                    tell!(self, "tab", "runs again");
                    self.page.unpause(self.now, false);
                    self.resume();
                }
            }
            Recovery::Online => {
                if self.page.paused {
                    self.after(1_000, Happening::Recover(recovery));
                } else if self.page.offline {
                    tell!(self, "tab", "is online");
                    self.page.offline = false;
                    self.input(Input::Online);
                    if self.page.visible {
                        self.refresh();
                    }
                    self.wake_outbox();
                }
            }
        }
    }

    /// The token behind a socket expires.
    pub fn token_expires(&mut self, dial: DialId) {
        if self.server.peers.get(&dial).is_some_and(|peer| peer.expires_at <= self.now) {
            tell!(self, "server", "the token of dial {} expires", dial.0);
            self.server_closes(dial, 4401);
        }
    }

    /// A gateway closes what nobody has used for a while.
    pub fn look_for_idle(&mut self, dial: DialId) {
        let Some(peer) = self.server.peers.get(&dial) else { return };
        let closes_at = peer.used_at + self.server.idle_limit;
        if self.now >= closes_at {
            self.count(Class::Idle);
            tell!(self, "server", "dial {} was idle for too long", dial.0);
            self.server_closes(dial, 1001);
        } else {
            self.queue.push(closes_at, Happening::LookForIdle { dial });
        }
    }

    pub fn greeted(&mut self, mode: WelcomeMode, again: bool) {
        self.count(match mode {
            WelcomeMode::Fresh => Class::Fresh,
            WelcomeMode::Resumed => Class::Resumed,
            WelcomeMode::Reset => Class::Reset,
        });
        if again {
            self.count(Class::HelloAgain);
        }
    }

    /// A server in a bad state lets everybody in, and drops them.
    pub fn flap(&mut self, dial: DialId) {
        if self.now < self.server.flap_until {
            self.count(Class::Flap);
            let (ms, code) = (self.dice.about(10, 4_000), self.dice.pick(&[1001, 1006, 1011, 1012, 1013]));
            self.after(ms, Happening::ServerCloses { dial, code });
        }
    }

    pub fn closed_with(&mut self, code: u16) {
        self.count(match code {
            4401 => Class::Refused4401,
            1008 | 4403 => Class::NotAllowed,
            4409 => Class::TooMany,
            4429 => Class::RateLimited,
            _ => Class::OtherClose,
        });
    }

    // ── Others ──────────────────────────────────────────────────────────────────────────────────

    pub fn somebody_writes(&mut self, times: i64) {
        for _ in 0..times {
            self.count(Class::Write);
            self.one_write();
            tell!(self, "others", "write: {}", self.server.newest());
            self.broadcast();
        }
    }

    fn one_write(&mut self) {
        let wall = self.wall();
        if self.dice.chance(3) {
            self.server.append(Logged::Unknown);
            return;
        }
        let records = self.server.records.len();
        match self.dice.below(if records > 12 { 4 } else { 3 }) {
            0 => {
                let draft = random_draft(&mut self.dice);
                self.server.create(&draft, wall);
            }
            1 if records > 0 => {
                let place = self.dice.below(records);
                let mut draft = self.server.records[place].draft();
                draft.amount = self.dice.between(1, 900) as u32;
                if self.dice.chance(30) {
                    draft.at = random_time(&mut self.dice);
                }
                self.server.edit(place, &draft, wall);
            }
            _ if records > 0 => {
                let place = self.dice.below(records);
                self.server.delete(place, wall);
            }
            _ => self.server.append(Logged::Unknown),
        }
        if self.dice.chance(3) {
            self.server.garble_last();
        }
    }

    /// The newest event goes to everybody who is there.
    pub fn broadcast(&mut self) {
        let wall = self.wall();
        let Some(text) = self.server.newest_text(wall) else { return };
        let seq = self.server.head;
        for dial in self.open_dials() {
            let Some(peer) = self.server.peers.get_mut(&dial) else { continue };
            if !self.server.plain && (!peer.greeted || seq <= peer.sent) {
                continue;
            }
            peer.sent = seq;
            peer.used_at = self.now;
            if self.dice.chance(self.server.gaps) {
                self.count(Class::Gap);
            } else {
                self.send_down(dial, Down::Text(text.clone()));
            }
        }
    }
}
