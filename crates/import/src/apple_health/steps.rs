//! Steps: one record a day, of the source that counted most. A phone in the pocket and a watch on the
//! wrist count the same steps, so they are not added up.

use jiff::civil::Date;
use latido_protocol::time::Timestamp;

use super::{
    days::Days,
    element::{Sample, Span},
    rows::{SampleResult, metric},
    xml::number,
};
use crate::{event::ReadEvent, local_time::Zone, row::Identity};

pub struct Steps(Days<Day>);

struct Day {
    line: u64,
    count: f64,
    until: Timestamp,
}

impl Default for Day {
    fn default() -> Self {
        Self { line: 0, count: 0.0, until: Timestamp::EPOCH }
    }
}

impl Steps {
    pub fn new() -> Self {
        Self(Days::new())
    }

    /// Counts towards the day on which the walk began.
    pub fn add(&mut self, sample: &Sample, span: Span, source: u32, zone: &Zone) -> SampleResult {
        let count = number(&sample.value, "value")?;
        if count < 0.0 {
            return Err("value must not be below 0".into());
        }
        let date: Date = zone.local(span.start).ok_or("startDate is not one that can be kept")?.date();
        let day = self.0.of(date, source)?;
        if day.line == 0 {
            day.line = sample.line;
        }
        day.count += count;
        day.until = day.until.max(span.end);
        Ok(())
    }

    pub fn finish(self) -> impl Iterator<Item = ReadEvent> {
        self.0.best(|day| day.count).map(|(date, day)| {
            metric(day.line, "steps", day.until, day.count.round(), None, Identity::Day(date.to_string()))
        })
    }
}
