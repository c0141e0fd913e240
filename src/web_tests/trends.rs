use latido_protocol::{
    exercise::ExerciseLog,
    id::Id,
    metric::{HealthMetric, MetricKind},
    time::Timestamp,
    values::{Activity, Intensity, Language, Minutes, Source},
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::list_of;
use crate::{
    browser::{
        day::Day,
        period::{Period, Span},
    },
    data::queries::record::AnyRecord,
    features::{
        records::filter::RecordFilter,
        trends::by_day::{Days, kinds, measured, minutes, pressures},
    },
    i18n::Locale,
    ui::chart::Range,
};

const HOUR_MS: i64 = 3_600_000;

fn week() -> Period {
    Period { span: Span::Week, last: Day::from_input("2026-11-21").unwrap() }
}

/// So many hours into a day of the week, its last being 6.
fn at(day: i32, hours: i64) -> Timestamp {
    let start = week().last.plus(day - 6).start();
    Timestamp::from_unix_ms(start.unix_ms() + hours * HOUR_MS)
}

pub fn metric(kind: MetricKind, at: Timestamp, value: f64, value2: Option<f64>) -> AnyRecord {
    AnyRecord::Metric(HealthMetric {
        id: Id::new(format!("{}-{}", kind.as_str(), at.unix_ms())),
        measured_at: at,
        kind,
        value,
        value2,
        unit: kind.unit().to_owned(),
        source: Source::Manual,
        created_at: at,
        updated_at: at,
        version: 1,
    })
}

pub fn exercise(intensity: Intensity, at: Timestamp, minutes: f64) -> AnyRecord {
    AnyRecord::Exercise(ExerciseLog {
        id: Id::new(format!("e-{}", at.unix_ms())),
        logged_at: at,
        activity: Activity::new("Caminar").unwrap(),
        duration_min: Minutes::new(minutes).unwrap(),
        intensity,
        calories_burned: None,
        distance_km: None,
        notes: None,
        source: Source::Manual,
        created_at: at,
        updated_at: at,
        version: 1,
    })
}

fn days() -> Days {
    Days::of(week(), RecordFilter::default(), Locale::of(Language::En))
}

#[wasm_bindgen_test]
fn takes_last_weight_and_mean_pulse() {
    let list = list_of(vec![
        metric(MetricKind::Weight, at(2, 7), 70.0, None),
        metric(MetricKind::Weight, at(2, 21), 71.0, None),
        metric(MetricKind::HeartRate, at(2, 8), 60.0, None),
        metric(MetricKind::HeartRate, at(2, 9), 70.0, None),
    ]);
    let days = days();
    assert_eq!(measured(&list, &days, MetricKind::Weight), [None, None, Some(71.0), None, None, None, None]);
    assert_eq!(measured(&list, &days, MetricKind::HeartRate)[2], Some(65.0));
    assert_eq!(kinds(&list), [MetricKind::Weight, MetricKind::HeartRate]);
}

#[wasm_bindgen_test]
fn midnight_record_belongs_to_new_day() {
    let list = list_of(vec![
        metric(MetricKind::Weight, at(0, 0), 1.0, None),
        metric(MetricKind::Weight, at(6, 0), 2.0, None),
        metric(MetricKind::Weight, at(7, 0), 3.0, None),
    ]);
    let weights = measured(&list, &days(), MetricKind::Weight);
    assert_eq!((weights[0], weights[6]), (Some(1.0), Some(2.0)), "tomorrow is not in it");
}

#[wasm_bindgen_test]
fn pressure_range_spans_the_day() {
    let list = list_of(vec![
        metric(MetricKind::BloodPressure, at(3, 8), 120.0, Some(82.0)),
        metric(MetricKind::BloodPressure, at(3, 20), 131.0, Some(76.0)),
    ]);
    let ranges = pressures(&list, &days());
    assert_eq!(ranges[3], Some(Range { low: 76.0, high: 131.0, mid: None }));
    assert_eq!(ranges.iter().flatten().count(), 1);
}

#[wasm_bindgen_test]
fn minutes_are_added_up_by_intensity() {
    let list = list_of(vec![
        exercise(Intensity::Low, at(1, 8), 20.0),
        exercise(Intensity::Low, at(1, 18), 10.0),
        exercise(Intensity::High, at(1, 19), 15.0),
    ]);
    let parts = minutes(&list, &days());
    let of_day: Vec<_> = parts.iter().map(|part| part[1]).collect();
    assert_eq!(of_day, [30.0, 0.0, 15.0]);
}

#[wasm_bindgen_test]
fn a_chart_shows_what_is_looked_for() {
    let list =
        list_of(vec![exercise(Intensity::Low, at(1, 8), 20.0), exercise(Intensity::High, at(1, 19), 15.0)]);
    let hard = RecordFilter { words: String::new(), of: "high".to_owned() };
    let parts = minutes(&list, &Days::of(week(), hard, Locale::of(Language::En)));
    let of_day: Vec<_> = parts.iter().map(|part| part[1]).collect();
    assert_eq!(of_day, [0.0, 0.0, 15.0]);
}
