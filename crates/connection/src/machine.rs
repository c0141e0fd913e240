//! The states, and what each input does to them.
//!
//! ```text
//!            Start               TokenReady            Opened              welcome, or 3 s
//! Stopped ─────────▶ FetchingToken ───────▶ Dialling ─────────▶ Greeting ─────────────────▶ Live
//!    ▲                 ▲    ▲   │               │                   │                      │  ▲ │
//!    │ Stop            │    │   └── failed, refused, too late ──────┴─ closed, no pong ────┤  │ │ its time
//!    │ (from           │    │ retry_at, online, visible, Retry                            │  │ │ runs out
//!    │  anywhere)      │    └─────── Waiting ◀── while visible ────────────────────────────┤  │ ▼
//!                      │               │ hidden                                            │ Rotating
//!                      ├── visible ── Parked ◀── while hidden ─────────────────────────────┤  (two dials)
//!                      │
//!                      └── Retry, signs of life ── GaveUp ◀── ten attempts used up, or the server says no
//! ```
//!
//! | from | input | to |
//! |---|---|---|
//! | `Off` (no backend configured) | anything | `Off` |
//! | `Stopped` | `Start` | `FetchingToken` |
//! | any but `Off` | `Stop` | `Stopped`; nothing but `Start` leaves it |
//! | `FetchingToken` | `TokenReady` | `Dialling` |
//! | `Dialling` | `Opened` | `Greeting`, says `hello` |
//! | `Greeting` | `welcome` | `Live` |
//! | `Greeting` | an event without number, or 3 s | `Live` with a plain backend |
//! | any of these | failed, closed, 10 s | `Waiting`; `Parked` while hidden; `GaveUp` after ten |
//! | `Live` | closed, no pong, `goaway` | the same |
//! | any with a dial | 4401, or no session | `FetchingToken` by force; if it was by force, `GaveUp` |
//! | any with a dial | 1008, 4403, 4409 | `GaveUp` |
//! | `Live` | its token or its life runs out | `Rotating` |
//! | `Rotating` | the successor has caught up | `Live` on the successor; the old one is closed after |
//! | `Rotating` | the successor fails | `Live` on the old one, to try again |
//! | `Rotating` | the old one is lost | the successor's own stage |
//! | `Waiting` | `retry_at`, `Online`, `Visible`, `Retry` | `FetchingToken` |
//! | `Waiting` | `Hidden` | `Parked` |
//! | `Parked` | `Visible`, `Retry` | `FetchingToken` |
//! | `GaveUp` | `Retry`, `Start`; after ten attempts also `Online`, `Visible`, a poll that works | `FetchingToken` |
//!
//! | file | what it holds |
//! |---|---|
//! | `page` | what the user and the browser do: start, stop, hide, show, come online |
//! | `dialling` | the way to a connection, and losing it |
//! | `rotation` | one socket takes over from another |
//! | `saying` | what we say |
//! | `frames` | what the server's frames do |
//! | `deadlines` | what the clock does |

mod deadlines;
mod dialling;
mod frames;
mod page;
mod rotation;
mod saying;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use latido_protocol::time::Timestamp;

use crate::{
    catch_up::CatchUp,
    close_code::GOING_AWAY,
    config::Config,
    io::{DialId, Input, Now, Output},
    outgoing::Outgoing,
    quality::Quality,
    random::Random,
    state::{CatchingUp, Live, State, Status, Trouble},
};

/// A tick that comes later than this behind its deadline says that the page slept.
const OVERSLEPT_MS: i64 = 2_000;

/// The connection. Feed it with [`handle`](Self::handle), drain it with [`poll`](Self::poll).
pub struct Connection {
    config: Config,
    random: Random,
    state: State,
    catch_up: CatchUp,
    outgoing: Outgoing,
    quality: Quality,
    visible: bool,
    last_dial: u32,
    /// Failures since the connection last proved itself.
    attempts: u32,
    refused_in_a_row: u32,
    has_been_live: bool,
    /// The server has asked not to be dialled before (4429, `goaway`). Only the user may.
    not_before: Option<Timestamp>,
    /// The last poll did; before giving up it tells as much as after.
    polls_fail: bool,
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
            outgoing: Outgoing::default(),
            quality: Quality::default(),
            visible: true,
            last_dial: 0,
            attempts: 0,
            refused_in_a_row: 0,
            has_been_live: false,
            not_before: None,
            polls_fail: false,
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
        self.announce(now);
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
        self.quality.last_trouble
    }

    fn take(&mut self, input: Input, now: Now) {
        match input {
            Input::Start => self.start(now),
            Input::Stop => self.stop(),
            Input::Retry => self.retry(now),
            Input::TokenReady { dial, token } => self.token_ready(dial, token),
            Input::TokenFailed { dial, failure } => self.token_failed(dial, failure, now),
            Input::Opened { dial } => self.opened(dial, now),
            Input::Frame { dial, text } => {
                if self.is_ours(dial) {
                    self.frame(dial, &text, now);
                }
            }
            Input::Nonsense { dial } => {
                if self.is_ours(dial) {
                    self.not_understood("");
                }
            }
            Input::Closed { dial, code } => self.closed(dial, code, now),
            Input::CaughtUp { dial } => self.caught_up(dial),
            Input::SessionChecked { valid } => self.session_checked(valid, now),
            Input::Visible | Input::Resumed { visible: true } => self.shown(now),
            Input::Hidden | Input::Frozen | Input::Resumed { visible: false } => self.hidden(),
            Input::Online => self.online(now),
            Input::Offline => self.probe(now),
            Input::PollSucceeded => self.poll_succeeded(now),
            Input::PollFailed => self.polls_fail = true,
            Input::Subscribe { channel } => {
                if let Some(frame) = self.outgoing.subscribe(channel) {
                    self.say(&frame, now);
                }
            }
            Input::Unsubscribe { channel } => {
                for frame in self.outgoing.unsubscribe(channel) {
                    self.say(&frame, now);
                }
            }
            Input::Typing { contact_id, typing } => self.typing(contact_id, typing, now),
            // Waking is for the deadlines, which come next.
            Input::Woke => {}
        }
    }

    /// Everything that comes from another dial than these is late, and has no effect.
    fn is_ours(&self, dial: DialId) -> bool {
        self.state.dial() == Some(dial) || self.is_successor(dial)
    }

    fn is_successor(&self, dial: DialId) -> bool {
        self.state.successor().is_some_and(|successor| successor.dial == dial)
    }

    fn new_dial(&mut self) -> DialId {
        self.last_dial += 1;
        DialId(self.last_dial)
    }

    /// Lets go of whatever is under way, without waiting for any of it.
    fn drop_dials(&mut self) {
        let dials = [self.state.dial(), self.state.successor().map(|successor| successor.dial)];
        for dial in dials.into_iter().flatten() {
            self.close(dial);
        }
    }

    fn close(&mut self, dial: DialId) {
        self.outputs.push_back(Output::Close { dial, code: GOING_AWAY });
    }

    fn announce(&mut self, now: Now) {
        let status = self.current_status();
        if status != self.status {
            self.quality.is_live(status.is_live(), now.wall);
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
            State::Live(live) | State::Rotating(live, _) if live.catching_up == CatchingUp::Done => {
                Status::Live { since: live.since }
            }
            State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::Live(Live { .. })
            | State::Rotating(..) => {
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
