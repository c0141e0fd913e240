//! The health profile: its fields, and what it starts with. It is always written whole.

use latido_protocol::{
    event::Event,
    problem::FieldError,
    profile::HealthProfile,
    session::UserId,
    time::Timestamp,
    values::{
        Calories, DisplayName, Grams, HeightCm, Hours, Invalid, Language, Minutes, Sex, Steps, TimeZone,
        Units, WeightKg,
    },
};

use super::{
    Refused, account,
    change::Expected,
    fields::{Fields, Object, number, text},
    telling::tell,
};
use crate::store::{Owner, Write};

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
        time_zone: TimeZone::new("Europe/Madrid")?,
        language: Language::Es,
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
) -> Result<HealthProfile, Refused> {
    let current = write.read().profile(user)?.ok_or(Refused::NotFound)?;
    expected.check(current.version)?;
    let mut profile = read(body, &current, now).map_err(Refused::Invalid)?;
    if profile == current {
        return Ok(current);
    }
    (profile.version, profile.updated_at) = (current.version + 1, now);
    write.put(&Owner::user(user), &profile)?;
    account::rename(write, user, &profile.display_name)?;
    tell(write, user, &Event::Profile(profile.clone()), now)?;
    Ok(profile)
}

/// Reads the profile that is to stand where `current` does, with its version.
fn read(body: &Object, current: &HealthProfile, now: Timestamp) -> Result<HealthProfile, Vec<FieldError>> {
    let mut fields = Fields::of(body);
    let display_name = fields.required("displayName", text(DisplayName::new));
    let birth_date =
        fields.optional("birthDate", text(|text| Ok(text.to_owned()))).and_then(|date| match date {
            Some(date) if !is_birth_date(&date, now) => {
                fields.refuse("birthDate", "must be a past date such as 1990-05-17")
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
    let time_zone = fields.required("timeZone", text(TimeZone::new));
    let language = fields.required("language", text(Language::parse));
    let profile = (|| {
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
            time_zone: time_zone?,
            language: language?,
            updated_at: current.updated_at,
            version: current.version,
        })
    })();
    fields.finish(profile)
}

/// A civil date between 1900 and tomorrow (somewhere it is tomorrow already).
fn is_birth_date(date: &str, now: Timestamp) -> bool {
    let day = 24 * 3_600_000;
    date.len() == 10
        && Timestamp::parse(&format!("{date}T00:00:00Z"))
            .is_some_and(|date| date >= Timestamp::from_utc_date(1900, 1, 1) && date <= now.plus_ms(day))
}
