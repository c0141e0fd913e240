//! The states, and what each input does to them.
//!
//! ```text
//!            Start               TokenReady            Opened              welcome, or 3 s
//! Stopped ─────────▶ FetchingToken ───────▶ Dialling ─────────▶ Greeting ─────────────────▶ Live
//!    ▲                 ▲    ▲   │               │                   │                        │
//!    │ Stop            │    │   └───────────────┴── failed, closed ─┴── closed, no pong ─────┤
//!    │ (from           │    │ retry_at, online                                              │
//!    │  anywhere)      │    └───────────── Waiting ◀── visible ──────────────────────────────┤
//!                      │                     │ ten attempts used up; or the server says no   │
//!                      ├── Retry, signs ── GaveUp                                            │
//!                      │   of life                                                           │
//!                      └── visible ──────── Parked ◀── hidden ───────────────────────────────┘
//! ```
//!
//! `Off` (no backend configured) has no way in or out. A refused token (4401) goes from anywhere
//! straight back to `FetchingToken`, by force; when that one is refused too, to `GaveUp`.
//!
//! The file holds the lifecycle; what frames do to a live connection is in `frames`.

mod frames;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use latido_protocol::{frame::ClientFrame, time::Timestamp};

use crate::{
    catch_up::{CatchUp, HoleAction},
    close_code::{GOING_AWAY, Verdict},
    config::Config,
    heartbeat::{Heartbeat, Pulse},
    io::{DialId, Input, Invalidation, Now, Output, TokenFailure},
    quality::Quality,
    random::Random,
    state::{CatchingUp, GaveUp, Live, State, Status, Trouble},
};

/// A tick that comes later than this behind its deadline says that the page slept.
const OVERSLEPT_MS: i64 = 2_000;
/// So many refused dials in a row, and the session is asked: a browser cannot see a 401.
const REFUSALS_BEFORE_SESSION_CHECK: u32 = 3;

/// The connection. Feed it with [`handle`](Self::handle), drain it with [`poll`](Self::poll).
pub struct Connection {
    config: Config,
    random: Random,
    state: State,
    catch_up: CatchUp,
    quality: Quality,
    last_trouble: Option<Trouble>,
    visible: bool,
    last_dial: u32,
    /// Failures since the connection last proved itself.
    attempts: u32,
    refused_in_a_row: u32,
    has_been_live: bool,
    status: Status,
    wake_at: Option<Timestamp>,
    outputs: VecDeque<Output>,
}

impl Connection {
    /// `seed` feeds the jitter: random in a browser, fixed in a test.
    pub fn new(config: Config, seed: u64) -> Self {
        let state = if config.enabled { State::Stopped } else { State::Off };
        let status = if config.enabled { Status::Stopped } else { Status::Polling };
        Self {
            config,
            random: Random::seeded(seed),
            state,
            catch_up: CatchUp::default(),
            quality: Quality::default(),
            last_trouble: None,
            visible: true,
            last_dial: 0,
            attempts: 0,
            refused_in_a_row: 0,
            has_been_live: false,
            status,
            wake_at: None,
            outputs: VecDeque::new(),
        }
    }

    /// Something happened. Late news of an old dial has no effect.
    pub fn handle(&mut self, input: Input, now: Now) {
        let overslept = self.wake_at.is_some_and(|at| now.wall > at.plus_ms(OVERSLEPT_MS));
        self.take(input, now);
        self.check_deadlines(now, overslept);
        self.announce();
    }

