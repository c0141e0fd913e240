//! Numbers, times and days as a language writes them, by the browser's `Intl`. A formatter is
//! costly to make and cheap to use: each is made once per language.

use std::cell::RefCell;

use js_sys::{Array, Function, Intl, Object, Reflect};
use latido_protocol::{time::Timestamp, values::Language};
use wasm_bindgen::JsValue;

use super::day::{Day, date};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Time,
    Day,
    Weekday,
    Moment,
    Date,
}

thread_local! {
    /// A handful: six kinds in two languages.
    static FORMATTERS: RefCell<Vec<(Kind, Language, Function)>> = const { RefCell::new(Vec::new()) };
}

/// At most one decimal.
pub fn number(language: Language, value: f64) -> String {
    // An empty sum is minus zero, which Intl would write out.
    format(Kind::Number, language, &JsValue::from_f64(value + 0.0))
}

/// Hours and minutes.
pub fn time(language: Language, instant: Timestamp) -> String {
    format(Kind::Time, language, &date(instant))
}

/// Weekday, day and month.
pub fn day(language: Language, day: Day) -> String {
    format(Kind::Day, language, &date(day.start()))
}

/// The weekday, as short as it can be told from the others.
pub fn weekday(language: Language, day: Day) -> String {
    format(Kind::Weekday, language, &date(day.start()))
}

/// Day, month, hours and minutes, as short as they can be.
pub fn moment(language: Language, instant: Timestamp) -> String {
    format(Kind::Moment, language, &date(instant))
}

/// Day and short month.
pub fn date_of(language: Language, instant: Timestamp) -> String {
    format(Kind::Date, language, &date(instant))
}

fn format(kind: Kind, language: Language, value: &JsValue) -> String {
    FORMATTERS.with_borrow_mut(|formatters| {
        let known = formatters.iter().position(|(of, into, _)| (*of, *into) == (kind, language));
        let place = known.unwrap_or_else(|| {
            formatters.push((kind, language, make(kind, language)));
            formatters.len() - 1
        });
        let text = formatters[place].2.call1(&JsValue::UNDEFINED, value).ok();
        text.and_then(|text| text.as_string()).unwrap_or_default()
    })
}

fn make(kind: Kind, language: Language) -> Function {
    let locales = Array::of1(&JsValue::from_str(language.as_str()));
    let options = Object::new();
    let set = |name: &str, value: JsValue| {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from_str(name), &value);
    };
    match kind {
        Kind::Number => {
            set("maximumFractionDigits", JsValue::from_f64(1.0));
            Intl::NumberFormat::new(&locales, &options).format()
        }
        Kind::Time => {
            set("hour", JsValue::from_str("2-digit"));
            set("minute", JsValue::from_str("2-digit"));
            Intl::DateTimeFormat::new(&locales, &options).format()
        }
        Kind::Day => {
            set("weekday", JsValue::from_str("long"));
            set("day", JsValue::from_str("numeric"));
            set("month", JsValue::from_str("long"));
            Intl::DateTimeFormat::new(&locales, &options).format()
        }
        Kind::Weekday => {
            set("weekday", JsValue::from_str("short"));
            Intl::DateTimeFormat::new(&locales, &options).format()
        }
        Kind::Moment => {
            for (part, how) in
                [("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")]
            {
                set(part, JsValue::from_str(how));
            }
            Intl::DateTimeFormat::new(&locales, &options).format()
        }
        Kind::Date => {
            set("day", JsValue::from_str("numeric"));
            set("month", JsValue::from_str("short"));
            Intl::DateTimeFormat::new(&locales, &options).format()
        }
    }
}
