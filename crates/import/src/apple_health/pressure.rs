//! Blood pressure: two samples that make one reading. They stand together in a correlation, and the
//! export says each of them once more by itself. Some programs write them by themselves only; those
//! belong together that one source took at one instant.

use std::collections::{BTreeMap, BTreeSet};

use latido_protocol::time::Timestamp;

use super::{
    element::Sample,
    rows::{SampleResult, metric},
    xml::number,
};
use crate::{event::ReadEvent, row::Identity, units};

/// How many readings are held: three a day for ninety years.
const MAX_READINGS: usize = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressureKind {
    Systolic,
    Diastolic,
}

impl PressureKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Systolic => "systolic",
            Self::Diastolic => "diastolic",
        }
    }
}

#[derive(Default)]
pub struct BloodPressures {
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

fn reading(line: u64, at: Timestamp, systolic: f64, diastolic: f64) -> ReadEvent {
    metric(line, "bloodPressure", at, systolic, Some(diastolic), Identity::Content(0))
}

impl BloodPressures {
    /// The two samples of a correlation.
    pub fn pair(
        &mut self,
        systolic: &Sample,
        diastolic: &Sample,
        at: Timestamp,
    ) -> Result<ReadEvent, String> {
        if self.paired.len() < MAX_READINGS {
            self.paired.insert(at);
        }
        Ok(reading(systolic.line, at, value(systolic)?, value(diastolic)?))
    }

    /// A sample that stands alone.
    pub fn add(&mut self, sample: &Sample, half: PressureKind, at: Timestamp, source: u32) -> SampleResult {
        let value = value(sample)?;
        if self.alone.len() >= MAX_READINGS && !self.alone.contains_key(&(at, source)) {
            return Err("is one reading too many to be held in memory".into());
        }
        let halves = self.alone.entry((at, source)).or_default();
        if halves.line == 0 {
            halves.line = sample.line;
        }
        match half {
            PressureKind::Systolic => halves.systolic = Some(value),
            PressureKind::Diastolic => halves.diastolic = Some(value),
        }
        Ok(())
    }

    pub fn finish(self) -> impl Iterator<Item = ReadEvent> {
        let paired = self.paired;
        self.alone.into_iter().filter(move |((at, _), _)| !paired.contains(at)).map(
            |((at, _), halves)| match (halves.systolic, halves.diastolic) {
                (Some(systolic), Some(diastolic)) => reading(halves.line, at, systolic, diastolic),
                (systolic, _) => {
                    let missing =
                        if systolic.is_some() { PressureKind::Diastolic } else { PressureKind::Systolic };
                    ReadEvent::BadRow {
                        line: halves.line,
                        reason: format!("has no {} pressure of the same time", missing.as_str()),
                    }
                }
            },
        )
    }
}
