//! What a connection does with time. The defaults are the contract's, `docs/protocol.md` section 3.

use crate::backoff::Backoff;

/// All times in milliseconds.
#[derive(Clone, Debug)]
pub struct Config {
    /// A backend to talk to; without one the connection is off and everything is polled.
    pub enabled: bool,
    pub backoff: Backoff,
    /// Dials after the first before giving up.
    pub max_attempts: u32,
    /// How long a connection has to be live before it counts as proven.
    pub stable_after: i64,
    /// From asking for a token to `open`.
    pub dial_deadline: i64,
    /// From `open` to `welcome`; a backend that sends none by then is plain.
    pub welcome_deadline: i64,
    pub heartbeat_every: i64,
    pub pong_within: i64,
    /// How long a hole in the sequence may stand before the client asks again.
    pub hole_patience: i64,
    /// How often everything is refetched from a backend that does not number its events.
    pub revalidate_plain_every: i64,
    /// At least so long after the server said that we are too fast.
    pub rate_limited_pause: i64,
    /// How long after giving up a working poll is taken as a reason to dial once more.
    pub rearm_after: i64,
    /// Who we are, in `hello`.
    pub client: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            enabled: true,
            backoff: Backoff::default(),
            max_attempts: 10,
            stable_after: 5_000,
            dial_deadline: 10_000,
            welcome_deadline: 3_000,
            heartbeat_every: 30_000,
            pong_within: 5_000,
            hole_patience: 2_000,
            revalidate_plain_every: 300_000,
            rate_limited_pause: 30_000,
            rearm_after: 60_000,
            client: concat!("latido/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}
