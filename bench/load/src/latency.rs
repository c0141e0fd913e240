//! Percentiles of what was measured, exactly: every value is kept.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Durations, from any number of tasks.
#[derive(Default)]
pub struct Latencies(Mutex<Vec<u32>>);

impl Latencies {
    /// Microseconds are kept; what lasts longer than an hour counts as an hour.
    pub fn record(&self, took: Duration) {
        let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(micros);
    }

    /// Takes what was recorded so far; the next begins with nothing.
    pub fn take(&self) -> Percentiles {
        let mut micros = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        micros.sort_unstable();
        Percentiles { micros }
    }
}

/// Sorted.
pub struct Percentiles {
    micros: Vec<u32>,
}

impl Percentiles {
    pub fn count(&self) -> usize {
        self.micros.len()
    }

    /// The smallest value in milliseconds that at least this share (0 to 1) does not exceed; `NaN` of nothing.
    pub fn at(&self, share: f64) -> f64 {
        let rank = (share * self.micros.len() as f64).ceil() as usize;
        self.micros.get(rank.saturating_sub(1)).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let latencies = Latencies::default();
        (1..=200).rev().for_each(|ms| latencies.record(Duration::from_millis(ms)));
        let percentiles = latencies.take();
        let told = [0.5, 0.95, 0.99, 1.0].map(|share| percentiles.at(share) as u64);
        assert_eq!(told, [100, 190, 198, 200]);
        assert_eq!(latencies.take().count(), 0, "they were taken");
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert!(Latencies::default().take().at(0.99).is_nan());
    }
}
