//! Numbers as people write them: `1.500,5`, `1,500.5`, `1 500`, `98 %`, `7:30`.
//!
//! The wire carries JSON numbers only. This parser stands between a text that a person or another program wrote
//! and such a number. A separator that may group thousands or begin the decimals is read by the writer's
//! convention; where the convention does not decide, both readings are returned and the caller has to ask.
//!
//! | text | decimal comma | decimal point | unknown |
//! |---|---|---|---|
//! | `1.500` | 1500 | ambiguous | ambiguous |
//! | `1,500` | ambiguous | 1500 | ambiguous |
//! | `1.500,5`, `1,500.5`, `1 500,5` | 1500.5 | 1500.5 | 1500.5 |
//! | `1.5`, `1,5`, `0,500`, `1234,567` | decimals | decimals | decimals |
//!
//! Only a group of exactly three digits behind one to three others, the first of them no zero, can be thousands.
//!
//! ```
//! use latido_protocol::number::{DecimalMark, ParsedNumber, parse_number};
//!
//! assert_eq!(parse_number("1.500,5", DecimalMark::Unknown), ParsedNumber::Exact(1500.5));
//! assert_eq!(parse_number("1.500", DecimalMark::Comma), ParsedNumber::Exact(1500.0));
//!
//! let either = parse_number("1.500", DecimalMark::Point);
//! assert_eq!(either, ParsedNumber::Ambiguous { as_thousands: 1500.0, as_decimal: 1.5 });
//! assert_eq!(either.narrowed(|steps| steps >= 100.0), ParsedNumber::Exact(1500.0));
//! ```

use crate::values::Language;

/// The sign that begins the decimals, by the writer's convention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1.500,5`, as Spanish writes.
    Comma,
    /// `1,500.5`, as English writes.
    Point,
    /// Nothing is known about the writer.
    Unknown,
}

impl DecimalMark {
    /// The convention of a language.
    pub fn of(language: Language) -> Self {
        match language {
            Language::Es => Self::Comma,
            Language::En => Self::Point,
        }
    }

    /// Whether this separator groups thousands: `None` where the convention does not decide.
    fn groups_with(self, separator: char) -> Option<bool> {
        match (self, separator) {
            (Self::Comma, '.') | (Self::Point, ',') => Some(true),
            _ => None,
        }
    }
}

/// The meaning of a text as a number. Finite, and never minus zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParsedNumber {
    /// It can only mean this.
    Exact(f64),
    /// One group of three digits behind a separator that is not known to be either.
    Ambiguous {
        /// The value if the separator groups thousands: 1500 of `1.500`.
        as_thousands: f64,
        /// The value if the separator begins the decimals: 1.5 of `1.500`.
        as_decimal: f64,
    },
    /// Not a number, or with a unit that was not expected.
    NotANumber,
}

impl ParsedNumber {
    /// The one reading that `is_possible`, if exactly one of two is; otherwise unchanged.
    #[must_use = "it is the narrowed number"]
    pub fn narrowed(self, is_possible: impl Fn(f64) -> bool) -> Self {
        match self {
            Self::Ambiguous { as_thousands, as_decimal } => {
                match (is_possible(as_thousands), is_possible(as_decimal)) {
                    (true, false) => Self::Exact(as_thousands),
                    (false, true) => Self::Exact(as_decimal),
                    _ => self,
                }
            }
            other => other,
        }
    }

    fn map(self, change: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Exact(value) => Self::Exact(change(value)),
            Self::Ambiguous { as_thousands, as_decimal } => {
                Self::Ambiguous { as_thousands: change(as_thousands), as_decimal: change(as_decimal) }
            }
            Self::NotANumber => Self::NotANumber,
        }
    }
}

/// Parses a number without a unit. Accepts a sign, spaces and apostrophes between groups, and full-width digits.
pub fn parse_number(text: &str, mark: DecimalMark) -> ParsedNumber {
    read(text, |separator| mark.groups_with(separator))
}

/// Parses a number of something that is counted, such as steps: a group of three is thousands in any language.
/// What has decimals all the same, `8.5`, is returned as it is, for the value to refuse.
pub fn parse_whole(text: &str) -> ParsedNumber {
    read(text, |_| Some(true))
}

/// A text without one of these units at its end and the space before it, in upper or lower case; trimmed. Of two
/// units that fit, the longer has to come first in `units`.
pub fn without_unit<'a>(text: &'a str, units: &[&str]) -> &'a str {
    let text = text.trim();
    for unit in units {
        let at = text.len().wrapping_sub(unit.len());
        if let (Some(before), Some(end)) = (text.get(..at), text.get(at..))
            && end.eq_ignore_ascii_case(unit)
        {
            return before.trim_end();
        }
    }
    text
}

/// The unit of a parsed duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationUnit {
    /// Hours (h).
    Hours,
    /// Minutes (min).
    Minutes,
}

