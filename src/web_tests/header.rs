use latido_protocol::values::Language;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en},
    settle,
};
use crate::{
    api::session::SignedIn,
    browser::{
        storage,
        theme::{self, Theme},
    },
    components::header::Header,
    i18n::Locale,
};

const SETTINGS: &str = "details.menu > summary";

async fn header(house: &mut House) {
    house.show(|| view! { <Header/> }.into_any()).await;
}

async fn open_settings() -> House {
    let mut house = House::for_a("user").await;
    header(&mut house).await;
    house.click(SETTINGS).await;
    house
}

fn of_the_document(attribute: &str) -> Option<String> {
    document().document_element().unwrap().get_attribute(attribute)
}

#[wasm_bindgen_test]
async fn the_settings_are_made_when_they_are_opened_and_go_when_they_are_closed() {
    let mut house = House::for_a("user").await;
    header(&mut house).await;
    assert_eq!(house.attribute(SETTINGS, "aria-label"), en().strings.settings);
    assert_eq!(house.count(".menu-panel > *"), 0);
    house.click(SETTINGS).await;
    assert_eq!(house.count(".menu-panel > *"), 3);
    house.click(SETTINGS).await;
    assert_eq!(house.count(".menu-panel > *"), 0);
}

#[wasm_bindgen_test]
async fn the_keyboard_can_skip_to_the_content_and_the_mark_leads_home() {
    let mut house = House::for_a("user").await;
    header(&mut house).await;
    let first = house.all("a, button, summary").remove(0);
    assert_eq!(first.get_attribute("href").as_deref(), Some("#content"));
    assert_eq!(first.text_content().as_deref(), Some(en().strings.skip_to_content));
    assert_eq!(house.attribute(".brand", "href"), "/");
}

#[wasm_bindgen_test]
async fn the_language_that_is_chosen_is_spoken_at_once_and_remembered() {
    let house = open_settings().await;
    assert_eq!(house.value("[name=language]"), "en");
    house.choose("[name=language]", "es").await;
    assert_eq!(house.attribute(SETTINGS, "aria-label"), Locale::of(Language::Es).strings.settings);
    assert_eq!(of_the_document("lang").as_deref(), Some("es"));
    assert_eq!(storage::get("latido.language").as_deref(), Some("es"));
    assert!(house.has_focus(SETTINGS), "the keyboard goes on where it was");
    house.click(SETTINGS).await;
    assert_eq!(house.value("[name=language]"), "es", "it is the one that shows as chosen");
}

#[wasm_bindgen_test]
async fn what_is_no_language_changes_nothing() {
    let house = open_settings().await;
    house.choose("[name=language]", "xx").await;
    assert_eq!(house.language.get_untracked(), Language::En);
    assert_eq!(storage::get("latido.language"), None);
}

#[wasm_bindgen_test]
async fn every_theme_is_applied_and_remembered_and_shows_as_chosen() {
    let house = open_settings().await;
    assert_eq!(house.value("[name=theme]"), "system");
    for theme in [Theme::Dark, Theme::Light, Theme::System] {
        house.choose("[name=theme]", theme.as_str()).await;
        assert_eq!(of_the_document("data-theme").as_deref(), Some(theme.as_str()));
        assert_eq!(storage::get("latido.theme").as_deref(), Some(theme.as_str()));
        house.click(SETTINGS).await;
        house.click(SETTINGS).await;
        assert_eq!(house.value("[name=theme]"), theme.as_str());
    }
}

#[wasm_bindgen_test]
async fn a_theme_that_another_tab_chooses_shows_as_chosen_here() {
    let house = open_settings().await;
    theme::follow_other_tabs();
    let elsewhere = |value: &str| {
        let event = format!("new StorageEvent('storage', {{ key: 'latido.theme', newValue: {value} }})");
        js_sys::eval(&format!("window.dispatchEvent({event})")).unwrap();
    };
    elsewhere("'dark'");
    settle(30).await;
    assert_eq!(house.value("[name=theme]"), "dark");
    assert_eq!(of_the_document("data-theme").as_deref(), Some("dark"));
    elsewhere("null");
    settle(30).await;
    assert_eq!(house.value("[name=theme]"), "system", "it was forgotten there");
}

#[wasm_bindgen_test]
async fn who_signs_out_leaves_nothing_behind_and_the_server_is_told() {
    let house = open_settings().await;
    house.server.says("DELETE /session", 204, "");
    storage::tab::set("latido.draft", "half typed");
    house.click("[data-testid=sign-out]").await;
    assert_eq!(house.signed_in(), SignedIn::No { ended: false });
    assert_eq!(house.server.asked("DELETE /session").len(), 1);
    assert_eq!(storage::tab::get("latido.draft"), None);
    assert_eq!(storage::get("latido.session"), None);
    assert_eq!(storage::get("latido.leaving"), None);
}

#[wasm_bindgen_test]
async fn who_signs_out_without_a_network_is_out_and_the_server_is_told_later() {
    let house = open_settings().await;
    house.click("[data-testid=sign-out]").await;
    assert_eq!(house.signed_in(), SignedIn::No { ended: false });
    assert!(storage::get("latido.leaving").is_some(), "the server does not know");
    house.server.says("DELETE /session", 204, "");
    house.api.session().leave().await;
    assert_eq!(house.server.asked("DELETE /session").len(), 2);
    assert_eq!(storage::get("latido.leaving"), None);
}
