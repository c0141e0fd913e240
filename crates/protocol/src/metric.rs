//! Health metrics: one measured value (blood pressure: two) of a kind, in that kind's one unit.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    id::Id,
    json::{FromJson, Malformed, Reader},
    read_object,
    record::record,
    time::Timestamp,
    values::{Invalid, Source, write_number},
};

pub type HealthMetricId = Id<HealthMetric>;

macro_rules! kinds {
    ($($variant:ident = $word:literal, $unit:literal, $min:literal ..= $max:literal;)+) => {
        /// What was measured. The unit follows from it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MetricKind { $($variant),+ }

        impl MetricKind {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            pub fn parse(word: &str) -> Result<Self, Invalid> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(Invalid::NotOneOf { words: Self::WORDS }),
                }
            }
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            pub fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit),+ }
            }
            /// The values a person can have, generously; both bounds allowed.
            pub fn range(self) -> (f64, f64) {
                match self { $(Self::$variant => ($min, $max)),+ }
            }
        }
    };
}

kinds! {
    Weight = "weight", "kg", 1.0..=700.0;
    HeartRate = "heartRate", "bpm", 10.0..=400.0;
    BloodPressure = "bloodPressure", "mmHg", 20.0..=350.0;
    Glucose = "glucose", "mg/dL", 5.0..=2000.0;
    Sleep = "sleep", "h", 0.0..=24.0;
    Steps = "steps", "count", 0.0..=200_000.0;
    Spo2 = "spo2", "%", 30.0..=100.0;
    Temperature = "temperature", "°C", 20.0..=46.0;
}

impl Serialize for MetricKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromJson for MetricKind {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Self::parse(&reader.string()?).map_err(|_| Malformed)
    }
}

impl<'de> Deserialize<'de> for MetricKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&word).map_err(serde::de::Error::custom)
    }
}

/// Which of a reading's numbers was refused, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct InvalidReading {
    pub value: Option<Invalid>,
    pub value2: Option<Invalid>,
}

/// A measured value that its kind allows. Only blood pressure has a second number, the diastolic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    kind: MetricKind,
    value: f64,
    value2: Option<f64>,
}

impl Reading {
    /// Checks both numbers; `None` stands for one that was not given.
    pub fn new(kind: MetricKind, value: Option<f64>, value2: Option<f64>) -> Result<Self, InvalidReading> {
        let (min, max) = kind.range();
        let check = |number: Option<f64>| match number {
            Some(number) if (min..=max).contains(&number) => None,
            Some(_) => Some(Invalid::OutOfRange { min: min as i64, max: max as i64 }),
            None => Some(Invalid::Required),
        };
        let refused = InvalidReading {
            value: check(value),
            value2: match kind {
                MetricKind::BloodPressure => check(value2),
                // A second number that this kind does not have is not an error but no news either.
                _ => None,
            },
        };
        match (value, &refused) {
            (Some(value), InvalidReading { value: None, value2: None }) => {
                Ok(Self { kind, value, value2: value2.filter(|_| kind == MetricKind::BloodPressure) })
            }
            _ => Err(refused),
        }
    }

    pub fn kind(self) -> MetricKind {
        self.kind
    }
    pub fn value(self) -> f64 {
        self.value
    }
    pub fn value2(self) -> Option<f64> {
        self.value2
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthMetric {
    pub id: HealthMetricId,
    pub measured_at: Timestamp,
    pub kind: MetricKind,
    #[serde(serialize_with = "write_number")]
    pub value: f64,
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "write_optional_number")]
    pub value2: Option<f64>,
    /// Its kind says it too, so an answer without it is one.
    #[serde(default)]
    pub unit: String,
    pub source: Source,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// 0 from a backend that counts no versions; there `updated_at` says which copy is newer.
    #[serde(default)]
    pub version: u64,
}

read_object!(HealthMetric {
    id = "id",
    measured_at = "measuredAt",
    kind = "kind",
    value = "value",
    value2 = "value2" or None,
    unit = "unit" or String::new(),
    source = "source",
    created_at = "createdAt",
    updated_at = "updatedAt",
    version = "version" or 0,
});

record!(HealthMetric, at = measured_at, path = "/health-metrics",
    one = HealthMetricOne { health_metric = "healthMetric" }, page = HealthMetricPage { health_metrics });

/// By reference, as serde calls it.
#[allow(clippy::ref_option)]
fn write_optional_number<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => write_number(value, serializer),
        None => serializer.serialize_none(),
    }
}

/// What a user says about a measurement: the body of a creation, and the whole of an edit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthMetricDraft {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_at: Option<Timestamp>,
    pub kind: MetricKind,
    pub value: f64,
    pub value2: Option<f64>,
    pub source: Source,
}

impl HealthMetricDraft {
    pub fn new(measured_at: Option<Timestamp>, reading: Reading, source: Source) -> Self {
        Self { measured_at, kind: reading.kind(), value: reading.value(), value2: reading.value2(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blood_pressure_needs_both_numbers() {
        let refused = Reading::new(MetricKind::BloodPressure, Some(120.0), None).unwrap_err();
        assert_eq!(refused, InvalidReading { value: None, value2: Some(Invalid::Required) });
        assert!(Reading::new(MetricKind::BloodPressure, Some(120.0), Some(80.0)).is_ok());
    }

    #[test]
    fn a_second_number_is_dropped_where_there_is_none() {
        let reading = Reading::new(MetricKind::Weight, Some(70.0), Some(1.0)).unwrap();
        assert_eq!(reading.value2(), None);
    }

    #[test]
    fn nobody_sleeps_twenty_five_hours() {
        let refused = Reading::new(MetricKind::Sleep, Some(25.0), None).unwrap_err();
        assert_eq!(refused.value, Some(Invalid::OutOfRange { min: 0, max: 24 }));
    }
}
