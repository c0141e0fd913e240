//! A record as the user entered it, before the server has responded.

use std::cmp::Reverse;

use latido_cache::{Entity, Item, Period, Revision};
use latido_protocol::{
    exercise::{ExerciseLog, ExerciseLogDraft},
    food::{FoodLog, FoodLogDraft},
    id::Id,
    metric::{HealthMetric, HealthMetricDraft},
    time::Timestamp,
};
use serde::Serialize;

use super::record::{AnyRecord, RecordKind};
use crate::api::{error::ApiError, json};

/// The body of a creation, and the whole of an edit.
#[derive(Clone, PartialEq)]
pub struct Draft {
    fields: DraftFields,
    /// As it will be, but for what the server gives: id, version, times.
    record: AnyRecord,
}

/// The fields of a draft, by kind. They are serialized without the kind, which the path names.
#[derive(Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum DraftFields {
    Food(FoodLogDraft),
    Exercise(ExerciseLogDraft),
    Metric(HealthMetricDraft),
}

impl Draft {
    pub fn new(fields: DraftFields) -> Self {
        Self { record: fields.clone().into_record(), fields }
    }

    /// Parses the body of a kind's draft.
    pub fn parse(kind: RecordKind, body: &str) -> Result<Self, ApiError> {
        let fields = match kind {
            RecordKind::Food => serde_json::from_str(body).map(DraftFields::Food),
            RecordKind::Exercise => serde_json::from_str(body).map(DraftFields::Exercise),
            RecordKind::Metric => serde_json::from_str(body).map(DraftFields::Metric),
        };
        fields.map(Self::new).map_err(|_| ApiError::Unreadable)
    }

    /// JSON, as the server takes it.
    pub fn body(&self) -> Result<String, ApiError> {
        json(&self.fields)
    }

    /// The edited record, with the fields that the draft holds.
    pub fn as_record(&self, id: &str, version: u64) -> AnyRecord {
        let given = Given { id: id.to_owned(), version, ..self.record.given() };
        self.record.clone().with_given(given)
    }

    /// To fill a form with it again.
    pub fn record(&self) -> &AnyRecord {
        &self.record
    }
}

impl DraftFields {
    /// The record without what the server gives, see [`AnyRecord::with_given`].
    fn into_record(self) -> AnyRecord {
        let (id, epoch, version) = ("-", Timestamp::EPOCH, 0);
        match self {
            Self::Food(draft) => AnyRecord::Food(FoodLog {
                id: Id::new(id),
                logged_at: draft.logged_at.unwrap_or(epoch),
                meal: draft.meal,
                name: draft.name,
                calories: draft.calories,
                protein_g: draft.protein_g,
                carbs_g: draft.carbs_g,
                fat_g: draft.fat_g,
                notes: draft.notes,
                source: draft.source,
                created_at: epoch,
                updated_at: epoch,
                version,
            }),
            Self::Exercise(draft) => AnyRecord::Exercise(ExerciseLog {
                id: Id::new(id),
                logged_at: draft.logged_at.unwrap_or(epoch),
                activity: draft.activity,
                duration_min: draft.duration_min,
                intensity: draft.intensity,
                calories_burned: draft.calories_burned,
                distance_km: draft.distance_km,
                notes: draft.notes,
                source: draft.source,
                created_at: epoch,
                updated_at: epoch,
                version,
            }),
            Self::Metric(draft) => AnyRecord::Metric(HealthMetric {
                id: Id::new(id),
                measured_at: draft.measured_at.unwrap_or(epoch),
                kind: draft.kind,
                value: draft.value,
                value2: draft.value2,
                unit: draft.kind.unit().to_owned(),
                source: draft.source,
                created_at: epoch,
                updated_at: epoch,
                version,
            }),
        }
    }
}

/// What the server gives to a record.
struct Given {
    id: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: u64,
}

impl AnyRecord {
    fn given(&self) -> Given {
        let (created_at, updated_at) = match self {
            Self::Food(record) => (record.created_at, record.updated_at),
            Self::Exercise(record) => (record.created_at, record.updated_at),
            Self::Metric(record) => (record.created_at, record.updated_at),
        };
        Given { id: self.id().to_owned(), created_at, updated_at, version: self.version() }
    }

    /// Whether the record is what the server made of this one.
    pub fn is_made_into(&self, record: &Self) -> bool {
        self.kind() == record.kind() && self.clone().with_given(record.given()) == *record
    }

    fn with_given(mut self, given: Given) -> Self {
        let Given { id, created_at, updated_at, version } = given;
        macro_rules! give {
            ($record:ident) => {{
                $record.id = Id::new(id);
                $record.created_at = created_at;
                $record.updated_at = updated_at;
                $record.version = version;
            }};
        }
        match &mut self {
            Self::Food(record) => give!(record),
            Self::Exercise(record) => give!(record),
            Self::Metric(record) => {
                give!(record);
                record.kind.unit().clone_into(&mut record.unit);
            }
        }
        self
    }
}

impl Entity for AnyRecord {
    /// Newest first, as the server orders them.
    type SortKey = Reverse<(Timestamp, String)>;
    type Revision = Revision;
    type Scope = Period<RecordKind>;
    type Draft = Draft;

    fn id(&self) -> &str {
        self.id()
    }

    fn sort_key(&self) -> Self::SortKey {
        Reverse((self.at(), self.id().to_owned()))
    }

    fn revision(&self) -> Revision {
        Revision { version: self.version(), updated_at: self.given().updated_at }
    }

    fn is_in(&self, scope: &Period<RecordKind>) -> bool {
        scope.holds(&self.kind(), self.at())
    }

    fn with_draft(&self, draft: &Draft) -> Self {
        draft.record.clone().with_given(self.given())
    }
}

impl Item for AnyRecord {
    type Kind = RecordKind;

    fn provisional(id: &str, draft: &Draft, now: Timestamp) -> Self {
        let given = Given { id: id.to_owned(), created_at: now, updated_at: now, version: 0 };
        draft.record.clone().with_given(given)
    }

    fn says(&self, draft: &Draft) -> bool {
        self.with_draft(draft) == *self
    }

    fn belongs(draft: &Draft, kind: &RecordKind) -> bool {
        draft.record.kind() == *kind
    }
}
