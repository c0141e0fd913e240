//! How good the connection is: round-trip time and counters, for the people who open the status.

/// Weight of a new round trip in the smoothed one; that of TCP's estimator (RFC 6298).
const NEW_WEIGHT: f64 = 1.0 / 8.0;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// The last round trip, milliseconds.
    pub round_trip: Option<f64>,
    /// Exponentially weighted moving average of the round trips, milliseconds.
    pub smoothed: Option<f64>,
    pub missed_pongs: u32,
    pub reconnects: u32,
    pub received: u64,
    pub sent: u64,
    /// Frames of a type or shape that we do not know.
    pub not_understood: u64,
}

impl Quality {
    pub fn measured(&mut self, round_trip: f64) {
        self.round_trip = Some(round_trip);
        self.smoothed = Some(match self.smoothed {
            Some(smoothed) => smoothed + (round_trip - smoothed) * NEW_WEIGHT,
            None => round_trip,
        });
    }
}
