//! The value of a day, made from several measurements of one kind. The rule of each kind stands in the table of
//! [`crate::metric`]; every page, chart and summary computes its days with [`DayValue`].

use crate::{day_rule::DayRule, metric::MetricKind};

/// The value of a day, made from its measurements one by one.
///
/// ```
/// use latido_protocol::{day_value::DayValue, metric::MetricKind};
///
/// let mut sleep = DayValue::new(MetricKind::Sleep);
/// assert_eq!(sleep.get(), None);
/// sleep.add(1.0);
/// sleep.add(7.0);
/// assert_eq!(sleep.get(), Some(8.0), "a nap adds to the night");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DayValue {
    rule: DayRule,
    count: f64,
    value: f64,
}

impl DayValue {
    /// A day without measurements, by the rule of `kind`.
    pub fn new(kind: MetricKind) -> Self {
        Self { rule: kind.day_rule(), count: 0.0, value: 0.0 }
    }

    /// Adds a measurement, in the unit of the kind. They have to come newest first, as lists have them.
    pub fn add(&mut self, value: f64) {
        let is_first = self.count == 0.0;
        self.count += 1.0;
        match self.rule {
            DayRule::Sum | DayRule::Mean => self.value += value,
            DayRule::Last if is_first => self.value = value,
            DayRule::Last => {}
            DayRule::Largest => self.value = if is_first { value } else { self.value.max(value) },
        }
    }

    /// The day's value in the unit of the kind; `None` for a day without measurements.
    pub fn get(self) -> Option<f64> {
        let value = if self.rule == DayRule::Mean { self.value / self.count } else { self.value };
        (self.count > 0.0).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_made_up_as_its_kind_says() {
        let day = |kind, newest_first: &[f64]| {
            let mut day = DayValue::new(kind);
            for value in newest_first {
                day.add(*value);
            }
            day.get()
        };
        assert_eq!(day(MetricKind::Steps, &[8.0, 11_665.0, 5000.0]), Some(11_665.0));
        assert_eq!(day(MetricKind::Sleep, &[1.0, 7.0]), Some(8.0));
        assert_eq!(day(MetricKind::Weight, &[68.9, 69.4]), Some(68.9));
        assert_eq!(day(MetricKind::HeartRate, &[60.0, 70.0]), Some(65.0));
        assert_eq!(day(MetricKind::Temperature, &[36.5, 39.2]), Some(39.2));
        assert_eq!(day(MetricKind::Glucose, &[]), None);
    }
}
