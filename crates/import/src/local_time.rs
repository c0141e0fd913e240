//! Times as people write them: a day, perhaps an hour, without a word about the time zone.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use latido_protocol::time::Timestamp;

/// A time zone by its IANA name.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

#[derive(Debug, thiserror::Error)]
#[error("there is no time zone called {0:?}; it looks like Europe/Madrid")]
pub struct UnknownZone(String);

impl Zone {
    pub fn new(name: &str) -> Result<Self, UnknownZone> {
        TimeZone::get(name).map(Self).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// The instant of a local time. One that a change of the clocks leaves out moves with the clocks; of
    /// one that comes twice the first counts.
    pub fn instant(&self, at: DateTime) -> Option<Timestamp> {
        let instant = self.0.to_timestamp(at).ok()?;
        Some(Timestamp::from_unix_ms(instant.as_millisecond()))
    }

    /// What the clocks there show at an instant.
    pub fn local(&self, at: Timestamp) -> Option<DateTime> {
        let instant = jiff::Timestamp::from_millisecond(at.unix_ms()).ok()?;
        Some(self.0.to_datetime(instant))
    }

    /// Reads RFC 3339, a local time such as `2026-11-21 08:15`, or a day, which stands for `hour` on it.
    pub fn read(&self, text: &str, hour: Time) -> Option<Timestamp> {
        if let Some(instant) = Timestamp::parse(text) {
            return Some(instant);
        }
        match parse_day(text) {
            Some(day) => self.instant(day.to_datetime(hour)),
            None => self.instant(text.parse().ok()?),
        }
    }
}

/// Reads `2026-11-21`.
pub fn parse_day(text: &str) -> Option<Date> {
    if text.len() == 10 { text.parse().ok() } else { None }
}

/// Noon, for a day of which no hour is known.
pub fn noon() -> Time {
    Time::constant(12, 0, 0, 0)
}

/// Reads `7:05 PM` or `19:05`.
pub fn parse_time(text: &str) -> Option<Time> {
    let (clock, half) = match text.trim().to_ascii_uppercase() {
        text if text.ends_with("AM") => (text.trim_end_matches("AM").trim().to_owned(), Some(0)),
        text if text.ends_with("PM") => (text.trim_end_matches("PM").trim().to_owned(), Some(12)),
        text => (text, None),
    };
    let (hour, minute) = clock.split_once(':')?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_an_instant_of_its_zone() {
        let madrid = Zone::new("Europe/Madrid").unwrap();
        let at = |text| madrid.read(text, noon()).map(|at| at.to_string());
        assert_eq!(at("2026-11-21").as_deref(), Some("2026-11-21T11:00:00.000Z"));
        assert_eq!(at("2026-07-21").as_deref(), Some("2026-07-21T10:00:00.000Z"));
        assert_eq!(at("2026-11-21 08:15").as_deref(), Some("2026-11-21T07:15:00.000Z"));
        assert_eq!(at("2026-11-21T08:15:30").as_deref(), Some("2026-11-21T07:15:30.000Z"));
        assert_eq!(at("2026-11-21T08:15:00+05:00").as_deref(), Some("2026-11-21T03:15:00.000Z"));
        for none in ["", "yesterday", "21/11/2026", "2026-02-30", "2026-11-21 25:00"] {
            assert_eq!(at(none), None, "{none}");
        }
    }

    #[test]
    fn hours_are_read_of_either_clock() {
        let read = |text| parse_time(text).map(|time| (time.hour(), time.minute()));
        assert_eq!(read("7:05 PM"), Some((19, 5)));
        assert_eq!(read("12:10 am"), Some((0, 10)));
        assert_eq!(read("12:10 PM"), Some((12, 10)));
        assert_eq!(read("19:05"), Some((19, 5)));
        for none in ["", "13:00 PM", "7", "24:00", "-1:00", "a:b"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn a_zone_that_is_none_is_named() {
        assert!(Zone::new("Europe/Atlantis").unwrap_err().to_string().contains("Atlantis"));
    }
}
