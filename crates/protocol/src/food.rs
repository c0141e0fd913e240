//! Food logs: what somebody ate.

use serde::{Deserialize, Serialize};

use crate::{
    id::Id,
    read_object,
    record::record,
    time::Timestamp,
    values::{Calories, FoodName, Grams, Meal, Notes, Source},
};

pub type FoodLogId = Id<FoodLog>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoodLog {
    pub id: FoodLogId,
    pub logged_at: Timestamp,
    pub meal: Meal,
    pub name: FoodName,
    pub calories: Calories,
    pub protein_g: Grams,
    pub carbs_g: Grams,
    pub fat_g: Grams,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Notes>,
    pub source: Source,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// 0 from a backend that counts no versions; there `updated_at` says which copy is newer.
    #[serde(default)]
    pub version: u64,
}

read_object!(FoodLog {
    id = "id",
    logged_at = "loggedAt",
    meal = "meal",
    name = "name",
    calories = "calories",
    protein_g = "proteinG",
    carbs_g = "carbsG",
    fat_g = "fatG",
    notes = "notes" or None,
    source = "source",
    created_at = "createdAt",
    updated_at = "updatedAt",
    version = "version" or 0,
});

record!(FoodLog, at = logged_at, path = "/food-logs",
    one = FoodLogOne { food_log = "foodLog" }, page = FoodLogPage { food_logs });

/// What a user says about a food: the body of a creation, and the whole of an edit. Nutrients that
/// were not said are zero, a time that was not said is the server's now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FoodLogDraft {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logged_at: Option<Timestamp>,
    pub meal: Meal,
    pub name: FoodName,
    pub calories: Calories,
    pub protein_g: Grams,
    pub carbs_g: Grams,
    pub fat_g: Grams,
    /// Sent as `null` when there is none, so that an edit can take a note away.
    #[serde(default)]
    pub notes: Option<Notes>,
    pub source: Source,
}
