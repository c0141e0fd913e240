//! A record of any kind that lists hold. One enum instead of a type parameter: pages, rows and
//! forms exist once in the wasm, not once per kind.

use latido_cache::model::Change;
use latido_protocol::{
    event::{self, Event, Family},
    exercise::ExerciseLog,
    food::FoodLog,
    id::Id,
    metric::HealthMetric,
    record::Record,
    time::Timestamp,
    values::Source,
};

use crate::api::error::ApiError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    Food,
    Exercise,
    Metric,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnyRecord {
    Food(FoodLog),
    Exercise(ExerciseLog),
    Metric(HealthMetric),
}

impl RecordKind {
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
        fn page<R: Record>(
            body: &str,
            wrap: fn(R) -> AnyRecord,
        ) -> serde_json::Result<(Vec<AnyRecord>, Option<String>)> {
            let (records, next) = R::from_page(serde_json::from_str(body)?);
            Ok((records.into_iter().map(wrap).collect(), next))
        }
        let page = match self {
            Self::Food => page(body, AnyRecord::Food),
            Self::Exercise => page(body, AnyRecord::Exercise),
            Self::Metric => page(body, AnyRecord::Metric),
        };
        page.map_err(|_| ApiError::Unreadable)
    }

    /// The answer to a request for one record, or to a write.
    pub(crate) fn parse_one(self, body: &str) -> Result<AnyRecord, ApiError> {
        fn one<R: Record>(body: &str, wrap: fn(R) -> AnyRecord) -> serde_json::Result<AnyRecord> {
            serde_json::from_str(body).map(|one| wrap(R::from_one(one)))
        }
        let one = match self {
            Self::Food => one(body, AnyRecord::Food),
            Self::Exercise => one(body, AnyRecord::Exercise),
            Self::Metric => one(body, AnyRecord::Metric),
        };
        one.map_err(|_| ApiError::Unreadable)
    }
}

impl RecordKind {
    /// What an event does to a record of this kind; `None` for an event about something else.
    pub fn change(self, event: &Event) -> Option<Change<AnyRecord>> {
        fn change<R: Record>(change: &event::Change<R>, wrap: fn(R) -> AnyRecord) -> Change<AnyRecord> {
            match change {
                event::Change::Created(record) | event::Change::Updated(record) => {
                    Change::Put(wrap(record.clone()))
                }
                event::Change::Deleted(id) => Change::Removed(id.as_str().to_owned()),
            }
        }
        match (self, event) {
            (Self::Food, Event::Food(food)) => Some(change(food, AnyRecord::Food)),
            (Self::Exercise, Event::Exercise(exercise)) => Some(change(exercise, AnyRecord::Exercise)),
            (Self::Metric, Event::Metric(metric)) => Some(change(metric, AnyRecord::Metric)),
            _ => None,
        }
    }

    /// The event of a deletion.
    pub fn deleted(self, id: &str) -> Event {
        match self {
            Self::Food => Event::Food(event::Change::Deleted(Id::new(id))),
            Self::Exercise => Event::Exercise(event::Change::Deleted(Id::new(id))),
            Self::Metric => Event::Metric(event::Change::Deleted(Id::new(id))),
        }
    }
}

impl AnyRecord {
    /// The event of the record as it is now: the response to a write counts as one.
    pub fn updated(self) -> Event {
        match self {
            Self::Food(record) => Event::Food(event::Change::Updated(record)),
            Self::Exercise(record) => Event::Exercise(event::Change::Updated(record)),
            Self::Metric(record) => Event::Metric(event::Change::Updated(record)),
        }
    }

    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Food(_) => RecordKind::Food,
            Self::Exercise(_) => RecordKind::Exercise,
            Self::Metric(_) => RecordKind::Metric,
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
