//! A day as its reader lives it: from midnight to midnight on the browser's clock, be it 23 hours
//! long or 25. The browser knows the time zones, so it does the arithmetic.

use js_sys::Date;
use latido_protocol::time::Timestamp;
use wasm_bindgen::JsValue;

use super::clock;

/// Named by the instant at which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Timestamp);

impl Day {
    pub fn today() -> Self {
        Self::of(clock::wall())
    }

    pub fn of(instant: Timestamp) -> Self {
        let date = date(instant);
        Self(instant_of(&Date::new_with_year_month_day(
            date.get_full_year(),
            date.get_month().cast_signed(),
            date.get_date().cast_signed(),
        )))
    }

    pub fn start(self) -> Timestamp {
        self.0
    }

    /// The first instant that no longer belongs to it.
    pub fn end(self) -> Timestamp {
        self.plus(1).0
    }

    #[must_use = "the sum is another day"]
    pub fn plus(self, days: i32) -> Self {
        let date = date(self.0);
        Self(instant_of(&Date::new_with_year_month_day(
            date.get_full_year(),
            date.get_month().cast_signed(),
            date.get_date().cast_signed() + days,
        )))
    }

    pub fn contains(self, instant: Timestamp) -> bool {
        (self.start()..self.end()).contains(&instant)
    }

    /// This day at the time of day that it is now; for a form that opens on another day.
    pub fn at_this_time(self) -> Timestamp {
        let now = clock::wall();
        self.start().plus_ms(now.unix_ms() - Self::of(now).start().unix_ms())
    }

    /// `2026-11-21`, what a date input holds.
    pub fn input_value(self) -> String {
        let mut text = local_input(self.0);
        text.truncate(10);
        text
    }

    pub fn from_input(text: &str) -> Option<Self> {
        from_local_input(&format!("{text}T00:00")).map(Self::of)
    }
}

/// `2026-11-21T08:15`, what a datetime-local input holds.
pub fn local_input(instant: Timestamp) -> String {
    let date = date(instant);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

pub fn from_local_input(text: &str) -> Option<Timestamp> {
    let ms = Date::parse(text);
    ms.is_finite().then(|| Timestamp::from_unix_ms(ms as i64))
}

pub(super) fn date(instant: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(instant.unix_ms() as f64))
}

fn instant_of(date: &Date) -> Timestamp {
    Timestamp::from_unix_ms(date.get_time() as i64)
}
