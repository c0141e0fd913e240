//! What was eaten, by day.

use latido_protocol::{
    food::{FoodLog, FoodLogDraft},
    time::Timestamp,
    values::{Calories, FoodName, Grams, Language, Meal, Notes, Source},
};
use leptos::prelude::*;

use crate::{
    browser::day::local_input,
    features::records::record_form::time_text,
    i18n::Locale,
    ui::{
        figure::{Figure, entry},
        form::{Choice, Field, Form, LongField},
        number_field::NumberField,
    },
};

const ENERGY: Figure = Figure::decimal("kcal", (Calories::MIN, Calories::MAX));
const NUTRIENT: Figure = Figure::decimal("g", (Grams::MIN, Grams::MAX));

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
pub fn texts(record: Option<&FoodLog>, at: Timestamp, language: Language) -> Vec<(&'static str, String)> {
    let number =
        |of: fn(&FoodLog) -> f64| record.map(of).map(|value| entry(value, language)).unwrap_or_default();
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
    let (strings, deferred) = (form.locale.strings, form.locale.deferred());
    let meals = Meal::ALL.iter().map(|meal| (meal.as_str(), (strings.meals)(*meal))).collect();
    view! {
        <Field form name="name" label=deferred.name/>
        <Choice form name="meal" label=deferred.meal options=meals/>
        <NumberField form name="calories" label=strings.calories figure=ENERGY/>
        <NumberField form name="proteinG" label=strings.protein figure=NUTRIENT optional=true/>
        <NumberField form name="carbsG" label=strings.carbs figure=NUTRIENT optional=true/>
        <NumberField form name="fatG" label=strings.fat figure=NUTRIENT optional=true/>
        <Field form name="loggedAt" label=deferred.when kind="datetime-local"/>
        <LongField form name="notes" label=deferred.notes/>
    }
    .into_any()
}

/// The whole of the form, or errors at its fields.
pub fn draft(form: Form, before: Option<&FoodLog>) -> Option<FoodLogDraft> {
    let grams = |name| Some(form.optional_number(name, NUTRIENT, Grams::new)?.unwrap_or(Grams::LEAST));
    // All are asked before any is missed, so that every error is shown at once.
    let name = form.take("name", FoodName::new);
    let meal = form.take("meal", Meal::parse);
    let calories = form.number("calories", ENERGY, Calories::new);
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
