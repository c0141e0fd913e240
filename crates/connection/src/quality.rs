//! How good the connection is, for the people who open the status: times, counters, bytes.

use std::collections::VecDeque;

use latido_protocol::time::Timestamp;

use crate::status::Trouble;

/// Weight of a new round trip in the smoothed one; that of TCP's estimator (RFC 6298).
const NEW_WEIGHT: f64 = 1.0 / 8.0;
/// Weight of a new difference in the jitter; that of RTP's estimator (RFC 3550, 6.4.1).
const JITTER_WEIGHT: f64 = 1.0 / 16.0;
/// A share of less time than this is that of the first dial, which tells nothing of the connection; milliseconds.
const UPTIME_FROM_MS: i64 = 60_000;
/// So many round trips are kept: at a ping every 30 s, those of half an hour.
const RECENT: usize = 60;

/// Measurements and counters of a connection since its machine was made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quality {
    /// The last round trip, milliseconds.
    pub round_trip: Option<f64>,
    /// Exponentially weighted moving average of the round trips, milliseconds. A new one weighs 1/8 (RFC 6298).
    pub smoothed: Option<f64>,
    /// How much one round trip differs from the one before, smoothed, milliseconds. A new difference weighs 1/16
    /// (RFC 3550, 6.4.1).
    pub jitter: f64,
    /// The last round trips, at most 60, oldest first, milliseconds.
    pub recent: VecDeque<f64>,
    /// What went wrong last.
    pub last_trouble: Option<Trouble>,
    /// How often anything went wrong.
    pub troubles: u32,
    /// Pings without a pong in time. Each ended its socket.
    pub missed_pongs: u32,
    /// Sockets that were welcomed, or their backend taken for plain, after the connection had been live since its
    /// start. Of the rotations only those with a plain backend count.
    pub reconnects: u32,
    /// Sockets that were replaced in good time, before their token or their life ran out.
    pub rotations: u32,
    /// Text frames received.
    pub received: u64,
    /// Text frames sent.
    pub sent: u64,
    /// Bytes of the text received, without what WebSocket, TLS and TCP add.
    pub received_bytes: u64,
    /// Bytes of the text sent, without what WebSocket, TLS and TCP add.
    pub sent_bytes: u64,
    /// Frames of an unknown type or shape, binary ones included.
    pub not_understood: u64,
    /// When the machine was first started, and for how long it was live until `live_since`.
    started: Option<Timestamp>,
    live_ms: i64,
    live_since: Option<Timestamp>,
}

impl Quality {
    /// Adds a round trip, in milliseconds, to the averages and to `recent`.
    pub fn measured(&mut self, round_trip: f64) {
        if let Some(before) = self.round_trip {
            self.jitter += ((round_trip - before).abs() - self.jitter) * JITTER_WEIGHT;
        }
        self.round_trip = Some(round_trip);
        self.smoothed = Some(match self.smoothed {
            Some(smoothed) => smoothed + (round_trip - smoothed) * NEW_WEIGHT,
            None => round_trip,
        });
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(round_trip);
    }

    pub(crate) fn trouble(&mut self, trouble: Trouble) {
        self.last_trouble = Some(trouble);
        self.troubles += 1;
    }

    pub(crate) fn started(&mut self, now: Timestamp) {
        self.started.get_or_insert(now);
    }

    pub(crate) fn is_live(&mut self, live: bool, now: Timestamp) {
        match (live, self.live_since) {
            (true, None) => self.live_since = Some(now),
            (false, Some(since)) => {
                self.live_ms += (now.unix_ms() - since.unix_ms()).max(0);
                self.live_since = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }

    /// The share of the time since the first start in which it was live, 0 to 1; `None` in the first minute.
    pub fn uptime(&self, now: Timestamp) -> Option<f64> {
        let passed = |since: Timestamp| (now.unix_ms() - since.unix_ms()).max(0);
        let whole = passed(self.started?);
        let live = self.live_ms + self.live_since.map_or(0, passed);
        (whole >= UPTIME_FROM_MS).then(|| (live as f64 / whole as f64).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_round_trips_have_no_jitter_and_uneven_ones_have() {
        let mut quality = Quality::default();
        for _ in 0..10 {
            quality.measured(40.0);
        }
        assert_eq!((quality.smoothed, quality.jitter), (Some(40.0), 0.0));
        for number in 0..200 {
            quality.measured(if number % 2 == 0 { 30.0 } else { 50.0 });
        }
        assert!((19.0..=20.0).contains(&quality.jitter), "{}", quality.jitter);
    }

    #[test]
    fn the_last_sixty_round_trips_are_kept() {
        let mut quality = Quality::default();
        for number in 0..100 {
            quality.measured(f64::from(number));
        }
        assert_eq!(quality.recent.len(), 60);
        assert_eq!((quality.recent.front(), quality.recent.back()), (Some(&40.0), Some(&99.0)));
    }

    #[test]
    fn uptime_is_the_share_of_the_time_that_was_live() {
        let at = Timestamp::from_unix_ms;
        let mut quality = Quality::default();
        assert_eq!(quality.uptime(at(5)), None);
        quality.started(at(100_000));
        quality.is_live(true, at(200_000));
        quality.is_live(true, at(250_000));
        quality.is_live(false, at(400_000));
        assert_eq!(quality.uptime(at(500_000)), Some(0.5));
        quality.is_live(true, at(500_000));
        assert_eq!(quality.uptime(at(900_000)), Some(0.75));
    }

    #[test]
    fn uptime_is_unknown_in_the_first_minute() {
        let at = Timestamp::from_unix_ms;
        let mut quality = Quality::default();
        quality.started(at(1_000));
        quality.is_live(true, at(1_280));
        assert_eq!(quality.uptime(at(2_000)), None);
        assert_eq!(quality.uptime(at(60_999)), None);
        assert!(quality.uptime(at(61_000)).is_some_and(|share| share > 0.99));
    }
}
