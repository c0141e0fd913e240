//! What the profile's fields show, what is made of it, and what becomes of it when somebody else saves.
//!
//! A field knows three texts: what it was filled from, what it shows, and what is saved now. From them follows
//! whether it takes over what is new, stays as it was typed, or has to be asked about.

use latido_protocol::{
    profile::{HealthProfile, HealthProfileDraft},
    time::Timestamp,
    values::{Calories, DisplayName, Grams, HeightCm, Hours, Minutes, Sex, Steps, Units, WeightKg},
};

use super::strings::Strings;
use crate::{
    browser::{
        clock,
        units::{Quantity, height_entry, height_typed, plain, typed},
    },
    components::form::Form,
};

/// Fields by their names on the wire.
pub type Texts = Vec<(&'static str, String)>;

pub fn texts(profile: &HealthProfile, units: Units) -> Texts {
    let number = |value: Option<f64>| value.map(plain).unwrap_or_default();
    let weight = profile.goal_weight_kg.map(|goal| Quantity::Weight.entry(goal.get(), units));
    let height = profile.height_cm.map(|height| height_entry(height.get(), units));
    vec![
        ("displayName", profile.display_name.as_str().to_owned()),
        ("birthDate", profile.birth_date.clone().unwrap_or_default()),
        ("sex", profile.sex.map(Sex::as_str).unwrap_or_default().to_owned()),
        ("heightCm", height.unwrap_or_default()),
        ("goalWeightKg", weight.unwrap_or_default()),
        ("dailyCalorieGoal", number(profile.daily_calorie_goal.map(Calories::get))),
        ("dailyProteinGoalG", number(profile.daily_protein_goal_g.map(Grams::get))),
        ("dailyCarbsGoalG", number(profile.daily_carbs_goal_g.map(Grams::get))),
        ("dailyFatGoalG", number(profile.daily_fat_goal_g.map(Grams::get))),
        ("dailyExerciseGoalMin", number(profile.daily_exercise_goal_min.map(Minutes::get))),
        ("dailyStepGoal", number(profile.daily_step_goal.map(Steps::get))),
        ("dailySleepGoalH", number(profile.daily_sleep_goal_h.map(Hours::get))),
    ]
}

pub fn text_of(texts: &Texts, name: &str) -> String {
    texts.iter().find(|(field, _)| *field == name).map(|(_, text)| text.clone()).unwrap_or_default()
}

/// What is shown, once other units are read: a number that was typed says the same in the new ones. What is
/// no number stays as it is.
pub fn in_units(shown: &Texts, from: Units, into: Units) -> Texts {
    let read = |name: &str, text: &str| match name {
        "goalWeightKg" => {
            typed(text).map(|typed| Quantity::Weight.entry(Quantity::Weight.to_metric(typed, from), into))
        }
        "heightCm" => height_typed(text, from).map(|cm| height_entry(cm, into)),
        _ => None,
    };
    let convert = |(name, text): &(&'static str, String)| {
        let text = read(name, text).filter(|_| from != into).unwrap_or_else(|| text.clone());
        (*name, text)
    };
    shown.iter().map(convert).collect()
}

/// What the fields show now, and the names of those that somebody else has set to something else meanwhile.
#[derive(Debug, PartialEq)]
pub struct Merged {
    pub shown: Texts,
    pub clashes: Vec<&'static str>,
}

/// `filled` is what the fields were filled from, `saved` what is saved now. A clash that was there already
/// stays until somebody decides, or until both say the same.
pub fn merge(filled: &Texts, shown: &Texts, saved: &Texts, clashes: &[&'static str]) -> Merged {
    let mut merged = Merged { shown: Vec::new(), clashes: Vec::new() };
    for (name, theirs) in saved {
        let (before, mine) = (text_of(filled, name), text_of(shown, name));
        let undecided = clashes.contains(name);
        let untouched = mine == before && !undecided;
        if (*theirs != before || undecided) && mine != *theirs && !untouched {
            merged.clashes.push(name);
        }
        merged.shown.push((name, if untouched { theirs.clone() } else { mine }));
    }
    merged
}

/// Whether something typed is not saved.
pub fn differs(filled: &Texts, shown: &Texts) -> bool {
    filled.iter().any(|(name, text)| text_of(shown, name) != *text)
}

/// The whole of the profile as the form says it, or errors at its fields. How it is read stays as it is.
pub fn draft(form: Form, saved: &HealthProfile, strings: &Strings) -> Option<HealthProfileDraft> {
    // All are asked before any is missed, so that every error is shown at once.
    let display_name = form.take("displayName", DisplayName::new);
    let birth_date = birth_date(form, strings);
    let sex = form.optional("sex", Sex::parse);
    let height_cm = height(form, saved, strings);
    let goal_weight_kg = if form.is_blank("goalWeightKg") {
        Some(None)
    } else {
        let before = saved.goal_weight_kg.map(WeightKg::get);
        form.measure("goalWeightKg", Quantity::Weight, before, WeightKg::new).map(Some)
    };
    let daily_calorie_goal = form.optional_number("dailyCalorieGoal", Calories::new);
    let daily_protein_goal_g = form.optional_number("dailyProteinGoalG", Grams::new);
    let daily_carbs_goal_g = form.optional_number("dailyCarbsGoalG", Grams::new);
    let daily_fat_goal_g = form.optional_number("dailyFatGoalG", Grams::new);
    let daily_exercise_goal_min = form.optional_number("dailyExerciseGoalMin", Minutes::new);
    let daily_step_goal = form.optional_number("dailyStepGoal", Steps::new);
    let daily_sleep_goal_h = form.optional_number("dailySleepGoalH", Hours::new);
    Some(HealthProfileDraft {
        display_name: display_name?,
        birth_date: birth_date.ok()?,
        sex: sex?,
        height_cm: height_cm.ok()?,
        goal_weight_kg: goal_weight_kg?,
        daily_calorie_goal: daily_calorie_goal?,
        daily_protein_goal_g: daily_protein_goal_g?,
        daily_carbs_goal_g: daily_carbs_goal_g?,
        daily_fat_goal_g: daily_fat_goal_g?,
        daily_exercise_goal_min: daily_exercise_goal_min?,
        daily_step_goal: daily_step_goal?,
        daily_sleep_goal_h: daily_sleep_goal_h?,
        units: saved.units,
        time_zone: saved.time_zone.clone(),
        language: saved.language,
    })
}

/// Its field says why.
struct Refused;

fn birth_date(form: Form, strings: &Strings) -> Result<Option<String>, Refused> {
    let text = form.get_untracked("birthDate");
    if text.trim().is_empty() {
        return Ok(None);
    }
    let instant = Timestamp::parse(&[text.trim(), "T00:00:00Z"].concat());
    let is_one =
        instant.is_some_and(|date| date >= Timestamp::from_utc_date(1900, 1, 1) && date <= clock::wall());
    if is_one {
        return Ok(Some(text.trim().to_owned()));
    }
    form.refuse("birthDate", strings.not_a_birth_date.to_owned());
    Err(Refused)
}

fn height(form: Form, saved: &HealthProfile, strings: &Strings) -> Result<Option<HeightCm>, Refused> {
    let text = form.get_untracked("heightCm");
    if text.trim().is_empty() {
        return Ok(None);
    }
    if let Some(untouched) = saved.height_cm.filter(|cm| height_entry(cm.get(), form.units) == text) {
        return Ok(Some(untouched));
    }
    let height = height_typed(&text, form.units).and_then(|cm| HeightCm::new(cm).ok());
    if height.is_none() {
        form.refuse("heightCm", (strings.not_a_height)(form.units).to_owned());
    }
    height.map(Some).ok_or(Refused)
}
