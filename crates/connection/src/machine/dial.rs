//! The way to a connection, and losing it.

use super::Connection;
use crate::{
    close_code::Verdict,
    heartbeat::Heartbeat,
    io::{DialId, Invalidation, Now, Output, TokenFailure},
    state::{Backend, CatchingUp, Greeting, Live, Stage, State},
    status::{GaveUp, Trouble},
};

/// So many refused dials in a row, and the session is asked: a browser cannot see a 401.
const REFUSALS_BEFORE_SESSION_CHECK: u32 = 3;

impl Connection {
    /// The one way to a connection. Every dial fetches its own token.
    pub(super) fn dial(&mut self, now: Now, forced: bool) {
        if let Some(retry_at) = self.not_before.filter(|at| now.wall < *at) {
            self.state = State::Waiting { retry_at, attempt: self.attempts };
            return;
        }
        let dial = self.new_dial();
        let deadline = now.wall.plus_ms(self.config.dial_deadline);
        self.state = State::FetchingToken { dial, deadline, forced };
        self.outputs.push_back(Output::FetchToken { dial, force: forced });
    }

    pub(super) fn token_ready(&mut self, ready: DialId, token: String) {
        match &mut self.state {
            State::FetchingToken { dial, deadline, forced } if *dial == ready => {
                self.state = State::Dialling { dial: ready, deadline: *deadline, forced: *forced };
            }
            State::Rotating(_, successor) if successor.dial == ready => match successor.stage {
                Stage::FetchingToken { deadline } => successor.stage = Stage::Dialling { deadline },
                Stage::Dialling { .. } | Stage::Greeting(_) | Stage::CatchingUp { .. } => return,
            },
            _ => return,
        }
        self.outputs.push_back(Output::Dial { dial: ready, token });
    }

    pub(super) fn token_failed(&mut self, failed: DialId, failure: TokenFailure, now: Now) {
        match &self.state {
            State::FetchingToken { dial, .. } if *dial == failed => {
                self.quality.trouble(Trouble::NoToken);
                match failure {
                    TokenFailure::Unavailable => self.lost(now, 0),
                    TokenFailure::Refused => self.token_refused(now),
                }
            }
            State::Rotating(_, successor) if successor.dial == failed => {
                self.quality.trouble(Trouble::NoToken);
                self.successor_failed(now, 0);
            }
            _ => {}
        }
    }

    pub(super) fn opened(&mut self, opened: DialId, now: Now) {
        let plain_at = now.wall.plus_ms(self.config.welcome_deadline);
        let greeting = Greeting { plain_at, pinged: self.visible.then_some(now) };
        match &mut self.state {
            State::Dialling { dial, forced, .. } if *dial == opened => {
                self.state = State::Greeting { dial: opened, greeting, forced: *forced };
                self.catch_up.new_socket(now.wall);
            }
            State::Rotating(_, successor) if successor.dial == opened => match successor.stage {
                Stage::Dialling { .. } => successor.stage = Stage::Greeting(greeting),
                Stage::FetchingToken { .. } | Stage::Greeting(_) | Stage::CatchingUp { .. } => return,
            },
            _ => return,
        }
        self.refused_in_a_row = 0;
        self.send_hello(opened, now);
        if greeting.pinged.is_some() {
            self.send_ping(opened, now);
        }
        if self.backend == Backend::Plain {
            // As it was the last time. If it does number its events by now, its welcome will say so.
            if let State::Greeting { forced, .. } = self.state {
                self.go_plain(opened, forced, greeting.pinged, now);
            }
        }
    }

    pub(super) fn go_live(&mut self, live: Live, now: Now) {
        if self.has_been_live {
            self.quality.reconnects += 1;
        }
        let dial = live.dial;
        self.state = State::Live(live);
        self.resume_on_new_socket(dial, now);
    }

    /// This backend does not number its events, so nothing short of refetching shows what was missed.
    /// `pinged`: a ping is out since then. Without one a ping goes out now: perhaps there is no backend at
    /// all behind the open socket.
    pub(super) fn go_plain(&mut self, dial: DialId, forced: bool, pinged: Option<Now>, now: Now) {
        self.backend = Backend::Plain;
        self.catch_up.forget();
        let rotate_at = self.rotate_at(None, None, now);
        // Functions start cold: the first answer has as long as where the welcome is waited for first.
        let due = now.wall.plus_ms(self.config.welcome_deadline + self.config.pong_within);
        let listening = pinged.filter(|_| self.visible).map(|sent| Heartbeat::Listening { sent, due });
        let live = Live {
            heartbeat: listening.unwrap_or(Heartbeat::Resting),
            revalidate_at: Some(now.wall.plus_ms(self.config.revalidate_plain_every)),
            ..self.fresh_live(dial, forced, rotate_at, CatchingUp::Refetches, now)
        };
        self.go_live(live, now);
        self.refetch_everything(dial);
        self.probe(now);
    }

