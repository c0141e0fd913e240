use latido_cache::outbox::MOST_ENTRIES;
use latido_protocol::{
    metric::MetricKind,
    values::{Intensity, Language},
};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use super::{
    profile::profile,
    settle,
    test_app::{TestApp, eaten, en, foods},
    trends::{exercise, metric},
};
use crate::{
    browser::{clock, day::Day, format, zone},
    data::queries::record::{AnyRecord, RecordKind},
    features::records::{editing::Editing, record_dialog::RecordDialog},
};

const OPEN: &str = "dialog[open]";
const SAVE: &str = "[type=submit]";

async fn dialog() -> (TestApp, RwSignal<Option<Editing>>) {
    let mut app = TestApp::new();
    let editing = RwSignal::new(None);
    app.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    (app, editing)
}

async fn opened(subject: Editing) -> (TestApp, RwSignal<Option<Editing>>) {
    let (app, editing) = dialog().await;
    editing.set(Some(subject));
    settle(80).await;
    (app, editing)
}

fn new_food() -> Editing {
    Editing::New { kind: RecordKind::Food, at: clock::wall() }
}

fn arepa() -> AnyRecord {
    AnyRecord::Food(eaten("Arepa", 250.0, clock::wall().plus_ms(-90_000)))
}

fn waiting(app: &TestApp) -> usize {
    app.writes.waiting().get_untracked()
}

#[wasm_bindgen_test]
async fn closed_it_holds_nothing() {
    let (app, _) = dialog().await;
    assert_eq!((app.count("dialog"), app.count(OPEN), app.count("dialog *")), (1, 0, 0));
}

#[wasm_bindgen_test]
async fn each_form_opens_titled_and_focused() {
    for kind in [RecordKind::Food, RecordKind::Exercise, RecordKind::Metric] {
        let (app, _) = opened(Editing::New { kind, at: clock::wall() }).await;
        assert_eq!(app.count(OPEN), 1);
        assert_eq!(app.text("h2"), kind.form_title(en(), false));
        assert!(app.has_focus(".fields :is(input, select)"));
        assert_eq!(app.text(SAVE), en().deferred().save);
        assert_eq!(app.attribute(".form-head button", "aria-label"), en().strings.cancel);
    }
}

#[wasm_bindgen_test]
async fn invalid_fields_show_errors_and_block_saving() {
    let (app, editing) = opened(new_food()).await;
    app.type_into("[name=proteinG]", "much").await;
    app.one(SAVE).focus().unwrap();
    app.click(SAVE).await;
    settle(60).await;
    let wrong: Vec<_> =
        app.all("[aria-invalid=true]").iter().filter_map(|field| field.get_attribute("name")).collect();
    assert_eq!(wrong, ["name", "calories", "proteinG"]);
    for name in wrong {
        assert_ne!(app.text(&format!("[data-error-for={name}]")), "", "{name}");
    }
    assert!(app.has_focus("[name=name]"), "the first of them");
    assert!(editing.get_untracked().is_some());
    assert_eq!(waiting(&app), 0);
    app.type_into("[name=name]", "Arepa").await;
    assert_eq!(app.attribute("[name=name]", "aria-invalid"), "false", "it is mended, the others are not");
    assert_eq!(app.count("[aria-invalid=true]"), 2);
}

#[wasm_bindgen_test]
async fn saving_closes_dialog_and_queues_write() {
    let (app, editing) = opened(new_food()).await;
    app.type_into("[name=name]", "Arepa").await;
    app.type_into("[name=calories]", "250,5").await;
    app.click(SAVE).await;
    assert_eq!((app.count(OPEN), editing.get_untracked().is_none(), waiting(&app)), (0, true, 1));
    let outbox = app.queries.outbox().borrow();
    let latido_cache::Write::Create { draft, .. } = &outbox.waiting().next().unwrap().write else {
        panic!("it is a new one");
    };
    assert_eq!((draft.record().name(), draft.record().parts()[0]), (Some("Arepa"), 250.5));
}

#[wasm_bindgen_test]
async fn every_way_out_saves_nothing() {
    for way in [".form-head button", ".form-end [type=button]", "Escape"] {
        let (app, editing) = opened(new_food()).await;
        app.type_into("[name=name]", "Arepa").await;
        if way == "Escape" {
            // The browser closes a dialog by itself.
            app.one(OPEN).unchecked_into::<HtmlDialogElement>().close();
            settle(40).await;
        } else {
            app.click(way).await;
        }
        assert_eq!((app.count(OPEN), editing.get_untracked().is_none()), (0, true), "by {way}");
        assert_eq!((app.count("form"), waiting(&app)), (0, 0), "by {way}");
    }
}

