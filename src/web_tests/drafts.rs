use latido_cache::{Entity, Entry, EntryState, Item, Refusal, Write};
use latido_protocol::{time::Timestamp, values::Language};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    data::{
        mutations::stored,
        queries::{
            draft::Draft,
            record::{AnyRecord, RecordKind},
        },
    },
    i18n::Locale,
    ui::form::Form,
};

/// What the form of a kind makes of these texts.
fn draft(kind: RecordKind, texts: &[(&'static str, &str)]) -> Draft {
    let at = Timestamp::from_unix_ms(1_795_248_900_000);
    let owner = Owner::new();
    owner.with(|| {
        let typed = |(name, text): (&'static str, String)| {
            let typed = texts.iter().find(|(field, _)| *field == name);
            (name, typed.map_or(text, |(_, typed)| (*typed).to_owned()))
        };
        let texts = kind.texts(None, at, Language::En).into_iter().map(typed).collect();
        kind.draft(Form::new(Locale::of(Language::En), texts), None).unwrap()
    })
}

fn drafts() -> [Draft; 3] {
    [
        draft(RecordKind::Food, &[("name", "Pan"), ("calories", "120,5")]),
        draft(RecordKind::Exercise, &[("activity", "Remo"), ("durationMin", "37,5")]),
        draft(RecordKind::Metric, &[("value", "77.7")]),
    ]
}

#[wasm_bindgen_test]
fn each_kinds_draft_becomes_a_matching_row() {
    let now = Timestamp::from_unix_ms(1_795_248_900_000);
    for draft in drafts() {
        let row = AnyRecord::provisional("local-1", &draft, now);
        assert_eq!(row.id(), "local-1");
        assert!(row.says(&draft));
    }
}

#[wasm_bindgen_test]
fn every_entry_survives_the_storage() {
    let mut states = vec![EntryState::Waiting];
    let refusals = [
        Refusal::Conflict,
        Refusal::Gone,
        Refusal::NoRoute,
        Refusal::NotShown,
        Refusal::TooOld,
        Refusal::WaitedForRefused,
        Refusal::Said("{}".into()),
    ];
    states.extend(refusals.into_iter().map(EntryState::Refused));
    for draft in drafts() {
        let kind = draft.record().kind();
        let id = || "r1".to_owned();
        for write in [
            Write::Create { id: id(), draft: draft.clone() },
            Write::Edit { id: id(), version: 7, draft: draft.clone() },
            Write::Delete { id: id(), kind },
        ] {
            for state in &states {
                let entry = Entry {
                    key: "k".to_owned(),
                    number: 3,
                    queued_at: Timestamp::from_unix_ms(1_795_248_900_000),
                    write: write.clone(),
                    sent: true,
                    accepted: true,
                    state: state.clone(),
                };
                let text = stored::write(&entry).unwrap();
                assert!(stored::read(&text).unwrap() == entry, "{text}");
            }
        }
    }
    assert!(stored::read("{}").is_none());
}

#[wasm_bindgen_test]
fn an_entry_of_an_earlier_version_is_read() {
    let [food, ..] = drafts();
    let body = serde_json::to_string(&food.body().unwrap()).unwrap();
    let text = format!(
        r#"{{"key":"k","number":3,"queued_at":"2026-11-21T08:15:00.000Z","sent":false,"path":"/food-logs","id":"local-1","version":null,"body":{body},"accepted":false,"refused":null}}"#
    );
    let Write::Create { draft, .. } = stored::read(&text).unwrap().write else { panic!("it is a creation") };
    assert!(draft == food);
}

#[wasm_bindgen_test]
fn an_edit_keeps_what_the_server_gave() {
    let [food, ..] = drafts();
    let now = Timestamp::from_unix_ms(5);
    let before = AnyRecord::provisional("f1", &food, now);
    let edit = draft(RecordKind::Food, &[("name", "Pan con queso"), ("calories", "300")]);
    let after = before.with_draft(&edit);
    assert_eq!(after.id(), "f1");
    assert!(after.says(&edit) && !before.says(&edit));
}
