use latido_cache::lag::LAG_MS;
use latido_connection::Backend;
use latido_protocol::{food::FoodLog, metric::MetricKind};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    fake_server::problem,
    settle,
    test_app::{TestApp, eaten, en, foods, with_the_shell},
    trends::metric,
    until,
};
use crate::{
    api::error::ApiError,
    browser::clock,
    data::queries::record::{AnyRecord, RecordKind},
    features::records::record_page::RecordPage,
    i18n::{records, shell_notes},
};

const LIST: &str = "GET /food-logs";
const DAY_MS: i64 = 86_400_000;
const STALE: &str = "[data-testid=stale]";
const DAY: &str = ".segments button:nth-child(1)";
const WEEK: &str = ".segments button:nth-child(2)";

fn food(name: &str, kcal: f64, days_ago: i64) -> FoodLog {
    eaten(name, kcal, clock::wall().plus_ms(-days_ago * DAY_MS))
}

fn two() -> String {
    foods(&[food("Sopa", 180.0, 0), food("Arepa", 250.0, 0)], None)
}

async fn show(app: &mut TestApp, kind: RecordKind) {
    app.show(move || view! { <RecordPage kind/> }.into_any()).await;
    settle(50).await;
}

/// The page of today's foods, on a server that gives this list.
async fn page(list: &str) -> TestApp {
    let mut app = TestApp::for_a("user").await;
    app.server.says(LIST, 200, list);
    show(&mut app, RecordKind::Food).await;
    app
}

fn totals(app: &TestApp) -> Vec<String> {
    app.texts(".totals dd")
}

fn names(app: &TestApp) -> Vec<String> {
    app.texts(".row-main > span:first-child")
}

#[wasm_bindgen_test]
async fn shows_skeleton_and_add_button_while_loading() {
    let mut app = TestApp::for_a("user").await;
    app.server.hesitates(LIST);
    show(&mut app, RecordKind::Food).await;
    assert_eq!((app.count(".skeleton"), app.count(".empty"), app.count(STALE)), (1, 0, 0));
    assert_eq!(totals(&app), ["–"; 4]);
    assert_eq!(
        (app.text("h1"), app.text("[data-testid=add]")),
        (en().strings.food.into(), en().strings.add.into())
    );
    app.server.says(LIST, 200, &two());
    settle(60).await;
    assert_eq!((app.count(".skeleton"), names(&app).len()), (0, 2));
    assert_eq!(totals(&app), ["430", "20", "0", "0"]);
}

