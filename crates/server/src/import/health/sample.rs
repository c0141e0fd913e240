//! What a sample means, by its type.

use std::{borrow::Cow, collections::BTreeSet};

use latido_protocol::time::Timestamp;

use super::{
    Sink, SinkError, Sources, all,
    element::{Correlation, Sample, number},
    instant, metric,
    nutrients::{Nutrient, Nutrients},
    pressure::{Half, Pressures},
    sleep::Nights,
    steps::Steps,
    units,
};
use crate::import::{Found, Identity, Options};

/// How many types of which no record is kept are told apart.
const MAX_SKIPPED: usize = 300;

const PREFIXES: [&str; 3] = ["HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier", "HKDataType"];

/// The samples that a record is made of.
#[derive(Clone, Copy)]
enum Meaning {
    /// Metrics of the wire's kinds, each with what brings it to that kind's unit.
    Metric(&'static str, fn(f64, &str) -> Result<f64, String>),
    Pressure(Half),
    Steps,
    Sleep,
    Nutrient(Nutrient),
}

fn meaning(kind: &str) -> Option<Meaning> {
    Some(match kind {
        "HKQuantityTypeIdentifierBodyMass" => Meaning::Metric("weight", units::kilograms),
        "HKQuantityTypeIdentifierHeartRate" => Meaning::Metric("heartRate", units::per_minute),
        "HKQuantityTypeIdentifierBloodGlucose" => Meaning::Metric("glucose", units::mg_per_dl),
        "HKQuantityTypeIdentifierOxygenSaturation" => Meaning::Metric("spo2", units::percent),
        "HKQuantityTypeIdentifierBodyTemperature" => Meaning::Metric("temperature", units::celsius),
        "HKQuantityTypeIdentifierBloodPressureSystolic" => Meaning::Pressure(Half::Systolic),
        "HKQuantityTypeIdentifierBloodPressureDiastolic" => Meaning::Pressure(Half::Diastolic),
        "HKQuantityTypeIdentifierStepCount" => Meaning::Steps,
        "HKCategoryTypeIdentifierSleepAnalysis" => Meaning::Sleep,
        "HKQuantityTypeIdentifierDietaryEnergyConsumed" => Meaning::Nutrient(Nutrient::Energy),
        "HKQuantityTypeIdentifierDietaryProtein" => Meaning::Nutrient(Nutrient::Protein),
        "HKQuantityTypeIdentifierDietaryCarbohydrates" => Meaning::Nutrient(Nutrient::Carbohydrates),
        "HKQuantityTypeIdentifierDietaryFatTotal" => Meaning::Nutrient(Nutrient::Fat),
        _ => return None,
    })
}

/// When a sample was taken.
#[derive(Clone, Copy)]
pub struct Span {
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Span {
    pub fn of(sample: &Sample) -> Result<Self, String> {
        let read = |name, text: &str| {
            instant(text).ok_or_else(|| {
                format!("{name} must be a time such as 2026-11-21 08:15:00 +0100, and is {text:?}")
            })
        };
        Ok(Self { start: read("startDate", &sample.start)?, end: read("endDate", &sample.end)? })
    }
}

pub struct Samples<'a> {
    options: &'a Options,
    sources: Sources,
    skipped: BTreeSet<String>,
    steps: Steps,
    nights: Nights,
    pressures: Pressures,
    nutrients: Nutrients,
}

impl<'a> Samples<'a> {
    pub fn new(options: &'a Options) -> Self {
        Self {
            options,
            sources: Sources::default(),
            skipped: BTreeSet::new(),
            steps: Steps::new(),
            nights: Nights::new(),
            pressures: Pressures::default(),
            nutrients: Nutrients::default(),
        }
    }

    /// Whether a record is made of samples of this type.
    pub fn knows(kind: &str) -> bool {
        meaning(kind).is_some()
    }

    /// Remembers a type of which no record is kept.
    pub fn skip(&mut self, kind: &str) {
        if self.skipped.len() < MAX_SKIPPED && !self.skipped.contains(kind) {
            self.skipped.insert(kind.chars().take(100).collect());
        }
    }

    /// A sample that stands alone.
    pub fn add(&mut self, sample: Sample, sink: Sink) -> Result<(), SinkError> {
        let line = sample.line;
        match self.read(&sample) {
            Ok(found) => all(found, sink),
            Err(reason) => sink(Found::Bad { line, reason: reason.into_owned() }),
        }
    }

    /// Gives what a sample means by itself; what means something only with others is put aside.
    fn read(&mut self, sample: &Sample) -> Result<Option<Found>, Cow<'static, str>> {
        let Some(meaning) = meaning(&sample.kind) else { return Ok(None) };
        let span = Span::of(sample)?;
        let source = self.sources.number(&sample.source);
        let zone = &self.options.zone;
        match meaning {
            Meaning::Metric(kind, unit) => {
                let value = unit(number(&sample.value, "value")?, &sample.unit)?;
                return Ok(Some(metric(sample.line, kind, span.start, value, None, Identity::Content(0))));
            }
            Meaning::Pressure(half) => self.pressures.add(sample, half, span.start, source)?,
            Meaning::Steps => self.steps.add(sample, span, source, zone)?,
            Meaning::Sleep => self.nights.add(sample, span, source, zone)?,
            Meaning::Nutrient(nutrient) => self.nutrients.add(sample, nutrient, span.start, source)?,
        }
        Ok(None)
    }

    /// Samples that belong together.
    pub fn add_together(&mut self, correlation: Correlation, sink: Sink) -> Result<(), SinkError> {
        let line = correlation.line;
        let found = match &*correlation.kind {
            "HKCorrelationTypeIdentifierBloodPressure" => self.pressure(&correlation).map(Some),
            "HKCorrelationTypeIdentifierFood" => self.food(&correlation),
            _ => Ok(None),
        };
        match found {
            Ok(found) => all(found, sink),
            Err(reason) => sink(Found::Bad { line, reason: reason.into_owned() }),
        }
    }

    fn pressure(&mut self, correlation: &Correlation) -> Result<Found, Cow<'static, str>> {
        let half = |half: Half| {
            let is = |sample: &&Sample| matches!(meaning(&sample.kind), Some(Meaning::Pressure(other)) if other == half);
            correlation.samples.iter().find(is).ok_or_else(|| format!("has no {} pressure", half.as_str()))
        };
        let (systolic, diastolic) = (half(Half::Systolic)?, half(Half::Diastolic)?);
        Ok(self.pressures.pair(systolic, diastolic, Span::of(systolic)?.start)?)
    }

    fn food(&mut self, correlation: &Correlation) -> Result<Option<Found>, Cow<'static, str>> {
        let mut parts = Vec::new();
        for sample in &correlation.samples {
            if let Some(Meaning::Nutrient(nutrient)) = meaning(&sample.kind) {
                let source = self.sources.number(&sample.source);
                parts.push((sample, nutrient, Span::of(sample)?.start, source));
            }
        }
        Ok(self.nutrients.together(correlation, &parts, &self.options.zone)?)
    }

    pub fn finish(self, sink: Sink) -> Result<(), SinkError> {
        let zone = &self.options.zone;
        all(self.pressures.finish(), sink)?;
        all(self.nutrients.finish(zone), sink)?;
        all(self.steps.finish(), sink)?;
        all(self.nights.finish(), sink)?;
        let skipped = self.skipped.into_iter().map(|kind| {
            let name = PREFIXES.iter().find_map(|prefix| kind.strip_prefix(prefix)).unwrap_or(&kind);
            Found::Skipped { what: name.to_owned() }
        });
        all(skipped, sink)
    }
}
