use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en, with_the_shell},
    settle,
};
use crate::{
    components::filter::{Filter, FilterBar},
    i18n::records,
    queries::record::Kind,
};

const SEARCH: &str = "[data-testid=search]";
const CHOICE: &str = "[data-testid=filter]";

async fn bar(kind: Kind, first: Filter) -> (House, RwSignal<Filter>) {
    let mut house = House::new();
    let filter = RwSignal::new(first);
    house.show(move || view! { <FilterBar kind filter/> }.into_any()).await;
    (house, filter)
}

#[wasm_bindgen_test]
async fn each_kind_offers_its_own_sorts_and_all_of_them_first() {
    for kind in [Kind::Food, Kind::Exercise, Kind::Metric] {
        let (house, _) = bar(kind, Filter::default()).await;
        let mut expected = vec![kind.any_sort(en()).to_owned()];
        expected.extend(kind.sorts(en()).into_iter().map(|(_, name)| name.to_owned()));
        assert_eq!(house.texts("option"), expected);
        assert_eq!(house.value(CHOICE), "", "nothing is left out at first");
        assert_eq!(house.attribute(CHOICE, "aria-label"), kind.any_sort(en()));
        assert_eq!(house.attribute(SEARCH, "aria-label"), records::strings(en()).search);
    }
}

#[wasm_bindgen_test]
async fn words_and_choice_are_looked_for_together() {
    let (house, filter) = bar(Kind::Food, Filter::default()).await;
    assert!(filter.get_untracked().is_empty());
    house.type_into(SEARCH, "sopa").await;
    house.choose(CHOICE, "dinner").await;
    assert_eq!(filter.get_untracked(), Filter { words: "sopa".to_owned(), of: "dinner".to_owned() });
    house.type_into(SEARCH, "  ").await;
    house.choose(CHOICE, "").await;
    assert!(filter.get_untracked().is_empty(), "blanks are no words");
}

#[wasm_bindgen_test]
async fn what_is_looked_for_shows_when_the_bar_is_made_anew_and_goes_when_it_is_cleared() {
    let before = Filter { words: "sopa".to_owned(), of: "dinner".to_owned() };
    let (house, filter) = bar(Kind::Food, before).await;
    assert_eq!((house.value(SEARCH), house.value(CHOICE)), ("sopa".to_owned(), "dinner".to_owned()));
    filter.set(Filter::default());
    settle(20).await;
    assert_eq!((house.value(SEARCH), house.value(CHOICE)), (String::new(), String::new()));
}

#[wasm_bindgen_test]
async fn a_key_leads_to_the_search() {
    with_the_shell();
    let (house, _) = bar(Kind::Food, Filter::default()).await;
    js_sys::eval("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }))")
        .unwrap();
    assert!(house.has_focus(SEARCH));
}
