//! Food logs.

use serde::{Deserialize, Serialize};

use crate::{
    id::Id,
    record::record,
    time::Timestamp,
    values::{Calories, FoodName, Grams, Meal, Notes, Source},
};

/// The id of a food log.
pub type FoodLogId = Id<FoodLog>;

/// A food that a person ate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FoodLog {
    /// The server's id.
    pub id: FoodLogId,
    /// When it was eaten. Lists are ordered by it.
    pub logged_at: Timestamp,
    /// The meal it belongs to.
    pub meal: Meal,
    /// The name of what was eaten, 1 to 200 characters.
    pub name: FoodName,
    /// The energy in kcal.
    pub calories: Calories,
    /// The protein in g; `proteinG` on the wire.
    pub protein_g: Grams,
    /// The carbohydrates in g; `carbsG` on the wire.
    pub carbs_g: Grams,
    /// The fat in g; `fatG` on the wire.
    pub fat_g: Grams,
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

record!(FoodLog, at = logged_at, path = "/food-logs",
    one = FoodLogOne { food_log = "foodLog" }, page = FoodLogPage { food_logs });

/// The fields of a food log that a user writes: the body of a creation, and the whole of an edit. A server takes
/// nutrients that are left out as zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FoodLogDraft {
    /// When it was eaten. Left out: on a creation the server's now, on an edit the stored time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logged_at: Option<Timestamp>,
    /// The meal it belongs to.
    pub meal: Meal,
    /// The name of what was eaten, 1 to 200 characters.
    pub name: FoodName,
    /// The energy in kcal.
    pub calories: Calories,
    /// The protein in g; `proteinG` on the wire.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub protein_g: Grams,
    /// The carbohydrates in g; `carbsG` on the wire.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub carbs_g: Grams,
    /// The fat in g; `fatG` on the wire.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub fat_g: Grams,
    /// A remark. Sent as `null` without one, so that an edit can remove it.
    #[serde(default)]
    pub notes: Option<Notes>,
    /// The origin of the record.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub source: Source,
}
