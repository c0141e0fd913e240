//! A record of any kind that lists hold. One enum instead of a type parameter: pages, rows and
//! forms exist once in the wasm, not once per kind.

use latido_protocol::{
    event::{self, Event, Family},
    exercise::ExerciseLog,
    food::FoodLog,
    metric::HealthMetric,
    profile::HealthProfile,
    record::Record,
    time::Timestamp,
    values::Source,
};
use serde_json::value::RawValue;

use crate::api::error::ApiError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Food,
    Exercise,
    Metric,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AnyRecord {
    Food(FoodLog),
    Exercise(ExerciseLog),
    Metric(HealthMetric),
}

impl Kind {
    pub fn path(self) -> &'static str {
        match self {
            Self::Food => FoodLog::PATH,
            Self::Exercise => ExerciseLog::PATH,
            Self::Metric => HealthMetric::PATH,
        }
    }

    /// The family whose events speak of it.
    pub fn family(self) -> Family {
        match self {
            Self::Food => Family::Food,
            Self::Exercise => Family::Exercise,
            Self::Metric => Family::Metric,
        }
    }

    /// The records of one page of a list, and the cursor of the next.
    pub(crate) fn parse_page(self, body: &str) -> Result<(Vec<AnyRecord>, Option<String>), ApiError> {
        let page: Page = serde_json::from_str(body).map_err(|_| ApiError::Unreadable)?;
        let records = page.records.iter().map(|record| self.parse(record.get())).collect::<Result<_, _>>()?;
        Ok((records, page.next_cursor))
    }

    /// The answer to a request for one record, or to a write.
    pub(crate) fn parse_one(self, body: &str) -> Result<AnyRecord, ApiError> {
        let one: One = serde_json::from_str(body).map_err(|_| ApiError::Unreadable)?;
        self.parse(one.record.get())
    }

    /// One record, as it stands in an event or a list.
    pub(super) fn parse(self, text: &str) -> Result<AnyRecord, ApiError> {
        fn parse<R: Record>(text: &str, wrap: fn(R) -> AnyRecord) -> Result<AnyRecord, ApiError> {
            serde_json::from_str(text).map(wrap).map_err(|_| ApiError::Unreadable)
        }
        match self {
            Self::Food => parse(text, AnyRecord::Food),
            Self::Exercise => parse(text, AnyRecord::Exercise),
            Self::Metric => parse(text, AnyRecord::Metric),
        }
    }
}

/// A list's answer, of whatever kind: read once for all, where the protocol's own types would each bring
/// their reader into the wasm.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    #[serde(borrow, alias = "foodLogs", alias = "exerciseLogs", alias = "healthMetrics")]
    records: Vec<&'a RawValue>,
    #[serde(default)]
    next_cursor: Option<String>,
}

/// The same for one record, the profile among them.
#[derive(serde::Deserialize)]
pub(super) struct One<'a> {
    #[serde(
        borrow,
        alias = "foodLog",
        alias = "exerciseLog",
        alias = "healthMetric",
        alias = "healthProfile"
    )]
    pub record: &'a RawValue,
}

/// What an event or a write's answer says about what is held.
pub enum Change {
    Put(AnyRecord),
    Removed { kind: Kind, id: String },
    Profile(HealthProfile),
}

impl Change {
    /// `None` for what no list holds.
    pub fn of(event: &Event) -> Option<Self> {
        fn change<R: Record>(change: &event::Change<R>, kind: Kind, wrap: fn(R) -> AnyRecord) -> Change {
            match change {
                event::Change::Created(record) | event::Change::Updated(record) => {
                    Change::Put(wrap(record.clone()))
                }
                event::Change::Deleted(id) => Change::Removed { kind, id: id.as_str().to_owned() },
            }
        }
        Some(match event {
            Event::Food(food) => change(food, Kind::Food, AnyRecord::Food),
            Event::Exercise(exercise) => change(exercise, Kind::Exercise, AnyRecord::Exercise),
            Event::Metric(metric) => change(metric, Kind::Metric, AnyRecord::Metric),
            Event::Profile(profile) => Self::Profile(profile.clone()),
            Event::Told(_) => return None,
        })
    }
}

impl AnyRecord {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Food(_) => Kind::Food,
            Self::Exercise(_) => Kind::Exercise,
            Self::Metric(_) => Kind::Metric,
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Self::Food(record) => record.id.as_str(),
            Self::Exercise(record) => record.id.as_str(),
            Self::Metric(record) => record.id.as_str(),
        }
    }

    pub fn version(&self) -> u64 {
        match self {
            Self::Food(record) => record.version,
            Self::Exercise(record) => record.version,
            Self::Metric(record) => record.version,
        }
    }

    pub fn at(&self) -> Timestamp {
        match self {
            Self::Food(record) => record.logged_at,
            Self::Exercise(record) => record.logged_at,
            Self::Metric(record) => record.measured_at,
        }
    }

    pub fn updated_at(&self) -> Timestamp {
        match self {
            Self::Food(record) => record.updated_at,
            Self::Exercise(record) => record.updated_at,
            Self::Metric(record) => record.updated_at,
        }
    }

    pub fn source(&self) -> Source {
        match self {
            Self::Food(record) => record.source,
            Self::Exercise(record) => record.source,
            Self::Metric(record) => record.source,
        }
    }
}
