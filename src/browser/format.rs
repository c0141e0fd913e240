//! Numbers, times and days as a language writes them, by the browser's `Intl`. A formatter is
//! costly to make and cheap to use: each is made once per language. Times and days are those of the
//! reader's zone.

use js_sys::{Array, Function, Intl, Object, Reflect};
use latido_protocol::{time::Timestamp, values::Language};
use wasm_bindgen::{JsCast, JsValue};

use super::{
    day::Day,
    zone::{self, ZoneCache, date},
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum FormatKind {
    Number,
    Percent,
    Relative,
    Plural,
    /// Of a time or a day, with these parts of it.
    Date(&'static [(&'static str, &'static str)]),
}

const TIME: FormatKind = FormatKind::Date(&[("hour", "2-digit"), ("minute", "2-digit")]);
const DAY: FormatKind = FormatKind::Date(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]);
const BRIEF_DAY: FormatKind =
    FormatKind::Date(&[("weekday", "short"), ("day", "numeric"), ("month", "short")]);
const SHORT_DAY: FormatKind = FormatKind::Date(&[("day", "numeric"), ("month", "short")]);
const FULL_DAY: FormatKind = FormatKind::Date(&[("day", "numeric"), ("month", "short"), ("year", "numeric")]);
const WEEKDAY: FormatKind = FormatKind::Date(&[("weekday", "short")]);
const MOMENT: FormatKind =
    FormatKind::Date(&[("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")]);
const SECOND: FormatKind = FormatKind::Date(&[
    ("day", "numeric"),
    ("month", "short"),
    ("hour", "2-digit"),
    ("minute", "2-digit"),
    ("second", "2-digit"),
]);

thread_local! {
    /// A handful: the kinds above in two languages.
    static FORMATTERS: ZoneCache<(FormatKind, Language, Function)> = const { ZoneCache::new() };
}

/// At most one decimal, and from a thousand on none: a tenth of so many is noise.
pub fn number(language: Language, value: f64) -> String {
    let value = if value.abs() < 1_000.0 { value } else { (value + 0.5).floor() };
    // What rounds to zero has no sign: Intl would write a minus before it, as before an empty sum.
    let value = if is_nothing(value) { 0.0 } else { value };
    format(FormatKind::Number, language, &JsValue::from_f64(value))
}

/// Whether [`number`] writes a plain 0.
pub fn is_nothing(value: f64) -> bool {
    value.abs() < 0.05
}

/// Of a whole, with at most one decimal. Rounded down: not everything is only called so when it is.
pub fn percent(language: Language, share: f64) -> String {
    format(FormatKind::Percent, language, &JsValue::from_f64((share * 1000.0).floor() / 1000.0))
}

/// How long ago, in the largest unit of which it is one.
pub fn ago(language: Language, ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    // Minus zero is now, and in the past.
    let count = JsValue::from_f64(-(count as f64));
    with(FormatKind::Relative, language, |format| {
        format.call2(&JsValue::UNDEFINED, &count, &JsValue::from_str(unit))
    })
}

/// Whether the language counts so many in the singular.
pub fn is_one(language: Language, count: u64) -> bool {
    format(FormatKind::Plural, language, &JsValue::from_f64(count as f64)) == "one"
}

/// Hours and minutes.
pub fn time(language: Language, instant: Timestamp) -> String {
    format(TIME, language, &date(instant))
}

/// Weekday, day and month.
pub fn day(language: Language, day: Day) -> String {
    format(DAY, language, &date(day.start()))
}

/// Weekday, day and month in short words.
pub fn brief_day(language: Language, day: Day) -> String {
    format(BRIEF_DAY, language, &date(day.start()))
}

/// Day and month, where there is little room.
pub fn short_day(language: Language, day: Day) -> String {
    date_of(language, day.start())
}

/// Day, month and year.
pub fn full_day(language: Language, day: Day) -> String {
    // At noon: zones were to the second once, and a day's start may be read as the one before.
    format(FULL_DAY, language, &date(day.start().plus_ms(12 * zone::HOUR_MS)))
}

/// The weekday, abbreviated as far as it stays unambiguous.
pub fn weekday(language: Language, day: Day) -> String {
    format(WEEKDAY, language, &date(day.start()))
}

/// Day, month, hours and minutes, as short as they can be.
pub fn moment(language: Language, instant: Timestamp) -> String {
    format(MOMENT, language, &date(instant))
}

/// Day, month and the time to the second.
pub fn second(language: Language, instant: Timestamp) -> String {
    format(SECOND, language, &date(instant))
}

/// Day and short month.
pub fn date_of(language: Language, instant: Timestamp) -> String {
    format(SHORT_DAY, language, &date(instant))
}

fn format(kind: FormatKind, language: Language, value: &JsValue) -> String {
    with(kind, language, |format| format.call1(&JsValue::UNDEFINED, value))
}

fn with(
    kind: FormatKind,
    language: Language,
    call: impl FnOnce(&Function) -> Result<JsValue, JsValue>,
) -> String {
    if let FormatKind::Date(_) = kind {
        zone::follow();
    }
    FORMATTERS.with(|formatters| {
        let mut formatters = formatters.borrow_mut();
        let known = formatters.iter().position(|(of, into, _)| (*of, *into) == (kind, language));
        let place = known.unwrap_or_else(|| {
            formatters.push((kind, language, make(kind, language)));
            formatters.len() - 1
        });
        call(&formatters[place].2).ok().and_then(|text| text.as_string()).unwrap_or_default()
    })
}

fn make(kind: FormatKind, language: Language) -> Function {
    let locales = Array::of1(&JsValue::from_str(language.as_str()));
    let options = Object::new();
    let set = |name: &str, value: JsValue| {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from_str(name), &value);
    };
    match kind {
        FormatKind::Number => {
            set("maximumFractionDigits", JsValue::from_f64(1.0));
            Intl::NumberFormat::new(&locales, &options).format()
        }
        FormatKind::Percent => {
            set("style", JsValue::from_str("percent"));
            set("maximumFractionDigits", JsValue::from_f64(1.0));
            Intl::NumberFormat::new(&locales, &options).format()
        }
        FormatKind::Relative => {
            set("numeric", JsValue::from_str("auto"));
            set("style", JsValue::from_str("short"));
            method(&Intl::RelativeTimeFormat::new(&locales, &options), "format")
        }
        FormatKind::Plural => method(&Intl::PluralRules::new(&locales, &options), "select"),
        FormatKind::Date(parts) => {
            set("timeZone", JsValue::from_str(&zone::name()));
            for (part, how) in parts {
                // A twelve-hour clock has no leading zero.
                let is_short = (*part, language) == ("hour", Language::En);
                set(part, JsValue::from_str(if is_short { "numeric" } else { how }));
            }
            Intl::DateTimeFormat::new(&locales, &options).format()
        }
    }
}

/// A method that knows its object, as the formats above are from the start.
fn method(object: &Object, name: &str) -> Function {
    let method = Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    match method.dyn_into::<Function>() {
        Ok(method) => method.bind0(object),
        // Calling it fails, and what it would have written stays empty.
        Err(nothing) => nothing.unchecked_into(),
    }
}
