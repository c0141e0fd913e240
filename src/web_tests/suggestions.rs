use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    test_app::{TestApp, eaten, en, foods},
};
use crate::{
    browser::clock,
    data::queries::record::RecordKind,
    features::records::{editing::Editing, record_dialog::RecordDialog},
};

const DAY_MS: i64 = 86_400_000;
const LIST: &str = "GET /food-logs";
const CHIP: &str = "[data-testid=suggestion]";

/// The dialog for a new record, on a server that knows this list.
async fn dialog(kind: RecordKind, list: Option<&str>) -> TestApp {
    let mut app = TestApp::for_a("user").await;
    if let Some(list) = list {
        app.server.says(LIST, 200, list);
    }
    let editing = RwSignal::new(None);
    app.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    // Of another day than the one on which a suggestion is pressed.
    editing.set(Some(Editing::New { kind, at: clock::wall().plus_ms(-2 * DAY_MS) }));
    settle(80).await;
    app
}

fn history() -> String {
    let ago = |days: i64| clock::wall().plus_ms(-days * DAY_MS);
    foods(&[eaten("Arepa", 250.0, ago(1)), eaten("arepa", 300.0, ago(2)), eaten("Sopa", 180.0, ago(3))], None)
}

#[wasm_bindgen_test]
async fn suggests_frequent_foods_as_last_logged() {
    let app = dialog(RecordKind::Food, Some(&history())).await;
    assert_eq!(app.texts(CHIP), ["Arepa 250 kcal", "Sopa 180 kcal"]);
    assert_eq!(app.attribute(".chips", "aria-label"), en().deferred().often);
}

#[wasm_bindgen_test]
async fn suggestion_fills_all_fields_but_time() {
    let app = dialog(RecordKind::Food, Some(&history())).await;
    let time = app.value("[name=loggedAt]");
    app.click(CHIP).await;
    let filled = ["name", "calories", "proteinG", "meal"].map(|name| app.value(&format!("[name={name}]")));
    assert_eq!(filled, ["Arepa", "250", "10", "lunch"]);
    assert_eq!(app.value("[name=loggedAt]"), time, "that is when it was eaten");
    assert!(app.has_focus("[type=submit]"));
    app.click("[type=submit]").await;
    assert_eq!(app.writes.waiting().get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn typing_narrows_suggestions_to_none() {
    let app = dialog(RecordKind::Food, Some(&history())).await;
    app.type_into("[name=name]", "so").await;
    assert_eq!(app.texts(CHIP), ["Sopa 180 kcal"]);
    app.type_into("[name=name]", "Sopa").await;
    assert_eq!(app.count(CHIP), 0, "that is what stands there");
    app.type_into("[name=name]", "").await;
    assert_eq!(app.count(CHIP), 2);
}

#[wasm_bindgen_test]
async fn keyboard_reaches_suggestions_enter_still_submits() {
    let app = dialog(RecordKind::Food, Some(&history())).await;
    app.one(CHIP).focus().unwrap();
    assert!(app.has_focus(CHIP));
    for chip in app.all(CHIP) {
        assert_eq!(
            (chip.tag_name().as_str(), chip.get_attribute("type").as_deref()),
            ("BUTTON", Some("button"))
        );
    }
}

#[wasm_bindgen_test]
async fn no_history_shows_form_without_suggestions() {
    for list in [Some(foods(&[], None)), None] {
        let app = dialog(RecordKind::Food, list.as_deref()).await;
        assert_eq!((app.count(CHIP), app.count(".note.error:not([hidden])")), (0, 0));
        assert_eq!(app.count("[name=name]"), 1);
    }
}

#[wasm_bindgen_test]
async fn measurements_have_no_names_to_offer() {
    let app = dialog(RecordKind::Metric, None).await;
    assert_eq!((app.count("form"), app.count(".chips")), (1, 0));
}

#[wasm_bindgen_test]
async fn edit_form_offers_no_suggestions() {
    let mut app = TestApp::for_a("user").await;
    app.server.says(LIST, 200, &history());
    let editing = RwSignal::new(None);
    app.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    let record = crate::data::queries::record::AnyRecord::Food(eaten("Pan", 90.0, clock::wall()));
    editing.set(Some(Editing::InDialog { record }));
    settle(80).await;
    assert_eq!((app.count("form"), app.count(".chips")), (1, 0));
}
