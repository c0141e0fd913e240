//! The texts of the profile's fields, the values parsed from them, and the merge with what another client saves.
//!
//! A field knows three texts: what it was filled from, what it shows, and what is saved now. From them follows
//! whether it takes over what is new, stays as it was typed, or has to be asked about.

use latido_protocol::{
    number::{ParsedNumber, field_text},
    profile::{HealthProfile, HealthProfileDraft, check_birth_date},
    values::{Calories, DisplayName, Grams, HeightCm, Hours, Language, Minutes, Sex, Steps, Units, WeightKg},
};

use super::strings::ProfileStrings;
use crate::{
    browser::{
        day::Day,
        units::{Quantity, height_entry, height_typed},
    },
    ui::{
        figure::{Figure, entry},
        form::Form,
    },
};

/// Fields by their names on the wire.
pub type ProfileTexts = Vec<(&'static str, String)>;

pub const ENERGY: Figure = Figure::decimal("kcal", (Calories::MIN, Calories::MAX));
pub const NUTRIENT: Figure = Figure::decimal("g", (Grams::MIN, Grams::MAX));
pub const EXERCISE: Figure = Figure::minutes(Minutes::MAX);
pub const STEPS: Figure = Figure::whole("", (Steps::MIN, Steps::MAX));
pub const SLEEP: Figure = Figure::hours();

pub fn weight(units: Units) -> Figure {
    Figure::of(Quantity::Weight, (WeightKg::MIN, WeightKg::MAX), units)
}

/// How numbers are written: in which units, with which decimals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    pub units: Units,
    pub language: Language,
}

pub fn texts(profile: &HealthProfile, Written { units, language }: Written) -> ProfileTexts {
    let number = |value: Option<f64>| value.map(|value| entry(value, language)).unwrap_or_default();
    let weight = profile.goal_weight_kg.map(|goal| weight_entry(goal.get(), units, language));
    let height = profile.height_cm.map(|height| height_entry(height.get(), units, language));
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

pub fn text_of(texts: &ProfileTexts, name: &str) -> String {
    texts.iter().find(|(field, _)| *field == name).map(|(_, text)| text.clone()).unwrap_or_default()
}

fn weight_entry(kg: f64, units: Units, language: Language) -> String {
    field_text(&Quantity::Weight.entry(kg, units), language)
}

/// Converts the shown texts to other units or another language: a typed number keeps its value. A text that is no
/// number, or ambiguous, stays.
pub fn rewritten(shown: &ProfileTexts, from: Written, into: Written) -> ProfileTexts {
    let number = |figure: Figure, text: &str| match figure.parse(text, from.language) {
        ParsedNumber::Exact(value) => Some(value),
        ParsedNumber::Ambiguous { .. } | ParsedNumber::NotANumber => None,
    };
    let read = |name: &str, text: &str| match name {
        "goalWeightKg" => number(weight(from.units), text)
            .map(|typed| Quantity::Weight.to_metric(typed, from.units))
            .map(|kg| weight_entry(kg, into.units, into.language)),
        "heightCm" => height_typed(text, from.units, from.language)
            .map(|cm| height_entry(cm, into.units, into.language)),
        _ => number(goal(name)?, text).map(|value| entry(value, into.language)),
    };
    let convert = |(name, text): &(&'static str, String)| {
        let text = read(name, text).filter(|_| from != into).unwrap_or_else(|| text.clone());
        (*name, text)
    };
    shown.iter().map(convert).collect()
}

/// How a daily goal is read.
fn goal(name: &str) -> Option<Figure> {
    Some(match name {
        "dailyCalorieGoal" => ENERGY,
        "dailyProteinGoalG" | "dailyCarbsGoalG" | "dailyFatGoalG" => NUTRIENT,
        "dailyExerciseGoalMin" => EXERCISE,
        "dailyStepGoal" => STEPS,
        "dailySleepGoalH" => SLEEP,
        _ => return None,
    })
}

/// The merged texts, and the names of the fields in conflict with another client's.
#[derive(Debug, PartialEq)]
pub struct Merged {
    pub shown: ProfileTexts,
    pub clashes: Vec<&'static str>,
}

/// `filled` is what the fields were filled from, `saved` the stored profile. An existing conflict stays until the user
/// decides, or until both are equal.
pub fn merge(
    filled: &ProfileTexts,
    shown: &ProfileTexts,
    saved: &ProfileTexts,
    clashes: &[&'static str],
) -> Merged {
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
pub fn differs(filled: &ProfileTexts, shown: &ProfileTexts) -> bool {
    filled.iter().any(|(name, text)| text_of(shown, name) != *text)
}

/// The profile that the form describes, or errors at its fields. Preferences stay as they are.
pub fn draft(form: Form, saved: &HealthProfile, strings: &ProfileStrings) -> Option<HealthProfileDraft> {
    // All are asked before any is missed, so that every error is shown at once.
    let display_name = form.take("displayName", DisplayName::new);
    let birth_date = birth_date(form, strings);
    let sex = form.optional("sex", Sex::parse);
    let height_cm = height(form, saved, strings);
    let goal_weight_kg = if form.is_blank("goalWeightKg") {
        Some(None)
    } else {
        let before = saved.goal_weight_kg.map(WeightKg::get);
        form.measure("goalWeightKg", weight(form.units), Quantity::Weight, before, WeightKg::new).map(Some)
    };
    let daily_calorie_goal = form.optional_number("dailyCalorieGoal", ENERGY, Calories::new);
    let daily_protein_goal_g = form.optional_number("dailyProteinGoalG", NUTRIENT, Grams::new);
    let daily_carbs_goal_g = form.optional_number("dailyCarbsGoalG", NUTRIENT, Grams::new);
    let daily_fat_goal_g = form.optional_number("dailyFatGoalG", NUTRIENT, Grams::new);
    let daily_exercise_goal_min = form.optional_number("dailyExerciseGoalMin", EXERCISE, Minutes::new);
    let daily_step_goal = form.optional_number("dailyStepGoal", STEPS, Steps::new);
    let daily_sleep_goal_h = form.optional_number("dailySleepGoalH", SLEEP, Hours::new);
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
        glucose_unit: saved.glucose_unit,
        time_zone: saved.time_zone.clone(),
        language: saved.language,
        preferences_chosen: None,
    })
}

/// The field shows the reason.
struct InvalidField;

fn birth_date(form: Form, strings: &ProfileStrings) -> Result<Option<String>, InvalidField> {
    let text = form.get_untracked("birthDate");
    if text.trim().is_empty() {
        return Ok(None);
    }
    check_birth_date(text.trim(), &Day::today().input_value()).map(Some).map_err(|_| {
        form.refuse("birthDate", strings.not_a_birth_date.to_owned());
        InvalidField
    })
}

fn height(
    form: Form,
    saved: &HealthProfile,
    strings: &ProfileStrings,
) -> Result<Option<HeightCm>, InvalidField> {
    let (text, language) = (form.get_untracked("heightCm"), form.locale.language);
    if text.trim().is_empty() {
        return Ok(None);
    }
    if let Some(untouched) = saved.height_cm.filter(|cm| height_entry(cm.get(), form.units, language) == text)
    {
        return Ok(Some(untouched));
    }
    let height = height_typed(&text, form.units, language).and_then(|cm| HeightCm::new(cm).ok());
    if height.is_none() {
        form.refuse("heightCm", (strings.not_a_height)(form.units).to_owned());
    }
    height.map(Some).ok_or(InvalidField)
}
