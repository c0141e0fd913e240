//! The health profile: a person's data, goals, units and language.

use serde::{Deserialize, Serialize};

use crate::{
    record::{FIRST_DATE, day_begins},
    time::Timestamp,
    values::{
        Calories, DisplayName, GlucoseUnit, Grams, HeightCm, Hours, Invalid, Language, Minutes, Sex, Steps,
        TimeZone, Units, WeightKg,
    },
};

/// The path of the caller's one profile, below the API's base.
pub const PATH: &str = "/health-profile";

/// Checks a date of birth: a civil date (`1990-05-17`) from 1900 to `today`, the civil date where the person is.
///
/// # Errors
///
/// [`Invalid::NotATime`] for what is no date, [`Invalid::TooEarly`] or [`Invalid::TooLate`].
pub fn check_birth_date(date: &str, today: &str) -> Result<String, Invalid> {
    day_begins(date).ok_or(Invalid::NotATime)?;
    // Written alike, they sort as they follow each other.
    if date < FIRST_DATE {
        Err(Invalid::TooEarly { first: FIRST_DATE.to_owned() })
    } else if date > today {
        Err(Invalid::TooLate)
    } else {
        Ok(date.to_owned())
    }
}

fn mg_dl() -> GlucoseUnit {
    GlucoseUnit::MgDl
}

/// The health profile of a person. Values are metric, whatever `units` is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HealthProfile {
    /// The name under which the person is shown; also the account's name.
    pub display_name: DisplayName,
    /// The date of birth, a civil date from 1900 on, `1990-05-17`; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub birth_date: Option<String>,
    /// The sex as stated; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// The height in cm, 30 to 300; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_cm: Option<HeightCm>,
    /// The weight to reach in kg, 1 to 700; absent without a goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal_weight_kg: Option<WeightKg>,
    /// The goal of energy eaten a day in kcal, 0 to 10,000; absent without a goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_calorie_goal: Option<Calories>,
    /// The goal of steps a day, 0 to 200,000; absent without a goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_step_goal: Option<Steps>,
    /// The goal of protein a day in g, 0 to 1,000; absent without a goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_protein_goal_g: Option<Grams>,
    /// The goal of carbohydrates a day in g, 0 to 1,000; absent without a goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_carbs_goal_g: Option<Grams>,
    /// The goal of fat a day in g, 0 to 1,000; absent without a goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_fat_goal_g: Option<Grams>,
    /// The goal of exercise a day in minutes, above 0 to 1,440; absent without a goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_exercise_goal_min: Option<Minutes>,
    /// The goal of sleep a day in hours, 0 to 24; absent without a goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_sleep_goal_h: Option<Hours>,
    /// The units in which values are shown.
    pub units: Units,
    /// The unit in which blood glucose is shown. mg/dL if left out: older writers do not know it.
    #[serde(default = "mg_dl")]
    pub glucose_unit: GlucoseUnit,
    /// The IANA time zone in which the person's days begin, `Europe/Madrid`.
    pub time_zone: TimeZone,
    /// The language in which the dashboard is shown.
    pub language: Language,
    /// Whether `units`, `time_zone` and `language` were ever chosen. Until then they are the server's defaults, and the
    /// account's first browser writes its own. On the wire only if `false`.
    #[serde(default = "chosen", skip_serializing_if = "is_chosen")]
    #[cfg_attr(feature = "openapi", schema(default = true))]
    pub preferences_chosen: bool,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes, from 1; 0 or absent from a backend that counts no versions, where `updated_at` says which
    /// copy is newer.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub version: u64,
}

/// What a backend that says nothing about it means.
fn chosen() -> bool {
    true
}

/// By reference, as serde calls it.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_chosen(chosen: &bool) -> bool {
    *chosen
}

/// The response of `GET` and `PUT /health-profile`, `{"healthProfile":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HealthProfileOne {
    /// The profile as it is after the request.
    pub health_profile: HealthProfile,
}

/// The body of `PUT /health-profile`: the whole profile without what the server adds. What is unknown is sent as
/// `null`, since a server leaves some fields as they are if a write does not name them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct HealthProfileDraft {
    /// The name under which the person is shown; also the account's name.
    pub display_name: DisplayName,
    /// The date of birth, a civil date from 1900 on, `1990-05-17`; `null` if unknown.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub birth_date: Option<String>,
    /// The sex as stated; `null` if unknown.
    pub sex: Option<Sex>,
    /// The height in cm, 30 to 300; `null` if unknown.
    pub height_cm: Option<HeightCm>,
    /// The weight to reach in kg, 1 to 700; `null` without a goal.
    pub goal_weight_kg: Option<WeightKg>,
    /// The goal of energy eaten a day in kcal, 0 to 10,000; `null` without a goal.
    pub daily_calorie_goal: Option<Calories>,
    /// The goal of steps a day, 0 to 200,000; `null` without a goal.
    pub daily_step_goal: Option<Steps>,
    /// The goal of protein a day in g, 0 to 1,000; `null` without a goal.
    pub daily_protein_goal_g: Option<Grams>,
    /// The goal of carbohydrates a day in g, 0 to 1,000; `null` without a goal.
    pub daily_carbs_goal_g: Option<Grams>,
    /// The goal of fat a day in g, 0 to 1,000; `null` without a goal.
    pub daily_fat_goal_g: Option<Grams>,
    /// The goal of exercise a day in minutes, above 0 to 1,440; `null` without a goal.
    pub daily_exercise_goal_min: Option<Minutes>,
    /// The goal of sleep a day in hours, 0 to 24; `null` without a goal.
    pub daily_sleep_goal_h: Option<Hours>,
    /// The units in which values are shown.
    pub units: Units,
    /// The unit in which blood glucose is shown.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub glucose_unit: GlucoseUnit,
    /// The IANA time zone in which the person's days begin, `Europe/Madrid`.
    pub time_zone: TimeZone,
    /// The language in which the dashboard is shown.
    pub language: Language,
    /// `true` once the person has chosen units, zone and language. Left out, it stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferences_chosen: Option<bool>,
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
            glucose_unit: profile.glucose_unit,
            time_zone: profile.time_zone,
            language: profile.language,
            preferences_chosen: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_is_from_1900_to_today() {
        let check = |date| check_birth_date(date, "2026-11-21");
        assert!(check("1900-01-01").is_ok() && check("2026-11-21").is_ok());
        assert_eq!(check("0203-05-17"), Err(Invalid::TooEarly { first: FIRST_DATE.to_owned() }));
        assert_eq!(check("2026-11-22"), Err(Invalid::TooLate));
        assert_eq!(check("17/05/1990"), Err(Invalid::NotATime));
    }
}
