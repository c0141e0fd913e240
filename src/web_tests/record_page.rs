use latido_protocol::food::FoodLog;
use latido_replica::refetch::COALESCE_MS;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, eaten, en, foods, with_the_shell},
    server::problem,
    settle,
};
use crate::{
    api::error::ApiError,
    browser::clock,
    components::record_page::RecordPage,
    i18n::{records, shell_notes},
    queries::record::{AnyRecord, Change, Kind},
};

const LIST: &str = "GET /food-logs";
const DAY_MS: i64 = 86_400_000;
/// Two fetches that somebody asks for are not closer than this, and a little more.
const AGAIN: u32 = COALESCE_MS as u32 + 100;
const STALE: &str = "[data-testid=stale]";
const DAY: &str = ".segments button:nth-child(1)";
const WEEK: &str = ".segments button:nth-child(2)";

fn food(name: &str, kcal: f64, days_ago: i64) -> FoodLog {
    eaten(name, kcal, clock::wall().plus_ms(-days_ago * DAY_MS))
}

fn two() -> String {
    foods(&[food("Sopa", 180.0, 0), food("Arepa", 250.0, 0)], None)
}

async fn show(house: &mut House, kind: Kind) {
    house.show(move || view! { <RecordPage kind/> }.into_any()).await;
    settle(50).await;
}

/// The page of today's foods, on a server that gives this list.
async fn page(list: &str) -> House {
    let mut house = House::for_a("user").await;
    house.server.says(LIST, 200, list);
    show(&mut house, Kind::Food).await;
    house
}

fn totals(house: &House) -> Vec<String> {
    house.texts(".totals dd")
}

fn names(house: &House) -> Vec<String> {
    house.texts(".row-main > span:first-child")
}

#[wasm_bindgen_test]
async fn before_the_first_answer_there_are_shapes_and_dashes_and_the_way_to_add() {
    let mut house = House::for_a("user").await;
    house.server.hesitates(LIST);
    show(&mut house, Kind::Food).await;
    assert_eq!((house.count(".skeleton"), house.count(".empty"), house.count(STALE)), (1, 0, 0));
    assert_eq!(totals(&house), ["–"; 4]);
    assert_eq!(
        (house.text("h1"), house.text("[data-testid=add]")),
        (en().strings.food.into(), en().strings.add.into())
    );
    house.server.says(LIST, 200, &two());
    settle(60).await;
    assert_eq!((house.count(".skeleton"), names(&house).len()), (0, 2));
    assert_eq!(totals(&house), ["430", "20", "0", "0"]);
}

