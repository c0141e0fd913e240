//! What was eaten, by day.

use latido_protocol::{
    food::{FoodLog, FoodLogDraft},
    time::Timestamp,
    values::{Calories, FoodName, Grams, Meal, Notes, Source},
};
use leptos::prelude::*;

use crate::{
    browser::{day::local_input, units::plain},
    components::{
        form::{Choice, Field, Form},
        record_form::time_text,
    },
    i18n::Locale,
};

/// The name, and what stands below it.
pub fn describe(record: &FoodLog, locale: Locale) -> (String, String) {
    let grams = |grams: Grams| locale.number(grams.get());
    let initial = |word: &'static str| word.chars().next().unwrap_or_default();
    let strings = locale.strings;
    let below = format!(
        "{} · {} {} · {} {} · {} {} g",
        (strings.meals)(record.meal),
        initial(strings.protein),
        grams(record.protein_g),
        initial(strings.carbs),
        grams(record.carbs_g),
        initial(strings.fat),
        grams(record.fat_g),
    );
    (record.name.as_str().to_owned(), below)
}

/// The number at the end of the row, with its unit.
pub fn amount(record: &FoodLog, locale: Locale) -> (String, &'static str) {
    (locale.number(record.calories.get()), "kcal")
}

/// What it adds to the sums: kilocalories, and grams of protein, carbohydrates and fat.
pub fn parts(record: &FoodLog) -> [f64; 4] {
    [record.calories.get(), record.protein_g.get(), record.carbs_g.get(), record.fat_g.get()]
}

/// What would make it anew.
pub fn copy(record: &FoodLog) -> FoodLogDraft {
    let record = record.clone();
    FoodLogDraft {
        logged_at: Some(record.logged_at),
        meal: record.meal,
        name: record.name,
        calories: record.calories,
        protein_g: record.protein_g,
        carbs_g: record.carbs_g,
        fat_g: record.fat_g,
        notes: record.notes,
        source: record.source,
    }
}

/// What is eaten at this time of day, more often than not.
pub fn usual_meal(at: Timestamp) -> Meal {
    // `2026-11-21T08:30`
    let hour = local_input(at).get(11..13).and_then(|hour| hour.parse().ok()).unwrap_or(0);
    match hour {
        5..=10 => Meal::Breakfast,
        12..=16 => Meal::Lunch,
        19..=23 => Meal::Dinner,
        _ => Meal::Snack,
    }
}

/// The fields of a new record, or of one that is there.
pub fn texts(record: Option<&FoodLog>, at: Timestamp) -> Vec<(&'static str, String)> {
    let number = |of: fn(&FoodLog) -> f64| record.map(of).map(plain).unwrap_or_default();
    vec![
        ("name", record.map(|food| food.name.as_str().to_owned()).unwrap_or_default()),
        ("meal", record.map_or_else(|| usual_meal(at), |food| food.meal).as_str().to_owned()),
        ("calories", number(|food| food.calories.get())),
        ("proteinG", number(|food| food.protein_g.get())),
        ("carbsG", number(|food| food.carbs_g.get())),
        ("fatG", number(|food| food.fat_g.get())),
        ("loggedAt", time_text(at)),
        ("notes", notes_text(record.and_then(|food| food.notes.as_ref()))),
    ]
}

pub fn fields(form: Form) -> AnyView {
    let (strings, later) = (form.locale.strings, form.locale.later());
    let meals = Meal::ALL.iter().map(|meal| (meal.as_str(), (strings.meals)(*meal))).collect();
    view! {
        <Field form name="name" label=later.name/>
        <Choice form name="meal" label=later.meal options=meals/>
        <Field form name="calories" label=strings.calories mode="decimal"/>
        <Field form name="proteinG" label=strings.protein mode="decimal" optional=true/>
        <Field form name="carbsG" label=strings.carbs mode="decimal" optional=true/>
        <Field form name="fatG" label=strings.fat mode="decimal" optional=true/>
        <Field form name="loggedAt" label=later.when kind="datetime-local"/>
        <Field form name="notes" label=later.notes optional=true/>
    }
    .into_any()
}

/// The whole of the form, or errors at its fields.
pub fn draft(form: Form, before: Option<&FoodLog>) -> Option<FoodLogDraft> {
    let grams = |name| Some(form.optional_number(name, Grams::new)?.unwrap_or(Grams::LEAST));
    // All are asked before any is missed, so that every error is shown at once.
    let name = form.take("name", FoodName::new);
    let meal = form.take("meal", Meal::parse);
    let calories = form.number("calories", Calories::new);
    let (protein_g, carbs_g, fat_g) = (grams("proteinG"), grams("carbsG"), grams("fatG"));
    let logged_at = form.instant("loggedAt");
    let notes = form.optional("notes", Notes::new);
    Some(FoodLogDraft {
        logged_at: Some(unchanged_minute(logged_at?, before.map(|food| food.logged_at))),
        meal: meal?,
        name: name?,
        calories: calories?,
        protein_g: protein_g?,
        carbs_g: carbs_g?,
        fat_g: fat_g?,
        notes: notes?,
        source: before.map_or(Source::Manual, |food| food.source),
    })
}

pub(super) fn notes_text(notes: Option<&Notes>) -> String {
    notes.map(|notes| notes.as_str().to_owned()).unwrap_or_default()
}

/// A form shows minutes; a time whose minute was not touched keeps its seconds.
pub(super) fn unchanged_minute(typed: Timestamp, before: Option<Timestamp>) -> Timestamp {
    match before {
        // As texts: when the clock is set back, two instants read alike.
        Some(before) if local_input(before) == local_input(typed) => before,
        _ => typed,
    }
}