    /// What to do next about it; `None` when there is nothing left to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub fn status(&self) -> Status {
        self.status
    }

    /// The deadline that stands, if one does.
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.wake_at
    }

    pub fn quality(&self) -> &Quality {
        &self.quality
    }

    pub fn last_trouble(&self) -> Option<Trouble> {
        self.last_trouble
    }

    fn take(&mut self, input: Input, now: Now) {
        match input {
            Input::Start => self.start(now),
            Input::Stop => self.stop(),
            Input::Retry => self.retry(now),
            Input::TokenReady { dial, token } => self.token_ready(dial, token),
            Input::TokenFailed { dial, failure } => self.token_failed(dial, failure, now),
            Input::Opened { dial } => self.opened(dial, now),
            Input::Frame { dial, text } if self.is_current(dial) => self.frame(&text, now),
            Input::Nonsense { dial } if self.is_current(dial) => self.quality.not_understood += 1,
            Input::Closed { dial, code } if self.is_current(dial) => self.closed(code, now),
            Input::CaughtUp { dial } => self.caught_up(dial),
            Input::SessionChecked { valid } => {
                if !valid && !matches!(self.state, State::Off | State::Stopped | State::GaveUp { .. }) {
                    self.drop_dial();
                    self.token_refused(now);
                }
            }
            Input::Visible => self.shown(now),
            Input::Hidden => self.hidden(),
            Input::Online => self.online(now),
            Input::Offline => self.probe(now),
            Input::PollSucceeded => self.poll_succeeded(now),
            Input::PollFailed => {
                if let State::GaveUp { poll_failed, .. } = &mut self.state {
                    *poll_failed = true;
                }
            }
            // Late news of an old dial; and waking is for the deadlines, which come next.
            Input::Frame { .. } | Input::Nonsense { .. } | Input::Closed { .. } | Input::Woke => {}
        }
    }

    fn is_current(&self, dial: DialId) -> bool {
        self.state.dial() == Some(dial)
    }

    // ── The user ────────────────────────────────────────────────────────────────────────────────

    fn start(&mut self, now: Now) {
        match self.state {
            State::Stopped | State::GaveUp { .. } | State::Parked => {
                self.attempts = 0;
                self.dial(now, false);
            }
            State::Off
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::Live(_)
            | State::Waiting { .. } => {}
        }
    }

    /// Also forgets the position: the next to start may be somebody else.
    fn stop(&mut self) {
        if self.state == State::Off {
            return;
        }
        self.drop_dial();
        self.catch_up.forget();
        self.has_been_live = false;
        self.state = State::Stopped;
    }

    fn retry(&mut self, now: Now) {
        match self.state {
            State::GaveUp { reason, .. } => {
                self.attempts = 0;
                self.dial(now, reason == GaveUp::SessionOver);
            }
            State::Waiting { .. } | State::Parked => {
                self.attempts = 0;
                self.dial(now, false);
            }
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::Live(_) => {}
        }
    }

    // ── The page ────────────────────────────────────────────────────────────────────────────────

    fn shown(&mut self, now: Now) {
        self.visible = true;
        match self.state {
            State::Parked | State::Waiting { .. } => self.dial(now, false),
            State::GaveUp { reason: GaveUp::AttemptsUsedUp, .. } => {
                self.attempts = 0;
                self.dial(now, false);
            }
            State::Live(_) => self.probe(now),
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::GaveUp { .. } => {}
        }
    }

    fn hidden(&mut self) {
        self.visible = false;
        match &mut self.state {
            State::Live(live) => live.heartbeat = Heartbeat::Resting,
            State::Waiting { .. } => self.state = State::Parked,
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::GaveUp { .. }
            | State::Parked => {}
        }
    }

    fn online(&mut self, now: Now) {
        match self.state {
            State::Waiting { .. } => self.dial(now, false),
            State::GaveUp { reason: GaveUp::AttemptsUsedUp, .. } => {
                self.attempts = 0;
                self.dial(now, false);
            }
            State::Live(_) => self.probe(now),
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::GaveUp { .. }
            | State::Parked => {}
        }
    }

    /// A poll that works after one that failed says that the network is back. One that worked all
    /// along says only that HTTP passes where the socket did not: then one dial, once in a while.
    fn poll_succeeded(&mut self, now: Now) {
        if let State::GaveUp { reason: GaveUp::AttemptsUsedUp, since, poll_failed } = self.state {
            if poll_failed {
                self.attempts = 0;
                self.dial(now, false);
            } else if now.wall >= since.plus_ms(self.config.rearm_after) {
                self.attempts = self.config.max_attempts;
                self.dial(now, false);
            }
        }
    }

    /// Doubt about a live connection is settled by asking.
    fn probe(&mut self, now: Now) {
        if let State::Live(live) = &self.state
            && self.visible
            && !matches!(live.heartbeat, Heartbeat::Listening { .. })
        {
            self.ping(now);
        }
    }

    // ── Dialling ────────────────────────────────────────────────────────────────────────────────

    /// The one way to a connection. Every dial fetches its own token.
    fn dial(&mut self, now: Now, forced: bool) {
        self.last_dial += 1;
        let dial = DialId(self.last_dial);
        let deadline = now.wall.plus_ms(self.config.dial_deadline);
        self.state = State::FetchingToken { dial, deadline, forced };
        self.outputs.push_back(Output::FetchToken { dial, force: forced });
    }

    fn token_ready(&mut self, ready: DialId, token: String) {
        if let State::FetchingToken { dial, deadline, forced } = self.state
            && dial == ready
        {
            self.state = State::Dialling { dial, deadline, forced };
            self.outputs.push_back(Output::Dial { dial, token });
        }
    }

    fn token_failed(&mut self, dial: DialId, failure: TokenFailure, now: Now) {
        if !matches!(self.state, State::FetchingToken { dial: current, .. } if current == dial) {
            return;
        }
        self.last_trouble = Some(Trouble::NoToken);
        match failure {
            TokenFailure::Unavailable => self.lost(now, 0),
            TokenFailure::Refused => self.token_refused(now),
        }
    }

    fn opened(&mut self, opened: DialId, now: Now) {
        if let State::Dialling { dial, forced, .. } = self.state
            && dial == opened
        {
            self.refused_in_a_row = 0;
            let plain_at = now.wall.plus_ms(self.config.welcome_deadline);
            self.state = State::Greeting { dial, plain_at, forced };
            self.catch_up.new_socket();
            self.say_hello(dial, now);
        }
    }

    fn go_live(&mut self, dial: DialId, forced: bool, now: Now, catching_up: CatchingUp, plain: bool) {
        let heartbeat = if self.visible { Heartbeat::beating(now, &self.config) } else { Heartbeat::Resting };
        if self.has_been_live {
            self.quality.reconnects += 1;
        }
        self.state = State::Live(Live {
            dial,
            since: now.wall,
            heartbeat,
            catching_up,
            revalidate_at: plain.then(|| now.wall.plus_ms(self.config.revalidate_plain_every)),
            proven: false,
            forced,
        });
    }

    /// No `welcome` came: this backend does not number its events, so nothing short of refetching
    /// shows what was missed.
    fn go_plain(&mut self, dial: DialId, forced: bool, now: Now) {
        self.catch_up.forget();
        self.go_live(dial, forced, now, CatchingUp::Refetches, true);
        self.outputs.push_back(Output::Invalidate(Invalidation::Everything));
        self.outputs.push_back(Output::AwaitCaughtUp { dial });
    }

    fn caught_up(&mut self, dial: DialId) {
        if let State::Live(live) = &mut self.state
            && live.dial == dial
            && live.catching_up == CatchingUp::Refetches
        {
            live.catching_up = CatchingUp::Done;
            self.has_been_live = true;
        }
    }

    // ── Losing it ───────────────────────────────────────────────────────────────────────────────

    fn closed(&mut self, code: u16, now: Now) {
        let never_opened = matches!(self.state, State::Dialling { .. });
        self.last_trouble = Some(if never_opened { Trouble::DialRefused } else { Trouble::Closed { code } });
        match Verdict::of(code) {
            Verdict::Reconnect => {
                if never_opened {
                    self.dial_refused();
                }
                self.lost(now, 0);
            }
            Verdict::ReconnectSlowly => self.lost(now, self.config.rate_limited_pause),
            Verdict::RefreshToken => self.token_refused(now),
            Verdict::NotAllowed => self.give_up(GaveUp::NotAllowed, now),
            Verdict::TooManyConnections => self.give_up(GaveUp::TooManyConnections, now),
        }
    }

    fn dial_refused(&mut self) {
        self.refused_in_a_row += 1;
        if self.refused_in_a_row == REFUSALS_BEFORE_SESSION_CHECK {
            self.refused_in_a_row = 0;
            self.outputs.push_back(Output::CheckSession);
        }
    }

    /// Backs off, at least for `pause` milliseconds; parks where nobody looks.
    fn lost(&mut self, now: Now, pause: i64) {
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
    fn token_refused(&mut self, now: Now) {
        if self.state.forced() {
            self.give_up(GaveUp::SessionOver, now);
        } else if self.visible {
            self.dial(now, true);
        } else {
            self.state = State::Parked;
        }
    }

    fn give_up(&mut self, reason: GaveUp, now: Now) {
        self.state = State::GaveUp { reason, since: now.wall, poll_failed: false };
    }

    /// Lets go of whatever is under way, without waiting for any of it.
    fn drop_dial(&mut self) {
        if let Some(dial) = self.state.dial() {
            self.outputs.push_back(Output::Close { dial, code: GOING_AWAY });
        }
    }

    // ── Time ────────────────────────────────────────────────────────────────────────────────────

    fn check_deadlines(&mut self, now: Now, overslept: bool) {
        match self.state {
            State::FetchingToken { deadline, .. } | State::Dialling { deadline, .. } => {
                if now.wall >= deadline {
                    self.last_trouble = Some(Trouble::DialTimedOut);
                    self.drop_dial();
                    self.lost(now, 0);
                }
            }
            State::Greeting { dial, plain_at, forced } => {
                if now.wall >= plain_at {
                    self.go_plain(dial, forced, now);
                }
            }
            State::Live(_) => self.check_live(now, overslept),
            State::Waiting { retry_at, .. } => {
                if now.wall >= retry_at {
                    self.dial(now, false);
                }
            }
            State::Off | State::Stopped | State::GaveUp { .. } | State::Parked => {}
        }
    }

    fn check_live(&mut self, now: Now, overslept: bool) {
        let State::Live(live) = &mut self.state else { return };
        let dial = live.dial;
        if !live.proven && now.wall >= live.since.plus_ms(self.config.stable_after) {
            live.proven = true;
            self.attempts = 0;
        }
        if live.revalidate_at.is_some_and(|at| now.wall >= at) {
            live.revalidate_at = Some(now.wall.plus_ms(self.config.revalidate_plain_every));
            self.outputs.push_back(Output::Invalidate(Invalidation::Everything));
        }
        match live.heartbeat.check(now, overslept) {
            Pulse::Quiet => {}
            Pulse::Ping => self.ping(now),
            Pulse::Dead => {
                self.quality.missed_pongs += 1;
                self.last_trouble = Some(Trouble::NoPong);
                self.drop_dial();
                self.lost(now, 0);
                return;
            }
        }
        match self.catch_up.check(now.wall, self.config.hole_patience) {
            HoleAction::Nothing => {}
            HoleAction::SayHelloAgain => self.say_hello(dial, now),
            HoleAction::Reset => {
                // A hello without a position is answered `fresh`, which refetches everything.
                self.catch_up.forget();
                self.say_hello(dial, now);
            }
        }
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        match &self.state {
            State::FetchingToken { deadline, .. } | State::Dialling { deadline, .. } => Some(*deadline),
            State::Greeting { plain_at, .. } => Some(*plain_at),
            State::Waiting { retry_at, .. } => Some(*retry_at),
            State::Live(live) => [
                live.heartbeat.deadline(),
                (!live.proven).then(|| live.since.plus_ms(self.config.stable_after)),
                live.revalidate_at,
                self.catch_up.deadline(self.config.hole_patience),
            ]
            .into_iter()
            .flatten()
            .min(),
            State::Off | State::Stopped | State::GaveUp { .. } | State::Parked => None,
        }
    }

    // ── Saying so ───────────────────────────────────────────────────────────────────────────────

    fn send(&mut self, dial: DialId, frame: &ClientFrame, now: Now) {
        self.quality.sent += 1;
        self.outputs.push_back(Output::Send { dial, text: frame.to_text(now.wall) });
    }

    fn say_hello(&mut self, dial: DialId, now: Now) {
        let hello = ClientFrame::Hello {
            position: self.catch_up.position().cloned(),
            client: self.config.client.clone(),
        };
        self.send(dial, &hello, now);
    }

    fn ping(&mut self, now: Now) {
        let seq = self.catch_up.watermark();
        if let State::Live(live) = &mut self.state {
            live.heartbeat = Heartbeat::listening(now, &self.config);
            let dial = live.dial;
            self.send(dial, &ClientFrame::Ping { seq }, now);
        }
    }

    fn announce(&mut self) {
        let status = self.current_status();
        if status != self.status {
            self.status = status;
            self.outputs.push_back(Output::StatusChanged(status));
        }
        let wake_at = self.next_deadline();
        if wake_at != self.wake_at {
            self.wake_at = wake_at;
            self.outputs.push_back(Output::WakeAt(wake_at));
        }
    }

    fn current_status(&self) -> Status {
        let reconnecting =
            |retry_at, attempt| Status::Reconnecting { retry_at, attempt, of: self.config.max_attempts };
        match &self.state {
            State::Off => Status::Polling,
            State::Stopped => Status::Stopped,
            State::Live(Live { catching_up: CatchingUp::Done, since, .. }) => Status::Live { since: *since },
            State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::Live(_) => {
                if self.attempts == 0 && !self.has_been_live {
                    Status::Connecting
                } else {
                    reconnecting(None, self.attempts)
                }
            }
            State::Waiting { retry_at, attempt } => reconnecting(Some(*retry_at), *attempt),
            State::GaveUp { reason, .. } => Status::Disconnected { reason: *reason },
            State::Parked => reconnecting(None, self.attempts),
        }
    }
}
