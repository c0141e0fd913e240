//! What a number in a table measures, and the units that people and programs write it in.
//!
//! A number that names no unit is in the wire's. One that names another unit is converted; a unit that is not known
//! refuses the row, for 180 lb must not become 180 kg.

use latido_protocol::{
    metric::MetricKind,
    number::{DecimalMark, DurationUnit, ParsedNumber, parse_duration, parse_number, parse_whole},
};

use crate::units;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Energy,
    Nutrient,
    Distance,
    /// Of an exercise, in minutes.
    Duration,
    Metric(MetricKind),
}

/// A unit's spelling, and how [`units`] calls it.
const SPELLINGS: &[(&[&str], &str)] = &[
    (&["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramo", "kilogramos"], "kg"),
    (&["lb", "lbs", "lb.", "lbs.", "pound", "pounds", "libra", "libras"], "lb"),
    (&["st", "st.", "stone", "stones"], "st"),
    (&["oz", "oz.", "ounce", "ounces", "onza", "onzas"], "oz"),
    (&["g", "gr", "g.", "gram", "grams", "gramo", "gramos"], "g"),
    (&["mg"], "mg"),
    // In a table of food a calorie is always the large one.
    (&["kcal", "cal", "cals", "calorie", "calories", "caloría", "calorías", "kilocalories"], "kcal"),
    (&["kj", "kilojoule", "kilojoules", "kilojulio", "kilojulios"], "kJ"),
    (&["km", "kms", "kilometre", "kilometres", "kilometer", "kilometers", "kilómetro", "kilómetros"], "km"),
    (&["m", "metre", "metres", "meter", "meters", "metro", "metros"], "m"),
    (&["mi", "mi.", "mile", "miles", "milla", "millas"], "mi"),
    (&["yd", "yard", "yards", "yarda", "yardas"], "yd"),
    (&["bpm", "lpm", "ppm", "count/min", "/min"], "count/min"),
    (&["mmhg"], "mmHg"),
    (&["kpa"], "kPa"),
    (&["mg/dl"], "mg/dL"),
    (&["mmol/l", "mmol"], "mmol/L"),
    (&["g/l"], "g/L"),
    (&["h", "hr", "hrs", "hour", "hours", "hora", "horas"], "h"),
    (&["min", "mins", "minute", "minutes", "minuto", "minutos"], "min"),
    (&["s", "sec", "second", "seconds", "segundo", "segundos"], "s"),
    (&["°c", "ºc", "c", "degc", "celsius"], "degC"),
    (&["°f", "ºf", "f", "degf", "fahrenheit"], "degF"),
    (&["%", "percent", "por ciento"], "%"),
    (&["count", "steps", "step", "pasos", "paso"], "count"),
];

impl Quantity {
    /// What a metric of this kind measures, by the kind's word on the wire.
    pub fn of_metric(kind: &str) -> Option<Self> {
        MetricKind::parse(kind).ok().map(Self::Metric)
    }

    /// Brings a value to the wire's unit. A value that is in it already stays as it is.
    pub fn to_wire(self, value: f64, unit: &str) -> Result<f64, String> {
        let lower = unit.trim().to_lowercase();
        let known = SPELLINGS.iter().find(|(spellings, _)| spellings.contains(&&*lower));
        let Some(unit) = known.map(|(_, unit)| *unit) else { return Err(self.unknown(unit)) };
        if unit == self.unit() {
            return Ok(value);
        }
        match self {
            Self::Energy => units::kcal(value, unit),
            Self::Nutrient => units::grams(value, unit),
            Self::Distance => units::kilometres(value, unit),
            Self::Duration => units::minutes(value, unit),
            Self::Metric(MetricKind::Weight) => units::kilograms(value, unit),
            Self::Metric(MetricKind::HeartRate) => units::per_minute(value, unit),
            Self::Metric(MetricKind::BloodPressure) => units::mmhg(value, unit),
            Self::Metric(MetricKind::Glucose) => units::mg_per_dl(value, unit),
            Self::Metric(MetricKind::Temperature) => units::celsius(value, unit),
            Self::Metric(MetricKind::Sleep) => {
                units::minutes(value, unit).map(|minutes| units::rounded(minutes / 60.0, 4))
            }
            Self::Metric(MetricKind::Steps | MetricKind::Spo2) => Err(self.unknown(unit)),
        }
        .map_err(|_| self.unknown(unit))
    }