#[wasm_bindgen_test]
async fn where_there_is_nothing_each_kind_says_so_and_what_to_do() {
    let then = records::strings(en()).nothing_then;
    for (kind, ask, field, why) in [
        (Kind::Food, LIST, "foodLogs", Kind::Food.empty(en())),
        (Kind::Exercise, "GET /exercise-logs", "exerciseLogs", Kind::Exercise.empty(en())),
        // Measurements begin with a month.
        (Kind::Metric, "GET /health-metrics", "healthMetrics", then),
    ] {
        let mut house = House::for_a("user").await;
        house.server.says(ask, 200, &format!(r#"{{"{field}":[],"nextCursor":null}}"#));
        show(&mut house, kind).await;
        assert_eq!(house.texts(".empty p"), [why, en().strings.log_hint]);
        assert_eq!((house.count(".row"), house.count("[data-testid=add]")), (0, 1));
        let sums = kind.sums(en()).len();
        assert_eq!(totals(&house), vec!["0"; sums], "that is known");
    }
}

#[wasm_bindgen_test]
async fn the_sums_follow_what_comes_and_what_is_looked_for() {
    let house = page(&two()).await;
    assert_eq!(house.texts(".totals dt"), Kind::Food.sums(en()));
    assert_eq!(house.count(".totals-name"), 0, "a day has no average");
    house.queries.put(&Change::Put(AnyRecord::Food(food("Pan", 70.0, 0))));
    settle(60).await;
    assert_eq!(totals(&house)[0], "500");
    house.type_into("[data-testid=search]", "sopa").await;
    assert_eq!((names(&house), totals(&house)[0].as_str()), (vec!["Sopa".to_owned()], "180"));
    house.type_into("[data-testid=search]", "nobody eats this").await;
    assert_eq!((house.count(".empty button"), totals(&house)[0].as_str()), (1, "0"));
}

#[wasm_bindgen_test]
async fn of_several_days_the_sums_are_a_day_with_anything_in_it() {
    let week = foods(&[food("Sopa", 200.0, 0), food("Arepa", 100.0, 0), food("Pan", 500.0, 3)], None);
    let house = page(&week).await;
    house.click(WEEK).await;
    settle(60).await;
    assert_eq!(house.text(".totals-name"), records::strings(en()).daily_average);
    assert_eq!(totals(&house)[0], "400");
    house.type_into("[data-testid=search]", "nobody eats this").await;
    assert_eq!(totals(&house)[0], "–", "there is no day to divide by");
    house.click(DAY).await;
}

#[wasm_bindgen_test]
async fn a_list_without_end_is_cut_and_says_so() {
    let house = page(&foods(&[food("Sopa", 180.0, 0)], Some("more"))).await;
    settle(600).await;
    assert_eq!(house.texts(".note[role=status]"), [(records::strings(en()).cut)("1")]);
    let whole = page(&two()).await;
    assert_eq!(whole.count(".note[role=status]"), 0);
}

#[wasm_bindgen_test]
async fn without_a_network_and_anything_kept_it_says_what_becomes_of_what_is_logged() {
    let mut house = House::for_a("user").await;
    show(&mut house, Kind::Food).await;
    settle(60).await;
    assert_eq!(
        house.text(&format!("{STALE} [role=status]")),
        shell_notes::of(en().language).offline_without_data
    );
    assert_eq!((house.count(".skeleton"), house.count("[data-testid=add]")), (0, 1));
    assert_eq!(
        (totals(&house), house.texts(".empty p")),
        (vec!["–".to_owned(); 4], Vec::new()),
        "nobody knows"
    );
    house.type_into("[data-testid=search]", "sopa").await;
    assert_eq!(house.count(".empty"), 0, "nor whether there is any");
    house.type_into("[data-testid=search]", "").await;
    house.server.says(LIST, 200, &two());
    house.click(&format!("{STALE} button")).await;
    settle(AGAIN).await;
    assert_eq!((house.count(STALE), names(&house).len()), (0, 2));
}

#[wasm_bindgen_test]
async fn what_was_there_stays_when_it_cannot_be_had_anew() {
    let house = page(&two()).await;
    let broken = problem(500, "the disk is full");
    house.server.refuses(LIST, &broken);
    house.queries.refresh();
    settle(AGAIN).await;
    let why = format!("{} {}", (en().strings.error)(&ApiError::Refused(broken)), en().strings.stale);
    assert_eq!(house.text(&format!("{STALE} [role=status]")), why);
    assert_eq!((names(&house).len(), totals(&house)[0].as_str()), (2, "430"));

    house.server.is_away(LIST);
    house.click(&format!("{STALE} button")).await;
    settle(AGAIN).await;
    assert_eq!(house.text(&format!("{STALE} [role=status]")), shell_notes::of(en().language).offline);
    assert_eq!(names(&house).len(), 2);
}

#[wasm_bindgen_test]
async fn what_is_added_is_of_the_day_that_is_looked_at_and_shows_at_once() {
    with_the_shell();
    let house = page(&foods(&[], None)).await;
    house.click(".day-nav button").await;
    settle(60).await;
    js_sys::eval("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))")
        .unwrap();
    settle(60).await;
    let day = house.value(".day-name input");
    assert!(house.value("[name=loggedAt]").starts_with(&day), "{} on {day}", house.value("[name=loggedAt]"));
    house.type_into("[name=name]", "Arepa").await;
    house.type_into("[name=calories]", "250").await;
    house.click("dialog [type=submit]").await;
    settle(60).await;
    assert_eq!((names(&house), totals(&house)[0].as_str()), (vec!["Arepa".to_owned()], "250"));
    assert_eq!(house.attribute(".row", "data-pending"), "true");
    house.click(".day-nav button:last-child").await;
}

#[wasm_bindgen_test]
async fn whoever_comes_back_finds_the_span_and_the_day_that_they_looked_at() {
    let mut house = page(&two()).await;
    house.click(WEEK).await;
    house.click(".day-nav button").await;
    let day = house.value(".day-name input");
    house.leave();
    show(&mut house, Kind::Food).await;
    assert_eq!((house.attribute(WEEK, "aria-pressed"), house.value(".day-name input")), ("true".into(), day));
    house.click(".day-nav button:last-child").await;
    house.click(DAY).await;
    let today = house.value(".day-name input");
    assert!(house.is_disabled(".day-nav button:last-child"), "{today} is today again");
}
