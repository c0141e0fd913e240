//! Workouts. Older exports say energy and distance of the workout itself, newer ones in statistics below
//! it.

use std::borrow::Cow;

use quick_xml::events::BytesStart;
use serde_json::Value;

use super::{
    rows::{SampleResult, instant, row},
    xml::{attribute, number},
};
use crate::{
    event::ReadEvent,
    row::{Identity, RowKind},
    units,
};

#[derive(Debug, Default, PartialEq)]
pub struct Workout {
    line: u64,
    activity: String,
    /// As it is written.
    start: String,
    minutes: f64,
    kcal: Option<f64>,
    km: Option<f64>,
    /// The mean metabolic rate, in multiples of that at rest.
    mets: Option<f64>,
}

impl Workout {
    pub fn read(line: u64, tag: &BytesStart) -> Result<Self, Cow<'static, str>> {
        let activity = attribute(tag, "workoutActivityType")?;
        let unit = attribute(tag, "durationUnit")?;
        let unit = if unit.is_empty() { "min" } else { &unit };
        Ok(Self {
            line,
            activity: words(activity.strip_prefix("HKWorkoutActivityType").unwrap_or(&activity)),
            start: attribute(tag, "startDate")?.into_owned(),
            minutes: units::minutes(number(&attribute(tag, "duration")?, "duration")?, unit)?,
            kcal: total(tag, "totalEnergyBurned", "totalEnergyBurnedUnit", units::kcal)?,
            km: total(tag, "totalDistance", "totalDistanceUnit", units::kilometres)?,
            mets: None,
        })
    }

    pub fn add_statistics(&mut self, tag: &BytesStart) -> SampleResult {
        let kind = attribute(tag, "type")?;
        let kind = kind.strip_prefix("HKQuantityTypeIdentifier").unwrap_or_default();
        if kind == "ActiveEnergyBurned" {
            self.kcal = total(tag, "sum", "unit", units::kcal)?.or(self.kcal);
        } else if kind.starts_with("Distance") {
            self.km = total(tag, "sum", "unit", units::kilometres)?.or(self.km);
        }
        Ok(())
    }

    /// The metabolic rate is written as `5.2 kcal/hr·kg`.
    pub fn add_metadata(&mut self, key: &str, value: &str) {
        if key == "HKAverageMETs" {
            self.mets = value.split(' ').next().and_then(|number| number.parse().ok());
        }
    }

    pub fn found(self) -> ReadEvent {
        let line = self.line;
        let Some(at) = instant(&self.start) else {
            let reason = format!(
                "startDate must be a time such as 2026-11-21 08:15:00 +0100, and is {:?}",
                self.start
            );
            return ReadEvent::BadRow { line, reason };
        };
        row(
            line,
            RowKind::Exercises,
            [
                ("loggedAt", Some(at.to_string().into())),
                ("activity", Some(self.activity.into())),
                ("durationMin", Some(self.minutes.into())),
                ("intensity", Some(intensity(self.mets).into())),
                // Nothing burned and no way gone means that it was not measured.
                ("caloriesBurned", self.kcal.filter(|kcal| *kcal > 0.0).map(Value::from)),
                ("distanceKm", self.km.filter(|km| *km > 0.0).map(Value::from)),
            ],
            Identity::Content(0),
        )
    }
}

/// Below three times the rate at rest is light, above six vigorous (WHO, Guidelines on physical
/// activity, 2020). Moderate where it was not measured.
fn intensity(mets: Option<f64>) -> &'static str {
    match mets {
        Some(mets) if mets < 3.0 => "low",
        Some(mets) if mets >= 6.0 => "high",
        Some(_) | None => "moderate",
    }
}

fn total(
    tag: &BytesStart,
    name: &str,
    unit: &str,
    convert: fn(f64, &str) -> Result<f64, String>,
) -> Result<Option<f64>, Cow<'static, str>> {
    let value = attribute(tag, name)?;
    if value.is_empty() {
        return Ok(None);
    }
    Ok(Some(convert(number(&value, name)?, &attribute(tag, unit)?)?))
}

/// `TraditionalStrengthTraining` in words.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter);
    }
    words
}
