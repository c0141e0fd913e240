//! The states, and what each input does to them.
//!
//! ```text
//!            Start               TokenReady            Opened              welcome, pong or 3 s
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
//! | `Dialling` | `Opened` | `Greeting`, says `hello` and `ping`; `Live` where the backend is known to be plain |
//! | `Greeting` | `welcome` | `Live` |
//! | `Greeting` | a pong without `head`, an event without number, an error of the gateway, or 3 s | `Live` with a plain backend |
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
//! | `dial` | the way to a connection, and losing it |
//! | `rotation` | one socket takes over from another |
//! | `send` | frames that the client sends |
//! | `frames` | what the server's frames do |
//! | `deadlines` | what the clock does |

mod deadlines;
mod dial;
mod frames;
mod page;
mod rotation;
mod send;
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
    state::{Backend, CatchingUp, Live, State},
    status::{Status, Trouble},
};

/// A tick that comes later than this behind its deadline says that the page slept.
const OVERSLEPT_MS: i64 = 2_000;

/// The connection as a state machine. Feed it with [`handle`](Self::handle), drain it with [`poll`](Self::poll).
///
/// A driver by hand, from the start to *live*:
///
/// ```
/// use latido_connection::{Config, Connection, DialId, Input, Invalidation, Now, Output, Status};
/// use latido_protocol::time::Timestamp;
///
/// /// Reports an input at a time, in milliseconds, and collects what to do about it.
/// fn give(connection: &mut Connection, ms: i32, input: Input) -> Vec<Output> {
///     let now = Now { wall: Timestamp::from_unix_ms(ms.into()), monotonic_ms: ms.into() };
///     connection.handle(input, now);
///     std::iter::from_fn(|| connection.poll()).collect()
/// }
///
/// let mut connection = Connection::new(Config::default(), 7);
/// let dial = DialId(1);
/// let outputs = give(&mut connection, 0, Input::Start);
/// assert_eq!(outputs[0], Output::FetchToken { dial, force: false });
///
/// let outputs = give(&mut connection, 20, Input::TokenReady { dial, token: "t".to_owned() });
/// assert_eq!(outputs, [Output::Dial { dial, token: "t".to_owned() }]);
///
/// let outputs = give(&mut connection, 60, Input::Opened { dial });
/// let hello_and_ping = outputs.iter().filter(|output| matches!(output, Output::Send { .. }));
/// assert_eq!(hello_and_ping.count(), 2);
///
/// let text = r#"{"type":"welcome","data":{"connectionId":"c","epoch":"e","head":0,"mode":"fresh"}}"#.to_owned();
/// let outputs = give(&mut connection, 90, Input::Frame { dial, text });
/// assert_eq!(outputs[0], Output::Invalidate(Invalidation::Everything));
/// assert_eq!(outputs[1], Output::AwaitCaughtUp { dial });
///
/// give(&mut connection, 250, Input::CaughtUp { dial });
/// assert_eq!(connection.status(), Status::Live { since: Timestamp::from_unix_ms(90) });
/// ```
pub struct Connection {
    config: Config,
    random: Random,
    state: State,
    backend: Backend,
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
    /// A connection that waits for [`Input::Start`]; off for good unless the config is enabled. `seed` feeds the
    /// jitter: random in a browser, fixed in a test.
    pub fn new(config: Config, seed: u64) -> Self {
        let state = if config.enabled { State::Stopped } else { State::Off };
        let status = if config.enabled { Status::Stopped } else { Status::Polling };
        Self {
            config,
            random: Random::seeded(seed),
            state,
            backend: Backend::default(),
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

    /// Applies an input, then compares every deadline with `now`. An input of an old dial changes nothing.
    pub fn handle(&mut self, input: Input, now: Now) {
        let overslept = self.wake_at.is_some_and(|at| now.wall > at.plus_ms(OVERSLEPT_MS));
        self.take(input, now);
        self.check_deadlines(now, overslept);
        self.announce(now);
    }

    /// The next output to carry out; `None` when there is nothing left to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The status after the last input.
    pub fn status(&self) -> Status {
        self.status
    }

    /// What the connections so far have shown of the backend.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The deadline that stands, if one does.
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.wake_at
    }

    /// Round-trip times, uptime and counters since the machine was made.
    pub fn quality(&self) -> &Quality {
        &self.quality
    }

    /// What went wrong last, if anything has.
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
                    self.send_live(&frame, now);
                }
            }
            Input::Unsubscribe { channel } => {
                for frame in self.outgoing.unsubscribe(channel) {
                    self.send_live(&frame, now);
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
