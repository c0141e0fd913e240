use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en, foods},
    server::problem,
    settle,
};
use crate::{
    components::{record_page::RecordPage, view::when},
    i18n::overview,
    people::{PersonSwitch, Viewing, ViewingNote},
    queries::record::Kind,
};

const PEOPLE: &str = "GET /people";
const LIST: &str = "GET /food-logs";
const SWITCH: &str = ".page [data-testid=person]";
const IN_THE_NOTE: &str = "[data-testid=viewing] [data-testid=person]";
const TWO: &str =
    r#"{"people":[{"id":"u7","name":"Ana","role":"user"},{"id":"u8","name":"Beto","role":"user"}]}"#;

/// The switch, the note, and a page of what is shown.
async fn page(role: &str, people: &str) -> House {
    let mut house = House::for_a(role).await;
    house.server.says(PEOPLE, 200, people);
    house.server.says(LIST, 200, &foods(&[], None));
    show(&mut house).await;
    house
}

async fn show(house: &mut House) {
    let view = || {
        let viewing: Viewing = expect_context();
        let note = when(move || !viewing.is_oneself(), || view! { <ViewingNote/> }.into_any());
        view! { {note} <div class="page"><PersonSwitch/> <RecordPage kind=Kind::Food/></div> }.into_any()
    };
    house.show(view).await;
    settle(40).await;
}

/// Whose list was asked for last.
fn asked_about(house: &House) -> Option<String> {
    let query = house.server.asked(LIST).pop()?.query;
    query.split('&').find_map(|part| part.strip_prefix("person=").map(str::to_owned))
}

#[wasm_bindgen_test]
async fn a_coach_chooses_among_those_they_follow_and_begins_with_themselves() {
    for role in ["coach", "admin"] {
        let house = page(role, TWO).await;
        assert_eq!(house.texts(&format!("{SWITCH} option")), [overview::strings(en()).myself, "Ana", "Beto"]);
        assert_eq!(house.value(SWITCH), "");
        assert_eq!(house.text(".page .person-switch span"), overview::strings(en()).person);
        assert_eq!(house.count(".note.news"), 0);
        assert_eq!(asked_about(&house), None);
    }
}

#[wasm_bindgen_test]
async fn who_is_no_coach_has_no_switch_and_nobody_is_asked_for() {
    for role in ["user", "a role of a later time"] {
        let house = page(role, TWO).await;
        assert_eq!(house.count(SWITCH), 0);
        assert!(house.server.asked(PEOPLE).is_empty());
    }
}

#[wasm_bindgen_test]
async fn a_coach_who_follows_nobody_or_has_no_answer_has_no_switch() {
    let house = page("coach", r#"{"people":[]}"#).await;
    assert_eq!((house.server.asked(PEOPLE).len(), house.count(SWITCH)), (1, 0));
    let mut house = House::for_a("coach").await;
    house.server.refuses(PEOPLE, &problem(500, "broken"));
    house.show(|| view! { <PersonSwitch/> }.into_any()).await;
    assert_eq!((house.server.asked(PEOPLE).len(), house.count(SWITCH)), (1, 0));
}

#[wasm_bindgen_test]
async fn somebody_elses_page_says_so_and_cannot_be_changed() {
    let house = page("coach", TWO).await;
    assert_eq!(house.count("[data-testid=add]"), 1);
    house.choose(SWITCH, "u8").await;
    assert_eq!(house.text(".note.news span"), (overview::strings(en()).viewing)("Beto"));
    assert_eq!(asked_about(&house).as_deref(), Some("u8"));
    assert_eq!(house.count("[data-testid=add]"), 0);
}

#[wasm_bindgen_test]
async fn the_way_back_is_in_the_note_and_in_the_switch() {
    let house = page("coach", TWO).await;
    for back_with_the_note in [true, false] {
        house.choose(SWITCH, "u7").await;
        assert_eq!(asked_about(&house).as_deref(), Some("u7"));
        if back_with_the_note {
            assert_eq!(house.text(".note.news > button"), overview::strings(en()).back_to_me);
            house.click(".note.news > button").await;
        } else {
            house.choose(SWITCH, "").await;
        }
        assert_eq!((house.count(".note.news"), house.value(SWITCH)), (0, String::new()));
        assert_eq!(house.count("[data-testid=add]"), 1);
    }
}

#[wasm_bindgen_test]
async fn from_one_person_to_the_next_there_is_no_page_of_both() {
    let house = page("coach", TWO).await;
    house.choose(SWITCH, "u7").await;
    house.choose(SWITCH, "u8").await;
    assert_eq!(house.texts(".note.news span"), [(overview::strings(en()).viewing)("Beto")]);
    assert_eq!(asked_about(&house).as_deref(), Some("u8"));
}

#[wasm_bindgen_test]
async fn away_from_the_overview_the_note_itself_leads_to_the_others() {
    let house = page("coach", TWO).await;
    house.choose(SWITCH, "u7").await;
    assert_eq!(house.count(IN_THE_NOTE), 0, "the overview has its own");
    house.location.go("/food");
    settle(60).await;
    assert_eq!(house.value(IN_THE_NOTE), "u7");
    house.choose(IN_THE_NOTE, "u8").await;
    assert_eq!(asked_about(&house).as_deref(), Some("u8"));
    assert_eq!(house.text(".note.news [role=status]"), (overview::strings(en()).viewing)("Beto"));
}

#[wasm_bindgen_test]
async fn who_was_looked_at_is_there_after_a_reload_until_somebody_goes_back() {
    let mut house = page("coach", TWO).await;
    house.choose(SWITCH, "u8").await;
    house.leave();
    show(&mut house).await;
    assert_eq!((house.value(SWITCH).as_str(), house.count(".note.news")), ("u8", 1));
    house.click(".note.news > button").await;
    house.leave();
    show(&mut house).await;
    assert_eq!((house.value(SWITCH).as_str(), house.count(".note.news")), ("", 0));
}
