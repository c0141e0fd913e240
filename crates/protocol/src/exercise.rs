//! Exercise logs.

use serde::{Deserialize, Serialize};

use crate::{
    id::Id,
    record::record,
    time::Timestamp,
    values::{Activity, Calories, Intensity, Kilometres, Minutes, Notes, Source},
};

/// The id of an exercise log.
pub type ExerciseLogId = Id<ExerciseLog>;

/// An exercise of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExerciseLog {
    /// The server's id.
    pub id: ExerciseLogId,
    /// When the exercise was done. Lists are ordered by it.
    pub logged_at: Timestamp,
    /// The name of the exercise, 1 to 100 characters.
    pub activity: Activity,
    /// The duration in minutes, above 0 and at most a day.
    pub duration_min: Minutes,
    /// The effort.
    pub intensity: Intensity,
    /// The energy used in kcal; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calories_burned: Option<Calories>,
    /// The distance in km; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<Kilometres>,
    /// A remark; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Notes>,
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

record!(ExerciseLog, at = logged_at, path = "/exercise-logs",
    one = ExerciseLogOne { exercise_log = "exerciseLog" }, page = ExerciseLogPage { exercise_logs });

/// The fields of an exercise log that a user writes: the body of a creation, and the whole of an edit. What is
/// unknown is sent as `null`, so that an edit can remove it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExerciseLogDraft {
    /// When the exercise was done. Left out: on a creation the server's now, on an edit the stored time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logged_at: Option<Timestamp>,
    /// The name of the exercise, 1 to 100 characters.
    pub activity: Activity,
    /// The duration in minutes, above 0 and at most a day.
    pub duration_min: Minutes,
    /// The effort.
    pub intensity: Intensity,
    /// The energy used in kcal; `null` if unknown.
    #[serde(default)]
    pub calories_burned: Option<Calories>,
    /// The distance in km; `null` if unknown.
    #[serde(default)]
    pub distance_km: Option<Kilometres>,
    /// A remark; `null` without one.
    #[serde(default)]
    pub notes: Option<Notes>,
    /// The origin of the record.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub source: Source,
}
