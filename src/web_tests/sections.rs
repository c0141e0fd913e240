use latido_cache::families::devices::Devices;
use latido_protocol::event::Family;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    test_app::{TestApp, en, with_the_shell},
    until,
};
use crate::{
    api::error::ApiError,
    browser::clock,
    data::queries::{Polling, record::RecordKind},
    shell::sections::Sections,
};

async fn sections() -> TestApp {
    let mut app = TestApp::for_a("user").await;
    app.show(|| view! { <Sections/> <main id="content" tabindex="-1"></main> }.into_any()).await;
    app
}

async fn go(app: &TestApp, path: &str) {
    app.location.go(path);
    settle(30).await;
}

fn current(app: &TestApp) -> Vec<String> {
    let current = app.all("nav [aria-current=page]");
    current.iter().filter_map(|link| link.get_attribute("href")).collect()
}

fn is_open(app: &TestApp) -> bool {
    let said = app.attribute(".more", "aria-expanded");
    assert_eq!(app.attribute("nav", "data-open"), said, "the styles go by one, screen readers by the other");
    said == "true"
}

#[wasm_bindgen_test]
async fn one_current_section_sets_document_title() {
    let app = sections().await;
    let links = app.all("nav a");
    assert_eq!(links.len(), 9);
    for link in links {
        let path = link.get_attribute("href").unwrap();
        go(&app, &path).await;
        assert_eq!(current(&app), [path.as_str()]);
        let name = link.query_selector("span").unwrap().unwrap().text_content().unwrap();
        assert_eq!(document().title(), format!("{name} · Latido"), "at {path}");
    }
}

#[wasm_bindgen_test]
async fn unknown_page_has_no_current_section() {
    let app = sections().await;
    go(&app, "/conversations/c1").await;
    assert_eq!(current(&app), ["/conversations"]);
    assert_eq!(document().title(), format!("{} · Latido", en().strings.conversations));
    go(&app, "/foodstuff").await;
    assert_eq!(current(&app), [""; 0], "it only begins like a section");
    assert_eq!(document().title(), "Latido");
}

#[wasm_bindgen_test]
async fn link_navigates_without_reload() {
    let app = sections().await;
    app.click("nav a[href='/exercise']").await;
    assert_eq!(window().location().pathname().unwrap(), "/exercise");
    assert_eq!(current(&app), ["/exercise"]);
}

#[wasm_bindgen_test]
async fn focus_moves_to_the_new_page() {
    let app = sections().await;
    assert!(!app.has_focus("#content"), "nobody has gone anywhere yet");
    go(&app, "/food").await;
    assert!(app.has_focus("#content"));
    go(&app, "/conversations").await;
    app.one(".more").focus().unwrap();
    go(&app, "/conversations/c1").await;
    assert!(app.has_focus(".more"), "that is the same page");
}

#[wasm_bindgen_test]
async fn the_sheet_opens_and_closes_with_its_button() {
    let app = sections().await;
    assert_eq!(app.text(".more"), en().strings.more);
    assert!(!is_open(&app));
    app.click(".more").await;
    assert!(is_open(&app));
    app.click(".more").await;
    assert!(!is_open(&app));
}

#[wasm_bindgen_test]
async fn choosing_a_page_closes_the_sheet() {
    let app = sections().await;
    for path in ["/equipment", "/equipment", "/food"] {
        app.click(".more").await;
        assert!(is_open(&app));
        app.click(&format!("nav a[href='{path}']")).await;
        assert!(!is_open(&app), "after {path}");
    }
}

#[wasm_bindgen_test]
async fn daily_sections_are_outside_the_sheet() {
    let app = sections().await;
    let strings = en().strings;
    let daily = [strings.overview, strings.food, strings.exercise, strings.metrics];
    assert_eq!(app.texts("nav > a"), daily);
    let others =
        [strings.conversations, strings.equipment, strings.deliveries, strings.connections, strings.profile];
    assert_eq!(app.texts("nav > .others > a"), others);
}

#[wasm_bindgen_test]
async fn escape_closes_sheet_and_restores_focus() {
    with_the_shell();
    let app = sections().await;
    app.click(".more").await;
    js_sys::eval("window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))").unwrap();
    settle(30).await;
    assert!(!is_open(&app));
    assert!(app.has_focus(".more"));
}

#[wasm_bindgen_test]
async fn the_sheet_closes_when_somebody_goes_on_elsewhere() {
    with_the_shell();
    let app = sections().await;
    app.click(".more").await;
    let press = |selector: &str| {
        js_sys::eval(&format!(
            "document.querySelector('{selector}').dispatchEvent(new PointerEvent('pointerdown', {{ bubbles: true }}))"
        ))
        .unwrap();
    };
    press(".others");
    settle(30).await;
    assert!(is_open(&app), "the sheet itself is no elsewhere");
    press("#content");
    settle(30).await;
    assert!(!is_open(&app));
}

fn led_to(app: &TestApp) -> Vec<String> {
    let links = app.all("nav a:not([hidden])");
    links.iter().filter_map(|link| link.get_attribute("href")).collect()
}

#[wasm_bindgen_test]
async fn sections_that_the_backend_lacks_leave_the_navigation() {
    let page = "<!doctype html><title>Cannot GET</title>";
    let app = sections().await;
    for list in ["/conversations", "/devices", "/events"] {
        app.server.says(&format!("GET {list}"), 404, page);
    }
    app.server.refuses("GET /websocket", &super::fake_server::problem(403, "not yours"));
    assert_eq!(led_to(&app).len(), 9, "nobody has asked yet");
    let asking = Owner::new();
    let devices = Devices::<ApiError>::default;
    asking.with(|| app.queries.query("/devices", Family::Device, Polling::LISTS, devices));
    until(|| led_to(&app).len() < 9 && app.server.asked("GET /websocket").len() == 1).await;
    settle(0).await;
    let there = ["/", "/food", "/exercise", "/metrics", "/connections", "/profile"];
    assert_eq!(led_to(&app), there, "the others were asked for, too");

    app.server.says("GET /devices", 200, r#"{"devices":[]}"#);
    app.queries.refresh();
    let has_devices = || led_to(&app).contains(&"/equipment".to_owned());
    until(has_devices).await;
    assert!(has_devices(), "it is there after all");
    drop(asking);
}

#[wasm_bindgen_test]
async fn unfollowed_person_hides_no_section() {
    let app = sections().await;
    app.server.refuses("GET /food-logs", &super::fake_server::problem(404, "no such person"));
    let asking = Owner::new();
    let (from, to) = (clock::wall(), clock::wall().plus_ms(1));
    asking.with(|| app.queries.list(Some("u9"), RecordKind::Food, from, to));
    settle(150).await;
    assert_eq!(led_to(&app).len(), 9);
    drop(asking);
}
