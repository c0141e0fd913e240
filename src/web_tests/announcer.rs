use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en},
    settle,
};
use crate::{components::announcer::NewRows, i18n::records};

/// A little more than what is gathered into one sentence.
const BATCH: u32 = 1_100;

async fn rows(first: Option<usize>) -> (House, RwSignal<Option<usize>>) {
    let mut house = House::new();
    let count = RwSignal::new(first);
    house
        .show(move || {
            let count = Memo::new(move |_| count.get());
            view! { <NewRows count/> }.into_any()
        })
        .await;
    (house, count)
}

async fn becomes(count: RwSignal<Option<usize>>, now: Option<usize>) {
    count.set(now);
    settle(20).await;
}

#[wasm_bindgen_test]
async fn the_first_answer_and_rows_that_go_are_no_news() {
    let (house, count) = rows(None).await;
    becomes(count, Some(5)).await;
    becomes(count, Some(2)).await;
    settle(BATCH).await;
    assert_eq!(house.text("[role=status]"), "");
}

#[wasm_bindgen_test]
async fn one_row_is_told_as_one_and_a_burst_as_their_sum() {
    let (house, count) = rows(Some(0)).await;
    let told = records::strings(en()).new_rows;
    becomes(count, Some(1)).await;
    assert_eq!(house.text("[role=status]"), "", "more may follow");
    settle(BATCH).await;
    assert_eq!(house.text("[role=status]"), told(1));
    for now in [3, 2, 6] {
        becomes(count, Some(now)).await;
    }
    settle(BATCH).await;
    assert_eq!(house.text("[role=status]"), told(6), "two, and four more");
}
