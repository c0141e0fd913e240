//! What comes out of a measurement.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Milliseconds,
    Kilobytes,
    Megabytes,
    Percent,
    Times,
    Count,
    PerSecond,
}

#[derive(Clone, Debug)]
pub struct Figure {
    pub what: &'static str,
    pub value: f64,
    pub unit: Unit,
    /// At most this, of the bundled server.
    pub goal: Option<f64>,
}

impl Figure {
    pub fn of(what: &'static str, value: f64, unit: Unit) -> Self {
        Self { what, value, unit, goal: None }
    }

    /// Whether another server's value as a multiple of ours says anything.
    pub fn compares(&self) -> bool {
        match self.unit {
            Unit::Milliseconds | Unit::Kilobytes | Unit::Megabytes | Unit::Percent => true,
            Unit::Times | Unit::Count | Unit::PerSecond => false,
        }
    }

    pub fn at_most(self, goal: f64) -> Self {
        Self { goal: Some(goal), ..self }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.unit.spell(self.value))
    }
}

impl Unit {
    /// The value with as many digits as mean something.
    pub fn spell(self, value: f64) -> String {
        if value.is_nan() {
            return "–".to_owned();
        }
        match self {
            Self::Milliseconds if value < 100.0 => format!("{value:.1} ms"),
            Self::Milliseconds => format!("{} ms", grouped(value)),
            Self::Kilobytes => format!("{value:.1} kB"),
            Self::Megabytes => format!("{value:.0} MB"),
            Self::Percent => format!("{value:.0} %"),
            Self::Times => format!("{value:.1}×"),
            Self::Count => grouped(value),
            Self::PerSecond => format!("{}/s", grouped(value)),
        }
    }
}

/// `12,345`.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spelled_with_the_digits_that_mean_something() {
        assert_eq!(Unit::Milliseconds.spell(3.25), "3.2 ms");
        assert_eq!(Unit::Milliseconds.spell(12_345.6), "12,346 ms");
        assert_eq!(Unit::PerSecond.spell(20_000.0), "20,000/s");
        assert_eq!(Unit::Count.spell(123.0), "123");
        assert_eq!(Unit::Times.spell(f64::NAN), "–");
    }
}
