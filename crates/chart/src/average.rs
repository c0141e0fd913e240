//! The moving average: of the last so many days, those that have a value.
//!
//! It looks back only, so that yesterday's average does not change tomorrow; and a day without a
//! value has one while the window still holds any, so that the line goes on over a forgotten day.

use crate::extent::Extent;

/// The mean of each day and those before it, `window` days in all; 0 counts as 1. `None` where the window holds no
/// value. Values are finite.
///
/// ```
/// use latido_chart::average::moving_average;
///
/// let values = [Some(70.0), None, Some(71.0), None, None];
/// assert_eq!(moving_average(&values, 3), [Some(70.0), Some(70.0), Some(70.5), Some(71.0), Some(71.0)]);
/// ```
pub fn moving_average(values: &[Option<f64>], window: usize) -> Vec<Option<f64>> {
    let mut averages = Vec::with_capacity(values.len());
    for day in 0..values.len() {
        let from = (day + 1).saturating_sub(window.max(1));
        averages.push(average(&values[from..=day]));
    }
    averages
}

fn average(values: &[Option<f64>]) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.iter().flatten() {
        sum += value;
        count += 1;
        low = low.min(*value);
        high = high.max(*value);
    }
    // Rounding must not put the average of equal values beside them.
    (count > 0).then(|| Extent { low, high }.nearest(sum / f64::from(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_skips_gaps_and_ends_with_the_window() {
        let values = [Some(1.0), None, Some(3.0), None, None, None];
        assert_eq!(moving_average(&values, 3), [Some(1.0), Some(1.0), Some(2.0), Some(3.0), Some(3.0), None]);
    }

    #[test]
    fn a_window_of_one_day_is_the_day() {
        let values = [Some(1.0), None, Some(3.0)];
        assert_eq!(moving_average(&values, 1), values);
        assert_eq!(moving_average(&values, 0), values);
    }
}
