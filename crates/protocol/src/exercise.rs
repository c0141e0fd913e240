//! Exercise logs: what somebody did.

use serde::{Deserialize, Serialize};

use crate::{
    id::Id,
    read_object,
    record::record,
    time::Timestamp,
    values::{Activity, Calories, Intensity, Kilometres, Minutes, Notes, Source},
};

pub type ExerciseLogId = Id<ExerciseLog>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExerciseLog {
    pub id: ExerciseLogId,
    pub logged_at: Timestamp,
    pub activity: Activity,
    pub duration_min: Minutes,
    pub intensity: Intensity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calories_burned: Option<Calories>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<Kilometres>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Notes>,
    pub source: Source,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// 0 from a backend that counts no versions; there `updated_at` says which copy is newer.
    #[serde(default)]
    pub version: u64,
}

read_object!(ExerciseLog {
    id = "id",
    logged_at = "loggedAt",
    activity = "activity",
    duration_min = "durationMin",
    intensity = "intensity",
    calories_burned = "caloriesBurned" or None,
    distance_km = "distanceKm" or None,
    notes = "notes" or None,
    source = "source",
    created_at = "createdAt",
    updated_at = "updatedAt",
    version = "version" or 0,
});

record!(ExerciseLog, at = logged_at, path = "/exercise-logs",
    one = ExerciseLogOne { exercise_log = "exerciseLog" }, page = ExerciseLogPage { exercise_logs });

/// What a user says about an exercise: the body of a creation, and the whole of an edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExerciseLogDraft {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logged_at: Option<Timestamp>,
    pub activity: Activity,
    pub duration_min: Minutes,
    pub intensity: Intensity,
    #[serde(default)]
    pub calories_burned: Option<Calories>,
    #[serde(default)]
    pub distance_km: Option<Kilometres>,
    #[serde(default)]
    pub notes: Option<Notes>,
    pub source: Source,
}
