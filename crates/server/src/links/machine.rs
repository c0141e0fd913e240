//! Whether a link stands, and what is done about it: a pure machine, which is told what happened and when
//! and says what is to be done.
//!
//! ```text
//!            start                opened
//!  Stopped ────────▶ Dialing ────────────────▶ Connected
//!     ▲ stop           ▲  │ failed, too late      │ lost, silent
//!     │ (from all)     │  ▼                       ▼
//!                   Waiting ◀──────────────── (reconnects?) ──no──▶ Failed
//! ```
//!
//! Every dial has a number, and what is said under another one has no effect: a stop wins over a dial that
//! is under way, whatever becomes of it. Times are monotonic; a timer only wakes the machine.

use std::time::Duration;

use latido_connection::{backoff::Backoff, random::Random};
use latido_protocol::link::LinkStatus;
use tokio::time::Instant;

/// A dial that has led to nothing after this long is given up.
const DIAL_WITHIN: Duration = Duration::from_secs(10);
/// Who has been silent for this long is pinged, ...
const PING_AFTER: Duration = Duration::from_secs(30);
/// ... and has so long to answer.
const PONG_WITHIN: Duration = Duration::from_secs(10);
/// A connection that lasted this long was a good one: the next wait is short again.
const PROVEN_AFTER: Duration = Duration::from_secs(5);

/// The number of a dial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dial(pub u64);

#[derive(Clone, Debug, PartialEq)]
pub enum State {
    Stopped,
    Dialing {
        dial: Dial,
        attempt: u32,
        until: Instant,
        /// Why the attempt before this one failed.
        trouble: Option<String>,
    },
    Connected {
        dial: Dial,
        attempt: u32,
        since: Instant,
        last_heard: Instant,
        pinged: bool,
    },
    Waiting {
        attempt: u32,
        until: Instant,
        trouble: String,
    },
    /// It is not tried again by itself.
    Failed {
        trouble: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    Start,
    Stop,
    AutoReconnect(bool),
    Opened(Dial),
    /// Something came: a message, or the answer to a ping.
    Heard(Dial),
    /// The dial failed, or the connection broke.
    Lost(Dial, String),
    /// The same, and trying again would not help.
    Refused(Dial, String),
    Tick,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Dial(Dial),
    Ping(Dial),
    /// Whatever there is, is to be let go of at once.
    HangUp,
}

pub struct Machine {
    state: State,
    auto_reconnect: bool,
    dials: u64,
    backoff: Backoff,
    random: Random,
}

impl Machine {
    pub fn new(auto_reconnect: bool, seed: u64) -> Self {
        Self {
            state: State::Stopped,
            auto_reconnect,
            dials: 0,
            backoff: Backoff::patient(),
            random: Random::seeded(seed),
        }
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    pub fn auto_reconnect(&self) -> bool {
        self.auto_reconnect
    }

    /// The number of the connection that stands.
    pub fn connected(&self) -> Option<Dial> {
        match &self.state {
            State::Connected { dial, .. } => Some(*dial),
            _ => None,
        }
    }

    pub fn status(&self) -> LinkStatus {
        match &self.state {
            State::Stopped => LinkStatus::Disconnected,
            State::Dialing { .. } | State::Waiting { .. } => LinkStatus::Reconnecting,
            State::Connected { .. } => LinkStatus::Connected,
            State::Failed { .. } => LinkStatus::Error,
        }
    }

    /// What is wrong, if something is.
    pub fn trouble(&self) -> Option<&str> {
        match &self.state {
            State::Stopped | State::Connected { .. } => None,
            State::Dialing { trouble, .. } => trouble.as_deref(),
            State::Waiting { trouble, .. } | State::Failed { trouble } => Some(trouble),
        }
    }

    /// When [`Input::Tick`] is wanted.
    pub fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Stopped | State::Failed { .. } => None,
            State::Dialing { until, .. } | State::Waiting { until, .. } => Some(*until),
            State::Connected { last_heard, pinged, .. } => Some(*last_heard + silence(*pinged)),
        }
    }

