//! The day that the chart's cursor stands on. It stops only at days with data.

/// A step of the cursor from one day with data to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the day with data before.
    Back,
    /// To the day with data after.
    On,
    /// To the first day with data.
    First,
    /// To the last day with data.
    Last,
}

/// The stop after a step; `None` without stops. `stops`: days in ascending order, as [`Model::stops`]. Without a cursor
/// (`from` is `None`) the step starts at the last stop, which is what a chart shows by itself.
///
/// [`Model::stops`]: crate::Model::stops
pub fn step(stops: &[usize], from: Option<usize>, step: Step) -> Option<usize> {
    let last = stops.len().checked_sub(1)?;
    let from = from.unwrap_or(usize::MAX);
    // Where a new day would be put to keep the order, and whether it is there.
    let (at, there) = match stops.binary_search(&from) {
        Ok(at) => (at, true),
        Err(after) if after > last => (last, true),
        Err(after) => (after, false),
    };
    let place = match step {
        Step::First => 0,
        Step::Last => last,
        Step::Back => at.saturating_sub(1),
        Step::On if there => (at + 1).min(last),
        Step::On => at,
    };
    stops.get(place).copied()
}

/// The stop that is nearest to a place on the axis of days, as [`Plot::place`] gives it; the earlier of two that are
/// equally near. `None` without stops.
///
/// [`Plot::place`]: crate::Plot::place
pub fn nearest(stops: &[usize], place: f64) -> Option<usize> {
    let distance = |stop: usize| (stop as f64 - place).abs();
    stops.iter().copied().min_by(|one, other| distance(*one).total_cmp(&distance(*other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STOPS: [usize; 3] = [2, 3, 7];

    #[test]
    fn steps_go_from_stop_to_stop_and_end_at_the_ends() {
        for (from, by, to) in [
            (Some(3), Step::On, 7),
            (Some(7), Step::On, 7),
            (Some(3), Step::Back, 2),
            (Some(2), Step::Back, 2),
            (Some(7), Step::First, 2),
            (Some(2), Step::Last, 7),
        ] {
            assert_eq!(step(&STOPS, from, by), Some(to), "{from:?} {by:?}");
        }
    }

    #[test]
    fn without_a_cursor_steps_start_at_the_last_stop() {
        assert_eq!(step(&STOPS, None, Step::Back), Some(3));
        assert_eq!(step(&STOPS, None, Step::On), Some(7));
    }

    #[test]
    fn a_cursor_whose_day_lost_its_data_goes_to_a_neighbour() {
        assert_eq!(step(&STOPS, Some(5), Step::Back), Some(3));
        assert_eq!(step(&STOPS, Some(5), Step::On), Some(7));
        assert_eq!(step(&STOPS, Some(9), Step::Back), Some(3));
    }

    #[test]
    fn the_nearest_stop_is_found_over_gaps() {
        assert_eq!(nearest(&STOPS, 4.6), Some(3));
        assert_eq!(nearest(&STOPS, 5.4), Some(7));
        assert_eq!(nearest(&STOPS, -3.0), Some(2));
        assert_eq!(nearest(&STOPS, 99.0), Some(7));
    }

    #[test]
    fn where_there_is_nothing_there_is_no_cursor() {
        assert_eq!(step(&[], None, Step::Last), None);
        assert_eq!(nearest(&[], 1.0), None);
    }
}
