//! The elements as they are nested: samples stand alone or in a correlation, and have metadata; workouts
//! have statistics.

use std::borrow::Cow;

use quick_xml::{XmlVersion, events::BytesStart};

use super::{Read, Sink, SinkError, sample::Samples, workout::Workout};
use crate::import::Found;

/// How deep elements are nested, at most; Apple's go four deep.
const MAX_DEPTH: usize = 64;
/// How many samples a correlation has, at most; a food has forty nutrients.
const MAX_TOGETHER: usize = 100;

/// A `<Record>`: one sample of one device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    pub line: u64,
    pub kind: String,
    pub source: String,
    pub unit: String,
    pub value: String,
    pub start: String,
    pub end: String,
    pub food: Food,
}

/// What metadata says about a food.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Food {
    pub name: Option<String>,
    pub meal: Option<String>,
}

/// A `<Correlation>`: samples that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correlation {
    pub line: u64,
    pub kind: String,
    pub food: Food,
    pub samples: Vec<Sample>,
}

/// An element that has been opened and not yet closed.
enum Open {
    Sample(Sample),
    Correlation(Correlation),
    Workout(Workout),
    /// One that cannot be read.
    Bad {
        line: u64,
        reason: Cow<'static, str>,
    },
    Other,
}

pub struct Elements<'a> {
    open: Vec<Open>,
    /// How many elements are open beyond [`MAX_DEPTH`].
    beyond: usize,
    samples: Samples<'a>,
}

impl<'a> Elements<'a> {
    pub fn new(samples: Samples<'a>) -> Self {
        Self { open: Vec::new(), beyond: 0, samples }
    }

    pub fn is_inside(&self) -> bool {
        !self.open.is_empty()
    }

    pub fn open(&mut self, line: u64, tag: &BytesStart) {
        if self.open.len() >= MAX_DEPTH {
            self.beyond += 1;
            return;
        }
        let opened = match tag.name().as_ref() {
            "Record" => self.sample(line, tag),
            "Correlation" => attribute(tag, "type").map(|kind| {
                Open::Correlation(Correlation { line, kind: kind.into_owned(), ..Correlation::default() })
            }),
            "Workout" => Workout::read(line, tag).map(Open::Workout),
            "WorkoutStatistics" => self.statistics(tag).map(|()| Open::Other),
            "MetadataEntry" => self.metadata(tag).map(|()| Open::Other),
            _ => Ok(Open::Other),
        };
        self.open.push(opened.unwrap_or_else(|reason| Open::Bad { line, reason }));
    }

    fn sample(&mut self, line: u64, tag: &BytesStart) -> Result<Open, Cow<'static, str>> {
        let kind = attribute(tag, "type")?;
        if !Samples::knows(&kind) {
            self.samples.skip(&kind);
            return Ok(Open::Other);
        }
        let text = |name| attribute(tag, name).map(Cow::into_owned);
        Ok(Open::Sample(Sample {
            line,
            kind: kind.into_owned(),
            source: text("sourceName")?,
            unit: text("unit")?,
            value: text("value")?,
            start: text("startDate")?,
            end: text("endDate")?,
            food: Food::default(),
        }))
    }

    fn statistics(&mut self, tag: &BytesStart) -> Read {
        match self.open.last_mut() {
            Some(Open::Workout(workout)) => workout.add_statistics(tag),
            _ => Ok(()),
        }
    }

    fn metadata(&mut self, tag: &BytesStart) -> Read {
        let (key, value) = (attribute(tag, "key")?, attribute(tag, "value")?);
        let food = match self.open.last_mut() {
            Some(Open::Sample(sample)) => &mut sample.food,
            Some(Open::Correlation(correlation)) => &mut correlation.food,
            Some(Open::Workout(workout)) => {
                workout.add_metadata(&key, &value);
                return Ok(());
            }
            Some(Open::Bad { .. } | Open::Other) | None => return Ok(()),
        };
        match &*key {
            "HKFoodType" => food.name = Some(value.into_owned()),
            "HKFoodMeal" => food.meal = Some(value.into_owned()),
            _ => {}
        }
        Ok(())
    }

    pub fn close(&mut self, sink: Sink) -> Result<(), SinkError> {
        if self.beyond > 0 {
            self.beyond -= 1;
            return Ok(());
        }
        match self.open.pop() {
            Some(Open::Sample(sample)) => match self.open.last_mut() {
                Some(Open::Correlation(correlation)) => {
                    if correlation.samples.len() < MAX_TOGETHER {
                        correlation.samples.push(sample);
                    }
                    Ok(())
                }
                _ => self.samples.add(sample, sink),
            },
            Some(Open::Correlation(correlation)) => self.samples.add_together(correlation, sink),
            Some(Open::Workout(workout)) => sink(workout.found()),
            Some(Open::Bad { line, reason }) => sink(Found::Bad { line, reason: reason.into_owned() }),
            Some(Open::Other) | None => Ok(()),
        }
    }

    /// What is known when the last element has been read.
    pub fn finish(self, sink: Sink) -> Result<(), SinkError> {
        self.samples.finish(sink)
    }
}

/// An attribute's value; empty if there is none.
pub fn attribute<'a>(tag: &'a BytesStart, name: &str) -> Result<Cow<'a, str>, Cow<'static, str>> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute =
            attribute.map_err(|error| format!("has an attribute that cannot be read ({error})"))?;
        if attribute.key.as_ref() == name {
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            return value.map_err(|error| format!("{name} cannot be read ({error})").into());
        }
    }
    Ok(Cow::Borrowed(""))
}

/// A number; what it is said of is named when it is none.
pub fn number(text: &str, name: &str) -> Result<f64, Cow<'static, str>> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("{name} must be a number, and is {text:?}").into()),
    }
}
