//! Instants on the wire: RFC 3339 in UTC with milliseconds, `2026-11-21T08:15:00.000Z`.
//!
//! Date libraries bring tables the dashboard has no use for (it formats with `Intl`), so the two
//! conversions between a civil date and a day number stand here. They are Howard Hinnant's
//! `days_from_civil` and `civil_from_days` (<https://howardhinnant.github.io/date_algorithms.html>).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
#[cfg(feature = "openapi")]
use utoipa::openapi::{KnownFormat, SchemaFormat};

use crate::schema;

const MS_PER_DAY: i64 = 86_400_000;
/// 9999-12-31T23:59:59.999Z, the last instant that RFC 3339 can write.
const LATEST_MS: i64 = 253_402_300_799_999;
/// 0000-01-01T00:00:00.000Z, the first.
const EARLIEST_MS: i64 = -62_167_219_200_000;

/// An instant in milliseconds since 1970-01-01T00:00:00Z, between the years 0 and 9999. `Display` and the wire write
/// RFC 3339 in UTC with milliseconds.
#[derive(Default, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00.000Z.
    pub const EPOCH: Self = Self(0);

    /// The instant `ms` milliseconds after the epoch. Outside the years 0 to 9999, which RFC 3339 can write, it is
    /// the nearest instant inside.
    pub fn from_unix_ms(ms: i64) -> Self {
        Self(ms.clamp(EARLIEST_MS, LATEST_MS))
    }

    /// The milliseconds since the epoch; negative before 1970.
    pub fn unix_ms(self) -> i64 {
        self.0
    }

    /// The instant `ms` milliseconds later, or earlier if negative. Kept within the years 0 to 9999.
    #[must_use = "the sum is a new instant"]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_unix_ms(self.0.saturating_add(ms))
    }

    /// Parses RFC 3339: a date, `T`, a time with optional fraction, and `Z` or an offset; `None` for anything else.
    /// Digits behind the millisecond are cut off; a leap second counts as the last second of its minute.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| -> Option<i64> {
            bytes
                .get(from..to)?
                .iter()
                .try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
        };
        let is = |at: usize, one_of: &[u8]| bytes.get(at).is_some_and(|byte| one_of.contains(byte));

        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let separated = is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":");
        if !separated || !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }

        let mut at = 19;
        let mut ms = 0;
        if is(at, b".") {
            let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            for place in 0..3 {
                ms = ms * 10 + if place < digits { i64::from(bytes[at + 1 + place] - b'0') } else { 0 };
            }
            at += 1 + digits;
        }
        let offset_minutes = if is(at, b"Zz") && bytes.len() == at + 1 {
            0
        } else if is(at, b"+-") && is(at + 3, b":") && bytes.len() == at + 6 {
            let (hours, minutes) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if bytes[at] == b'-' { -1 } else { 1 }
        } else {
            return None;
        };
        let minutes = days_from_civil(year, month, day) * 1440 + hour * 60 + minute - offset_minutes;
        let total = minutes * 60_000 + second.min(59) * 1000 + ms;
        (EARLIEST_MS..=LATEST_MS).contains(&total).then_some(Self(total))
    }

    /// The civil date in UTC: year, month 1..=12, day 1..=31.
    pub fn utc_date(self) -> (i64, i64, i64) {
        civil_from_days(self.0.div_euclid(MS_PER_DAY))
    }

    /// The instant at which a civil date begins in UTC: month 1..=12, day 1..=31. Kept within the years 0 to 9999.
    pub fn from_utc_date(year: i64, month: i64, day: i64) -> Self {
        Self::from_unix_ms(days_from_civil(year, month, day) * MS_PER_DAY)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.utc_date();
        let ms = self.0.rem_euclid(MS_PER_DAY);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time"))
    }
}

schema::described!(
    ["RFC 3339. Responses have UTC with milliseconds."]
    Timestamp = schema::text()
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .examples(["2026-11-21T08:15:00.000Z"])
);

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_contracts_example_reads_and_writes() {
        let text = "2026-11-21T08:15:00.000Z";
        let time = Timestamp::parse(text).unwrap();
        assert_eq!(time.unix_ms(), 1_795_248_900_000);
        assert_eq!(time.to_string(), text);
    }

    #[test]
    fn offsets_and_fractions_are_understood() {
        let at = |text| Timestamp::parse(text).map(|time| time.to_string());
        assert_eq!(at("2026-01-01T01:30:00+02:00").as_deref(), Some("2025-12-31T23:30:00.000Z"));
        assert_eq!(at("2024-02-29T00:00:00.5Z").as_deref(), Some("2024-02-29T00:00:00.500Z"));
        assert_eq!(at("2025-11-14T17:30:00.123456Z").as_deref(), Some("2025-11-14T17:30:00.123Z"));
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for text in [
            "",
            "2026",
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00Zx",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+2:00",
            "20é6-01-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_instant_survives_the_round_trip(ms in EARLIEST_MS..=LATEST_MS) {
            let time = Timestamp::from_unix_ms(ms);
            prop_assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = Timestamp::parse(&text);
        }
    }
}
