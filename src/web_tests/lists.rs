use latido_connection::Backend;
use latido_protocol::{
    food::FoodLog,
    id::Id,
    record::Record,
    time::Timestamp,
    values::{Calories, FoodName, Grams, Meal, Source},
};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::test_app::TestApp;
use crate::data::queries::{
    reconcile::reconcile,
    record::{AnyRecord, RecordKind},
    row::RecordRow,
};

fn food(id: &str, calories: f64, version: u64) -> AnyRecord {
    let at = Timestamp::from_unix_ms(0);
    AnyRecord::Food(FoodLog {
        id: Id::new(id),
        logged_at: at,
        meal: Meal::Lunch,
        name: FoodName::new("Pan").unwrap(),
        calories: Calories::new(calories).unwrap(),
        protein_g: Grams::LEAST,
        carbs_g: Grams::LEAST,
        fat_g: Grams::LEAST,
        notes: None,
        source: Source::Manual,
        created_at: at,
        updated_at: at,
        version,
    })
}

fn ids(rows: &[RecordRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

#[wasm_bindgen_test]
fn kept_row_keeps_its_signal_and_shows_changes() {
    let (before, _) = reconcile(&[], vec![food("a", 1.0, 1), food("b", 2.0, 1)], |_| false);
    let (after, _) =
        reconcile(&before, vec![food("c", 3.0, 1), food("a", 1.0, 1), food("b", 9.0, 2)], |_| false);
    assert_eq!(ids(&after), ["c", "a", "b"]);
    assert_eq!(before[1].record.get_untracked(), food("b", 9.0, 2), "the old row shows the new record");
}

#[wasm_bindgen_test]
fn rows_are_found_in_any_order() {
    let (before, _) =
        reconcile(&[], vec![food("a", 1.0, 1), food("b", 2.0, 1), food("c", 3.0, 1)], |_| false);
    let (after, _) = reconcile(&before, vec![food("c", 3.0, 2), food("a", 1.0, 2)], |_| false);
    assert_eq!(ids(&after), ["c", "a"]);
    assert_eq!(before[0].record.get_untracked(), food("a", 1.0, 2));
}

#[wasm_bindgen_test]
fn row_keeps_its_element_after_server_id() {
    let (before, _) = reconcile(&[], vec![food("local-1", 3.0, 0), food("b", 2.0, 1)], |id| id == "local-1");
    let (after, _) = reconcile(&before, vec![food("a", 3.0, 1), food("b", 2.0, 1)], |_| false);
    assert_eq!(ids(&after), ["a", "b"]);
    assert_eq!(after[0].key, "local-1");
    assert!(!after[0].pending.get_untracked());
    let (other, _) = reconcile(&before, vec![food("a", 4.0, 1), food("b", 2.0, 1)], |_| false);
    assert_eq!(other[0].key, "a", "another record is another row");
}

#[wasm_bindgen_test]
fn twin_drafts_become_one_record_each() {
    let local = |id: &str| id.starts_with("local");
    let (before, _) = reconcile(&[], vec![food("local-2", 3.0, 0), food("local-1", 3.0, 0)], local);
    let (half, _) = reconcile(&before, vec![food("local-2", 3.0, 0), food("a", 3.0, 1)], local);
    assert_eq!([&half[0].key[..], &half[1].key[..]], ["local-2", "local-1"]);
    let (whole, _) = reconcile(&half, vec![food("b", 3.0, 1), food("a", 3.0, 1)], |_| false);
    assert_eq!(ids(&whole), ["b", "a"]);
    assert_eq!([&whole[0].key[..], &whole[1].key[..]], ["local-2", "local-1"]);
}

#[wasm_bindgen_test]
fn response_off_contract_is_an_error() {
    assert!(RecordKind::Food.parse_page(r#"{"foodLogs":[{"id":1}]}"#).is_err());
    assert!(RecordKind::Food.parse_page("<html>").is_err());
    let page = serde_json::to_string(&FoodLog::page(Vec::new(), Some("next".into()))).unwrap();
    assert_eq!(RecordKind::Food.parse_page(&page).unwrap(), (Vec::new(), Some("next".into())));
}

#[wasm_bindgen_test]
fn lagging_backend_settles_later() {
    let app = TestApp::new();
    for (backend, lags) in [(Backend::Unknown, true), (Backend::Plain, true), (Backend::Full, false)] {
        app.queries.talk_to(backend);
        assert_eq!(app.queries.settles_at() > Timestamp::EPOCH, lags, "{backend:?}");
    }
}
