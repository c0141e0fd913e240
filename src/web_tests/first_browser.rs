//! How an account is read before anybody has chosen that.

use latido_protocol::values::Language;
use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, test_app::TestApp};
use crate::{
    browser::{storage, zone},
    features::profile::first_browser::FirstBrowser,
    i18n,
    shell::preferences,
};

const GET: &str = "GET /health-profile";
const PUT: &str = "PUT /health-profile";

fn profile(zone: &str, preferences_chosen: bool) -> String {
    json!({ "healthProfile": {
        "displayName": "Lucía", "units": "metric", "timeZone": zone, "language": "es", "version": 1,
        "preferencesChosen": preferences_chosen, "updatedAt": "2026-11-21T08:00:00Z",
    }})
    .to_string()
}

async fn first_browser(app: &mut TestApp) {
    app.show(|| {
        let _ = preferences::follow_profile();
        view! { <FirstBrowser/> }.into_any()
    })
    .await;
    settle(150).await;
}

/// With these languages in the browser's settings.
fn with_languages(languages: &str, test: impl FnOnce()) {
    set_languages(languages);
    test();
    js_sys::eval("delete navigator.languages").unwrap();
}

fn set_languages(languages: &str) {
    js_sys::eval(&format!(
        "Object.defineProperty(navigator, 'languages', {{ configurable: true, value: {languages} }})"
    ))
    .unwrap();
}

#[wasm_bindgen_test]
async fn first_browser_sets_account_preferences() {
    let mut app = TestApp::for_a("user").await;
    let device = zone::of_the_device();
    // Not the device's, wherever this runs.
    app.server.says(GET, 200, &profile("Pacific/Chatham", false));
    app.server.says(PUT, 200, &profile(&device, true));
    first_browser(&mut app).await;
    let sent = app.server.asked(PUT);
    let body: Value = serde_json::from_str(&sent[0].body).unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!((&body["timeZone"], &body["preferencesChosen"]), (&json!(device), &json!(true)));
    assert_eq!(body["language"], i18n::of_the_browser().as_str());
    assert_eq!(zone::name(), device);
}

#[wasm_bindgen_test]
async fn account_gets_the_language_chosen_at_sign_in() {
    let mut app = TestApp::for_a("user").await;
    let chosen = match i18n::of_the_browser() {
        Language::Es => Language::En,
        Language::En => Language::Es,
    };
    i18n::remember(chosen);
    app.server.says(GET, 200, &profile("Pacific/Chatham", false));
    app.server.says(PUT, 200, &profile("Pacific/Chatham", true));
    first_browser(&mut app).await;
    let body: Value = serde_json::from_str(&app.server.asked(PUT)[0].body).unwrap();
    assert_eq!(body["language"], chosen.as_str());
    zone::reset();
}

#[wasm_bindgen_test]
async fn what_was_chosen_is_not_chosen_again() {
    let mut app = TestApp::for_a("user").await;
    app.server.says(GET, 200, &profile("Pacific/Chatham", true));
    first_browser(&mut app).await;
    assert!(app.server.asked(PUT).is_empty());
    assert_eq!(zone::name(), "Pacific/Chatham");
    zone::reset();
    i18n::forget_account();
}

#[wasm_bindgen_test]
fn uses_first_supported_browser_language() {
    storage::remove("latido.language");
    for (languages, ours) in [
        ("['es-CO']", Language::Es),
        ("['ca', 'es-ES', 'en']", Language::Es),
        ("['de-DE', 'de']", Language::En),
        ("['fr', 'en-GB', 'es']", Language::En),
        ("[]", Language::En),
    ] {
        with_languages(languages, || assert_eq!(i18n::preferred(), ours, "{languages}"));
    }
}

/// What the browser says when storage is forbidden, while this runs.
fn without_storage(test: impl FnOnce()) {
    js_sys::eval(
        "window.testStorage = Object.getOwnPropertyDescriptor(window, 'localStorage'); \
         Object.defineProperty(window, 'localStorage', { \
             configurable: true, get() { throw new DOMException('forbidden', 'SecurityError'); } })",
    )
    .unwrap();
    test();
    js_sys::eval("Object.defineProperty(window, 'localStorage', window.testStorage)").unwrap();
}

fn page_language() -> Option<String> {
    document().document_element().unwrap().get_attribute("lang")
}

#[wasm_bindgen_test]
fn forbidden_storage_leaves_the_browsers_language() {
    for (languages, lang) in [("['en-GB', 'es']", "en"), ("['de-DE']", "en"), ("['fr', 'es-CO']", "es")] {
        i18n::announce(Language::Es);
        set_languages(languages);
        without_storage(|| {
            js_sys::eval(include_str!("../../public/first-paint.js")).unwrap();
        });
        js_sys::eval("delete navigator.languages").unwrap();
        assert_eq!(page_language().as_deref(), Some(lang), "{languages}");
    }
}

#[wasm_bindgen_test]
fn crash_panel_falls_back_to_english() {
    let root = document().document_element().unwrap();
    // As a browser does that translates the page.
    root.set_attribute("lang", "de").unwrap();
    // The listeners of the script would outlive the test.
    let script = include_str!("../../public/crash.js");
    js_sys::eval(&format!("((addEventListener) => {{ {script} }})(() => {{}}); latidoCrash('here')"))
        .unwrap();
    let panel = document().query_selector("[data-testid=crash]").unwrap().unwrap();
    panel.remove();
    js_sys::eval("delete window.latidoCrash").unwrap();
    i18n::announce(Language::En);
    assert_eq!(panel.get_attribute("aria-label").as_deref(), Some("Latido has stopped"));
}

#[wasm_bindgen_test]
fn view_without_locale_follows_the_browser() {
    storage::remove("latido.language");
    i18n::forget_account();
    for (languages, language) in [("['de']", Language::En), ("['es-CO']", Language::Es)] {
        with_languages(languages, || {
            assert_eq!(Owner::new().with(i18n::use_locale).language, language, "{languages}");
        });
    }
}
