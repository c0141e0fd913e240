use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    test_app::{TestApp, en},
};
use crate::{
    api::session::SignedIn,
    browser::{
        storage,
        theme::{self, Theme},
    },
    shell::header::Header,
};

const SETTINGS: &str = "details.menu > summary";

async fn header(app: &mut TestApp) {
    app.show(|| view! { <Header/> }.into_any()).await;
}

async fn open_settings() -> TestApp {
    let mut app = TestApp::for_a("user").await;
    header(&mut app).await;
    app.click(SETTINGS).await;
    app
}

fn of_the_document(attribute: &str) -> Option<String> {
    document().document_element().unwrap().get_attribute(attribute)
}

#[wasm_bindgen_test]
async fn settings_exist_only_while_open() {
    let mut app = TestApp::for_a("user").await;
    header(&mut app).await;
    assert_eq!(app.attribute(SETTINGS, "aria-label"), en().strings.settings);
    assert_eq!(app.count(".menu-panel > *"), 0);
    app.click(SETTINGS).await;
    assert_eq!(app.count(".menu-panel > *"), 3);
    app.click(SETTINGS).await;
    assert_eq!(app.count(".menu-panel > *"), 0);
}

#[wasm_bindgen_test]
async fn skip_link_and_brand_link_work() {
    let mut app = TestApp::for_a("user").await;
    header(&mut app).await;
    let first = app.all("a, button, summary").remove(0);
    assert_eq!(first.get_attribute("href").as_deref(), Some("#content"));
    assert_eq!(first.text_content().as_deref(), Some(en().strings.skip_to_content));
    assert_eq!(app.attribute(".brand", "href"), "/");
}

#[wasm_bindgen_test]
async fn the_language_is_chosen_with_the_other_preferences() {
    let app = open_settings().await;
    assert_eq!(app.count("[name=language]"), 0, "one picker, and not one that means something else");
    assert_eq!(app.attribute(".menu-panel a", "href"), "/profile");
    assert_eq!(app.text(".menu-panel a"), en().deferred().preferences);
}

#[wasm_bindgen_test]
async fn each_theme_is_applied_and_stored() {
    let app = open_settings().await;
    assert_eq!(app.value("[name=theme]"), "system");
    for theme in [Theme::Dark, Theme::Light, Theme::System] {
        app.choose("[name=theme]", theme.as_str()).await;
        assert_eq!(of_the_document("data-theme").as_deref(), Some(theme.as_str()));
        assert_eq!(storage::get("latido.theme").as_deref(), Some(theme.as_str()));
        app.click(SETTINGS).await;
        app.click(SETTINGS).await;
        assert_eq!(app.value("[name=theme]"), theme.as_str());
    }
}

#[wasm_bindgen_test]
async fn theme_follows_other_tabs() {
    let app = open_settings().await;
    theme::follow_other_tabs();
    let elsewhere = |value: &str| {
        let event = format!("new StorageEvent('storage', {{ key: 'latido.theme', newValue: {value} }})");
        js_sys::eval(&format!("window.dispatchEvent({event})")).unwrap();
    };
    elsewhere("'dark'");
    settle(30).await;
    assert_eq!(app.value("[name=theme]"), "dark");
    assert_eq!(of_the_document("data-theme").as_deref(), Some("dark"));
    elsewhere("null");
    settle(30).await;
    assert_eq!(app.value("[name=theme]"), "system", "it was forgotten there");
}

#[wasm_bindgen_test]
async fn sign_out_clears_data_and_informs_server() {
    let app = open_settings().await;
    app.server.says("DELETE /session", 204, "");
    storage::tab::set("latido.draft", "half typed");
    app.click("[data-testid=sign-out]").await;
    assert_eq!(app.signed_in(), SignedIn::No { ended: false });
    assert_eq!(app.server.asked("DELETE /session").len(), 1);
    assert_eq!(storage::tab::get("latido.draft"), None);
    assert_eq!(storage::get("latido.session"), None);
    assert_eq!(storage::get("latido.leaving"), None);
}

#[wasm_bindgen_test]
async fn offline_sign_out_reaches_the_server_later() {
    let app = open_settings().await;
    app.click("[data-testid=sign-out]").await;
    assert_eq!(app.signed_in(), SignedIn::No { ended: false });
    assert!(storage::get("latido.leaving").is_some(), "the server does not know");
    app.server.says("DELETE /session", 204, "");
    app.api.session().leave().await;
    assert_eq!(app.server.asked("DELETE /session").len(), 2);
    assert_eq!(storage::get("latido.leaving"), None);
}
