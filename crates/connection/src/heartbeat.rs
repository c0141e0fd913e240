//! Whether the other side is still there.
//!
//! A half-open connection looks like a quiet one; only an answer tells them apart. While nobody
//! looks at the page the heart rests: hidden tabs wake about once a minute at best, and a verdict
//! on timers that did not run would be a verdict on the browser.

use latido_protocol::time::Timestamp;

use crate::{config::Config, io::Now};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heartbeat {
    /// The page is hidden.
    Resting,
    /// All is well; ask again at that time.
    Beating { ping_at: Timestamp },
    /// A ping is out.
    Listening { sent: Now, due: Timestamp },
}

/// What a look at the clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    Quiet,
    /// Send a ping now.
    Ping,
    /// A ping was sent, we were awake, and no answer came.
    Dead,
}

impl Heartbeat {
    pub fn beating(now: Now, config: &Config) -> Self {
        Self::Beating { ping_at: now.wall.plus_ms(config.heartbeat_every) }
    }

    pub fn listening(now: Now, config: &Config) -> Self {
        Self::Listening { sent: now, due: now.wall.plus_ms(config.pong_within) }
    }

    pub fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Resting => None,
            Self::Beating { ping_at } => Some(*ping_at),
            Self::Listening { due, .. } => Some(*due),
        }
    }

    /// `overslept`: this look comes so late that the answer may be waiting behind it.
    pub fn check(&self, now: Now, overslept: bool) -> Pulse {
        match self {
            Self::Beating { ping_at } if now.wall >= *ping_at => Pulse::Ping,
            Self::Listening { due, .. } if now.wall >= *due => {
                if overslept {
                    Pulse::Ping
                } else {
                    Pulse::Dead
                }
            }
            Self::Resting | Self::Beating { .. } | Self::Listening { .. } => Pulse::Quiet,
        }
    }

    /// The round trip in milliseconds, when this pong answers a ping.
    pub fn round_trip(&self, now: Now) -> Option<f64> {
        match self {
            Self::Listening { sent, .. } => Some((now.monotonic_ms - sent.monotonic_ms).max(0.0)),
            Self::Resting | Self::Beating { .. } => None,
        }
    }
}
