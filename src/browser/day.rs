//! A day as its reader lives it: from midnight to midnight in their time zone, be it 23 hours long or 25.

use std::ops::Range;

use latido_protocol::time::Timestamp;

use super::{
    clock,
    zone::{self, ZoneCache},
};

/// A civil day, counted from 1970-01-01. Its zone decides where it begins: when the reader's zone changes, the day
/// stays and its instants move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i32);

const DAY_MS: i64 = 24 * zone::HOUR_MS;

/// A day with its first instant and that of the next.
type Bounds = (Day, Timestamp, Timestamp);

/// So many days are remembered: those of a year, which is as much as a page shows, and some.
const MOST: usize = 400;

thread_local! {
    /// Asking `Intl` is slow, and pages ask for the same days again and again, lists for one row after row. The last
    /// one asked for is the last one here.
    static KNOWN: ZoneCache<Bounds> = const { ZoneCache::new() };
}

fn known(is_it: &dyn Fn(&Bounds) -> bool) -> Option<Bounds> {
    KNOWN.with(|known| {
        let mut known = known.borrow_mut();
        let place = known.iter().rposition(is_it)?;
        let last = known.len() - 1;
        known.swap(place, last);
        known.last().copied()
    })
}

fn remember(bounds: Bounds) {
    KNOWN.with(|known| {
        let mut known = known.borrow_mut();
        if known.len() == MOST {
            known.remove(0);
        }
        known.push(bounds);
    });
}

impl Day {
    pub fn of(instant: Timestamp) -> Self {
        // Not always asked of the zone, but followed all the same.
        zone::follow();
        if let Some((day, ..)) = known(&|(_, start, end)| (*start..*end).contains(&instant)) {
            return day;
        }
        let day = Self(zone::reading(instant).div_euclid(DAY_MS) as i32);
        // Its neighbours in a list will be asked about next.
        day.bounds();
        day
    }

    pub fn start(self) -> Timestamp {
        self.bounds().1
    }

    /// The first instant that no longer belongs to it.
    pub fn end(self) -> Timestamp {
        self.bounds().2
    }

    #[must_use = "the sum is another day"]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Asked once for many instants: every question to a day is one to its zone.
    pub fn span(self) -> Range<Timestamp> {
        let (_, start, end) = self.bounds();
        start..end
    }

    pub fn contains(self, instant: Timestamp) -> bool {
        (self.start()..self.end()).contains(&instant)
    }

    /// This day at the time of day that it is now, which today is now: an hour may come twice. For a form that opens
    /// on another day.
    pub fn at_this_time(self) -> Timestamp {
        let now = clock::wall();
        if self.contains(now) {
            return now;
        }
        zone::instant_of(self.midnight() + zone::reading(now).rem_euclid(DAY_MS))
    }

    /// `2026-11-21`, what a date input holds.
    pub fn input_value(self) -> String {
        written(self.midnight(), 10)
    }

    pub fn from_input(text: &str) -> Option<Self> {
        let midnight = Timestamp::parse(&format!("{text}T00:00:00Z"))?;
        i32::try_from(midnight.unix_ms().div_euclid(DAY_MS)).ok().map(Self)
    }

    /// Its midnight as the clock reads it.
    fn midnight(self) -> i64 {
        i64::from(self.0) * DAY_MS
    }

    fn bounds(self) -> Bounds {
        zone::follow();
        known(&|(day, ..)| *day == self).unwrap_or_else(|| {
            let of = |day: Self| zone::instant_of(day.midnight());
            let bounds = (self, of(self), of(self.plus(1)));
            remember(bounds);
            bounds
        })
    }
}

/// `2026-11-21T08:15`, what a datetime-local input holds.
pub fn local_input(instant: Timestamp) -> String {
    written(zone::reading(instant), 16)
}

pub fn from_local_input(text: &str) -> Option<Timestamp> {
    let seconds = if text.len() > 16 { "" } else { ":00" };
    let reading = Timestamp::parse(&format!("{text}{seconds}Z"))?;
    Some(zone::instant_of(reading.unix_ms()))
}

fn written(reading_ms: i64, length: usize) -> String {
    let mut text = Timestamp::from_unix_ms(reading_ms).to_string();
    text.truncate(length);
    text
}
