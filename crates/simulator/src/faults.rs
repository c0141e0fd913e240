//! Actions, carried out. How long each lasts and whom it hits is diced when it happens.

use latido_connection::Input;
use latido_protocol::frame::ServerFrame;

use crate::{
    action::Action,
    happening::{Down, Happening, Recovery},
    network::Http,
    server::nonsense::{Nonsense, nonsense},
    story::tell,
    tally::Class,
    world::World,
};

/// Codes that only say that the server went away.
const WENT_AWAY: &[u16] = &[1000, 1001, 1005, 1006, 1009, 1011, 1012, 1013, 4408, 4999];

impl World {
    pub fn act(&mut self, action: Action) {
        if self.quiet {
            return;
        }
        match action {
            Action::Write => self.somebody_writes(1),
            Action::Burst => {
                let writes = self.dice.between(5, 60);
                self.somebody_writes(writes);
            }
            Action::Cut => {
                let notice = if self.dice.chance(60) { 0 } else { self.dice.about(100, 60_000) };
                self.each_wire(|world, dial| world.cut(dial, notice));
            }
            Action::HalfOpen => self.each_wire(Self::half_open),
            Action::Stall => {
                let ms = self.dice.about(200, 60_000);
                self.each_wire(|world, dial| world.stall(dial, ms));
            }
            Action::RefuseSockets => {
                let ms = self.dice.about(1_000, 400_000);
                tell!(self, "network", "refuses sockets for {ms} ms");
                self.network.refuse_until = self.now + ms;
            }
            Action::HangDials => {
                let ms = self.dice.about(1_000, 60_000);
                tell!(self, "network", "lets dials hang for {ms} ms");
                self.network.hang_until = self.now + ms;
            }
            Action::BreakHttp => {
                let ms = self.dice.about(500, 120_000);
                self.break_http(ms);
            }
            Action::SlowDown => {
                let ms = self.dice.about(1_000, 60_000);
                tell!(self, "network", "is slow for {ms} ms");
                self.network.slow_until = self.now + ms;
            }
            Action::Duplicate => {
                let ms = self.dice.about(1_000, 60_000);
                tell!(self, "network", "duplicates frames for {ms} ms");
                self.network.duplicates_until = self.now + ms;
            }
            Action::Outage => {
                let ms = self.dice.about(1_000, 400_000);
                self.outage(ms);
            }
            Action::Restart => self.restart(),
            Action::LoseLog => {
                self.count(Class::LostLog);
                self.restart();
                self.server.lose_log();
                tell!(self, "server", "lost its log, and is at epoch {}", self.server.epoch);
            }
            Action::BackUp => self.server.back_up(),
            Action::Restore => {
                self.count(Class::Restored);
                self.restart();
                self.server.restore();
                self.ledger.restored();
                tell!(self, "server", "restored an older database, and is at epoch {}", self.server.epoch);
            }
            Action::GoAway => self.go_away(),
            Action::Close => self.close_with_a_code(),
            Action::EndSession => self.end_session(),
            Action::BreakTokens => {
                let ms = self.dice.about(1_000, 120_000);
                tell!(self, "server", "issues no tokens for {ms} ms");
                self.server.tokens_down_until = self.now + ms;
            }
            Action::Gaps => {
                self.server.gaps = self.dice.pick(&[20, 50, 100]);
                tell!(self, "server", "does not deliver {} % of its events", self.server.gaps);
                let ms = self.dice.about(500, 60_000);
                self.after(ms, Happening::Recover(Recovery::Deliver));
            }
            Action::UserWrite => self.user_writes(),
            Action::Room => self.user_looks_into_a_room(),
            Action::Type => self.user_types(),
            Action::Reload => self.reload(false),
            Action::Crash => self.reload(true),
            Action::FamilyChange => self.families_change(),
            Action::FamilyUse => self.user_uses_families(),
            Action::Nonsense => self.talk_nonsense(),
            Action::Flap => {
                let ms = self.dice.about(5_000, 400_000);
                tell!(self, "server", "closes every socket soon for {ms} ms");
                self.server.flap_until = self.now + ms;
            }
            Action::Hide => self.hide(),
            Action::Show => self.show(),
            Action::Freeze => self.freeze(),
            Action::Cache => self.cache(),
            Action::Sleep => self.sleep(),
            Action::Offline => self.go_offline(),
            Action::SignOut => self.user_signs_out(),
            Action::SignIn => {
                if !self.page.paused && (!self.page.signed_in || self.server.session.is_none()) {
                    self.sign_in();
                }
            }
            Action::Start => {
                if !self.page.paused && self.page.signed_in {
                    tell!(self, "user", "starts");
                    self.input(Input::Start);
                }
            }
            Action::Retry => {
                if !self.page.paused {
                    tell!(self, "user", "presses Retry");
                    self.count(Class::Retry);
                    self.input(Input::Retry);
                }
            }
        }
    }

