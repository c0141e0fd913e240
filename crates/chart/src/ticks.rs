//! Few round numbers that cover an extent: steps of 1, 2 or 5 times a power of ten.
//!
//! They are counted in tenths, which is as fine as labels are, so that 70.3 is the very number
//! that its label says and not the sum of seven hundred roundings.

use crate::extent::Extent;

/// The ticks of an axis.
///
/// ```
/// use latido_chart::{extent::Extent, ticks::Ticks};
///
/// let ticks = Ticks::over(Extent { low: 71.3, high: 71.6 }, 4);
/// assert_eq!(ticks.values(), [71.3, 71.4, 71.5, 71.6]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ticks {
    /// All in tenths.
    first: f64,
    last: f64,
    step: f64,
}

impl Ticks {
    /// The ticks over an extent, with the least step of at least 0.1 that needs no more than `most` intervals; fewer
    /// than 2 count as 2, as two values on either side of a round number may never fit into one. Both ends must be
    /// finite: with NaN no step fits, and the search would not end.
    pub fn over(extent: Extent, most: usize) -> Self {
        let (low, high) = (extent.low * 10.0, extent.high * 10.0);
        let most = most.max(1) as f64;
        let mut step = 1.0;
        let mut factors = [2.0, 2.5, 2.0].into_iter().cycle();
        loop {
            let (first, last) = ((low / step).floor(), (high / step).ceil());
            let last = last.max(first + 1.0);
            // Two that straddle a round number may never fit into one interval.
            if last - first <= most.max(2.0) {
                return Self { first: first * step, last: last * step, step };
            }
            step *= factors.next().unwrap_or(2.0);
        }
    }

    /// From the first tick to the last. It holds the extent that was asked for.
    pub fn extent(self) -> Extent {
        Extent { low: self.first / 10.0, high: self.last / 10.0 }
    }

    /// The values of the ticks, from the lowest up.
    pub fn values(self) -> Vec<f64> {
        let count = ((self.last - self.first) / self.step) as usize;
        (0..=count).map(|place| (self.first + place as f64 * self.step) / 10.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(low: f64, high: f64) -> Vec<f64> {
        Ticks::over(Extent { low, high }, 4).values()
    }

    #[test]
    fn steps_are_one_two_or_five() {
        assert_eq!(ticks(0.0, 2150.0), [0.0, 1000.0, 2000.0, 3000.0]);
        assert_eq!(ticks(0.0, 7.0), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(ticks(62.0, 157.0), [50.0, 100.0, 150.0, 200.0]);
        assert_eq!(ticks(71.3, 71.6), [71.3, 71.4, 71.5, 71.6]);
    }

    #[test]
    fn ticks_are_as_fine_as_their_labels_and_no_finer() {
        assert_eq!(ticks(36.61, 36.62), [36.6, 36.7]);
        assert_eq!(ticks(5.0, 5.0), [5.0, 5.1]);
    }

    #[test]
    fn ticks_cross_zero() {
        assert_eq!(ticks(-3.0, 4.0), [-4.0, -2.0, 0.0, 2.0, 4.0]);
    }
}
