use std::cell::Cell;

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, text_of};
use crate::ui::lazy::{BuildView, LoadingView, NotLoaded, lazy, lazy_quiet, lazy_small, lazy_with};

const BUILD: BuildView = || view! { <p class="part">{use_context::<u8>()}</p> }.into_any();

thread_local! {
    static ATTEMPTS: Cell<u32> = const { Cell::new(0) };
}

fn here() -> LoadingView {
    Box::pin(std::future::ready(Ok(BUILD)))
}

fn slow() -> LoadingView {
    Box::pin(async {
        settle(50).await;
        Ok(BUILD)
    })
}

/// Fails twice: once at first, once when asked again.
fn third_time_lucky() -> LoadingView {
    let attempt = ATTEMPTS.get() + 1;
    ATTEMPTS.set(attempt);
    Box::pin(async move {
        settle(1).await;
        if attempt < 3 { Err(NotLoaded) } else { Ok(BUILD) }
    })
}

fn has(stage: &web_sys::HtmlElement, selector: &str) -> bool {
    stage.query_selector(selector).unwrap().is_some()
}

#[wasm_bindgen_test]
async fn a_part_that_is_there_shows_at_once() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || lazy(here));
    assert!(has(&stage, ".part"), "not even a tick later");
    drop(handle);
}

#[wasm_bindgen_test]
async fn loading_view_shows_skeleton_then_itself() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || {
        provide_context(7_u8);
        lazy(slow)
    });
    settle(5).await;
    assert!(has(&stage, ".skeleton") && !has(&stage, ".part"));
    settle(100).await;
    assert!(!has(&stage, ".skeleton"));
    assert_eq!(text_of(&stage, ".part"), "7", "it is built where it stands");
    drop(handle);
}

#[wasm_bindgen_test]
async fn view_loaded_after_leaving_is_ignored() {
    let stage = stage();
    drop(mount_to(stage.clone(), || lazy(slow)));
    settle(100).await;
    assert!(!has(&stage, ".part"));
}

#[wasm_bindgen_test]
async fn failed_view_shows_error_and_retries() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || {
        lazy_with(
            third_time_lucky,
            || ().into_any(),
            || view! { <button class="out">"out"</button> }.into_any(),
        )
    });
    for attempt in [1, 2] {
        settle(100).await;
        assert!(has(&stage, "[data-testid=part-not-loaded] .out"));
        assert_eq!(ATTEMPTS.get(), attempt, "never by itself");
        let again = stage.query_selector("[data-testid=load-again]").unwrap().unwrap();
        again.unchecked_into::<web_sys::HtmlElement>().click();
    }
    settle(100).await;
    assert!(has(&stage, ".part") && !has(&stage, "[data-testid=part-not-loaded]"));
    drop(handle);
}

#[wasm_bindgen_test]
async fn small_view_has_no_placeholder() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || lazy_small(slow));
    settle(5).await;
    assert_eq!(stage.child_element_count(), 0);
    settle(100).await;
    assert!(has(&stage, ".part"));
    drop(handle);
}

fn never_there() -> LoadingView {
    Box::pin(std::future::ready(Err(NotLoaded)))
}

#[wasm_bindgen_test]
async fn small_view_shows_its_failure() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || lazy_small(never_there));
    assert!(has(&stage, "[data-testid=part-not-loaded][role=alert]"));
    drop(handle);
}

#[wasm_bindgen_test]
async fn quiet_view_shows_nothing_while_loading() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || lazy_quiet(slow));
    settle(5).await;
    assert_eq!(stage.child_element_count(), 0);
    settle(100).await;
    assert!(has(&stage, ".part"));
    drop(handle);
}

thread_local! {
    static QUIET_ATTEMPTS: Cell<u32> = const { Cell::new(0) };
}

fn second_time_lucky() -> LoadingView {
    let attempt = QUIET_ATTEMPTS.get() + 1;
    QUIET_ATTEMPTS.set(attempt);
    Box::pin(std::future::ready(if attempt < 2 { Err(NotLoaded) } else { Ok(BUILD) }))
}

#[wasm_bindgen_test]
async fn quiet_view_retries_at_its_next_place() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || lazy_quiet(second_time_lucky));
    settle(20).await;
    assert_eq!((stage.child_element_count(), QUIET_ATTEMPTS.get()), (0, 1));
    drop(handle);
    let handle = mount_to(stage.clone(), || lazy_quiet(second_time_lucky));
    assert!(has(&stage, ".part"));
    drop(handle);
}
