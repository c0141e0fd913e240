//! What is typed into a form and not saved.

use latido_protocol::{time::Timestamp, values::Language};
use leptos::{prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use super::{
    settle,
    test_app::{TestApp, eaten, foods},
};
use crate::{
    browser::{clock, storage::tab, zone},
    data::queries::record::{AnyRecord, RecordKind},
    features::records::{editing::Editing, record_dialog::RecordDialog, record_page::RecordPage},
    i18n::Locale,
    ui::form::Form,
};

const OPEN: &str = "dialog[open]";
const NAME: &str = "[name=name]";
const NOTE: &str = "[data-testid=unfinished]";

async fn show_dialog(app: &mut TestApp, subject: Editing) {
    let editing = RwSignal::new(Some(subject));
    app.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    settle(80).await;
}

fn new_food() -> Editing {
    Editing::New { kind: RecordKind::Food, at: clock::wall() }
}

/// The page of foods, of somebody who is signed in.
async fn food_page() -> TestApp {
    let mut app = TestApp::for_a("user").await;
    app.server.says("GET /food-logs", 200, &foods(&[], None));
    show_page(&mut app).await;
    app
}

async fn show_page(app: &mut TestApp) {
    app.show(|| view! { <RecordPage kind=RecordKind::Food/> }.into_any()).await;
    settle(80).await;
}

async fn add(app: &TestApp, name: &str) {
    app.click("[data-testid=add]").await;
    settle(60).await;
    app.type_into(NAME, name).await;
}

/// As Escape does: the browser closes a dialog by itself.
async fn escape(app: &TestApp) {
    app.one(OPEN).unchecked_into::<HtmlDialogElement>().close();
    settle(80).await;
}

#[wasm_bindgen_test]
async fn a_new_record_outlives_its_page() {
    let mut app = TestApp::for_a("user").await;
    show_dialog(&mut app, new_food()).await;
    app.type_into(NAME, "Are").await;
    app.leave();
    settle(30).await;
    show_dialog(&mut app, new_food()).await;
    assert_eq!(app.value(NAME), "Are");
}

#[wasm_bindgen_test]
async fn unfinished_edit_survives_leaving_the_page() {
    let mut app = TestApp::for_a("user").await;
    let [arepa, sopa] =
        ["Arepa", "Sopa"].map(|name| AnyRecord::Food(eaten(name, 250.0, clock::wall().plus_ms(-90_000))));
    show_dialog(&mut app, Editing::InDialog { record: arepa.clone() }).await;
    app.type_into("[name=calories]", "300").await;
    app.leave();
    settle(30).await;
    show_dialog(&mut app, Editing::InDialog { record: sopa }).await;
    assert_eq!(app.value("[name=calories]"), "250");
    app.leave();
    show_dialog(&mut app, Editing::InDialog { record: arepa }).await;
    assert_eq!((app.value(NAME), app.value("[name=calories]")), ("Arepa".into(), "300".into()));
}

#[wasm_bindgen_test]
async fn somebody_else_finds_nothing() {
    let mut app = TestApp::for_a("user").await;
    show_dialog(&mut app, new_food()).await;
    app.type_into(NAME, "Are").await;
    assert!(tab::keys(tab::OURS).iter().all(|key| key.contains(".u1.")), "{:?}", tab::keys(tab::OURS));
    app.leave();
    app.api.session().end();
    show_dialog(&mut app, new_food()).await;
    assert_eq!(app.value(NAME), "", "nobody is signed in");
}

#[wasm_bindgen_test]
async fn saving_and_cancelling_keep_nothing() {
    for way in ["[type=submit]", ".form-head button", ".form-end [type=button]"] {
        let mut app = TestApp::for_a("user").await;
        show_dialog(&mut app, new_food()).await;
        app.type_into(NAME, "Arepa").await;
        app.type_into("[name=calories]", "250").await;
        assert_eq!(tab::keys(tab::OURS).len(), 1);
        app.click(way).await;
        assert_eq!((app.count(OPEN), tab::keys(tab::OURS).len()), (0, 0), "by {way}");
    }
}

#[wasm_bindgen_test]
async fn the_page_offers_what_was_left_unsaved() {
    let mut app = food_page().await;
    assert_eq!(app.count(NOTE), 0);
    add(&app, "Are").await;
    escape(&app).await;
    assert_eq!((app.count(OPEN), app.count(NOTE)), (0, 1));
    // As after a reload.
    app.leave();
    show_page(&mut app).await;
    let labels = ["go-on", "discard-typed"]
        .map(|button| app.attribute(&format!("[data-testid={button}]"), "aria-label"));
    assert_eq!(labels, ["Continue: Add food", "Discard: Add food"]);
    app.click("[data-testid=go-on]").await;
    settle(60).await;
    assert_eq!((app.count(OPEN), app.value(NAME), app.count(NOTE)), (1, "Are".into(), 0));
    escape(&app).await;
    app.click("[data-testid=discard-typed]").await;
    assert_eq!((app.count(NOTE), tab::keys(tab::OURS).len()), (0, 0));
}

#[wasm_bindgen_test]
async fn unsaved_form_is_offered_after_the_session_ended() {
    let mut app = food_page().await;
    add(&app, "Are").await;
    app.api.session().end();
    app.leave();
    assert!(!app.signed_in().is_open());
    app.api.session().sign_in("lucia@latido.test".to_owned(), "secreto".to_owned()).await.unwrap();
    show_page(&mut app).await;
    assert_eq!(app.count(NOTE), 1);
    app.click("[data-testid=go-on]").await;
    settle(60).await;
    assert_eq!(app.value(NAME), "Are");
}

#[wasm_bindgen_test]
async fn back_closes_dialog_and_keeps_page() {
    let app = food_page().await;
    app.location.go("/food");
    add(&app, "Are").await;
    window().history().unwrap().back().unwrap();
    settle(150).await;
    assert_eq!((app.count(OPEN), app.count(NOTE)), (0, 1));
    assert_eq!(window().location().pathname().unwrap(), "/food");
    app.click("[data-testid=go-on]").await;
    settle(60).await;
    assert_eq!(app.value(NAME), "Are");
    app.click(".form-head button").await;
    // Whoever goes on at once gets there all the same.
    app.location.go("/metrics");
    settle(150).await;
    assert_eq!(window().location().pathname().unwrap(), "/metrics");
}

#[wasm_bindgen_test]
async fn notes_keep_their_line_breaks() {
    let mut record = eaten("Arepa", 250.0, clock::wall().plus_ms(-90_000));
    record.notes = latido_protocol::values::Notes::new("Sin sal.\nCon aceite").ok();
    let mut app = TestApp::for_a("user").await;
    show_dialog(&mut app, Editing::InDialog { record: AnyRecord::Food(record) }).await;
    assert_eq!(app.value("[name=notes]"), "Sin sal.\nCon aceite");
    app.type_into("[name=notes]", "Sin sal.\nCon aceite!").await;
    app.click("[type=submit]").await;
    assert_eq!(draft(&app).notes(), "Sin sal.\nCon aceite!");
    app.leave();
    show_dialog(&mut app, Editing::New { kind: RecordKind::Exercise, at: clock::wall() }).await;
    assert_eq!(app.one("[name=notes]").tag_name(), "TEXTAREA");
}

/// Of the one write that waits.
fn draft(app: &TestApp) -> AnyRecord {
    let outbox = app.queries.outbox().borrow();
    let write = outbox.waiting().next().unwrap().write.clone();
    match write {
        latido_cache::Write::Create { draft, .. } | latido_cache::Write::Edit { draft, .. } => {
            draft.record().clone()
        }
        latido_cache::Write::Delete { .. } => panic!("nothing is deleted here"),
    }
}

#[wasm_bindgen_test]
async fn untouched_time_in_repeated_hour_is_kept() {
    assert!(zone::set("Europe/Madrid"));
    // Half past two, for the second time.
    let at = Timestamp::parse("2025-10-26T01:30:00Z").unwrap();
    let mut app = TestApp::for_a("user").await;
    show_dialog(&mut app, Editing::New { kind: RecordKind::Food, at }).await;
    assert_eq!(app.value("[name=loggedAt]"), "2025-10-26T02:30");
    app.type_into(NAME, "Arepa").await;
    app.type_into("[name=calories]", "250").await;
    app.click("[type=submit]").await;
    assert_eq!(draft(&app).at(), at);
    zone::reset();
}

#[wasm_bindgen_test]
fn every_instant_survives_an_untouched_time_field() {
    let around = [
        ("Europe/Madrid", "2025-10-26T01:00:00Z"),
        ("Europe/Madrid", "2025-03-30T01:00:00Z"),
        ("America/Havana", "2025-11-02T05:00:00Z"),
        ("Australia/Lord_Howe", "2025-04-05T15:00:00Z"),
        ("America/Bogota", "2025-10-26T01:00:00Z"),
    ];
    let owner = Owner::new();
    owner.with(|| {
        for (name, middle) in around {
            assert!(zone::set(name));
            let middle = Timestamp::parse(middle).unwrap();
            for step in -80..80 {
                // Seconds and milliseconds among them, of which the field shows none.
                let at = middle.plus_ms(step * 157_321);
                for kind in [RecordKind::Food, RecordKind::Exercise, RecordKind::Metric] {
                    let field = if kind == RecordKind::Metric { "measuredAt" } else { "loggedAt" };
                    let form = Form::new(Locale::of(Language::En), kind.texts(None, at, Language::En))
                        .filled_from(at);
                    assert_eq!(form.instant(field), Some(at), "{name} {at}");
                }
            }
        }
    });
    zone::reset();
}
