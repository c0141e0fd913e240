//! Blood pressure: two samples that make one reading. They stand together in a correlation, and the
//! export says each of them once more by itself. Some programs write them by themselves only; those
//! belong together that one source took at one instant.

use std::collections::{BTreeMap, BTreeSet};

use latido_protocol::time::Timestamp;

use super::{
    Read,
    element::{Sample, number},
    metric, units,
};
use crate::import::{Found, Identity};

/// How many readings are held: three a day for ninety years.
const MAX_READINGS: usize = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    Systolic,
    Diastolic,
}

impl Half {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Systolic => "systolic",
            Self::Diastolic => "diastolic",
        }
    }
}

#[derive(Default)]
pub struct Pressures {
    /// The instants at which a correlation has given a reading.
    paired: BTreeSet<Timestamp>,
    alone: BTreeMap<(Timestamp, u32), Halves>,
}

#[derive(Default)]
struct Halves {
    line: u64,
    systolic: Option<f64>,
    diastolic: Option<f64>,
}

fn value(sample: &Sample) -> Result<f64, String> {
    units::mmhg(number(&sample.value, "value")?, &sample.unit)
}

fn reading(line: u64, at: Timestamp, systolic: f64, diastolic: f64) -> Found {
    metric(line, "bloodPressure", at, systolic, Some(diastolic), Identity::Content(0))
}

impl Pressures {
    /// The two samples of a correlation.
    pub fn pair(&mut self, systolic: &Sample, diastolic: &Sample, at: Timestamp) -> Result<Found, String> {
        if self.paired.len() < MAX_READINGS {
            self.paired.insert(at);
        }
        Ok(reading(systolic.line, at, value(systolic)?, value(diastolic)?))
    }

    /// A sample that stands alone.
    pub fn add(&mut self, sample: &Sample, half: Half, at: Timestamp, source: u32) -> Read {
        let value = value(sample)?;
        if self.alone.len() >= MAX_READINGS && !self.alone.contains_key(&(at, source)) {
            return Err("is one reading too many to be held in memory".into());
        }
        let halves = self.alone.entry((at, source)).or_default();
        if halves.line == 0 {
            halves.line = sample.line;
        }
        match half {
            Half::Systolic => halves.systolic = Some(value),
            Half::Diastolic => halves.diastolic = Some(value),
        }
        Ok(())
    }

    pub fn finish(self) -> impl Iterator<Item = Found> {
        let paired = self.paired;
        self.alone.into_iter().filter(move |((at, _), _)| !paired.contains(at)).map(
            |((at, _), halves)| match (halves.systolic, halves.diastolic) {
                (Some(systolic), Some(diastolic)) => reading(halves.line, at, systolic, diastolic),
                (systolic, _) => {
                    let missing = if systolic.is_some() { Half::Diastolic } else { Half::Systolic };
                    Found::Bad {
                        line: halves.line,
                        reason: format!("has no {} pressure of the same time", missing.as_str()),
                    }
                }
            },
        )
    }
}
