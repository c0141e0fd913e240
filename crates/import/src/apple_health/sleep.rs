//! Sleep: one record a night, of the source that saw most of it. A night is what ends before six in the
//! evening; its hours are those asleep, of whatever stage, with no minute counted twice. Lying in bed
//! and being awake are no sleep.

use jiff::{ToSpan, civil::Date};
use latido_protocol::time::Timestamp;

use super::{
    days::Days,
    element::{Sample, Span},
    rows::{SampleResult, metric},
};
use crate::{event::ReadEvent, local_time::Zone, row::Identity, units::rounded};

const EVENING: i8 = 18;
const HOUR_MS: f64 = 3_600_000.0;
/// Nobody sleeps longer in one go.
const LONGEST_MS: i64 = 24 * 3_600_000;
/// How many stretches of sleep are held in all: thirty years of thirty a night.
const MAX_STRETCHES: usize = 400_000;

pub struct Nights {
    nights: Days<Night>,
    stretches: usize,
}

#[derive(Default)]
struct Night {
    line: u64,
    /// From and to, in milliseconds since 1970.
    asleep: Vec<(i64, i64)>,
}

impl Nights {
    pub fn new() -> Self {
        Self { nights: Days::new(), stretches: 0 }
    }

    pub fn add(&mut self, sample: &Sample, span: Span, source: u32, zone: &Zone) -> SampleResult {
        match sample.value.strip_prefix("HKCategoryValueSleepAnalysis") {
            Some("Asleep" | "AsleepUnspecified" | "AsleepCore" | "AsleepDeep" | "AsleepREM") => {}
            Some("InBed" | "Awake") => return Ok(()),
            _ => return Err(format!("{:?} is no kind of sleep that is known", sample.value).into()),
        }
        let (from, to) = (span.start.unix_ms(), span.end.unix_ms());
        if to <= from || to - from > LONGEST_MS {
            return Err("endDate must be behind startDate, by a day at most".into());
        }
        if self.stretches >= MAX_STRETCHES {
            return Err("is one stretch of sleep too many to be held in memory".into());
        }
        let night =
            self.nights.of(night_of(span.end, zone).ok_or("endDate is not one that can be kept")?, source)?;
        if night.line == 0 {
            night.line = sample.line;
        }
        night.asleep.push((from, to));
        self.stretches += 1;
        Ok(())
    }

    pub fn finish(mut self) -> impl Iterator<Item = ReadEvent> {
        for night in self.nights.0.values_mut() {
            night.asleep.sort_unstable();
        }
        self.nights.best(|night| night.slept_ms() as f64).map(|(date, night)| {
            let up = night.asleep.iter().map(|(_, to)| *to).max().unwrap_or_default();
            let hours = rounded(night.slept_ms() as f64 / HOUR_MS, 2);
            metric(
                night.line,
                "sleep",
                Timestamp::from_unix_ms(up),
                hours,
                None,
                Identity::Day(date.to_string()),
            )
        })
    }
}

/// The day on which somebody who slept until then got up.
fn night_of(end: Timestamp, zone: &Zone) -> Option<Date> {
    let end = zone.local(end)?;
    if end.hour() < EVENING { Some(end.date()) } else { end.date().checked_add(1.day()).ok() }
}

impl Night {
    /// How long the sorted stretches are together, where they overlap once.
    fn slept_ms(&self) -> i64 {
        let mut covered_to = i64::MIN;
        self.asleep
            .iter()
            .map(|&(from, to)| {
                let more = (to - from.max(covered_to)).max(0);
                covered_to = covered_to.max(to);
                more
            })
            .sum()
    }
}