#[wasm_bindgen_test]
async fn empty_list_shows_hint_per_kind() {
    let then = records::strings(en()).nothing_then;
    for (kind, ask, field, why) in [
        (RecordKind::Food, LIST, "foodLogs", RecordKind::Food.empty(en())),
        (RecordKind::Exercise, "GET /exercise-logs", "exerciseLogs", RecordKind::Exercise.empty(en())),
        // Measurements begin with a month.
        (RecordKind::Metric, "GET /health-metrics", "healthMetrics", then),
    ] {
        let mut app = TestApp::for_a("user").await;
        app.server.says(ask, 200, &format!(r#"{{"{field}":[],"nextCursor":null}}"#));
        show(&mut app, kind).await;
        assert_eq!(app.texts(".empty p"), [why, en().strings.log_hint]);
        assert_eq!((app.count(".row"), app.count("[data-testid=add]")), (0, 1));
        let sums = kind.sums(en()).len();
        assert_eq!(totals(&app), vec!["0"; sums], "that is known");
    }
}

#[wasm_bindgen_test]
async fn sums_follow_records_and_filter() {
    let app = page(&two()).await;
    assert_eq!(app.texts(".totals dt"), RecordKind::Food.sums(en()));
    assert_eq!(app.count(".totals-name"), 0, "a day has no average");
    app.queries.apply_event(&AnyRecord::Food(food("Pan", 70.0, 0)).updated());
    settle(60).await;
    assert_eq!(totals(&app)[0], "500");
    app.type_into("[data-testid=search]", "sopa").await;
    assert_eq!((names(&app), totals(&app)[0].as_str()), (vec!["Sopa".to_owned()], "180"));
    app.type_into("[data-testid=search]", "nobody eats this").await;
    assert_eq!((app.count(".empty button"), totals(&app)[0].as_str()), (1, "0"));
}

#[wasm_bindgen_test]
async fn longer_period_shows_average_per_logged_day() {
    let week = foods(&[food("Sopa", 200.0, 0), food("Arepa", 100.0, 0), food("Pan", 500.0, 3)], None);
    let app = page(&week).await;
    app.click(WEEK).await;
    settle(60).await;
    assert_eq!(app.text(".totals-name"), records::strings(en()).daily_average);
    assert_eq!(totals(&app)[0], "400");
    app.type_into("[data-testid=search]", "nobody eats this").await;
    assert_eq!(totals(&app)[0], "–", "there is no day to divide by");
    app.click(DAY).await;
}

#[wasm_bindgen_test]
async fn endless_list_is_cut_with_note() {
    let app = page(&foods(&[food("Sopa", 180.0, 0)], Some("more"))).await;
    settle(600).await;
    assert_eq!(app.texts(".note[role=status]"), [(records::strings(en()).cut)("1")]);
    let whole = page(&two()).await;
    assert_eq!(whole.count(".note[role=status]"), 0);
}

#[wasm_bindgen_test]
async fn offline_without_cache_explains_logging() {
    let mut app = TestApp::for_a("user").await;
    show(&mut app, RecordKind::Food).await;
    settle(60).await;
    assert_eq!(
        app.text(&format!("{STALE} [role=status]")),
        shell_notes::of(en().language).offline_without_data
    );
    assert_eq!((app.count(".skeleton"), app.count("[data-testid=add]")), (0, 1));
    assert_eq!((totals(&app), app.texts(".empty p")), (vec!["–".to_owned(); 4], Vec::new()), "nobody knows");
    app.type_into("[data-testid=search]", "sopa").await;
    assert_eq!(app.count(".empty"), 0, "nor whether there is any");
    app.type_into("[data-testid=search]", "").await;
    app.server.says(LIST, 200, &two());
    app.click(&format!("{STALE} button")).await;
    until(|| app.count(STALE) == 0).await;
    assert_eq!((app.count(STALE), names(&app).len()), (0, 2));
}

#[wasm_bindgen_test]
async fn failed_refetch_keeps_shown_rows() {
    let app = page(&two()).await;
    let broken = problem(500, "the disk is full");
    app.server.refuses(LIST, &broken);
    app.queries.refresh();
    let why = format!("{} {}", (en().strings.error)(&ApiError::Refused(broken)), en().strings.stale);
    let said = || app.texts(&format!("{STALE} [role=status]"));
    until(|| said() == [why.as_str()]).await;
    assert_eq!(said(), [why]);
    assert_eq!((names(&app).len(), totals(&app)[0].as_str()), (2, "430"));

    app.server.is_away(LIST);
    app.click(&format!("{STALE} button")).await;
    let offline = shell_notes::of(en().language).offline;
    until(|| said() == [offline]).await;
    assert_eq!(said(), [offline]);
    assert_eq!(names(&app).len(), 2);
}

#[wasm_bindgen_test]
async fn adds_record_to_the_shown_day() {
    with_the_shell();
    let app = page(&foods(&[], None)).await;
    app.click(".day-nav button").await;
    settle(60).await;
    js_sys::eval("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))")
        .unwrap();
    settle(60).await;
    let day = app.value(".day-name input");
    assert!(app.value("[name=loggedAt]").starts_with(&day), "{} on {day}", app.value("[name=loggedAt]"));
    app.type_into("[name=name]", "Arepa").await;
    app.type_into("[name=calories]", "250").await;
    app.click("dialog [type=submit]").await;
    settle(60).await;
    assert_eq!((names(&app), totals(&app)[0].as_str()), (vec!["Arepa".to_owned()], "250"));
    assert_eq!(app.attribute(".row", "data-pending"), "true");
    app.click(".day-nav button:last-child").await;
}

#[wasm_bindgen_test]
async fn returning_restores_span_and_day() {
    let mut app = page(&two()).await;
    app.click(WEEK).await;
    app.click(".day-nav button").await;
    let day = app.value(".day-name input");
    app.leave();
    show(&mut app, RecordKind::Food).await;
    assert_eq!((app.attribute(WEEK, "aria-pressed"), app.value(".day-name input")), ("true".into(), day));
    app.click(".day-nav button:last-child").await;
    app.click(DAY).await;
    let today = app.value(".day-name input");
    assert!(app.is_disabled(".day-nav button:last-child"), "{today} is today again");
}

#[wasm_bindgen_test]
async fn event_of_unnumbered_backend_is_confirmed_once_later() {
    for (backend, more) in [(Backend::Unknown, 1), (Backend::Plain, 1), (Backend::Full, 0)] {
        let app = page(&two()).await;
        app.queries.talk_to(backend);
        let before = app.server.asked(LIST).len();
        let id = food("Sopa", 180.0, 0).id.as_str().to_owned();
        app.queries.apply_event(&RecordKind::Food.deleted(&id));
        settle(LAG_MS as u32 / 2).await;
        assert_eq!(app.server.asked(LIST).len(), before, "the index may not know of it yet");
        settle(LAG_MS as u32).await;
        assert_eq!(app.server.asked(LIST).len(), before + more, "{backend:?}");
    }
}

#[wasm_bindgen_test]
async fn chart_says_how_a_day_is_made_up() {
    for (kind, said) in [
        (MetricKind::Steps, Some("day's highest")),
        (MetricKind::Weight, Some("day's last")),
        (MetricKind::BloodPressure, None),
    ] {
        let second = (kind == MetricKind::BloodPressure).then_some(70.0);
        let AnyRecord::Metric(measured) = metric(kind, clock::wall(), 110.0, second) else { return };
        let list = serde_json::json!({ "healthMetrics": [measured], "nextCursor": null });
        let mut app = TestApp::for_a("user").await;
        app.server.says("GET /health-metrics", 200, &list.to_string());
        show(&mut app, RecordKind::Metric).await;
        settle(150).await;
        assert_eq!(app.count(".trends svg"), 1);
        assert_eq!(app.texts(".trends .day-rule"), Vec::from_iter(said));
    }
}