    /// The wire's unit, as [`units`] calls it.
    fn unit(self) -> &'static str {
        match self {
            Self::Energy => "kcal",
            Self::Nutrient => "g",
            Self::Distance => "km",
            Self::Duration => "min",
            Self::Metric(MetricKind::HeartRate) => "count/min",
            Self::Metric(MetricKind::Temperature) => "degC",
            Self::Metric(kind) => kind.unit(),
        }
    }

    fn unknown(self, unit: &str) -> String {
        let own = match self {
            Self::Metric(kind) => kind.unit(),
            other => other.unit(),
        };
        format!("the unit {unit:?} cannot be converted to {own}")
    }

    /// Whether a person can have this value: tells `1.250` kcal from `71.375` kg. Without a unit it is in the wire's.
    pub fn is_possible(self, value: f64, unit: &str) -> bool {
        let value = self.to_wire(value, unit).unwrap_or(value);
        let max = match self {
            Self::Energy => 42_000.0,
            Self::Nutrient | Self::Distance => 1000.0,
            Self::Duration => 1440.0,
            Self::Metric(kind) => kind.range().1,
        };
        let is_whole = !self.is_counted() || value.fract() == 0.0;
        (0.0..=max).contains(&value) && is_whole
    }

    /// Whether it is counted: no decimals.
    pub fn is_counted(self) -> bool {
        self == Self::Metric(MetricKind::Steps)
    }

    /// Parses a cell's number. `unit` is what stands behind it in the cell.
    pub fn parse(self, number: &str, unit: &str, mark: DecimalMark) -> ParsedNumber {
        // `1e-7`, as programs write very small numbers.
        let small =
            number.contains(['e', 'E']).then(|| number.parse().ok().filter(|value: &f64| value.is_finite()));
        if let Some(Some(value)) = small {
            return ParsedNumber::Exact(value);
        }
        let duration = match self {
            Self::Duration => DurationUnit::Minutes,
            Self::Metric(MetricKind::Sleep) => DurationUnit::Hours,
            _ if self.is_counted() && mark == DecimalMark::Unknown => return parse_whole(number),
            _ => return parse_number(number, mark),
        };
        if let Some(seconds) = hours_minutes_seconds(number).filter(|_| unit.is_empty()) {
            return ParsedNumber::Exact(match duration {
                DurationUnit::Hours => units::rounded(seconds / 3600.0, 4),
                DurationUnit::Minutes => units::rounded(seconds / 60.0, 2),
            });
        }
        if number.contains([':', 'h', 'H']) {
            return parse_duration(&format!("{number}{unit}"), mark, duration);
        }
        parse_number(number, mark)
    }
}

/// Reads `1:05:30` as seconds. Two parts are hours and minutes, which [`parse_duration`] reads.
fn hours_minutes_seconds(text: &str) -> Option<f64> {
    let mut parts = text.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let part = |text: &str| text.parse::<u32>().ok().filter(|value| *value < 60);
    let hours: u32 = hours.parse().ok()?;
    let total = f64::from(hours) * 3600.0 + f64::from(part(minutes)? * 60 + part(seconds)?);
    parts.next().is_none().then_some(total)
}

/// Cuts a cell into its number and the unit behind it: `180.4 lb`, `98 %`, `7h30`.
pub fn split_unit(text: &str) -> (&str, &str) {
    let is_digit = |letter: char| letter.is_numeric();
    let end = text.rfind(is_digit).map_or(text.len(), |at| {
        at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let (number, unit) = text.split_at(end);
    // `5.` is a number as well.
    let separators = unit.len() - unit.trim_start_matches(['.', ',']).len();
    let (number, unit) = if unit.len() == separators { (text, "") } else { (number, unit) };
    (number.trim(), unit.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHT: Quantity = Quantity::Metric(MetricKind::Weight);

    #[test]
    fn units_are_converted_however_they_are_spelled() {
        assert_eq!(WEIGHT.to_wire(180.4, "Lbs"), Ok(81.83));
        assert_eq!(WEIGHT.to_wire(71.375, "kg"), Ok(71.375));
        assert_eq!(WEIGHT.to_wire(11.0, "stones"), Ok(69.85));
        assert_eq!(Quantity::Metric(MetricKind::Glucose).to_wire(5.4, "mmol/l"), Ok(97.3));
        assert_eq!(Quantity::Metric(MetricKind::Temperature).to_wire(98.6, "°F"), Ok(37.0));
        assert_eq!(Quantity::Metric(MetricKind::Sleep).to_wire(450.0, "min"), Ok(7.5));
        assert_eq!(Quantity::Metric(MetricKind::Spo2).to_wire(98.0, "%"), Ok(98.0));
        assert_eq!(Quantity::Energy.to_wire(1000.0, "kJ"), Ok(239.0));
        assert_eq!(Quantity::Distance.to_wire(3.1, "miles"), Ok(4.989));
    }

    #[test]
    fn a_unit_of_something_else_is_refused_by_name() {
        assert_eq!(WEIGHT.to_wire(1.0, "slug").unwrap_err(), "the unit \"slug\" cannot be converted to kg");
        assert!(WEIGHT.to_wire(1.0, "km").is_err());
        assert!(Quantity::Metric(MetricKind::Steps).to_wire(1.0, "km").is_err());
    }

    #[test]
    fn a_cell_may_have_its_unit_behind_the_number() {
        assert_eq!(split_unit("180.4 lb"), ("180.4", "lb"));
        assert_eq!(split_unit("98%"), ("98", "%"));
        assert_eq!(split_unit("5."), ("5.", ""));
        assert_eq!(split_unit("71,4"), ("71,4", ""));
        assert_eq!(split_unit("inf"), ("inf", ""));
    }

    #[test]
    fn durations_are_read_with_colons() {
        let sleep = Quantity::Metric(MetricKind::Sleep);
        assert_eq!(sleep.parse("7:30", "", DecimalMark::Unknown), ParsedNumber::Exact(7.5));
        assert_eq!(sleep.parse("7h30", "", DecimalMark::Unknown), ParsedNumber::Exact(7.5));
        assert_eq!(Quantity::Duration.parse("1:05:30", "", DecimalMark::Unknown), ParsedNumber::Exact(65.5));
    }
}
