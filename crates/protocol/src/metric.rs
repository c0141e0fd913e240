//! Health metrics: one measured value (blood pressure: two) of a kind, in that kind's one unit.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    day_rule::DayRule,
    id::Id,
    record::record,
    schema,
    time::Timestamp,
    values::{Invalid, Source, write_number},
};

/// The id of a health metric.
pub type HealthMetricId = Id<HealthMetric>;

macro_rules! kinds {
    ($($(#[$doc:meta])+ $variant:ident = $word:literal, $unit:literal, $min:literal ..= $max:literal, day $day:ident, far $far:expr;)+) => {
        /// The kind of a measurement. The unit follows from it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MetricKind {
            $(
                $(#[$doc])+
                ///
                #[doc = concat!("On the wire `", $word, "`; unit `", $unit, "`; range `", stringify!($min), "..=", stringify!($max), "`.")]
                $variant
            ),+
        }

        impl MetricKind {
            /// Every kind, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The words on the wire, in the order of [`ALL`](Self::ALL).
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Parses the word on the wire, spelled exactly.
            ///
            /// # Errors
            ///
            /// [`Invalid::NotOneOf`] with [`WORDS`](Self::WORDS).
            pub fn parse(word: &str) -> Result<Self, Invalid> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(Invalid::NotOneOf { words: Self::WORDS }),
                }
            }
            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            /// The unit of the values, as the wire spells it: `kg`, `mg/dL`.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit),+ }
            }
            /// The smallest and the largest value a person can have, generously, in the kind's unit; both allowed. The
            /// sources stand at each kind.
            pub fn range(self) -> (f64, f64) {
                match self { $(Self::$variant => ($min, $max)),+ }
            }
            /// The rule by which several measurements make the value of a day.
            pub fn day_rule(self) -> DayRule {
                match self { $(Self::$variant => DayRule::$day),+ }
            }
            fn far(self) -> Far {
                match self { $(Self::$variant => $far),+ }
            }
        }
    };
}

// One table: unit, range, what makes up a day, and what is far from the value before.
kinds! {
    /// Body mass. The heaviest person on record weighed 635 kg (Guinness World Records).
    Weight = "weight", "kg", 1.0..=700.0, day Last, far Far::Times(1.2);
    /// Heart rate. The range is wider than what monitors are made for, both ways (IEC 60601-2-27 asks for 30 to 250
    /// bpm).
    HeartRate = "heartRate", "bpm", 20.0..=300.0, day Mean, far Far::Times(2.5);
    /// Blood pressure: the value is the systolic one, the second value the diastolic one, which is lower.
    /// Under heavy weights 370 over 360 mmHg were measured in an artery (MacDougall 1985); cuffs end at 300.
    BloodPressure = "bloodPressure", "mmHg", 20.0..=350.0, day Mean, far Far::By(60.0);
    /// Blood glucose. Meters show 20 to 600 mg/dL. What is lower was meant in mmol/L: 5.4 is 97 mg/dL.
    Glucose = "glucose", "mg/dL", 20.0..=2000.0, day Mean, far Far::Times(4.0);
    /// Sleep. A nap adds to the night.
    Sleep = "sleep", "h", 0.0..=24.0, day Sum, far Far::By(8.0);
    /// Steps, a whole number. Telephones and watches write the running total of the day, and people copy it from them.
    Steps = "steps", "count", 0.0..=200_000.0, day Largest, far Far::Over { times: 4.0, least: 20_000.0 };
    /// Oxygen saturation of the blood. Climbers on Everest had 34 % and more (Grocott 2009).
    Spo2 = "spo2", "%", 30.0..=100.0, day Mean, far Far::By(12.0);
    /// Body temperature. Survivors had 13.7 °C (Gilbert 2000) and 46.5 °C (Guinness World Records); thermometers
    /// begin above 20. A day is remembered by its fever.
    Temperature = "temperature", "°C", 20.0..=46.0, day Largest, far Far::By(3.0);
}

/// The mg/dL of glucose in 1 mmol/L: a tenth of its molar mass, 180.156 g/mol (PubChem, CID 5793).
pub const GLUCOSE_MG_DL_PER_MMOL_L: f64 = 18.0156;

/// How far a value may be from the one before without being asked about.
#[derive(Clone, Copy)]
enum Far {
    /// So many times as much, or as little.
    Times(f64),
    /// So much more or less.
    By(f64),
    /// So many times as much, and above a value that is nothing special.
    Over { times: f64, least: f64 },
}

impl MetricKind {
    /// Whether `value` is so far from the person's last one, `before`, that a slip of the finger is likelier: 689 kg
    /// after 68.9. Such a value is allowed, and worth a question. Both in the kind's unit.
    pub fn is_far(self, before: f64, value: f64) -> bool {
        match self.far() {
            Far::Times(times) => value > before * times || value * times < before,
            Far::By(by) => (value - before).abs() > by,
            Far::Over { times, least } => value > least && value > before * times,
        }
    }
}

impl Serialize for MetricKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MetricKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&word).map_err(serde::de::Error::custom)
    }
}

