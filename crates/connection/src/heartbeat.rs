//! Whether the other side is still there.
//!
//! A half-open connection looks like a quiet one; only an answer tells them apart. While no user
//! looks at the page the heart rests: hidden tabs wake about once a minute at best, and a verdict
//! on timers that did not run would be a verdict on the browser.

use latido_protocol::time::Timestamp;

use crate::{config::Config, io::Now};

/// The heartbeat of a live socket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heartbeat {
    /// No ping is planned: the page is hidden.
    Resting,
    /// The next ping is planned.
    Beating {
        /// When to send it.
        ping_at: Timestamp,
    },
    /// A ping was sent and has no pong yet.
    Listening {
        /// When the ping was sent.
        sent: Now,
        /// Until when its pong is due.
        due: Timestamp,
    },
}

/// What a look at the clock asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulse {
    /// Nothing yet.
    Quiet,
    /// Send a ping now.
    Ping,
    /// Drop the socket: a ping was sent, the page was awake, and no pong came in time.
    Dead,
}

impl Heartbeat {
    /// A heartbeat whose next ping goes out [`heartbeat_every`](Config::heartbeat_every) milliseconds from now.
    pub fn beating(now: Now, config: &Config) -> Self {
        Self::Beating { ping_at: now.wall.plus_ms(config.heartbeat_every) }
    }

    /// As [`beating`](Self::beating), where API Gateway answers every ping with an error: after
    /// [`gateway_heartbeat_every`](Config::gateway_heartbeat_every), or the usual interval if that is longer.
    pub fn beating_behind_gateway(now: Now, config: &Config) -> Self {
        let every = config.gateway_heartbeat_every.max(config.heartbeat_every);
        Self::Beating { ping_at: now.wall.plus_ms(every) }
    }

    /// The heartbeat after a ping: its pong is due [`pong_within`](Config::pong_within) milliseconds from now.
    pub fn listening(now: Now, config: &Config) -> Self {
        Self::Listening { sent: now, due: now.wall.plus_ms(config.pong_within) }
    }

    /// When to [`check`](Self::check) next; `None` while resting.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self {
            Self::Resting => None,
            Self::Beating { ping_at } => Some(*ping_at),
            Self::Listening { due, .. } => Some(*due),
        }
    }

    /// Compares the deadline with the clock. `overslept`: this look comes so late that the pong may be waiting behind
    /// it, so an overdue pong leads to another ping instead of [`Pulse::Dead`].
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

    /// The round trip in milliseconds, on the monotonic clock and never negative. `None` if no ping waits for this pong.
    pub fn round_trip(&self, now: Now) -> Option<f64> {
        match self {
            Self::Listening { sent, .. } => Some((now.monotonic_ms - sent.monotonic_ms).max(0.0)),
            Self::Resting | Self::Beating { .. } => None,
        }
    }
}
