use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, eaten, en, foods},
    settle,
};
use crate::{
    browser::clock,
    components::record_dialog::{Editing, RecordDialog},
    queries::record::Kind,
};

const DAY_MS: i64 = 86_400_000;
const LIST: &str = "GET /food-logs";
const CHIP: &str = "[data-testid=suggestion]";

/// The dialog for a new record, on a server that knows this list.
async fn dialog(kind: Kind, list: Option<&str>) -> House {
    let mut house = House::for_a("user").await;
    if let Some(list) = list {
        house.server.says(LIST, 200, list);
    }
    let editing = RwSignal::new(None);
    house.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    // Of another day than the one on which a suggestion is pressed.
    editing.set(Some(Editing::New { kind, at: clock::wall().plus_ms(-2 * DAY_MS) }));
    settle(80).await;
    house
}

fn history() -> String {
    let ago = |days: i64| clock::wall().plus_ms(-days * DAY_MS);
    foods(&[eaten("Arepa", 250.0, ago(1)), eaten("arepa", 300.0, ago(2)), eaten("Sopa", 180.0, ago(3))], None)
}

#[wasm_bindgen_test]
async fn what_is_eaten_often_is_offered_as_it_was_last() {
    let house = dialog(Kind::Food, Some(&history())).await;
    assert_eq!(house.texts(CHIP), ["Arepa 250 kcal", "Sopa 180 kcal"]);
    assert_eq!(house.attribute(".chips", "aria-label"), en().later().often);
}

#[wasm_bindgen_test]
async fn one_press_fills_everything_but_the_time_and_one_more_saves() {
    let house = dialog(Kind::Food, Some(&history())).await;
    let time = house.value("[name=loggedAt]");
    house.click(CHIP).await;
    let filled = ["name", "calories", "proteinG", "meal"].map(|name| house.value(&format!("[name={name}]")));
    assert_eq!(filled, ["Arepa", "250", "10", "lunch"]);
    assert_eq!(house.value("[name=loggedAt]"), time, "that is when it was eaten");
    assert!(house.has_focus("[type=submit]"));
    house.click("[type=submit]").await;
    assert_eq!(house.writes.waiting().get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn what_is_typed_narrows_the_offer_down_to_nothing() {
    let house = dialog(Kind::Food, Some(&history())).await;
    house.type_into("[name=name]", "so").await;
    assert_eq!(house.texts(CHIP), ["Sopa 180 kcal"]);
    house.type_into("[name=name]", "Sopa").await;
    assert_eq!(house.count(CHIP), 0, "that is what stands there");
    house.type_into("[name=name]", "").await;
    assert_eq!(house.count(CHIP), 2);
}

#[wasm_bindgen_test]
async fn the_keyboard_reaches_them_and_enter_in_a_field_is_not_theirs() {
    let house = dialog(Kind::Food, Some(&history())).await;
    house.one(CHIP).focus().unwrap();
    assert!(house.has_focus(CHIP));
    for chip in house.all(CHIP) {
        assert_eq!(
            (chip.tag_name().as_str(), chip.get_attribute("type").as_deref()),
            ("BUTTON", Some("button"))
        );
    }
}

#[wasm_bindgen_test]
async fn where_nothing_is_known_nothing_is_offered_and_the_form_is_whole() {
    for list in [Some(foods(&[], None)), None] {
        let house = dialog(Kind::Food, list.as_deref()).await;
        assert_eq!((house.count(CHIP), house.count(".note.error:not([hidden])")), (0, 0));
        assert_eq!(house.count("[name=name]"), 1);
    }
}

#[wasm_bindgen_test]
async fn measurements_have_no_names_to_offer() {
    let house = dialog(Kind::Metric, None).await;
    assert_eq!((house.count("form"), house.count(".chips")), (1, 0));
}

#[wasm_bindgen_test]
async fn a_record_that_is_there_is_not_filled_with_another() {
    let mut house = House::for_a("user").await;
    house.server.says(LIST, 200, &history());
    let editing = RwSignal::new(None);
    house.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    let record = crate::queries::record::AnyRecord::Food(eaten("Pan", 90.0, clock::wall()));
    editing.set(Some(Editing::InDialog { record, typed: None }));
    settle(80).await;
    assert_eq!((house.count("form"), house.count(".chips")), (1, 0));
}
