//! Numbers in forms: how the text of a field is parsed, and the feedback while the user types.

use latido_protocol::number::{
    DecimalMark, DurationUnit, ParsedNumber, field_text, parse_duration, parse_number, parse_whole,
    without_unit,
};
use latido_protocol::values::{Hours, Language, Units};

use crate::{
    browser::units::{Quantity, plain},
    i18n::{Locale, values},
};

#[derive(Clone, Copy, PartialEq)]
enum Notation {
    Decimal,
    Whole,
    Duration(DurationUnit),
}

/// How a field's text is read as a number, and the unit it is in.
#[derive(Clone, Copy, PartialEq)]
pub struct Figure {
    notation: Notation,
    /// May follow the number, and is part of the feedback.
    unit: &'static str,
    /// In `unit`. Of two readings, one outside is not meant.
    range: (f64, f64),
}

impl Figure {
    pub const fn decimal(unit: &'static str, range: (f64, f64)) -> Self {
        Self { notation: Notation::Decimal, unit, range }
    }

    /// Of something that is counted.
    pub const fn whole(unit: &'static str, range: (f64, f64)) -> Self {
        Self { notation: Notation::Whole, unit, range }
    }

    pub const fn minutes(most: f64) -> Self {
        Self { notation: Notation::Duration(DurationUnit::Minutes), unit: "min", range: (0.0, most) }
    }

    pub const fn hours() -> Self {
        Self { notation: Notation::Duration(DurationUnit::Hours), unit: "h", range: (0.0, Hours::MAX) }
    }

    /// Of what is stored in metric units and bounds and read in these.
    pub fn of(quantity: Quantity, (least, most): (f64, f64), units: Units) -> Self {
        let read = |bound| quantity.from_metric(bound, units);
        Self::decimal(quantity.unit(units), (read(least), read(most)))
    }

    /// Whether a duration such as `7:30` may be typed.
    pub fn is_duration(self) -> bool {
        matches!(self.notation, Notation::Duration(_))
    }

    pub fn unit(self) -> &'static str {
        self.unit
    }

    pub fn parse(self, text: &str, language: Language) -> ParsedNumber {
        let mark = DecimalMark::of(language);
        let parsed = match self.notation {
            Notation::Decimal => parse_number(without_unit(text, &[self.unit]), mark),
            Notation::Whole => parse_whole(without_unit(text, &[self.unit])),
            Notation::Duration(unit) => parse_duration(text, mark, unit),
        };
        let (least, most) = self.range;
        parsed.narrowed(|value| (least..=most).contains(&value))
    }

    pub fn written(self, value: f64, language: Language) -> String {
        Locale::of(language).with_unit(&entry(value, language), self.unit).trim_end().to_owned()
    }

    /// Both readings, for the question which one was meant.
    pub fn both(self, as_thousands: f64, as_decimal: f64, locale: Locale) -> String {
        let written = |value| self.written(value, locale.language);
        (values::strings(locale).which)(&written(as_thousands), &written(as_decimal))
    }

    /// What was understood; empty where it stands there just so.
    pub fn understood(self, typed: &str, locale: Locale) -> String {
        match self.parse(typed, locale.language) {
            ParsedNumber::Exact(value) if entry(value, locale.language) != typed.trim() => {
                (values::strings(locale).understood)(&self.written(value, locale.language))
            }
            ParsedNumber::Ambiguous { as_thousands, as_decimal } => {
                self.both(as_thousands, as_decimal, locale)
            }
            ParsedNumber::Exact(_) | ParsedNumber::NotANumber => String::new(),
        }
    }
}

/// A stored number as a field shows it; it reads back as the same one.
pub fn entry(value: f64, language: Language) -> String {
    field_text(&plain(value), language)
}
