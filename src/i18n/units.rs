//! Measured values as text, in the reader's language and units.

use latido_protocol::{metric::MetricKind, values::Language};

use super::Locale;
use crate::browser::units::{Quantity, units};

impl Locale {
    /// The number alone, for where the unit stands beside it.
    pub fn measured(self, kind: MetricKind, value: f64) -> String {
        self.number(self.read(kind, value))
    }

    /// A metric's value in the reader's units, to be counted with or written.
    pub fn read(self, kind: MetricKind, value: f64) -> f64 {
        Quantity::of(kind).map_or(value, |quantity| quantity.from_metric(value, units()))
    }

    /// The unit of a metric as people write it.
    pub fn unit(self, kind: MetricKind) -> &'static str {
        match (Quantity::of(kind), kind) {
            (Some(quantity), _) => quantity.unit(units()),
            (None, MetricKind::Steps) => self.strings.steps_unit,
            (None, _) => kind.unit(),
        }
    }

    pub fn distance(self, km: f64) -> String {
        self.quantity(Quantity::Distance, km)
    }

    pub fn temperature(self, celsius: f64) -> String {
        self.quantity(Quantity::Temperature, celsius)
    }

    fn quantity(self, quantity: Quantity, value: f64) -> String {
        let units = units();
        self.with_unit(&self.number(quantity.from_metric(value, units)), quantity.unit(units))
    }

    /// A number and its unit, which are not broken apart at the end of a line.
    pub fn with_unit(self, number: &str, unit: &str) -> String {
        let gap = if self.unit_gap(unit).is_empty() { "" } else { "\u{a0}" };
        [number, gap, unit].concat()
    }

    /// What stands between a number and its unit: `97%` in English, `97 %` in Spanish.
    pub fn unit_gap(self, unit: &str) -> &'static str {
        if unit == "%" && self.language == Language::En { "" } else { " " }
    }
}
