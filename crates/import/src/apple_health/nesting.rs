//! The elements as they are nested: samples stand alone or in a correlation, and have metadata; workouts
//! have statistics.

use std::borrow::Cow;

use quick_xml::events::BytesStart;

use super::{
    element::{Correlation, Food, Sample},
    rows::SampleResult,
    sample::Samples,
    workout::Workout,
    xml::attribute,
};
use crate::event::{ReadEvent, Sink, SinkError};

/// How deep elements are nested, at most; Apple's go four deep.
const MAX_DEPTH: usize = 64;
/// How many samples a correlation has, at most; a food has forty nutrients.
const MAX_TOGETHER: usize = 100;

/// An element that has been opened and not yet closed.
enum OpenElement {
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
    open: Vec<OpenElement>,
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
            "Correlation" => correlation(line, tag).map(OpenElement::Correlation),
            "Workout" => Workout::read(line, tag).map(OpenElement::Workout),
            "WorkoutStatistics" => self.statistics(tag).map(|()| OpenElement::Other),
            "MetadataEntry" => self.metadata(tag).map(|()| OpenElement::Other),
            _ => Ok(OpenElement::Other),
        };
        self.open.push(opened.unwrap_or_else(|reason| OpenElement::Bad { line, reason }));
    }

    fn sample(&mut self, line: u64, tag: &BytesStart) -> Result<OpenElement, Cow<'static, str>> {
        let kind = attribute(tag, "type")?;
        if !Samples::knows(&kind) {
            self.samples.skip(&kind);
            return Ok(OpenElement::Other);
        }
        let text = |name| attribute(tag, name).map(Cow::into_owned);
        Ok(OpenElement::Sample(Sample {
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

    fn statistics(&mut self, tag: &BytesStart) -> SampleResult {
        match self.open.last_mut() {
            Some(OpenElement::Workout(workout)) => workout.add_statistics(tag),
            _ => Ok(()),
        }
    }

    fn metadata(&mut self, tag: &BytesStart) -> SampleResult {
        let (key, value) = (attribute(tag, "key")?, attribute(tag, "value")?);
        let food = match self.open.last_mut() {
            Some(OpenElement::Sample(sample)) => &mut sample.food,
            Some(OpenElement::Correlation(correlation)) => &mut correlation.food,
            Some(OpenElement::Workout(workout)) => {
                workout.add_metadata(&key, &value);
                return Ok(());
            }
            Some(OpenElement::Bad { .. } | OpenElement::Other) | None => return Ok(()),
        };
        match &*key {
            "HKFoodType" => food.name = Some(value.into_owned()),
            "HKFoodMeal" => food.meal = Some(value.into_owned()),
            "HKExternalUUID" => food.entry = Some(value.into_owned()),
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
            Some(OpenElement::Sample(sample)) => match self.open.last_mut() {
                Some(OpenElement::Correlation(correlation)) => {
                    if correlation.samples.len() < MAX_TOGETHER {
                        correlation.samples.push(sample);
                    }
                    Ok(())
                }
                _ => self.samples.add(sample, sink),
            },
            Some(OpenElement::Correlation(correlation)) => self.samples.add_together(correlation, sink),
            Some(OpenElement::Workout(workout)) => sink(workout.found()),
            Some(OpenElement::Bad { line, reason }) => {
                sink(ReadEvent::BadRow { line, reason: reason.into_owned() })
            }
            Some(OpenElement::Other) | None => Ok(()),
        }
    }

    /// What is known when the last element has been read.
    pub fn finish(self, sink: Sink) -> Result<(), SinkError> {
        self.samples.finish(sink)
    }
}

fn correlation(line: u64, tag: &BytesStart) -> Result<Correlation, Cow<'static, str>> {
    let text = |name| attribute(tag, name).map(Cow::into_owned);
    Ok(Correlation { line, kind: text("type")?, created: text("creationDate")?, ..Correlation::default() })
}
