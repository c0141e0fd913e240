use latido_protocol::{
    food::FoodLog,
    id::Id,
    metric::MetricKind,
    profile::HealthProfile,
    values::{Calories, FoodName, Grams, Intensity, Language, Meal, Source},
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::{
    list_of,
    profile::profile,
    settle, stage, text_of,
    trends::{exercise, metric},
};
use crate::{
    api::error::ApiError,
    browser::{clock, day::Day},
    data::queries::{FetchStatus, list::List, record::AnyRecord},
    features::overview::{Data, latest, tiles, week},
    i18n::{Locale, overview},
};

fn eaten(kcal: f64, protein: f64) -> AnyRecord {
    let at = clock::wall();
    AnyRecord::Food(FoodLog {
        id: Id::new(format!("food-{kcal}")),
        logged_at: at,
        meal: Meal::Lunch,
        name: FoodName::new("Ajiaco").unwrap(),
        calories: Calories::new(kcal).unwrap(),
        protein_g: Grams::new(protein).unwrap(),
        carbs_g: Grams::LEAST,
        fat_g: Grams::LEAST,
        notes: None,
        source: Source::Wallavi,
        created_at: at,
        updated_at: at,
        version: 2,
    })
}

fn data(profile: Option<HealthProfile>, foods: List) -> Data {
    let (now, today) = (clock::wall(), Day::today());
    let metrics = vec![
        metric(MetricKind::Steps, now, 9000.0, None),
        metric(MetricKind::Weight, today.plus(-3).at_this_time(), 70.5, None),
    ];
    Data {
        today,
        profile: ArcMemo::new(move |_| profile.clone()),
        foods,
        exercises: list_of(vec![exercise(Intensity::Low, now, 20.0)]),
        metrics: list_of(metrics),
    }
}

async fn shown(data: &Data, view: fn(&Data) -> AnyView) -> HtmlElement {
    let stage = stage();
    let data = data.clone();
    let mounted = mount_to(stage.clone(), move || {
        provide_context(Locale::of(Language::En));
        view(&data)
    });
    mounted.forget();
    settle(20).await;
    stage
}

fn attribute(stage: &HtmlElement, selector: &str, name: &str) -> String {
    let element = stage.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector}"));
    element.get_attribute(name).unwrap_or_default()
}

const GOALS: &str = r#","dailyCalorieGoal":2000,"dailyStepGoal":9000,"dailyProteinGoalG":80,"dailyExerciseGoalMin":40,"goalWeightKg":68"#;

#[wasm_bindgen_test]
async fn tiles_without_goals_show_totals() {
    let stage = shown(&data(Some(profile(1, "")), list_of(vec![eaten(640.0, 40.0)])), tiles::tiles).await;
    assert_eq!(text_of(&stage, "[data-testid=energy-today]"), "640");
    assert!(text_of(&stage, ".tile").contains("No goal"), "{}", text_of(&stage, ".tile"));
    assert_eq!(attribute(&stage, ".tile .bar > div", "style"), "width: 0%;");
    // Without goals the macronutrients are measured against each other.
    assert_eq!(attribute(&stage, "[data-macro='0'] .bar > div", "style"), "width: 100%;");
}

#[wasm_bindgen_test]
async fn tiles_show_progress_and_follow_events() {
    let data = data(Some(profile(1, GOALS)), list_of(vec![eaten(500.0, 40.0)]));
    let stage = shown(&data, tiles::tiles).await;
    assert_eq!(attribute(&stage, ".tile .bar > div", "style"), "width: 25%;");
    assert_eq!(attribute(&stage, "[data-macro='0'] .bar > div", "style"), "width: 50%;");
    assert!(text_of(&stage, "[data-macro='0']").contains("40 / 80"));
    let steps = stage.query_selector_all(".tile .bar > .full").unwrap();
    assert_eq!(steps.length(), 1, "the steps are at their goal, and nothing else is");

    data.foods.rows.set(list_of(vec![eaten(1500.0, 40.0), eaten(501.0, 41.0)]).rows.get_untracked());
    data.foods.changes.notify();
    settle(20).await;
    assert_eq!(text_of(&stage, "[data-testid=energy-today]"), "2,001");
    assert_eq!(attribute(&stage, ".tile .bar > div", "style"), "width: 100%;");
    assert!(text_of(&stage, "[data-macro='0']").contains("81 / 80"));
}

#[wasm_bindgen_test]
async fn a_smaller_number_of_steps_replaces_no_day() {
    let (now, today) = (clock::wall(), Day::today());
    let mut data = data(Some(profile(1, GOALS)), list_of(Vec::new()));
    data.metrics = list_of(vec![
        metric(MetricKind::Steps, now, 8.0, None),
        metric(MetricKind::Steps, today.start(), 11_665.0, None),
        metric(MetricKind::Sleep, now, 1.0, None),
        metric(MetricKind::Sleep, today.start(), 7.0, None),
    ]);
    let tiles = shown(&data, tiles::tiles).await.text_content().unwrap();
    assert!(tiles.contains("11,665") && tiles.contains("day's highest"), "{tiles}");
    assert!(tiles.contains("8 h") && tiles.contains("day's total"), "{tiles}");
    let week = shown(&data, week::week).await;
    assert_eq!(text_of(&week, "tbody tr:nth-child(3) td:nth-of-type(7)"), "11,665");
    assert_eq!(text_of(&week, "tbody tr:nth-child(4) td:nth-of-type(7)"), "8");
}