#[wasm_bindgen_test]
async fn the_next_one_begins_empty() {
    let (app, editing) = opened(new_food()).await;
    app.type_into("[name=name]", "Arepa").await;
    app.click(".form-head button").await;
    editing.set(Some(new_food()));
    settle(60).await;
    assert_eq!(app.value("[name=name]"), "");
}

#[wasm_bindgen_test]
async fn edit_sends_version_and_keeps_time() {
    let record = arepa();
    let (app, _) = opened(Editing::InDialog { record: record.clone() }).await;
    assert_eq!(app.text("h2"), RecordKind::Food.form_title(en(), true));
    assert_eq!((app.value("[name=name]"), app.value("[name=calories]")), ("Arepa".into(), "250".into()));
    app.type_into("[name=calories]", "300").await;
    app.click(SAVE).await;
    let outbox = app.queries.outbox().borrow();
    let latido_cache::Write::Edit { id, version, draft } = &outbox.waiting().next().unwrap().write else {
        panic!("it is there already");
    };
    assert_eq!((id.as_str(), *version), (record.id(), record.version()));
    assert_eq!((draft.record().at(), draft.record().parts()[0]), (record.at(), 300.0));
}

#[wasm_bindgen_test]
async fn full_outbox_keeps_form_open() {
    let (app, _) = opened(Editing::InDialog { record: arepa() }).await;
    assert!(app.one("[role=alert]").hidden());
    for _ in 0..MOST_ENTRIES {
        app.writes.create(arepa().copy()).unwrap();
    }
    app.type_into("[name=calories]", "300").await;
    app.click(SAVE).await;
    assert_eq!(
        (app.text("[role=alert]"), app.one("[role=alert]").hidden()),
        (en().strings.outbox_full.into(), false)
    );
    assert_eq!((app.count(OPEN), app.value("[name=calories]")), (1, "300".into()));
    app.writes.stop();
    app.click(SAVE).await;
    assert_eq!((app.count(OPEN), waiting(&app)), (0, 1), "there was room again");
}

#[wasm_bindgen_test]
async fn a_number_with_two_readings_is_asked_about() {
    let (app, _) = opened(new_food()).await;
    app.type_into("[name=name]", "Arepa").await;
    app.type_into("[name=calories]", "1,200").await;
    assert_eq!(app.text("[data-understood=calories]"), "Understood as 1200\u{a0}kcal");
    app.type_into("[name=calories]", "1.500").await;
    assert_eq!(app.text("[data-understood=calories]"), "1500\u{a0}kcal or 1.5\u{a0}kcal?");
    app.click(SAVE).await;
    assert_eq!((app.count(OPEN), waiting(&app)), (1, 0));
    app.click("[data-reading=calories]").await;
    assert_eq!(app.value("[name=calories]"), "1500");
    app.click(SAVE).await;
    assert_eq!((app.count(OPEN), waiting(&app)), (0, 1));
}

#[wasm_bindgen_test]
async fn the_year_203_is_refused_in_its_field() {
    let (app, _) = opened(new_food()).await;
    app.type_into("[name=name]", "Arepa").await;
    app.type_into("[name=calories]", "250").await;
    app.type_into("[name=loggedAt]", "0203-11-21T08:15").await;
    app.click(SAVE).await;
    assert_eq!((app.count(OPEN), waiting(&app)), (1, 0));
    assert!(app.text("[data-error-for=loggedAt]").contains("1900"));
}

#[wasm_bindgen_test]
async fn day_is_between_birth_and_tomorrow() {
    let mut app = TestApp::for_a("user").await;
    app.server.says("GET /health-profile", 200, &profile_born("1990-05-01"));
    let editing = RwSignal::new(None);
    app.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    editing.set(Some(new_food()));
    settle(80).await;
    app.type_into("[name=name]", "Arepa").await;
    app.type_into("[name=calories]", "250").await;
    let day = |days| Day::today().plus(days).input_value();
    let first = format::full_day(Language::En, Day::from_input("1990-05-01").unwrap());
    for (day, said) in [
        (day(2), "Tomorrow at the latest".to_owned()),
        ("1990-04-30".to_owned(), format!("Not before {first}")),
    ] {
        app.type_into("[name=loggedAt]", &format!("{day}T08:15")).await;
        app.click(SAVE).await;
        assert_eq!((app.text("[data-error-for=loggedAt]"), waiting(&app)), (said, 0));
    }
    app.type_into("[name=loggedAt]", &format!("{}T08:15", day(1))).await;
    app.click(SAVE).await;
    assert_eq!((app.count(OPEN), waiting(&app)), (0, 1));
}

