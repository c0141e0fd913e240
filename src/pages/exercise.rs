//! What was done, by day.

use latido_protocol::{
    exercise::{ExerciseLog, ExerciseLogDraft},
    time::Timestamp,
    values::{Activity, Calories, Intensity, Kilometres, Minutes, Notes, Source},
};
use leptos::prelude::*;

use super::food::{notes_text, unchanged_minute};
use crate::{
    components::{
        day_page::{DayPage, DayRecord},
        form::{Choice, Draftable, Field, Form},
        record_dialog::{number_text, time_text},
    },
    i18n::Locale,
};

#[component]
pub fn ExercisePage() -> impl IntoView {
    view! { <DayPage<ExerciseLog>/> }
}

impl DayRecord for ExerciseLog {
    const TEST_ID: &'static str = "exercise";

    fn title(locale: Locale) -> &'static str {
        locale.strings.exercise
    }

    fn empty(locale: Locale) -> &'static str {
        locale.strings.nothing_done
    }

    fn describe(&self, locale: Locale) -> (String, String) {
        let mut below = (locale.strings.intensities)(self.intensity).to_owned();
        if let Some(distance) = self.distance_km {
            below += &format!(" · {} km", locale.number(distance.get()));
        }
        if let Some(burned) = self.calories_burned {
            below += &format!(" · {} kcal", locale.number(burned.get()));
        }
        (self.activity.as_str().to_owned(), below)
    }

    fn amount(&self, locale: Locale) -> (String, &'static str) {
        (locale.number(self.duration_min.get()), "min")
    }

    fn source(&self) -> Source {
        self.source
    }

    fn totals(records: &[Self], locale: Locale) -> Vec<(&'static str, String)> {
        let strings = locale.strings;
        let sum = |of: fn(&Self) -> f64| locale.number(records.iter().map(of).sum());
        vec![
            (strings.minutes, sum(|log| log.duration_min.get())),
            (strings.calories_burned, sum(|log| log.calories_burned.map_or(0.0, Calories::get))),
            (strings.distance, sum(|log| log.distance_km.map_or(0.0, Kilometres::get))),
        ]
    }
}

impl Draftable for ExerciseLog {
    type Draft = ExerciseLogDraft;

    fn form_title(locale: Locale, editing: bool) -> &'static str {
        if editing { locale.strings.edit_exercise } else { locale.strings.add_exercise }
    }

    fn texts(record: Option<&Self>, at: Timestamp) -> Vec<(&'static str, String)> {
        let number = |value: Option<f64>| value.map(number_text).unwrap_or_default();
        vec![
            ("activity", record.map(|log| log.activity.as_str().to_owned()).unwrap_or_default()),
            ("durationMin", number(record.map(|log| log.duration_min.get()))),
            ("intensity", record.map_or(Intensity::Moderate, |log| log.intensity).as_str().to_owned()),
            ("caloriesBurned", number(record.and_then(|log| log.calories_burned).map(Calories::get))),
            ("distanceKm", number(record.and_then(|log| log.distance_km).map(Kilometres::get))),
            ("loggedAt", time_text(at)),
            ("notes", notes_text(record.and_then(|log| log.notes.as_ref()))),
        ]
    }

    fn fields(form: Form) -> AnyView {
        let strings = form.locale.strings;
        let intensities = Intensity::ALL
            .iter()
            .map(|intensity| (intensity.as_str(), (strings.intensities)(*intensity)))
            .collect();
        view! {
            <Field form name="activity" label=strings.activity/>
            <Field form name="durationMin" label=strings.minutes mode="decimal"/>
            <Choice form name="intensity" label=strings.intensity options=intensities/>
            <Field form name="caloriesBurned" label=strings.calories_burned mode="decimal" optional=true/>
            <Field form name="distanceKm" label=strings.distance mode="decimal" optional=true/>
            <Field form name="loggedAt" label=strings.when kind="datetime-local"/>
            <Field form name="notes" label=strings.notes optional=true/>
        }
        .into_any()
    }

    fn draft(form: Form, before: Option<&Self>) -> Option<ExerciseLogDraft> {
        // All are asked before any is missed, so that every error is shown at once.
        let activity = form.take("activity", Activity::new);
        let duration_min = form.number("durationMin", Minutes::new);
        let intensity = form.take("intensity", Intensity::parse);
        let calories_burned = form.optional_number("caloriesBurned", Calories::new);
        let distance_km = form.optional_number("distanceKm", Kilometres::new);
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
}
