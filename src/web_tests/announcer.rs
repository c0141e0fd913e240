use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    test_app::{TestApp, en},
};
use crate::{i18n::records, ui::announcer::NewRows};

/// A little more than what is gathered into one sentence.
const BATCH: u32 = 1_100;

async fn rows(first: Option<usize>) -> (TestApp, RwSignal<Option<usize>>) {
    let mut app = TestApp::new();
    let count = RwSignal::new(first);
    app.show(move || {
        let count = Memo::new(move |_| count.get());
        view! { <NewRows count/> }.into_any()
    })
    .await;
    (app, count)
}

async fn becomes(count: RwSignal<Option<usize>>, now: Option<usize>) {
    count.set(now);
    settle(20).await;
}

#[wasm_bindgen_test]
async fn first_response_and_removals_are_silent() {
    let (app, count) = rows(None).await;
    becomes(count, Some(5)).await;
    becomes(count, Some(2)).await;
    settle(BATCH).await;
    assert_eq!(app.text("[role=status]"), "");
}

#[wasm_bindgen_test]
async fn announces_single_row_and_burst_sum() {
    let (app, count) = rows(Some(0)).await;
    let told = records::strings(en()).new_rows;
    becomes(count, Some(1)).await;
    assert_eq!(app.text("[role=status]"), "", "more may follow");
    settle(BATCH).await;
    assert_eq!(app.text("[role=status]"), told(1));
    for now in [3, 2, 6] {
        becomes(count, Some(now)).await;
    }
    settle(BATCH).await;
    assert_eq!(app.text("[role=status]"), told(6), "two, and four more");
}
