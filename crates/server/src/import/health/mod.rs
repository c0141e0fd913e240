//! Apple Health's export: one `export.xml`, often of a gigabyte, in which every sample of every device is
//! an element. It is read as a stream; held are only sums (a day's steps, a night's sleep) and the
//! halves of what belongs together (the two pressures, the nutrients of a food), each up to a bound.
//!
//! | file | what it holds |
//! |---|---|
//! | [`bounded`] | counts lines, and refuses an element without end |
//! | [`element`] | samples, workouts and correlations, as they are nested |
//! | [`sample`] | what a sample means |
//! | [`steps`], [`sleep`] | one record a day, of the one source that knows most of it |
//! | [`pressure`], [`nutrients`] | puts together what belongs together |
//! | [`workout`] | exercises |
//! | [`units`] | pounds, Fahrenheit, joules, miles |

mod bounded;
mod element;
mod nutrients;
mod pressure;
mod sample;
mod sleep;
mod steps;
pub mod units;
mod workout;

use std::{borrow::Cow, collections::BTreeMap, io::BufRead};

use jiff::civil::Date;
use latido_protocol::time::Timestamp;
use quick_xml::{Reader, events::Event};
use serde_json::Value;

use self::{bounded::Bounded, element::Elements, sample::Samples};
use super::{Collection, Found, Identity, Options, ReadError, Row, Sink, SinkError};

/// Whether a file that begins like this is Apple Health's export.
pub fn recognise(head: &str) -> bool {
    head.trim_start_matches('\u{feff}').trim_start().starts_with('<')
        && (head.contains("<HealthData") || head.contains("<!DOCTYPE HealthData"))
}

/// Reads an export. What is broken beyond reading ends it: everything before is imported.
pub fn read(input: impl BufRead, options: &Options, sink: Sink) -> Result<(), ReadError> {
    let mut xml = Reader::from_reader(Bounded::new(input));
    let config = xml.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut elements = Elements::new(Samples::new(options));
    let mut buffer = Vec::new();
    let broken = loop {
        buffer.clear();
        xml.get_mut().begin_element();
        let line = xml.get_ref().line();
        let done = match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => {
                elements.open(line, &tag);
                Ok(())
            }
            Ok(Event::Empty(tag)) => {
                elements.open(line, &tag);
                elements.close(sink)
            }
            Ok(Event::End(_)) => elements.close(sink),
            Ok(Event::Eof) if elements.is_inside() => {
                break Some((line, "the file ends in the middle".to_owned()));
            }
            Ok(Event::Eof) => break None,
            Ok(_) => Ok(()),
            Err(error) => break Some((line, format!("the XML is broken here ({error})"))),
        };
        done.map_err(ReadError::Sink)?;
    };
    elements.finish(sink).map_err(ReadError::Sink)?;
    if let Some((line, what)) = broken {
        let reason = format!("{what}; what comes behind could not be read");
        sink(Found::Bad { line, reason }).map_err(ReadError::Sink)?;
    }
    Ok(())
}

/// A time as Apple writes it, `2026-11-21 08:15:00 +0100`.
fn instant(text: &str) -> Option<Timestamp> {
    let (at, offset) = (text.get(..19)?, text.get(19..)?.trim());
    let (hours, minutes) = (offset.get(..3)?, offset.get(3..)?.trim_start_matches(':'));
    Timestamp::parse(&format!("{at}{hours}:{minutes}"))
}

/// A row of one measured value.
fn metric(
    line: u64,
    kind: &str,
    at: Timestamp,
    value: f64,
    value2: Option<f64>,
    identity: Identity,
) -> Found {
    row(
        line,
        Collection::Metrics,
        [
            ("measuredAt", Some(at.to_string().into())),
            ("kind", Some(kind.into())),
            ("value", Some(value.into())),
            ("value2", value2.map(Value::from)),
        ],
        identity,
    )
}

fn row<const N: usize>(
    line: u64,
    collection: Collection,
    fields: [(&str, Option<Value>); N],
    identity: Identity,
) -> Found {
    let record = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    Found::Row { line, row: Row { collection, record, identity } }
}

/// The sources (apps and devices) by number: their names are long and there are few of them.
#[derive(Default)]
struct Sources(BTreeMap<String, u32>);

impl Sources {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(name.to_owned(), number);
        number
    }
}

/// What several sources know of the same day: the one that knows most counts, for each of them has seen
/// the same person walk or sleep, and adding them up would count that twice.
struct Days<T>(BTreeMap<(Date, u32), T>);

/// A day more, of one more source, than anybody has.
const MAX_DAYS: usize = 200_000;

impl<T: Default> Days<T> {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn of(&mut self, day: Date, source: u32) -> Result<&mut T, Cow<'static, str>> {
        if self.0.len() >= MAX_DAYS && !self.0.contains_key(&(day, source)) {
            return Err("is of one day too many to be held in memory".into());
        }
        Ok(self.0.entry((day, source)).or_default())
    }

    /// Every day with what the source that knows most of it, by `amount`, knows.
    fn best(self, amount: impl Fn(&T) -> f64) -> impl Iterator<Item = (Date, T)> {
        let mut best: BTreeMap<Date, T> = BTreeMap::new();
        for ((day, _), known) in self.0 {
            let more = best.get(&day).is_none_or(|other| amount(&known) > amount(other));
            if more {
                best.insert(day, known);
            }
        }
        best.into_iter()
    }
}

/// What a reader of samples says: nothing, or why a sample cannot be read.
type Read = Result<(), Cow<'static, str>>;

fn all(found: impl IntoIterator<Item = Found>, sink: Sink) -> Result<(), SinkError> {
    found.into_iter().try_for_each(sink)
}

#[cfg(test)]
mod tests;
