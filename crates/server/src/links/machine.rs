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
use latido_protocol::{
    link::LinkStatus,
    reason::{Code, Reason},
};
use tokio::time::Instant;

/// A dial that has led to nothing after this long is given up.
const DIAL_WITHIN: Duration = Duration::from_secs(10);
/// Who has been silent for this long is pinged, ...
const PING_AFTER: Duration = Duration::from_secs(30);
/// ... and has so long to answer.
const PONG_WITHIN: Duration = Duration::from_secs(10);
/// A connection that lasted this long was a good one: the next wait is short again.
const PROVEN_AFTER: Duration = Duration::from_secs(5);
/// Between two dials lies at least this, whoever asks for them.
pub const DIAL_PAUSE: Duration = Duration::from_secs(1);

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
        trouble: Option<Reason>,
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
        /// Why the attempt before failed; none when a start came too soon after the last dial.
        trouble: Option<Reason>,
    },
    /// It is not tried again by itself.
    Failed {
        trouble: Reason,
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
    Lost(Dial, Reason),
    /// The same, and trying again would not help.
    Refused(Dial, Reason),
    /// The connection stands and is of no use; the next dial waits for so long at least.
    Unusable(Dial, Reason, Duration),
    Tick,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEffect {
    Dial(Dial),
    Ping(Dial),
    /// Whatever there is, is to be let go of at once.
    HangUp,
}

pub struct Machine {
    state: State,
    auto_reconnect: bool,
    dials: u64,
    dialed_at: Option<Instant>,
    backoff: Backoff,
    random: Random,
}

impl Machine {
    pub fn new(auto_reconnect: bool, seed: u64) -> Self {
        Self {
            state: State::Stopped,
            auto_reconnect,
            dials: 0,
            dialed_at: None,
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
    pub fn trouble(&self) -> Option<&Reason> {
        match &self.state {
            State::Stopped | State::Connected { .. } => None,
            State::Dialing { trouble, .. } | State::Waiting { trouble, .. } => trouble.as_ref(),
            State::Failed { trouble } => Some(trouble),
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

    pub fn handle(&mut self, input: Input, now: Instant) -> Vec<LinkEffect> {
        match input {
            Input::Start => match self.state {
                State::Dialing { .. } | State::Connected { .. } => Vec::new(),
                State::Stopped | State::Waiting { .. } | State::Failed { .. } => self.dial(1, None, now),
            },
            Input::Stop => {
                self.state = State::Stopped;
                vec![LinkEffect::HangUp]
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
            Input::Lost(dial, trouble) if self.is_current(dial) => {
                let attempt = self.next_attempt(now);
                self.lose(attempt, trouble, Duration::ZERO, now)
            }
            Input::Unusable(dial, trouble, pause) if self.is_current(dial) => {
                // However long it stood, it proved nothing.
                let attempt = self.attempt().saturating_add(1);
                self.lose(attempt, trouble, pause, now)
            }
            Input::Refused(dial, trouble) if self.is_current(dial) => {
                self.state = State::Failed { trouble };
                vec![LinkEffect::HangUp]
            }
            Input::Lost(..) | Input::Refused(..) | Input::Unusable(..) => Vec::new(),
            Input::Tick => self.tick(now),
        }
    }

    fn is_current(&self, number: Dial) -> bool {
        match &self.state {
            State::Dialing { dial, .. } | State::Connected { dial, .. } => *dial == number,
            State::Stopped | State::Waiting { .. } | State::Failed { .. } => false,
        }
    }

    fn tick(&mut self, now: Instant) -> Vec<LinkEffect> {
        match &mut self.state {
            State::Dialing { until, .. } if now >= *until => {
                let attempt = self.next_attempt(now);
                self.lose(
                    attempt,
                    Code::SourceTooLate.says("There was no answer within 10 seconds."),
                    Duration::ZERO,
                    now,
                )
            }
            State::Waiting { attempt, until, trouble } if now >= *until => {
                let (attempt, trouble) = (*attempt, trouble.take());
                match trouble {
                    Some(trouble) if !self.auto_reconnect => {
                        self.state = State::Failed { trouble };
                        Vec::new()
                    }
                    trouble => self.dial(attempt, trouble, now),
                }
            }
            State::Connected { last_heard, pinged, .. } if now >= *last_heard + silence(*pinged) => {
                if *pinged {
                    let attempt = self.next_attempt(now);
                    let trouble = "The other side fell silent and did not answer a ping.";
                    return self.lose(attempt, Code::SourceSilent.says(trouble), Duration::ZERO, now);
                }
                // Counted from when the ping is sent, for this may come late.
                *last_heard = now.checked_sub(PING_AFTER).unwrap_or(now);
                *pinged = true;
                self.connected().map(LinkEffect::Ping).into_iter().collect()
            }
            State::Stopped
            | State::Dialing { .. }
            | State::Connected { .. }
            | State::Waiting { .. }
            | State::Failed { .. } => Vec::new(),
        }
    }

    fn dial(&mut self, attempt: u32, trouble: Option<Reason>, now: Instant) -> Vec<LinkEffect> {
        let until = self.dialed_at.map_or(now, |dialed_at| dialed_at + DIAL_PAUSE);
        if until > now {
            self.state = State::Waiting { attempt, until, trouble };
            return Vec::new();
        }
        self.dialed_at = Some(now);
        self.dials += 1;
        let dial = Dial(self.dials);
        self.state = State::Dialing { dial, attempt, until: now + DIAL_WITHIN, trouble };
        vec![LinkEffect::Dial(dial)]
    }

    /// The number of the attempt that is under way, or has led to the connection that stands.
    fn attempt(&self) -> u32 {
        match &self.state {
            State::Connected { attempt, .. }
            | State::Dialing { attempt, .. }
            | State::Waiting { attempt, .. } => *attempt,
            State::Stopped | State::Failed { .. } => 0,
        }
    }

    /// The number of the next attempt: the first again after a connection that lasted.
    fn next_attempt(&self, now: Instant) -> u32 {
        match &self.state {
            State::Connected { since, .. } if now.duration_since(*since) >= PROVEN_AFTER => 1,
            _ => self.attempt().saturating_add(1),
        }
    }

    fn lose(&mut self, attempt: u32, trouble: Reason, pause: Duration, now: Instant) -> Vec<LinkEffect> {
        self.state = if self.auto_reconnect {
            let wait = self.backoff.delay(attempt, &mut self.random);
            let wait = Duration::from_millis(wait.try_into().unwrap_or(0)).max(pause);
            State::Waiting { attempt, until: now + wait, trouble: Some(trouble) }
        } else {
            State::Failed { trouble }
        };
        vec![LinkEffect::HangUp]
    }
}

/// How long the other side may be silent.
fn silence(pinged: bool) -> Duration {
    if pinged { PING_AFTER + PONG_WITHIN } else { PING_AFTER }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
