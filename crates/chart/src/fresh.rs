//! Which days an update changed, so that they can be seen to arrive.

use crate::model::Model;

/// More than these are another set of data rather than news.
const FEW: usize = 3;

/// The days that have a new or another value, in order. Both models must begin on the same day. Empty if more than
/// three days changed, if the models differ in days or roles, or if there was no data before: that is another set of
/// data rather than news.
pub fn changed(before: &Model, now: &Model) -> Vec<usize> {
    let days = now.series().days();
    if before.series().days() != days || before.roles() != now.roles() || before.stops().is_empty() {
        return Vec::new();
    }
    let differs = |day: &usize| {
        // Averages follow from days before; only what was measured is news.
        let own = |model: &Model| {
            let series = model.series();
            let parts: Vec<f64> = (0..series.parts()).map(|part| series.part(part, *day)).collect();
            (series.value(*day), series.range(*day), parts)
        };
        own(before) != own(now)
    };
    let changed: Vec<usize> = (0..days).filter(differs).collect();
    if changed.len() > FEW {
        return Vec::new();
    }
    // What is gone has nothing to arrive with.
    changed.into_iter().filter(|day| now.stops().binary_search(day).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::Series;

    fn line(values: &[f64]) -> Model {
        let values = values.iter().map(|value| (*value > 0.0).then_some(*value)).collect();
        Model::new(Series::Line { values, window: 7 })
    }

    #[test]
    fn a_new_value_and_a_changed_one_are_fresh() {
        assert_eq!(changed(&line(&[1.0, 0.0, 0.0]), &line(&[1.0, 0.0, 3.0])), [2]);
        assert_eq!(changed(&line(&[1.0, 2.0, 0.0]), &line(&[1.0, 9.0, 3.0])), [1, 2]);
    }

    #[test]
    fn a_deleted_value_is_not_fresh() {
        assert_eq!(changed(&line(&[1.0, 2.0]), &line(&[1.0, 0.0])), [0_usize; 0]);
    }

    #[test]
    fn another_set_of_data_is_not_news() {
        assert!(changed(&line(&[1.0; 5]), &line(&[2.0; 5])).is_empty());
        assert!(changed(&line(&[1.0; 5]), &line(&[1.0; 4])).is_empty());
        assert!(changed(&line(&[0.0; 5]), &line(&[0.0, 0.0, 1.0, 0.0, 0.0])).is_empty());
    }

    #[test]
    fn a_part_that_grows_makes_its_day_fresh() {
        let eaten = |last: f64| Model::new(Series::Stacked { parts: vec![vec![1.0, 1.0], vec![2.0, last]] });
        assert_eq!(changed(&eaten(2.0), &eaten(3.0)), [1]);
    }
}
