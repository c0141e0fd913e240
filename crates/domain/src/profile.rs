//! The health profile: its fields, and what it starts with. It is always written whole.

use latido_protocol::{
    event::Event,
    problem::FieldError,
    profile::{HealthProfile, check_birth_date},
    reason::Code,
    session::UserId,
    time::Timestamp,
    values::{
        Calories, DisplayName, GlucoseUnit, Grams, HeightCm, Hours, Invalid, Language, Minutes, Sex, Steps,
        TimeZone, Units, WeightKg,
    },
};

use crate::{
    account,
    error::{DomainError, Expected},
    fields::{Fields, Object, boolean, number, text},
    notify::publish_to_viewers,
    store::{Owner, Write},
};

/// Where a day begins first, it begins so many milliseconds before it does in UTC.
const EASTERNMOST_MS: i64 = 14 * 3_600_000;

/// The profile of somebody of whom nothing but the name is known.
pub fn blank(display_name: DisplayName, now: Timestamp) -> Result<HealthProfile, Invalid> {
    Ok(HealthProfile {
        display_name,
        birth_date: None,
        sex: None,
        height_cm: None,
        goal_weight_kg: None,
        daily_calorie_goal: None,
        daily_step_goal: None,
        daily_protein_goal_g: None,
        daily_carbs_goal_g: None,
        daily_fat_goal_g: None,
        daily_exercise_goal_min: None,
        daily_sleep_goal_h: None,
        units: Units::Metric,
        glucose_unit: GlucoseUnit::MgDl,
        time_zone: TimeZone::new("Europe/Madrid")?,
        language: Language::Es,
        preferences_chosen: false,
        updated_at: now,
        version: 1,
    })
}

/// Writes the whole profile anew and tells about it. What is the same as before is left alone.
pub fn replace(
    write: &mut Write,
    user: &UserId,
    body: &Object,
    expected: &Expected,
    now: Timestamp,
) -> Result<HealthProfile, DomainError> {
    let current = write.read().profile(user)?.ok_or(DomainError::NotFound)?;
    expected.check(current.version)?;
    let mut profile = read(body, &current, now).map_err(DomainError::Invalid)?;
    if profile == current {
        return Ok(current);
    }
    (profile.version, profile.updated_at) = (current.version + 1, now);
    write.put(&Owner::user(user), &profile)?;
    account::rename(write, user, &profile.display_name)?;
    publish_to_viewers(write, user, &Event::Profile(profile.clone()), now)?;
    Ok(profile)
}

/// Reads the profile that is to stand where `current` does, with its version.
fn read(body: &Object, current: &HealthProfile, now: Timestamp) -> Result<HealthProfile, Vec<FieldError>> {
    let mut fields = Fields::of(body);
    let display_name = fields.required("displayName", text(DisplayName::new));
    // Somewhere it is tomorrow already.
    let mut today = now.plus_ms(EASTERNMOST_MS).to_string();
    today.truncate(10);
    let birth_date =
        fields.optional("birthDate", text(|text| Ok(text.to_owned()))).and_then(|date| match date {
            Some(date)
                if current.birth_date.as_ref() != Some(&date) && check_birth_date(&date, &today).is_err() =>
            {
                fields.refuse(
                    "birthDate",
                    Code::BirthDate.says("must be a past date from 1900 on, such as 1990-05-17"),
                )
            }
            date => Some(date),
        });
    let sex = fields.optional("sex", text(Sex::parse));
    let height_cm = fields.optional("heightCm", number(HeightCm::new));
    let goal_weight_kg = fields.optional("goalWeightKg", number(WeightKg::new));
    let daily_calorie_goal = fields.optional("dailyCalorieGoal", number(Calories::new));
    let daily_step_goal = fields.optional("dailyStepGoal", number(Steps::new));
    // Younger than the first programs that write a profile whole: those do not name them, and mean no harm.
    let daily_protein_goal_g =
        fields.or_kept("dailyProteinGoalG", current.daily_protein_goal_g, number(Grams::new));
    let daily_carbs_goal_g =
        fields.or_kept("dailyCarbsGoalG", current.daily_carbs_goal_g, number(Grams::new));
    let daily_fat_goal_g = fields.or_kept("dailyFatGoalG", current.daily_fat_goal_g, number(Grams::new));
    let daily_exercise_goal_min =
        fields.or_kept("dailyExerciseGoalMin", current.daily_exercise_goal_min, number(Minutes::new));
    let daily_sleep_goal_h =
        fields.or_kept("dailySleepGoalH", current.daily_sleep_goal_h, number(Hours::new));
    let units = fields.required("units", text(Units::parse));
    let glucose_unit = fields.or_kept("glucoseUnit", Some(current.glucose_unit), text(GlucoseUnit::parse));
    let time_zone = fields.required("timeZone", text(TimeZone::new));
    let language = fields.required("language", text(Language::parse));
    let preferences_chosen = fields.optional("preferencesChosen", boolean);
    let mut profile = (|| {
        Some(HealthProfile {
            display_name: display_name?,
            birth_date: birth_date?,
            sex: sex?,
            height_cm: height_cm?,
            goal_weight_kg: goal_weight_kg?,
            daily_calorie_goal: daily_calorie_goal?,
            daily_step_goal: daily_step_goal?,
            daily_protein_goal_g: daily_protein_goal_g?,
            daily_carbs_goal_g: daily_carbs_goal_g?,
            daily_fat_goal_g: daily_fat_goal_g?,
            daily_exercise_goal_min: daily_exercise_goal_min?,
            daily_sleep_goal_h: daily_sleep_goal_h?,
            units: units?,
            glucose_unit: glucose_unit?.unwrap_or(GlucoseUnit::MgDl),
            time_zone: time_zone?,
            language: language?,
            preferences_chosen: preferences_chosen?.unwrap_or(current.preferences_chosen),
            updated_at: current.updated_at,
            version: current.version,
        })
    })();
    if let Some(profile) = &mut profile {
        // Programs that do not know of it choose by setting something else.
        profile.preferences_chosen |= profile.units != current.units
            || profile.time_zone != current.time_zone
            || profile.language != current.language;
    }
    fields.finish(profile)
}