fn profile_born(birth_date: &str) -> String {
    let born = profile(1, &format!(r#","birthDate":"{birth_date}""#));
    serde_json::json!({ "healthProfile": born }).to_string()
}

#[wasm_bindgen_test]
async fn form_names_a_zone_unlike_the_devices() {
    // Not the device's, wherever this runs.
    assert!(zone::set("Pacific/Chatham"));
    let (app, editing) = opened(new_food()).await;
    for (language, said) in [(Language::Es, "Chatham"), (Language::En, "Chatham")] {
        app.language.set(language);
        settle(80).await;
        assert!(app.text("[data-testid=other-zone]").contains(said));
    }
    editing.set(None);
    zone::reset();
    editing.set(Some(new_food()));
    settle(80).await;
    assert_eq!((app.count(OPEN), app.count("[data-testid=other-zone]")), (1, 0));
}

#[wasm_bindgen_test]
async fn form_says_what_several_in_a_day_mean() {
    let (app, _) = opened(Editing::New { kind: RecordKind::Metric, at: clock::wall() }).await;
    for (kind, said) in [
        (MetricKind::Steps, "Of several in a day, the highest counts: enter the total."),
        (MetricKind::Sleep, "Several in a day are added up."),
        (MetricKind::Weight, "Of several in a day, the last counts."),
        (MetricKind::HeartRate, "Of several in a day, the average counts."),
    ] {
        app.choose("[name=kind]", kind.as_str()).await;
        assert_eq!(app.text(".several"), said);
    }
}

#[wasm_bindgen_test]
async fn unusual_meal_or_exercise_is_confirmed_once() {
    let yesterday = Day::today().plus(-1).at_this_time();
    let AnyRecord::Exercise(walk) = exercise(Intensity::Low, yesterday, 20.0) else { return };
    let foods = foods(&[eaten("Arepa", 250.0, yesterday)], None);
    let exercises = serde_json::json!({ "exerciseLogs": [walk], "nextCursor": null }).to_string();
    for (kind, list, answer, fields, amounts) in [
        (
            RecordKind::Food,
            "GET /food-logs",
            &foods,
            [("name", "arepa"), ("calories", "2500")],
            ["250", "2500"],
        ),
        (
            RecordKind::Exercise,
            "GET /exercise-logs",
            &exercises,
            [("activity", "Caminar"), ("durationMin", "200")],
            ["20", "200"],
        ),
    ] {
        let mut app = TestApp::for_a("user").await;
        app.server.says(list, 200, answer);
        let editing = RwSignal::new(None);
        app.show(move || view! { <RecordDialog editing/> }.into_any()).await;
        editing.set(Some(Editing::New { kind, at: clock::wall() }));
        settle(80).await;
        for (field, text) in fields {
            app.type_into(&format!("[name={field}]"), text).await;
        }
        app.click(SAVE).await;
        let question = app.text("[data-testid=far]").replace(',', "");
        assert!(amounts.iter().all(|amount| question.contains(amount)), "{question}");
        assert_eq!((app.count(OPEN), waiting(&app)), (1, 0));
        app.click(SAVE).await;
        assert_eq!((app.count(OPEN), waiting(&app)), (0, 1));
    }
}

#[wasm_bindgen_test]
async fn unusual_value_is_confirmed_once() {
    let mut app = TestApp::for_a("user").await;
    let yesterday = Day::today().plus(-1).at_this_time();
    let AnyRecord::Metric(weighed) = metric(MetricKind::Weight, yesterday, 68.9, None) else { return };
    let list = serde_json::json!({ "healthMetrics": [weighed], "nextCursor": null });
    app.server.says("GET /health-metrics", 200, &list.to_string());
    let editing = RwSignal::new(None);
    app.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    editing.set(Some(Editing::New { kind: RecordKind::Metric, at: clock::wall() }));
    settle(80).await;
    app.type_into("[name=value]", "689").await;
    app.click(SAVE).await;
    assert_eq!((app.count(OPEN), waiting(&app)), (1, 0));
    let question = app.text("[data-testid=far]");
    assert!(question.contains("68.9") && question.contains("689"), "{question}");
    assert_eq!(app.text(SAVE), "Yes, save");
    app.click(SAVE).await;
    assert_eq!((app.count(OPEN), waiting(&app)), (0, 1));
}
