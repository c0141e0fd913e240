//! A record of any kind that lists hold. One enum instead of a type parameter: pages, rows and
//! forms exist once in the wasm, not once per kind.

use latido_protocol::{
    event::Family, exercise::ExerciseLog, food::FoodLog, metric::HealthMetric, record::Record,
    time::Timestamp, values::Source,
};

use crate::api::error::ApiError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        fn parse<R: Record>(
            body: &str,
            wrap: fn(R) -> AnyRecord,
        ) -> Result<(Vec<AnyRecord>, Option<String>), ApiError> {
            let page: R::Page = serde_json::from_str(body).map_err(|_| ApiError::Unreadable)?;
            let (records, next) = R::from_page(page);
            Ok((records.into_iter().map(wrap).collect(), next))
        }
        match self {
            Self::Food => parse(body, AnyRecord::Food),
            Self::Exercise => parse(body, AnyRecord::Exercise),
            Self::Metric => parse(body, AnyRecord::Metric),
        }
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

    pub fn source(&self) -> Source {
        match self {
            Self::Food(record) => record.source,
            Self::Exercise(record) => record.source,
            Self::Metric(record) => record.source,
        }
    }
}