/// Parses a duration: a number in `unit`, or `7:30`, `7h30`, `7 h 30 min`, `1,5 h`, `45 min`. With a colon it is
/// always hours and minutes. Hours are rounded to the ten-thousandth, a third of a second.
pub fn parse_duration(text: &str, mark: DecimalMark, unit: DurationUnit) -> ParsedNumber {
    const HOURS: &[&str] = &["horas", "hours", "hora", "hour", "hrs", "hr", "h"];
    const MINUTES: &[&str] = &["minutos", "minutes", "minuto", "minute", "mins", "min", "m", "'", "′"];
    let in_unit = |minutes: f64| match unit {
        DurationUnit::Hours => (minutes / 60.0 * 1e4).round() / 1e4,
        DurationUnit::Minutes => minutes,
    };
    let whole = |text: &str, most: u32| {
        let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let value = text.parse::<u32>().ok().filter(|value| is_whole && *value <= most);
        value.map(f64::from)
    };
    let together = |hours: &str, minutes: &str| match (whole(hours, 9999), whole(minutes, 59)) {
        (Some(hours), Some(minutes)) => ParsedNumber::Exact(in_unit(hours * 60.0 + minutes)),
        _ => ParsedNumber::NotANumber,
    };
    let text = text.trim();
    if let Some((hours, minutes)) = without_unit(text, HOURS).split_once(':') {
        return if minutes.len() == 2 { together(hours, minutes) } else { ParsedNumber::NotANumber };
    }
    if let Some(at) = text.find(['h', 'H']) {
        let (before, after) = text.split_at(at);
        let (hour, minutes) = after.split_at(after.find(|l: char| l.is_ascii_digit()).unwrap_or(after.len()));
        return if !HOURS.iter().any(|word| hour.trim().eq_ignore_ascii_case(word)) {
            ParsedNumber::NotANumber
        } else if minutes.is_empty() {
            parse_number(before, mark).map(|hours| in_unit(hours * 60.0))
        } else {
            together(before.trim(), without_unit(minutes, MINUTES))
        };
    }
    let minutes = without_unit(text, MINUTES);
    if minutes.len() < text.len() {
        return parse_number(minutes, mark).map(in_unit);
    }
    parse_number(text, mark)
}

/// The text by which a form's field shows a number that was written with a decimal point and no groups, `1500.5`, so
/// that [`parse_number`] reads it back as the same one: `1500,5` in Spanish. Three decimals get a zero, for they
/// would look like thousands.
pub fn field_text(plain: &str, language: Language) -> String {
    let mut text = match language {
        Language::Es => plain.replace('.', ","),
        Language::En => plain.to_owned(),
    };
    if let Some((whole, decimals)) = plain.split_once('.')
        && is_group(whole.trim_start_matches('-'), decimals)
    {
        text.push('0');
    }
    text
}

/// Whether a separator between these digits may group thousands.
fn is_group(before: &str, after: &str) -> bool {
    after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0')
}

/// `groups` says whether a separator groups thousands where it may: yes, no, or `None` if that is not known.
fn read(text: &str, groups: impl Fn(char) -> Option<bool>) -> ParsedNumber {
    let Some((is_negative, text)) = normalized(text) else { return ParsedNumber::NotANumber };
    let marks = |text: &str| text.matches(['.', ',']).count();
    let number = |whole: &str, decimals: &str| {
        let value = value_of(whole, decimals)?;
        // Minus zero is zero.
        Some(if is_negative { 0.0 - value } else { value })
    };
    let exact = |value: Option<f64>| value.map_or(ParsedNumber::NotANumber, ParsedNumber::Exact);
    // The last point or comma begins the decimals, unless it groups.
    let Some(at) = text.rfind(['.', ',']) else { return exact(number(&text, "")) };
    let (whole, decimals) = (&text[..at], &text[at + 1..]);
    let separator = if text[at..].starts_with('.') { '.' } else { ',' };
    if whole.contains(separator) {
        // The same one twice can only group.
        return exact(number(&text, ""));
    }
    if marks(whole) > 0 || !is_group(whole, decimals) {
        return exact(number(whole, decimals));
    }
    match (groups(separator), number(&text, ""), number(whole, decimals)) {
        (Some(true), as_thousands, _) => exact(as_thousands),
        (None, Some(as_thousands), Some(as_decimal)) => ParsedNumber::Ambiguous { as_thousands, as_decimal },
        (_, _, as_decimal) => exact(as_decimal),
    }
}

/// The sign, and the digits and separators in ASCII: every space is one, every apostrophe is one.
fn normalized(text: &str) -> Option<(bool, String)> {
    let text = text.trim();
    let unsigned = text.trim_start_matches(['-', '\u{2212}']);
    let (is_negative, unsigned) = match text.len() - unsigned.len() {
        0 => (false, text.strip_prefix('+').unwrap_or(text)),
        _ if text.chars().count() - unsigned.chars().count() == 1 => (true, unsigned),
        _ => return None,
    };
    let mut ascii = String::with_capacity(unsigned.len());
    for letter in unsigned.chars() {
        ascii.push(match letter {
            '0'..='9' | '.' | ',' => letter,
            // The full width that input methods of East Asia write.
            '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (u32::from(letter) - 0xff10) as u8),
            '\u{ff0e}' => '.',
            '\u{ff0c}' => ',',
            ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => ' ',
            '\'' | '\u{2019}' => '\'',
            _ => return None,
        });
    }
    Some((is_negative, ascii))
}

/// `whole` may be grouped by one kind of separator.
fn value_of(whole: &str, decimals: &str) -> Option<f64> {
    if whole.is_empty() && decimals.is_empty() || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut digits = String::with_capacity(whole.len() + decimals.len() + 2);
    match whole.find(|letter: char| !letter.is_ascii_digit()) {
        None => digits.push_str(whole),
        Some(at) => {
            let mut groups = whole.split(char::from(whole.as_bytes()[at]));
            let first = groups.next()?;
            digits.push_str(first);
            for group in groups {
                if !is_group(first, group) || !group.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                digits.push_str(group);
            }
        }
    }
    // As JSON writes it: no zero before others, one before the point.
    let significant = digits.trim_start_matches('0');
    let mut json = String::with_capacity(digits.len() + decimals.len() + 2);
    json.push_str(if significant.is_empty() { "0" } else { significant });
    if !decimals.is_empty() {
        json.push('.');
        json.push_str(decimals);
    }
    serde_json::from_str(&json).ok()
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
