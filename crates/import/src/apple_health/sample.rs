//! What a sample means, by its type.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    days::Sources,
    element::{Correlation, Sample, Span},
    nutrients::{Nutrient, Nutrients},
    pressure::{BloodPressures, PressureKind},
    rows::{all, metric},
    sleep::Nights,
    steps::Steps,
    xml::number,
};
use crate::{
    event::{Options, ReadEvent, Sink, SinkError},
    row::Identity,
    units,
};

/// How many types of which no record is kept are told apart.
const MAX_SKIPPED: usize = 300;

const PREFIXES: [&str; 3] = ["HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier", "HKDataType"];

/// The samples that a record is made of.
#[derive(Clone, Copy)]
enum SampleKind {
    /// Metrics of the wire's kinds, each with what brings it to that kind's unit.
    Metric(&'static str, fn(f64, &str) -> Result<f64, String>),
    Pressure(PressureKind),
    Steps,
    Sleep,
    Nutrient(Nutrient),
}

fn kind_of(kind: &str) -> Option<SampleKind> {
    Some(match kind {
        "HKQuantityTypeIdentifierBodyMass" => SampleKind::Metric("weight", units::kilograms),
        "HKQuantityTypeIdentifierHeartRate" => SampleKind::Metric("heartRate", units::per_minute),
        "HKQuantityTypeIdentifierBloodGlucose" => SampleKind::Metric("glucose", units::mg_per_dl),
        "HKQuantityTypeIdentifierOxygenSaturation" => SampleKind::Metric("spo2", units::percent),
        "HKQuantityTypeIdentifierBodyTemperature" => SampleKind::Metric("temperature", units::celsius),
        "HKQuantityTypeIdentifierBloodPressureSystolic" => SampleKind::Pressure(PressureKind::Systolic),
        "HKQuantityTypeIdentifierBloodPressureDiastolic" => SampleKind::Pressure(PressureKind::Diastolic),
        "HKQuantityTypeIdentifierStepCount" => SampleKind::Steps,
        "HKCategoryTypeIdentifierSleepAnalysis" => SampleKind::Sleep,
        "HKQuantityTypeIdentifierDietaryEnergyConsumed" => SampleKind::Nutrient(Nutrient::Energy),
        "HKQuantityTypeIdentifierDietaryProtein" => SampleKind::Nutrient(Nutrient::Protein),
        "HKQuantityTypeIdentifierDietaryCarbohydrates" => SampleKind::Nutrient(Nutrient::Carbohydrates),
        "HKQuantityTypeIdentifierDietaryFatTotal" => SampleKind::Nutrient(Nutrient::Fat),
        _ => return None,
    })
}

pub struct Samples<'a> {
    options: &'a Options,
    sources: Sources,
    skipped: BTreeMap<String, u64>,
    steps: Steps,
    nights: Nights,
    pressures: BloodPressures,
    nutrients: Nutrients,
}

impl<'a> Samples<'a> {
    pub fn new(options: &'a Options) -> Self {
        Self {
            options,
            sources: Sources::default(),
            skipped: BTreeMap::new(),
            steps: Steps::new(),
            nights: Nights::new(),
            pressures: BloodPressures::default(),
            nutrients: Nutrients::default(),
        }
    }

    /// Whether a record is made of samples of this type.
    pub fn knows(kind: &str) -> bool {
        kind_of(kind).is_some()
    }

    /// Remembers a type of which no record is kept.
    pub fn skip(&mut self, kind: &str) {
        if let Some(count) = self.skipped.get_mut(kind) {
            *count += 1;
        } else {
            let known: String = kind.chars().take(100).collect();
            let known = if self.skipped.len() < MAX_SKIPPED { known } else { "other types".to_owned() };
            *self.skipped.entry(known).or_default() += 1;
        }
    }

    /// A sample that stands alone.
    pub fn add(&mut self, sample: Sample, sink: Sink) -> Result<(), SinkError> {
        let line = sample.line;
        match self.read(&sample) {
            Ok(found) => all(found, sink),
            Err(reason) => sink(ReadEvent::BadRow { line, reason: reason.into_owned() }),
        }
    }

    /// Gives what a sample means by itself; what means something only with others is put aside.
    fn read(&mut self, sample: &Sample) -> Result<Option<ReadEvent>, Cow<'static, str>> {
        let Some(meaning) = kind_of(&sample.kind) else { return Ok(None) };
        let span = Span::of(sample)?;
        let source = self.sources.number(&sample.source);
        let zone = &self.options.zone;
        match meaning {
            SampleKind::Metric(kind, unit) => {
                let value = unit(number(&sample.value, "value")?, &sample.unit)?;
                return Ok(Some(metric(sample.line, kind, span.start, value, None, Identity::Content(0))));
            }
            SampleKind::Pressure(half) => self.pressures.add(sample, half, span.start, source)?,
            SampleKind::Steps => self.steps.add(sample, span, source, zone)?,
            SampleKind::Sleep => self.nights.add(sample, span, source, zone)?,
            SampleKind::Nutrient(nutrient) => self.nutrients.add(sample, nutrient, span.start, source)?,
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
            Err(reason) => sink(ReadEvent::BadRow { line, reason: reason.into_owned() }),
        }
    }

    fn pressure(&mut self, correlation: &Correlation) -> Result<ReadEvent, Cow<'static, str>> {
        let half = |half: PressureKind| {
            let is = |sample: &&Sample| matches!(kind_of(&sample.kind), Some(SampleKind::Pressure(other)) if other == half);
            correlation.samples.iter().find(is).ok_or_else(|| format!("has no {} pressure", half.as_str()))
        };
        let (systolic, diastolic) = (half(PressureKind::Systolic)?, half(PressureKind::Diastolic)?);
        Ok(self.pressures.pair(systolic, diastolic, Span::of(systolic)?.start)?)
    }

    fn food(&mut self, correlation: &Correlation) -> Result<Option<ReadEvent>, Cow<'static, str>> {
        let mut parts = Vec::new();
        for sample in &correlation.samples {
            if let Some(SampleKind::Nutrient(nutrient)) = kind_of(&sample.kind) {
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
        let skipped = self.skipped.into_iter().map(|(kind, count)| {
            let name = PREFIXES.iter().find_map(|prefix| kind.strip_prefix(prefix)).unwrap_or(&kind);
            ReadEvent::Skipped { what: name.to_owned(), count }
        });
        all(skipped, sink)
    }
}
