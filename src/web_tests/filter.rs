use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    test_app::{TestApp, en, with_the_shell},
};
use crate::{
    data::queries::record::RecordKind,
    features::records::filter::{FilterBar, RecordFilter},
    i18n::records,
};

const SEARCH: &str = "[data-testid=search]";
const CHOICE: &str = "[data-testid=filter]";

async fn bar(kind: RecordKind, first: RecordFilter) -> (TestApp, RwSignal<RecordFilter>) {
    let mut app = TestApp::new();
    let filter = RwSignal::new(first);
    app.show(move || view! { <FilterBar kind filter/> }.into_any()).await;
    (app, filter)
}

#[wasm_bindgen_test]
async fn each_kind_offers_all_then_its_categories() {
    for kind in [RecordKind::Food, RecordKind::Exercise, RecordKind::Metric] {
        let (app, _) = bar(kind, RecordFilter::default()).await;
        let mut expected = vec![kind.any_sort(en()).to_owned()];
        expected.extend(kind.sorts(en()).into_iter().map(|(_, name)| name.to_owned()));
        assert_eq!(app.texts("option"), expected);
        assert_eq!(app.value(CHOICE), "", "nothing is left out at first");
        assert_eq!(app.attribute(CHOICE, "aria-label"), kind.any_sort(en()));
        assert_eq!(app.attribute(SEARCH, "aria-label"), records::strings(en()).search);
    }
}

#[wasm_bindgen_test]
async fn words_and_choice_are_looked_for_together() {
    let (app, filter) = bar(RecordKind::Food, RecordFilter::default()).await;
    assert!(filter.get_untracked().is_empty());
    app.type_into(SEARCH, "sopa").await;
    app.choose(CHOICE, "dinner").await;
    assert_eq!(filter.get_untracked(), RecordFilter { words: "sopa".to_owned(), of: "dinner".to_owned() });
    app.type_into(SEARCH, "  ").await;
    app.choose(CHOICE, "").await;
    assert!(filter.get_untracked().is_empty(), "blanks are no words");
}

#[wasm_bindgen_test]
async fn filter_survives_rebuild_until_cleared() {
    let before = RecordFilter { words: "sopa".to_owned(), of: "dinner".to_owned() };
    let (app, filter) = bar(RecordKind::Food, before).await;
    assert_eq!((app.value(SEARCH), app.value(CHOICE)), ("sopa".to_owned(), "dinner".to_owned()));
    filter.set(RecordFilter::default());
    settle(20).await;
    assert_eq!((app.value(SEARCH), app.value(CHOICE)), (String::new(), String::new()));
}

#[wasm_bindgen_test]
async fn a_key_leads_to_the_search() {
    with_the_shell();
    let (app, _) = bar(RecordKind::Food, RecordFilter::default()).await;
    js_sys::eval("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }))")
        .unwrap();
    assert!(app.has_focus(SEARCH));
}