/// The refused numbers of a [`Reading`], and why each was.
#[derive(Clone, Debug, PartialEq)]
pub struct InvalidReading {
    /// The fault of the value; `None` if it is allowed.
    pub value: Option<Invalid>,
    /// The fault of the second value, the diastolic one; `None` if it is allowed or the kind has none.
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
    /// Checks both numbers, in the kind's unit; `None` stands for one that was not given. A second number of a kind
    /// that has none is dropped.
    ///
    /// # Errors
    ///
    /// [`Invalid::Required`], [`Invalid::OutOfRange`], [`Invalid::NotWhole`] (steps) or
    /// [`Invalid::NotBelowSystolic`], at the number that has the fault.
    pub fn new(kind: MetricKind, value: Option<f64>, value2: Option<f64>) -> Result<Self, InvalidReading> {
        let (min, max) = kind.range();
        let check = |number: Option<f64>| match number {
            Some(number) if (min..=max).contains(&number) => {
                (kind == MetricKind::Steps && number.fract() != 0.0).then_some(Invalid::NotWhole)
            }
            Some(_) => Some(Invalid::OutOfRange { min: min as i64, max: max as i64 }),
            None => Some(Invalid::Required),
        };
        let mut refused = InvalidReading {
            value: check(value),
            value2: match kind {
                MetricKind::BloodPressure => check(value2),
                // A second number that this kind does not have is not an error but no news either.
                _ => None,
            },
        };
        if kind == MetricKind::BloodPressure
            && let (Some(systolic), Some(diastolic)) = (value, value2)
            && refused == (InvalidReading { value: None, value2: None })
            && diastolic >= systolic
        {
            refused.value2 = Some(Invalid::NotBelowSystolic);
        }
        match (value, &refused) {
            (Some(value), InvalidReading { value: None, value2: None }) => {
                Ok(Self { kind, value, value2: value2.filter(|_| kind == MetricKind::BloodPressure) })
            }
            _ => Err(refused),
        }
    }

    /// The kind, from which the unit follows.
    pub fn kind(self) -> MetricKind {
        self.kind
    }
    /// The value in the kind's unit; of blood pressure the systolic one.
    pub fn value(self) -> f64 {
        self.value
    }
    /// The diastolic pressure in mmHg; `None` for every other kind.
    pub fn value2(self) -> Option<f64> {
        self.value2
    }
}

/// A measurement of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HealthMetric {
    /// The server's id.
    pub id: HealthMetricId,
    /// When it was measured. Lists are ordered by it.
    pub measured_at: Timestamp,
    /// The kind, from which unit and range follow.
    pub kind: MetricKind,
    /// The value in the kind's unit; of blood pressure the systolic one.
    #[serde(serialize_with = "write_number")]
    #[cfg_attr(feature = "openapi", schema(schema_with = described::value))]
    pub value: f64,
    /// The diastolic pressure in mmHg; absent for every other kind.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "write_optional_number")]
    #[cfg_attr(feature = "openapi", schema(schema_with = described::value2))]
    pub value2: Option<f64>,
    /// The unit of both values. It follows from the kind, so a response may leave it out; then it is empty.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required, schema_with = described::unit))]
    pub unit: String,
    /// The origin of the record.
    pub source: Source,
    /// When the server stored it first.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes, from 1; 0 or absent from a backend that counts no versions, where `updated_at` says which
    /// copy is newer.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub version: u64,
}

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

/// The fields of a health metric that a user writes: the body of a creation, and the whole of an edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HealthMetricDraft {
    /// When it was measured. Left out: on a creation the server's now, on an edit the stored time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_at: Option<Timestamp>,
    /// The kind, from which unit and range follow.
    pub kind: MetricKind,
    /// The value in the kind's unit; of blood pressure the systolic one.
    #[cfg_attr(feature = "openapi", schema(schema_with = described::value))]
    pub value: f64,
    /// The diastolic pressure in mmHg; `null` for every other kind.
    #[cfg_attr(feature = "openapi", schema(schema_with = described::optional_value2))]
    pub value2: Option<f64>,
    /// The origin of the record.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub source: Source,
}

impl HealthMetricDraft {
    /// The draft of a checked reading. `measured_at` as in the field.
    pub fn new(measured_at: Option<Timestamp>, reading: Reading, source: Source) -> Self {
        Self { measured_at, kind: reading.kind(), value: reading.value(), value2: reading.value2(), source }
    }
}

schema::described!(["The kind of a measurement. The unit follows from it."] MetricKind = schema::one_of(Self::WORDS));

/// The schemas of numbers and unit, whose limits depend on the kind.
#[cfg(feature = "openapi")]
mod described {
    use utoipa::openapi::{ObjectBuilder, Type, schema::SchemaType};

    use super::MetricKind;
    use crate::schema;

    /// Between the smallest and the largest value of any kind.
    pub fn value() -> ObjectBuilder {
        let ranges = || MetricKind::ALL.iter().map(|kind| kind.range());
        let min = ranges().map(|(min, _)| min).fold(f64::INFINITY, f64::min);
        let max = ranges().map(|(_, max)| max).fold(f64::NEG_INFINITY, f64::max);
        let about = "The value in the kind's unit; of blood pressure the systolic one.";
        schema::number().minimum(Some(min)).maximum(Some(max)).description(Some(about))
    }

    pub fn value2() -> ObjectBuilder {
        let (min, max) = MetricKind::BloodPressure.range();
        let about = "The diastolic pressure in mmHg, which only blood pressure has.";
        schema::number().minimum(Some(min)).maximum(Some(max)).description(Some(about))
    }

    pub fn optional_value2() -> ObjectBuilder {
        value2().schema_type(SchemaType::Array(vec![Type::Number, Type::Null]))
    }

    pub fn unit() -> ObjectBuilder {
        let units: Vec<_> = MetricKind::ALL.iter().map(|kind| kind.unit()).collect();
        schema::one_of(&units).description(Some("The unit of both values, which follows from the kind."))
    }
}

#[cfg(test)]
#[path = "metric_tests.rs"]
mod tests;
