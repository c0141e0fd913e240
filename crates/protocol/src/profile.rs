//! The health profile: who somebody is, what they aim for, and how they like to read it.

use serde::{Deserialize, Serialize};

use crate::{
    read_object,
    time::Timestamp,
    values::{
        Calories, DisplayName, Grams, HeightCm, Hours, Language, Minutes, Sex, Steps, TimeZone, Units,
        WeightKg,
    },
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_protein_goal_g: Option<Grams>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_carbs_goal_g: Option<Grams>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_fat_goal_g: Option<Grams>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_exercise_goal_min: Option<Minutes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_sleep_goal_h: Option<Hours>,
    pub units: Units,
    pub time_zone: TimeZone,
    pub language: Language,
    pub updated_at: Timestamp,
    /// 0 from a backend that counts no versions; there `updated_at` says which copy is newer.
    #[serde(default)]
    pub version: u64,
}

read_object!(HealthProfile {
    display_name = "displayName",
    birth_date = "birthDate" or None,
    sex = "sex" or None,
    height_cm = "heightCm" or None,
    goal_weight_kg = "goalWeightKg" or None,
    daily_calorie_goal = "dailyCalorieGoal" or None,
    daily_step_goal = "dailyStepGoal" or None,
    daily_protein_goal_g = "dailyProteinGoalG" or None,
    daily_carbs_goal_g = "dailyCarbsGoalG" or None,
    daily_fat_goal_g = "dailyFatGoalG" or None,
    daily_exercise_goal_min = "dailyExerciseGoalMin" or None,
    daily_sleep_goal_h = "dailySleepGoalH" or None,
    units = "units",
    time_zone = "timeZone",
    language = "language",
    updated_at = "updatedAt",
    version = "version" or 0,
});

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthProfileOne {
    pub health_profile: HealthProfile,
}

/// What a user says about themselves: the whole of the profile but for what the server adds. What is not
/// known says so with `null`, since a server leaves some of what is not named as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthProfileDraft {
    pub display_name: DisplayName,
    pub birth_date: Option<String>,
    pub sex: Option<Sex>,
    pub height_cm: Option<HeightCm>,
    pub goal_weight_kg: Option<WeightKg>,
    pub daily_calorie_goal: Option<Calories>,
    pub daily_step_goal: Option<Steps>,
    pub daily_protein_goal_g: Option<Grams>,
    pub daily_carbs_goal_g: Option<Grams>,
    pub daily_fat_goal_g: Option<Grams>,
    pub daily_exercise_goal_min: Option<Minutes>,
    pub daily_sleep_goal_h: Option<Hours>,
    pub units: Units,
    pub time_zone: TimeZone,
    pub language: Language,
}

impl From<HealthProfile> for HealthProfileDraft {
    fn from(profile: HealthProfile) -> Self {
        Self {
            display_name: profile.display_name,
            birth_date: profile.birth_date,
            sex: profile.sex,
            height_cm: profile.height_cm,
            goal_weight_kg: profile.goal_weight_kg,
            daily_calorie_goal: profile.daily_calorie_goal,
            daily_step_goal: profile.daily_step_goal,
            daily_protein_goal_g: profile.daily_protein_goal_g,
            daily_carbs_goal_g: profile.daily_carbs_goal_g,
            daily_fat_goal_g: profile.daily_fat_goal_g,
            daily_exercise_goal_min: profile.daily_exercise_goal_min,
            daily_sleep_goal_h: profile.daily_sleep_goal_h,
            units: profile.units,
            time_zone: profile.time_zone,
            language: profile.language,
        }
    }
}