    /// A frame was answered while `hello` was not: the backend is plain.
    pub(super) fn hello_passed_over(&mut self, dial: DialId, now: Now) {
        match &self.state {
            State::Greeting { dial: ours, greeting, forced } if *ours == dial => {
                self.go_plain(dial, *forced, greeting.pinged, now);
            }
            State::Rotating(live, successor) if successor.dial == dial && live.revalidate_at.is_some() => {
                if let Stage::Greeting(greeting) = successor.stage {
                    self.switch_to_plain(dial, greeting.pinged, now);
                }
            }
            _ => {}
        }
    }

    /// The ping that went out with `hello` was answered before it: whoever goes live without a welcome waits for no pong.
    pub(super) fn greeting_ping_answered(&mut self, dial: DialId) {
        match &mut self.state {
            State::Greeting { dial: ours, greeting, .. } if *ours == dial => greeting.pinged = None,
            State::Rotating(_, successor) if successor.dial == dial => {
                if let Stage::Greeting(greeting) = &mut successor.stage {
                    greeting.pinged = None;
                }
            }
            _ => {}
        }
    }

    pub(super) fn refetch_everything(&mut self, dial: DialId) {
        self.outputs.push_back(Output::Invalidate(Invalidation::Everything));
        self.outputs.push_back(Output::AwaitCaughtUp { dial });
    }

    pub(super) fn caught_up(&mut self, dial: DialId) {
        if let Some(live) = self.state.live_mut()
            && live.dial == dial
            && live.catching_up == CatchingUp::Refetches
        {
            live.catching_up = CatchingUp::Done;
            self.has_been_live = true;
        }
    }

    // ── Losing it ───────────────────────────────────────────────────────────────────────────────

    pub(super) fn closed(&mut self, dial: DialId, code: u16, now: Now) {
        if self.is_successor(dial) {
            self.successor_closed(code, now);
            return;
        }
        if self.state.dial() != Some(dial) {
            return;
        }
        let never_opened = matches!(self.state, State::Dialling { .. });
        self.note_close(code, never_opened);
        if self.successor_takes_over(now) {
            return;
        }
        match Verdict::of(code) {
            Verdict::Reconnect => self.lost(now, 0),
            Verdict::ReconnectSlowly => {
                self.not_before = Some(now.wall.plus_ms(self.config.rate_limited_pause));
                self.lost(now, self.config.rate_limited_pause);
            }
            Verdict::RefreshToken => self.token_refused(now),
            Verdict::NotAllowed => self.give_up(GaveUp::NotAllowed, now),
            Verdict::TooManyConnections => self.give_up(GaveUp::TooManyConnections, now),
        }
    }

    /// What is to be known of it, whichever socket it was.
    pub(super) fn note_close(&mut self, code: u16, never_opened: bool) {
        self.quality.trouble(match code {
            _ if never_opened => Trouble::DialRefused,
            1009 => Trouble::MessageTooBig,
            code => Trouble::Closed { code },
        });
        if never_opened && Verdict::of(code) == Verdict::Reconnect {
            self.dial_refused();
        }
    }

    fn dial_refused(&mut self) {
        self.refused_in_a_row += 1;
        if self.refused_in_a_row == REFUSALS_BEFORE_SESSION_CHECK {
            self.refused_in_a_row = 0;
            self.outputs.push_back(Output::CheckSession);
        }
    }

    /// Backs off, at least for `pause` milliseconds; parks if the page is hidden.
    pub(super) fn lost(&mut self, now: Now, pause: i64) {
        if !self.visible {
            self.state = State::Parked;
            return;
        }
        self.attempts += 1;
        if self.attempts > self.config.max_attempts {
            self.give_up(GaveUp::AttemptsUsedUp, now);
        } else {
            let delay = self.config.backoff.delay(self.attempts, &mut self.random).max(pause);
            let retry_at = now.wall.plus_ms(delay);
            self.state = State::Waiting { retry_at, attempt: self.attempts };
        }
    }

    /// One refresh by force; a fresh token that is refused too ends it.
    pub(super) fn token_refused(&mut self, now: Now) {
        if self.state.forced() {
            self.give_up(GaveUp::SessionOver, now);
        } else if self.visible {
            self.dial(now, true);
        } else {
            self.state = State::Parked;
        }
    }

    pub(super) fn session_checked(&mut self, valid: bool, now: Now) {
        if !valid && !matches!(self.state, State::Off | State::Stopped | State::GaveUp { .. }) {
            self.drop_dials();
            self.token_refused(now);
        }
    }

    pub(super) fn give_up(&mut self, reason: GaveUp, now: Now) {
        self.state = State::GaveUp { reason, since: now.wall };
    }
}