    pub(crate) fn each_wire(&mut self, mut hit: impl FnMut(&mut Self, latido_connection::DialId)) {
        let dials: Vec<_> = self.network.wires.keys().copied().collect();
        for dial in dials {
            hit(self, dial);
        }
    }

    fn break_http(&mut self, ms: i64) {
        let broken = [Http::Unreachable, Http::RequestsLost, Http::AnswersLost, Http::Unavailable];
        self.network.http = self.dice.pick(&broken);
        self.network.http_until = self.now + ms;
        tell!(self, "network", "requests: {:?} for {ms} ms", self.network.http);
    }

    pub(crate) fn outage(&mut self, ms: i64) {
        tell!(self, "network", "nothing works for {ms} ms");
        self.break_http(ms);
        self.network.refuse_until = self.now + ms;
        match self.dice.below(3) {
            0 => self.each_wire(|world, dial| world.cut(dial, 0)),
            1 => self.each_wire(Self::half_open),
            _ => self.each_wire(|world, dial| world.stall(dial, ms)),
        }
    }

    fn restart(&mut self) {
        if !self.server.up {
            return;
        }
        let ms = self.dice.about(200, 60_000);
        tell!(self, "server", "restarts, and is back in {ms} ms");
        self.count(Class::Restart);
        let politely = self.dice.chance(50);
        for dial in self.open_dials() {
            if politely {
                self.server_closes(dial, 1012);
            } else {
                self.cut(dial, 0);
            }
        }
        self.server.forget_tickets();
        self.server.up = false;
        self.after(ms, Happening::Recover(Recovery::ServerIsUp));
    }

    fn go_away(&mut self) {
        let retry_after_ms = self.dice.pick(&[0, 500, 3_000, 20_000, u64::MAX]);
        for dial in self.open_dials() {
            self.count(Class::GoAway);
            tell!(self, "server", "goaway to dial {}: {retry_after_ms} ms", dial.0);
            let text = ServerFrame::GoAway { retry_after_ms }.to_text(self.wall(), None);
            self.send_down(dial, Down::Text(text));
            self.after(2_000, Happening::ServerCloses { dial, code: 1001 });
        }
    }

    fn close_with_a_code(&mut self) {
        let code = match self.dice.below(10) {
            0 => 1008,
            1 => 4403,
            2 => 4409,
            3 => 4429,
            4 | 5 => 4401,
            _ => self.dice.pick(WENT_AWAY),
        };
        for dial in self.open_dials() {
            self.server_closes(dial, code);
        }
    }

    /// Somebody ended the session elsewhere.
    fn end_session(&mut self) {
        tell!(self, "server", "the session is ended elsewhere");
        self.server.session = None;
        for dial in self.open_dials() {
            self.server_closes(dial, 4401);
        }
    }

    fn talk_nonsense(&mut self) {
        for dial in self.open_dials() {
            self.count(Class::Nonsense);
            let (epoch, plain) = (self.server.epoch.clone(), self.server.plain);
            let what = match nonsense(&mut self.dice, &epoch, plain) {
                Nonsense::Text(text) => Down::Text(text),
                Nonsense::Binary => Down::Binary,
            };
            tell!(self, "server", "says to dial {}: {what:?}", dial.0);
            self.send_down(dial, what);
        }
    }
}
