//! How the numbers of one file are written. `1.250` is 1,250 in one file and one and a quarter in the next; which of
//! them, the file's other numbers tell: `32,5` or `71.4` anywhere in it. Without such a number a
//! table with semicolons has decimal commas, for programs that write these separate by those. Commas between the columns
//! decide nothing: programs of any language write them.

use latido_protocol::number::{DecimalMark, ParsedNumber};

use crate::quantity::Quantity;

/// What the numbers of a file have shown so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberFormat {
    commas: bool,
    points: bool,
}

impl NumberFormat {
    /// Learns from a number that can only be read in one way: `71.4`, or `250.000` kcal, which are too many as
    /// thousands. `unit` is the one that its cell, its column or its row names.
    #[must_use = "it is what is known from now on"]
    pub fn learn(self, number: &str, unit: &str, quantity: Quantity) -> Self {
        let parsed = quantity.parse(number, "", DecimalMark::Unknown);
        let parsed = parsed.narrowed(|value| quantity.is_possible(value, unit));
        let last = number.rfind([',', '.']).and_then(|at| number.get(at..)?.chars().next());
        let (ParsedNumber::Exact(_), Some(last)) = (parsed, last) else { return self };
        let is_group = number.matches(last).count() > 1;
        if quantity.is_counted() && !is_group {
            // A group of three, in any language.
            return self;
        }
        match (last, is_group) {
            (',', false) | ('.', true) => Self { commas: true, ..self },
            _ => Self { points: true, ..self },
        }
    }

    /// Reads a number, or says which two it can be. `of_cell` is the unit behind it, `unit` as for [`Self::learn`].
    pub fn read(
        self,
        number: &str,
        of_cell: &str,
        unit: &str,
        quantity: Quantity,
        delimiter: u8,
    ) -> Result<Option<f64>, (f64, f64)> {
        let mark = match (self.commas, self.points, delimiter) {
            (true, false, _) | (false, false, b';') => DecimalMark::Comma,
            (false, true, _) => DecimalMark::Point,
            (true, true, _) | (false, false, _) => DecimalMark::Unknown,
        };
        let parsed = quantity.parse(number, of_cell, mark);
        let exactly = |value| Ok(Some(exact(number, value)));
        match parsed.narrowed(|value| quantity.is_possible(value, unit)) {
            ParsedNumber::Exact(value) => exactly(value),
            ParsedNumber::NotANumber => Ok(None),
            // The number_format's own mark before three digits.
            ParsedNumber::Ambiguous { as_decimal, .. } if mark != DecimalMark::Unknown => exactly(as_decimal),
            ParsedNumber::Ambiguous { as_thousands, as_decimal } => Err((as_thousands, as_decimal)),
        }
    }
}

/// The value to its last bit, where the text is as programs write it: an export comes back as it was.
fn exact(number: &str, value: f64) -> f64 {
    let read = number.replacen(',', ".", 1).parse().ok();
    read.filter(|read: &f64| (read - value).abs() <= value.abs() * 1e-12).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use latido_protocol::metric::MetricKind;

    use super::*;

    fn read(others: &[&str], number: &str, delimiter: u8) -> Result<Option<f64>, (f64, f64)> {
        let learned =
            others.iter().fold(NumberFormat::default(), |c, other| c.learn(other, "", Quantity::Energy));
        learned.read(number, "", "", Quantity::Energy, delimiter)
    }

    #[test]
    fn semicolons_mean_decimal_commas() {
        assert_eq!(read(&[], "1.250", b';'), Ok(Some(1250.0)));
        assert_eq!(read(&[], "1,250", b';'), Ok(Some(1.25)));
        assert_eq!(read(&[], "32,5", b';'), Ok(Some(32.5)));
        assert_eq!(read(&["32.5"], "1.250", b';'), Ok(Some(1.25)));
    }

    #[test]
    fn between_commas_other_rows_decide() {
        assert_eq!(read(&[], "1.250", b','), Err((1250.0, 1.25)));
        assert_eq!(read(&["518.0"], "1.250", b','), Ok(Some(1.25)));
        assert_eq!(read(&["71,4"], "1.250", b','), Ok(Some(1250.0)));
        assert_eq!(read(&["12.5"], "1,050", b','), Ok(Some(1050.0)));
        assert_eq!(read(&["1,234.5"], "1,050", b','), Ok(Some(1050.0)));
    }

    #[test]
    fn what_stays_ambiguous_is_no_number() {
        assert_eq!(read(&[], "1,050", b','), Err((1050.0, 1.05)));
        assert_eq!(read(&[], "1.250", b'\t'), Err((1250.0, 1.25)));
        assert_eq!(read(&["71,4", "71.4"], "1.250", b';'), Err((1250.0, 1.25)));
        assert_eq!(read(&[], "much", b','), Ok(None));
    }

    #[test]
    fn what_only_one_reading_allows_is_that_one() {
        let weight = Quantity::Metric(MetricKind::Weight);
        assert_eq!(NumberFormat::default().read("71,375", "", "", weight, b'\t'), Ok(Some(71.375)));
        assert_eq!(read(&["250.000"], "1.250", b','), Ok(Some(1.25)));
    }

    #[test]
    fn readings_are_judged_in_their_unit() {
        let read = |number, unit, quantity| NumberFormat::default().read(number, "", unit, quantity, b',');
        // Five kilometres, or five metres.
        assert_eq!(read("5.000", "m", Quantity::Distance), Err((5000.0, 5.0)));
        assert_eq!(read("5.000", "km", Quantity::Distance), Ok(Some(5.0)));
        assert_eq!(read("1.800", "s", Quantity::Duration), Err((1800.0, 1.8)));
        assert_eq!(read("1.800", "min", Quantity::Duration), Ok(Some(1.8)));
        assert_eq!(NumberFormat::default().learn("5.000", "m", Quantity::Distance), NumberFormat::default());
    }

    #[test]
    fn steps_are_grouped_in_any_language() {
        let steps = Quantity::Metric(MetricKind::Steps);
        assert_eq!(NumberFormat::default().read("9.840", "", "", steps, b','), Ok(Some(9840.0)));
        assert_eq!(NumberFormat::default().read("11,665", "", "", steps, b','), Ok(Some(11665.0)));
        let comma = NumberFormat::default().learn("71,4", "", Quantity::Energy);
        assert_eq!(comma.read("9.840", "", "", steps, b','), Ok(Some(9840.0)));
    }
}
