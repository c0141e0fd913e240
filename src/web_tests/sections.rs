use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en, with_the_shell},
    settle,
};
use crate::components::sections::Sections;

async fn sections() -> House {
    let mut house = House::for_a("user").await;
    house.show(|| view! { <Sections/> <main id="content" tabindex="-1"></main> }.into_any()).await;
    house
}

async fn go(house: &House, path: &str) {
    house.location.go(path);
    settle(30).await;
}

fn current(house: &House) -> Vec<String> {
    let current = house.all("nav [aria-current=page]");
    current.iter().filter_map(|link| link.get_attribute("href")).collect()
}

fn is_open(house: &House) -> bool {
    let said = house.attribute(".more", "aria-expanded");
    assert_eq!(
        house.attribute("nav", "data-open"),
        said,
        "the styles go by one, screen readers by the other"
    );
    said == "true"
}

#[wasm_bindgen_test]
async fn every_section_is_the_only_current_one_on_its_page_and_names_the_document() {
    let house = sections().await;
    let links = house.all("nav a");
    assert_eq!(links.len(), 9);
    for link in links {
        let path = link.get_attribute("href").unwrap();
        go(&house, &path).await;
        assert_eq!(current(&house), [path.as_str()]);
        let name = link.query_selector("span").unwrap().unwrap().text_content().unwrap();
        assert_eq!(document().title(), format!("{name} · Latido"), "at {path}");
    }
}

#[wasm_bindgen_test]
async fn a_conversation_is_within_its_section_and_an_unknown_page_within_none() {
    let house = sections().await;
    go(&house, "/conversations/c1").await;
    assert_eq!(current(&house), ["/conversations"]);
    assert_eq!(document().title(), format!("{} · Latido", en().strings.conversations));
    go(&house, "/foodstuff").await;
    assert_eq!(current(&house), [""; 0], "it only begins like a section");
    assert_eq!(document().title(), "Latido");
}

#[wasm_bindgen_test]
async fn a_link_leads_to_its_page_without_another_document() {
    let house = sections().await;
    house.click("nav a[href='/exercise']").await;
    assert_eq!(window().location().pathname().unwrap(), "/exercise");
    assert_eq!(current(&house), ["/exercise"]);
}

#[wasm_bindgen_test]
async fn the_keyboard_goes_on_with_the_page_that_was_arrived_at() {
    let house = sections().await;
    assert!(!house.has_focus("#content"), "nobody has gone anywhere yet");
    go(&house, "/food").await;
    assert!(house.has_focus("#content"));
    go(&house, "/conversations").await;
    house.one(".more").focus().unwrap();
    go(&house, "/conversations/c1").await;
    assert!(house.has_focus(".more"), "that is the same page");
}

#[wasm_bindgen_test]
async fn the_sheet_opens_and_closes_with_its_button() {
    let house = sections().await;
    assert_eq!(house.text(".more"), en().strings.more);
    assert!(!is_open(&house));
    house.click(".more").await;
    assert!(is_open(&house));
    house.click(".more").await;
    assert!(!is_open(&house));
}

#[wasm_bindgen_test]
async fn the_sheet_closes_when_a_page_is_chosen_even_the_one_that_is_shown() {
    let house = sections().await;
    for path in ["/equipment", "/equipment", "/food"] {
        house.click(".more").await;
        assert!(is_open(&house));
        house.click(&format!("nav a[href='{path}']")).await;
        assert!(!is_open(&house), "after {path}");
    }
}

#[wasm_bindgen_test]
async fn the_daily_sections_are_at_the_thumb_and_the_others_on_the_sheet() {
    let house = sections().await;
    let strings = en().strings;
    let daily = [strings.overview, strings.food, strings.exercise, strings.metrics];
    assert_eq!(house.texts("nav > a"), daily);
    let others =
        [strings.conversations, strings.equipment, strings.deliveries, strings.connections, strings.profile];
    assert_eq!(house.texts("nav > .others > a"), others);
}

#[wasm_bindgen_test]
async fn the_sheet_closes_with_escape_and_gives_the_keyboard_back() {
    with_the_shell();
    let house = sections().await;
    house.click(".more").await;
    js_sys::eval("window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))").unwrap();
    settle(30).await;
    assert!(!is_open(&house));
    assert!(house.has_focus(".more"));
}

#[wasm_bindgen_test]
async fn the_sheet_closes_when_somebody_goes_on_elsewhere() {
    with_the_shell();
    let house = sections().await;
    house.click(".more").await;
    let press = |selector: &str| {
        js_sys::eval(&format!(
            "document.querySelector('{selector}').dispatchEvent(new PointerEvent('pointerdown', {{ bubbles: true }}))"
        ))
        .unwrap();
    };
    press(".others");
    settle(30).await;
    assert!(is_open(&house), "the sheet itself is no elsewhere");
    press("#content");
    settle(30).await;
    assert!(!is_open(&house));
}