    pub fn handle(&mut self, input: Input, now: Instant) -> Vec<Order> {
        match input {
            Input::Start => match self.state {
                State::Dialing { .. } | State::Connected { .. } => Vec::new(),
                State::Stopped | State::Waiting { .. } | State::Failed { .. } => self.dial(1, None, now),
            },
            Input::Stop => {
                self.state = State::Stopped;
                vec![Order::HangUp]
            }
            Input::AutoReconnect(wanted) => {
                self.auto_reconnect = wanted;
                Vec::new()
            }
            Input::Opened(number) => match &self.state {
                State::Dialing { dial, attempt, .. } if *dial == number => {
                    self.state = State::Connected {
                        dial: number,
                        attempt: *attempt,
                        since: now,
                        last_heard: now,
                        pinged: false,
                    };
                    Vec::new()
                }
                _ => Vec::new(),
            },
            Input::Heard(number) => {
                if let State::Connected { dial, last_heard, pinged, .. } = &mut self.state
                    && *dial == number
                {
                    (*last_heard, *pinged) = (now, false);
                }
                Vec::new()
            }
            Input::Lost(dial, trouble) if self.is_current(dial) => self.lose(trouble, now),
            Input::Refused(dial, trouble) if self.is_current(dial) => {
                self.state = State::Failed { trouble };
                vec![Order::HangUp]
            }
            Input::Lost(..) | Input::Refused(..) => Vec::new(),
            Input::Tick => self.tick(now),
        }
    }

    fn is_current(&self, number: Dial) -> bool {
        match &self.state {
            State::Dialing { dial, .. } | State::Connected { dial, .. } => *dial == number,
            State::Stopped | State::Waiting { .. } | State::Failed { .. } => false,
        }
    }

    fn tick(&mut self, now: Instant) -> Vec<Order> {
        match &mut self.state {
            State::Dialing { until, .. } if now >= *until => {
                self.lose("There was no answer within 10 seconds.".to_owned(), now)
            }
            State::Waiting { attempt, until, trouble } if now >= *until => {
                let (attempt, trouble) = (*attempt, std::mem::take(trouble));
                if self.auto_reconnect {
                    self.dial(attempt, Some(trouble), now)
                } else {
                    self.state = State::Failed { trouble };
                    Vec::new()
                }
            }
            State::Connected { last_heard, pinged, .. } if now >= *last_heard + silence(*pinged) => {
                if *pinged {
                    return self
                        .lose("The other side fell silent and did not answer a ping.".to_owned(), now);
                }
                // Counted from when the ping is sent, for this may come late.
                *last_heard = now.checked_sub(PING_AFTER).unwrap_or(now);
                *pinged = true;
                self.connected().map(Order::Ping).into_iter().collect()
            }
            State::Stopped
            | State::Dialing { .. }
            | State::Connected { .. }
            | State::Waiting { .. }
            | State::Failed { .. } => Vec::new(),
        }
    }

    fn dial(&mut self, attempt: u32, trouble: Option<String>, now: Instant) -> Vec<Order> {
        self.dials += 1;
        let dial = Dial(self.dials);
        self.state = State::Dialing { dial, attempt, until: now + DIAL_WITHIN, trouble };
        vec![Order::Dial(dial)]
    }

    fn lose(&mut self, trouble: String, now: Instant) -> Vec<Order> {
        let attempt = match &self.state {
            State::Connected { since, .. } if now.duration_since(*since) >= PROVEN_AFTER => 1,
            State::Connected { attempt, .. } | State::Dialing { attempt, .. } => attempt.saturating_add(1),
            State::Stopped | State::Waiting { .. } | State::Failed { .. } => 1,
        };
        self.state = if self.auto_reconnect {
            let wait = self.backoff.delay(attempt, &mut self.random);
            let wait = Duration::from_millis(wait.try_into().unwrap_or(0));
            State::Waiting { attempt, until: now + wait, trouble }
        } else {
            State::Failed { trouble }
        };
        vec![Order::HangUp]
    }
}

/// How long the other side may be silent.
fn silence(pinged: bool) -> Duration {
    if pinged { PING_AFTER + PONG_WITHIN } else { PING_AFTER }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
