//! A day as its reader lives it: from midnight to midnight in their time zone, be it 23 hours long or 25.

use std::{cell::Cell, ops::Range};

use latido_protocol::time::Timestamp;

use super::{clock, today, zone};

/// A civil day, counted from 1970-01-01. Where it begins is its zone's to say: while somebody reads in
/// another zone, the day stays and its instants move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i32);

const DAY_MS: i64 = 24 * zone::HOUR_MS;

/// A day with its first instant and that of the next.
type Bounds = (Day, Timestamp, Timestamp);

thread_local! {
    /// The last one asked for: lists ask for the same day row after row, and asking `Intl` is slow.
    static LAST: Cell<Option<Bounds>> = const { Cell::new(None) };
}

/// The days begin elsewhere now.
pub(super) fn forget() {
    LAST.set(None);
}

impl Day {
    /// Whoever asks while being followed is asked again at midnight.
    pub fn today() -> Self {
        today::follow_turns();
        Self::of(clock::wall())
    }

    pub fn of(instant: Timestamp) -> Self {
        match LAST.get() {
            Some((day, start, end)) if (start..end).contains(&instant) => {
                // Not asked of the zone, but followed all the same.
                zone::follow();
                day
            }
            _ => {
                let day = Self(zone::reading(instant).div_euclid(DAY_MS) as i32);
                // Its neighbours in a list will be asked about next.
                day.bounds();
                day
            }
        }
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

    /// This day at the time of day that it is now; for a form that opens on another day.
    pub fn at_this_time(self) -> Timestamp {
        zone::instant_of(self.midnight() + zone::reading(clock::wall()).rem_euclid(DAY_MS))
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
        match LAST.get() {
            Some(bounds) if bounds.0 == self => bounds,
            _ => {
                let of = |day: Self| zone::instant_of(day.midnight());
                let bounds = (self, of(self), of(self.plus(1)));
                LAST.set(Some(bounds));
                bounds
            }
        }
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
