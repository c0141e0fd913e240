//! The health profile: who somebody is, what they aim for, and how they like to read it.

use serde::{Deserialize, Serialize};

use crate::{
    time::Timestamp,
    values::{Calories, DisplayName, HeightCm, Language, Sex, Steps, TimeZone, Units, WeightKg},
};

/// The path of the one profile a user has, below the API's base.
pub const PATH: &str = "/health-profile";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthProfile {
    pub display_name: DisplayName,
    /// A civil date, `1990-05-17`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_cm: Option<HeightCm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal_weight_kg: Option<WeightKg>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_calorie_goal: Option<Calories>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_step_goal: Option<Steps>,
    pub units: Units,
    pub time_zone: TimeZone,
    pub language: Language,
    pub updated_at: Timestamp,
    /// 0 from a backend that counts no versions; there `updated_at` says which copy is newer.
    #[serde(default)]
    pub version: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthProfileOne {
    pub health_profile: HealthProfile,
}