#[wasm_bindgen_test]
async fn no_change_of_weight_has_no_sign() {
    let today = Day::today();
    let mut data = data(Some(profile(1, GOALS)), list_of(Vec::new()));
    data.metrics = list_of(vec![
        metric(MetricKind::Weight, today.start(), 70.0, None),
        metric(MetricKind::Weight, today.plus(-8).start(), 70.02, None),
    ]);
    let tiles = shown(&data, tiles::tiles).await.text_content().unwrap();
    assert!(tiles.contains("0 kg in") && !tiles.contains("−0"), "{tiles}");
}

#[wasm_bindgen_test]
async fn shows_last_weight_until_newer_one() {
    let stage = shown(&data(Some(profile(1, GOALS)), list_of(Vec::new())), tiles::tiles).await;
    let text = stage.text_content().unwrap();
    assert!(text.contains("70.5") && text.contains("goal: 68 kg"), "{text}");
}

#[wasm_bindgen_test]
async fn weight_change_names_its_days() {
    let (now, today) = (clock::wall(), Day::today());
    let metrics = list_of(vec![
        metric(MetricKind::Weight, now, 76.0, None),
        metric(MetricKind::Weight, today.plus(-28).at_this_time(), 80.0, None),
    ]);
    let data = Data { metrics, ..data(Some(profile(1, "")), list_of(Vec::new())) };
    let text = shown(&data, tiles::tiles).await.text_content().unwrap();
    assert!(text.contains("−4 kg in 28 days"), "{text}");
    let es = overview::strings(Locale::of(Language::Es));
    assert_eq!((es.in_days)("−4 kg", 28), "−4 kg en 28 días");
    assert_eq!((es.in_days)("−4 kg", 1), "−4 kg en 1 día");
}

#[wasm_bindgen_test]
async fn week_shows_dash_for_unknown_days() {
    let stage = shown(&data(Some(profile(1, GOALS)), list_of(vec![eaten(500.0, 0.0)])), week::week).await;
    let cell = |row: u32, day: u32| format!("tbody tr:nth-child({row}) td:nth-of-type({day})");
    assert_eq!(text_of(&stage, &cell(1, 1)), "–");
    assert_eq!(text_of(&stage, &cell(1, 7)), "500");
    assert_eq!(attribute(&stage, &format!("{} .fill", cell(1, 7)), "style"), "height: 25%;");
    assert_eq!(attribute(&stage, &cell(3, 7), "class").trim(), "full", "the steps' goal is reached");
    assert_eq!(text_of(&stage, &cell(5, 4)), "70.5", "the weight of three days ago");
}

#[wasm_bindgen_test]
async fn latest_list_shows_record_and_source() {
    let data = data(None, list_of(vec![eaten(500.0, 0.0)]));
    let stage = shown(&data, latest::latest).await;
    let line = text_of(&stage, ".line");
    let text = text_of(&stage, "[data-testid=latest]");
    assert!(text.contains("Ajiaco") && text.contains("Changed · Wallavi"), "{line} in {text}");

    data.foods.rows.set(None);
    data.exercises.rows.set(Some(Vec::new()));
    data.metrics.rows.set(Some(Vec::new()));
    settle(20).await;
    assert_eq!(stage.query_selector_all(".skeleton").unwrap().length(), 1, "it is not known yet");
    data.foods.rows.set(Some(Vec::new()));
    data.foods.changes.notify();
    settle(20).await;
    assert_eq!(stage.query_selector_all(".empty").unwrap().length(), 1, "nothing has happened");
}

#[wasm_bindgen_test]
async fn shows_a_dash_without_response_and_cache() {
    let mut data = data(None, list_of(Vec::new()));
    data.exercises = list_of(Vec::new());
    data.metrics = list_of(Vec::new());
    for list in [&data.foods, &data.exercises, &data.metrics] {
        list.fetch_status.set(FetchStatus { error: Some(ApiError::Unreachable), as_of: None });
    }
    let (tiles, latest) = (shown(&data, tiles::tiles).await, shown(&data, latest::latest).await);
    let energy = || text_of(&tiles, "[data-testid=energy-today]");
    let says_that_nothing_happened = || latest.query_selector(".empty").unwrap().is_some();
    assert_eq!((energy().as_str(), says_that_nothing_happened()), ("–", false));
    // Somebody has answered, at some time.
    data.foods
        .fetch_status
        .set(FetchStatus { error: Some(ApiError::Unreachable), as_of: Some(clock::wall()) });
    settle(20).await;
    assert_eq!((energy().as_str(), says_that_nothing_happened()), ("0", true));
}
