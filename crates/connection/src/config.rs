//! What a connection does with time. The defaults are the contract's, `docs/protocol.md` section 3.

use crate::backoff::Backoff;

/// The limits and intervals of a connection. All times in milliseconds.
///
/// ```
/// use latido_connection::{Config, backoff::Backoff};
///
/// let mut config = Config::default();
/// config.set_timing("policy=patient heartbeatInterval=20000")?;
/// assert_eq!((config.backoff, config.heartbeat_every), (Backoff::patient(), 20_000));
/// # Ok::<(), latido_connection::config::NotATiming>(())
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether there is a backend to talk to; without one the connection is off and everything is polled.
    pub enabled: bool,
    /// The delays between dials.
    pub backoff: Backoff,
    /// Dials after the first before giving up, counted anew once a connection is proven.
    pub max_attempts: u32,
    /// How long a connection has to be live before it counts as proven.
    pub stable_after: i64,
    /// From asking for a token to `open`.
    pub dial_deadline: i64,
    /// From `open` to `welcome`; a backend that sends none by then is plain.
    pub welcome_deadline: i64,
    /// From a pong to the next ping.
    pub heartbeat_every: i64,
    /// The same where only API Gateway answers, which closes a socket after ten minutes of silence.
    pub gateway_heartbeat_every: i64,
    /// From a ping to its pong; without one by then the socket is dropped and redialled.
    pub pong_within: i64,
    /// How long a gap in the sequence may stand before the client asks again.
    pub gap_patience: i64,
    /// How often everything is refetched from a backend that does not number its events.
    pub revalidate_plain_every: i64,
    /// The least pause after the server closed with *rate limited*.
    pub rate_limited_pause: i64,
    /// How long after giving up a working poll is taken as a reason to dial once more.
    pub rearm_after: i64,
    /// A socket is replaced so long before its token expires, or a quarter of what is left of the token's
    /// life, if that is shorter.
    pub rotate_before_expiry: i64,
    /// A socket is replaced before it has lived so long: API Gateway cuts it at two hours.
    pub longest_life: i64,
    /// Who we are, in `hello`.
    pub client: String,
}

/// A part of a timing that sets nothing: its name or policy is unknown, or its value is no whole number from 1 to
/// `u32::MAX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotATiming(pub String);

impl Config {
    /// Sets what `timing` names, as in `policy=patient maxReconnectAttempts=10 heartbeatInterval=30000`, in
    /// milliseconds. The names are the integration document's, and `dialTimeout`; the policies are those of [`Backoff`]:
    /// `quick`, `patient`, `spread` (patient with full jitter). Parts apply in their order: a policy replaces the
    /// delays that were set before it.
    ///
    /// # Errors
    /// The last part that sets nothing. All other parts apply.
    pub fn set_timing(&mut self, timing: &str) -> Result<(), NotATiming> {
        let mut outcome = Ok(());
        for part in timing.split_whitespace() {
            if self.set_one(part).is_none() {
                outcome = Err(NotATiming(part.to_owned()));
            }
        }
        outcome
    }

    fn set_one(&mut self, part: &str) -> Option<()> {
        let (name, value) = part.split_once('=')?;
        if name == "policy" {
            self.backoff = match value {
                "quick" => Backoff::quick(),
                "patient" => Backoff::patient(),
                "spread" => Backoff::patient().with_full_jitter(),
                _ => return None,
            };
            return Some(());
        }
        let number: u32 = value.parse().ok().filter(|number| *number > 0)?;
        match name {
            "maxReconnectAttempts" => self.max_attempts = number,
            "initialReconnectDelay" => self.backoff.initial = number.into(),
            "maxReconnectDelay" => self.backoff.cap = number.into(),
            "heartbeatInterval" => self.heartbeat_every = number.into(),
            "heartbeatTimeout" => self.pong_within = number.into(),
            "dialTimeout" => self.dial_deadline = number.into(),
            _ => return None,
        }
        Some(())
    }
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
            gateway_heartbeat_every: 240_000,
            pong_within: 5_000,
            gap_patience: 2_000,
            revalidate_plain_every: 300_000,
            rate_limited_pause: 30_000,
            rearm_after: 60_000,
            rotate_before_expiry: 60_000,
            longest_life: 110 * 60_000,
            client: concat!("latido/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timing_sets_what_it_names_and_leaves_the_rest() {
        let mut config = Config::default();
        let timing = "policy=patient maxReconnectAttempts=3  heartbeatTimeout=200";
        assert_eq!(config.set_timing(timing), Ok(()));
        assert_eq!(config.backoff, Backoff::patient());
        assert_eq!((config.max_attempts, config.pong_within, config.heartbeat_every), (3, 200, 30_000));
        assert_eq!(config.set_timing("dialTimeout=45000"), Ok(()));
        assert_eq!((config.dial_deadline, config.pong_within), (45_000, 200));
    }

    #[test]
    fn a_timing_that_makes_no_sense_is_named_and_changes_nothing() {
        let parts = ["heartbeatTimeout=0", "heartbeatTimeout=-1", "dialTimeout=0", "dialTimeout=soon"];
        for part in parts.into_iter().chain(["policy=best", "speed=1", "nonsense"]) {
            let mut config = Config::default();
            assert_eq!(config.set_timing(part), Err(NotATiming(part.to_owned())));
            let (within, deadline) = (config.pong_within, config.dial_deadline);
            assert_eq!((within, deadline, config.backoff), (5_000, 10_000, Backoff::quick()));
        }
    }
}
