use latido_replica::outbox::MOST_ENTRIES;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use super::{
    house::{House, eaten, en},
    settle,
};
use crate::{
    browser::clock,
    components::record_dialog::{Editing, RecordDialog},
    queries::record::{AnyRecord, Kind},
};

const OPEN: &str = "dialog[open]";
const SAVE: &str = "[type=submit]";

async fn dialog() -> (House, RwSignal<Option<Editing>>) {
    let mut house = House::new();
    let editing = RwSignal::new(None);
    house.show(move || view! { <RecordDialog editing/> }.into_any()).await;
    (house, editing)
}

async fn opened(subject: Editing) -> (House, RwSignal<Option<Editing>>) {
    let (house, editing) = dialog().await;
    editing.set(Some(subject));
    settle(80).await;
    (house, editing)
}

fn new_food() -> Editing {
    Editing::New { kind: Kind::Food, at: clock::wall() }
}

fn arepa() -> AnyRecord {
    AnyRecord::Food(eaten("Arepa", 250.0, clock::wall().plus_ms(-90_000)))
}

fn waiting(house: &House) -> usize {
    house.writes.waiting().get_untracked()
}

#[wasm_bindgen_test]
async fn closed_it_holds_nothing() {
    let (house, _) = dialog().await;
    assert_eq!((house.count("dialog"), house.count(OPEN), house.count("dialog *")), (1, 0, 0));
}

#[wasm_bindgen_test]
async fn every_kind_opens_with_its_title_and_typing_can_begin() {
    for kind in [Kind::Food, Kind::Exercise, Kind::Metric] {
        let (house, _) = opened(Editing::New { kind, at: clock::wall() }).await;
        assert_eq!(house.count(OPEN), 1);
        assert_eq!(house.text("h2"), kind.form_title(en(), false));
        assert!(house.has_focus(".fields :is(input, select)"));
        assert_eq!(house.text(SAVE), en().later().save);
        assert_eq!(house.attribute(".form-head button", "aria-label"), en().strings.cancel);
    }
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_said_at_each_field_and_nothing_is_saved() {
    let (house, editing) = opened(new_food()).await;
    house.type_into("[name=proteinG]", "much").await;
    house.one(SAVE).focus().unwrap();
    house.click(SAVE).await;
    settle(60).await;
    let wrong: Vec<_> =
        house.all("[aria-invalid=true]").iter().filter_map(|field| field.get_attribute("name")).collect();
    assert_eq!(wrong, ["name", "calories", "proteinG"]);
    for name in wrong {
        assert_ne!(house.text(&format!("[data-error-for={name}]")), "", "{name}");
    }
    assert!(house.has_focus("[name=name]"), "the first of them");
    assert!(editing.get_untracked().is_some());
    assert_eq!(waiting(&house), 0);
    house.type_into("[name=name]", "Arepa").await;
    assert_eq!(house.attribute("[name=name]", "aria-invalid"), "false", "it is mended, the others are not");
    assert_eq!(house.count("[aria-invalid=true]"), 2);
}

#[wasm_bindgen_test]
async fn saving_closes_it_and_what_was_typed_is_on_its_way() {
    let (house, editing) = opened(new_food()).await;
    house.type_into("[name=name]", "Arepa").await;
    house.type_into("[name=calories]", "250,5").await;
    house.click(SAVE).await;
    assert_eq!((house.count(OPEN), editing.get_untracked().is_none(), waiting(&house)), (0, true, 1));
    let outbox = house.queries.outbox().borrow();
    let latido_replica::Write::Create { draft, .. } = &outbox.waiting().next().unwrap().write else {
        panic!("it is a new one");
    };
    assert_eq!((draft.record().name(), draft.record().parts()[0]), (Some("Arepa"), 250.5));
}

#[wasm_bindgen_test]
async fn every_way_out_saves_nothing() {
    for way in [".form-head button", ".form-end [type=button]", "Escape"] {
        let (house, editing) = opened(new_food()).await;
        house.type_into("[name=name]", "Arepa").await;
        if way == "Escape" {
            // The browser closes a dialog by itself.
            house.one(OPEN).unchecked_into::<HtmlDialogElement>().close();
            settle(40).await;
        } else {
            house.click(way).await;
        }
        assert_eq!((house.count(OPEN), editing.get_untracked().is_none()), (0, true), "by {way}");
        assert_eq!((house.count("form"), waiting(&house)), (0, 0), "by {way}");
    }
}

#[wasm_bindgen_test]
async fn the_next_one_begins_empty() {
    let (house, editing) = opened(new_food()).await;
    house.type_into("[name=name]", "Arepa").await;
    house.click(".form-head button").await;
    editing.set(Some(new_food()));
    settle(60).await;
    assert_eq!(house.value("[name=name]"), "");
}

#[wasm_bindgen_test]
async fn a_record_is_shown_as_it_is_and_its_edit_names_its_version_and_keeps_its_time() {
    let record = arepa();
    let (house, _) = opened(Editing::InDialog { record: record.clone(), typed: None }).await;
    assert_eq!(house.text("h2"), Kind::Food.form_title(en(), true));
    assert_eq!((house.value("[name=name]"), house.value("[name=calories]")), ("Arepa".into(), "250".into()));
    house.type_into("[name=calories]", "300").await;
    house.click(SAVE).await;
    let outbox = house.queries.outbox().borrow();
    let latido_replica::Write::Edit { id, version, draft } = &outbox.waiting().next().unwrap().write else {
        panic!("it is there already");
    };
    assert_eq!((id.as_str(), *version), (record.id(), record.version()));
    assert_eq!((draft.record().at(), draft.record().parts()[0]), (record.at(), 300.0));
}

#[wasm_bindgen_test]
async fn what_was_typed_elsewhere_goes_on_here() {
    let record = arepa();
    let mut typed = Kind::Food.texts(Some(&record), record.at());
    typed.retain(|(name, _)| *name != "name");
    typed.push(("name", "Arepa con".to_owned()));
    let (house, _) = opened(Editing::InDialog { record, typed: Some(typed) }).await;
    assert_eq!(
        (house.value("[name=name]"), house.value("[name=calories]")),
        ("Arepa con".into(), "250".into())
    );
}

#[wasm_bindgen_test]
async fn where_there_is_no_room_it_says_so_and_keeps_what_was_typed() {
    let (house, _) = opened(Editing::InDialog { record: arepa(), typed: None }).await;
    assert!(house.one("[role=alert]").hidden());
    for _ in 0..MOST_ENTRIES {
        house.writes.create(arepa().copy().unwrap()).unwrap();
    }
    house.type_into("[name=calories]", "300").await;
    house.click(SAVE).await;
    assert_eq!(
        (house.text("[role=alert]"), house.one("[role=alert]").hidden()),
        (en().strings.outbox_full.into(), false)
    );
    assert_eq!((house.count(OPEN), house.value("[name=calories]")), (1, "300".into()));
    house.writes.stop();
    house.click(SAVE).await;
    assert_eq!((house.count(OPEN), waiting(&house)), (0, 1), "there was room again");
}
