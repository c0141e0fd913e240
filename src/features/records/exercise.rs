//! What was done, by day.

use latido_protocol::{
    exercise::{ExerciseLog, ExerciseLogDraft},
    number::field_text,
    time::Timestamp,
    values::{Activity, Calories, Intensity, Kilometres, Language, Minutes, Notes, Source, Units},
};
use leptos::prelude::*;

use super::food::{notes_text, unchanged_minute};
use crate::{
    browser::units::{Quantity, units},
    features::records::record_form::time_text,
    i18n::Locale,
    ui::{
        figure::{Figure, entry},
        form::{Choice, Field, Form, LongField},
        number_field::NumberField,
    },
};

const DURATION: Figure = Figure::minutes(Minutes::MAX);
const BURNED: Figure = Figure::decimal("kcal", (Calories::MIN, Calories::MAX));

fn distance_figure(units: Units) -> Figure {
    Figure::of(Quantity::Distance, (Kilometres::MIN, Kilometres::MAX), units)
}

/// The name, and what stands below it.
pub fn describe(record: &ExerciseLog, locale: Locale) -> (String, String) {
    let mut below = vec![(locale.strings.intensities)(record.intensity).to_owned()];
    below.extend(record.distance_km.map(|distance| locale.distance(distance.get())));
    below.extend(record.calories_burned.map(|burned| format!("{} kcal", locale.number(burned.get()))));
    (record.activity.as_str().to_owned(), below.join(" · "))
}

/// The number at the end of the row, with its unit.
pub fn amount(record: &ExerciseLog, locale: Locale) -> (String, &'static str) {
    (locale.number(record.duration_min.get()), "min")
}

/// What it adds to the sums: minutes, kilocalories, and the distance in the reader's units.
pub fn parts(record: &ExerciseLog) -> [f64; 4] {
    [
        record.duration_min.get(),
        record.calories_burned.map_or(0.0, Calories::get),
        record.distance_km.map_or(0.0, distance),
        0.0,
    ]
}

/// What would make it anew.
pub fn copy(record: &ExerciseLog) -> ExerciseLogDraft {
    let record = record.clone();
    ExerciseLogDraft {
        logged_at: Some(record.logged_at),
        activity: record.activity,
        duration_min: record.duration_min,
        intensity: record.intensity,
        calories_burned: record.calories_burned,
        distance_km: record.distance_km,
        notes: record.notes,
        source: record.source,
    }
}

/// In the reader's units.
fn distance(distance: Kilometres) -> f64 {
    Quantity::Distance.from_metric(distance.get(), units())
}

/// The fields of a new record, or of one that is there.
pub fn texts(record: Option<&ExerciseLog>, at: Timestamp, language: Language) -> Vec<(&'static str, String)> {
    let number = |value: Option<f64>| value.map(|value| entry(value, language)).unwrap_or_default();
    let distance = |km: Kilometres| field_text(&Quantity::Distance.entry(km.get(), units()), language);
    vec![
        ("activity", record.map(|log| log.activity.as_str().to_owned()).unwrap_or_default()),
        ("durationMin", number(record.map(|log| log.duration_min.get()))),
        ("intensity", record.map_or(Intensity::Moderate, |log| log.intensity).as_str().to_owned()),
        ("caloriesBurned", number(record.and_then(|log| log.calories_burned).map(Calories::get))),
        ("distanceKm", record.and_then(|log| log.distance_km).map(distance).unwrap_or_default()),
        ("loggedAt", time_text(at)),
        ("notes", notes_text(record.and_then(|log| log.notes.as_ref()))),
    ]
}

pub fn fields(form: Form) -> AnyView {
    let (strings, deferred) = (form.locale.strings, form.locale.deferred());
    let intensities = Intensity::ALL
        .iter()
        .map(|intensity| (intensity.as_str(), (strings.intensities)(*intensity)))
        .collect();
    view! {
        <Field form name="activity" label=deferred.activity/>
        <NumberField form name="durationMin" label=strings.minutes figure=DURATION/>
        <Choice form name="intensity" label=deferred.intensity options=intensities/>
        <NumberField form name="caloriesBurned" label=strings.calories_burned figure=BURNED optional=true/>
        <NumberField
            form
            name="distanceKm"
            label=(strings.distance)(form.units)
            figure=distance_figure(form.units)
            optional=true
        />
        <Field form name="loggedAt" label=deferred.when kind="datetime-local"/>
        <LongField form name="notes" label=deferred.notes/>
    }
    .into_any()
}

/// The whole of the form, or errors at its fields.
pub fn draft(form: Form, before: Option<&ExerciseLog>) -> Option<ExerciseLogDraft> {
    // All are asked before any is missed, so that every error is shown at once.
    let activity = form.take("activity", Activity::new);
    let duration_min = form.number("durationMin", DURATION, Minutes::new);
    let intensity = form.take("intensity", Intensity::parse);
    let calories_burned = form.optional_number("caloriesBurned", BURNED, Calories::new);
    let distance_km = if form.is_blank("distanceKm") {
        Some(None)
    } else {
        let before = before.and_then(|log| log.distance_km).map(Kilometres::get);
        let figure = distance_figure(form.units);
        form.measure("distanceKm", figure, Quantity::Distance, before, Kilometres::new).map(Some)
    };
    let logged_at = form.instant("loggedAt");
    let notes = form.optional("notes", Notes::new);
    Some(ExerciseLogDraft {
        logged_at: Some(unchanged_minute(logged_at?, before.map(|log| log.logged_at))),
        activity: activity?,
        duration_min: duration_min?,
        intensity: intensity?,
        calories_burned: calories_burned?,
        distance_km: distance_km?,
        notes: notes?,
        source: before.map_or(Source::Manual, |log| log.source),
    })
}
