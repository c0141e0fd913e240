use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    fake_server::problem,
    settle,
    test_app::{TestApp, en, foods},
};
use crate::{
    data::queries::record::RecordKind,
    features::{
        people::{PersonSwitch, SelectedPerson, SelectedPersonNote},
        records::record_page::RecordPage,
    },
    i18n::overview,
    ui::view::when,
};

const PEOPLE: &str = "GET /people";
const LIST: &str = "GET /food-logs";
const SWITCH: &str = ".page [data-testid=person]";
const IN_THE_NOTE: &str = "[data-testid=viewing] [data-testid=person]";
const TWO: &str =
    r#"{"people":[{"id":"u7","name":"Ana","role":"user"},{"id":"u8","name":"Beto","role":"user"}]}"#;

/// The switch, the note, and a page of what is shown.
async fn page(role: &str, people: &str) -> TestApp {
    let mut app = TestApp::for_a(role).await;
    app.server.says(PEOPLE, 200, people);
    app.server.says(LIST, 200, &foods(&[], None));
    show(&mut app).await;
    app
}

async fn show(app: &mut TestApp) {
    let view = || {
        let viewing: SelectedPerson = expect_context();
        let note = when(move || !viewing.is_oneself(), || view! { <SelectedPersonNote/> }.into_any());
        view! { {note} <div class="page"><PersonSwitch/> <RecordPage kind=RecordKind::Food/></div> }
            .into_any()
    };
    app.show(view).await;
    settle(40).await;
}

/// Whose list was asked for last.
fn asked_about(app: &TestApp) -> Option<String> {
    let query = app.server.asked(LIST).pop()?.query;
    query.split('&').find_map(|part| part.strip_prefix("person=").map(str::to_owned))
}

#[wasm_bindgen_test]
async fn coach_starts_with_own_data() {
    for role in ["coach", "admin"] {
        let app = page(role, TWO).await;
        assert_eq!(app.texts(&format!("{SWITCH} option")), [overview::strings(en()).myself, "Ana", "Beto"]);
        assert_eq!(app.value(SWITCH), "");
        assert_eq!(app.text(".page .person-switch span"), overview::strings(en()).person);
        assert_eq!(app.count(".note.news"), 0);
        assert_eq!(asked_about(&app), None);
    }
}

#[wasm_bindgen_test]
async fn non_coach_has_no_person_switch() {
    for role in ["user", "a role of a later time"] {
        let app = page(role, TWO).await;
        assert_eq!(app.count(SWITCH), 0);
        assert!(app.server.asked(PEOPLE).is_empty());
    }
}

#[wasm_bindgen_test]
async fn coach_without_people_has_no_switch() {
    let app = page("coach", r#"{"people":[]}"#).await;
    assert_eq!((app.server.asked(PEOPLE).len(), app.count(SWITCH)), (1, 0));
    let mut app = TestApp::for_a("coach").await;
    app.server.refuses(PEOPLE, &problem(500, "broken"));
    app.show(|| view! { <PersonSwitch/> }.into_any()).await;
    assert_eq!((app.server.asked(PEOPLE).len(), app.count(SWITCH)), (1, 0));
}

#[wasm_bindgen_test]
async fn other_persons_page_is_read_only() {
    let app = page("coach", TWO).await;
    assert_eq!(app.count("[data-testid=add]"), 1);
    app.choose(SWITCH, "u8").await;
    assert_eq!(app.text(".note.news span"), (overview::strings(en()).viewing)("Beto"));
    assert_eq!(asked_about(&app).as_deref(), Some("u8"));
    assert_eq!(app.count("[data-testid=add]"), 0);
}

#[wasm_bindgen_test]
async fn note_and_switch_lead_back() {
    let app = page("coach", TWO).await;
    for back_with_the_note in [true, false] {
        app.choose(SWITCH, "u7").await;
        assert_eq!(asked_about(&app).as_deref(), Some("u7"));
        if back_with_the_note {
            assert_eq!(app.text(".note.news > button"), overview::strings(en()).back_to_me);
            app.click(".note.news > button").await;
        } else {
            app.choose(SWITCH, "").await;
        }
        assert_eq!((app.count(".note.news"), app.value(SWITCH)), (0, String::new()));
        assert_eq!(app.count("[data-testid=add]"), 1);
    }
}

#[wasm_bindgen_test]
async fn switching_person_never_mixes_data() {
    let app = page("coach", TWO).await;
    app.choose(SWITCH, "u7").await;
    app.choose(SWITCH, "u8").await;
    assert_eq!(app.texts(".note.news span"), [(overview::strings(en()).viewing)("Beto")]);
    assert_eq!(asked_about(&app).as_deref(), Some("u8"));
}

#[wasm_bindgen_test]
async fn note_offers_switch_off_the_overview() {
    let app = page("coach", TWO).await;
    app.choose(SWITCH, "u7").await;
    assert_eq!(app.count(IN_THE_NOTE), 0, "the overview has its own");
    app.location.go("/food");
    settle(60).await;
    assert_eq!(app.value(IN_THE_NOTE), "u7");
    app.choose(IN_THE_NOTE, "u8").await;
    assert_eq!(asked_about(&app).as_deref(), Some("u8"));
    assert_eq!(app.text(".note.news [role=status]"), (overview::strings(en()).viewing)("Beto"));
}

#[wasm_bindgen_test]
async fn selected_person_survives_reload() {
    let mut app = page("coach", TWO).await;
    app.choose(SWITCH, "u8").await;
    app.leave();
    show(&mut app).await;
    assert_eq!((app.value(SWITCH).as_str(), app.count(".note.news")), ("u8", 1));
    app.click(".note.news > button").await;
    app.leave();
    show(&mut app).await;
    assert_eq!((app.value(SWITCH).as_str(), app.count(".note.news")), ("", 0));
}
