use latido_protocol::values::Language;
use leptos::{mount::mount_to, prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use super::{settle, stage, text_of};
use crate::{
    browser::{
        day::Day,
        period::{Period, Span},
    },
    features::records::period_nav::PeriodNav,
    i18n::Locale,
};

async fn nav(period: Period) -> (HtmlElement, RwSignal<Period>) {
    let stage = stage();
    let signal = RwSignal::new(period);
    let mounted = mount_to(stage.clone(), move || {
        provide_context(Locale::of(Language::En));
        view! { <PeriodNav period=signal/> }
    });
    mounted.forget();
    settle(20).await;
    (stage, signal)
}

fn button(stage: &HtmlElement, label: &str) -> HtmlElement {
    let found = stage.query_selector(&format!("[aria-label={label}]")).unwrap();
    found.unwrap_or_else(|| panic!("no button {label}")).unchecked_into()
}

fn name(stage: &HtmlElement) -> String {
    text_of(stage, ".day-name > span")
}

#[wasm_bindgen_test]
async fn nobody_goes_beyond_today() {
    let (stage, period) = nav(Period { span: Span::Day, last: Day::today() }).await;
    assert_eq!(name(&stage), "Today");
    assert!(button(&stage, "Later").has_attribute("disabled"));
    button(&stage, "Earlier").click();
    settle(20).await;
    assert_eq!(name(&stage), "Yesterday");
    assert!(!button(&stage, "Later").has_attribute("disabled"));

    let field: HtmlInputElement = stage.query_selector("[type=date]").unwrap().unwrap().unchecked_into();
    field.set_value(&Day::today().plus(3).input_value());
    field.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    settle(20).await;
    assert_eq!(period.get_untracked().last, Day::today(), "a day to come is today");
}

#[wasm_bindgen_test]
async fn week_steps_back_by_weeks() {
    let (stage, period) = nav(Period { span: Span::Week, last: Day::today() }).await;
    assert_eq!(name(&stage), "Last 7 days");
    button(&stage, "Earlier").click();
    settle(20).await;
    assert_eq!(period.get_untracked().last, Day::today().plus(-7));
    assert!(name(&stage).starts_with("7 days until "), "{}", name(&stage));
    // A step that would go too far ends today.
    button(&stage, "Later").click();
    button(&stage, "Later").click();
    settle(20).await;
    assert_eq!(period.get_untracked().last, Day::today());
}

#[wasm_bindgen_test]
async fn the_chosen_span_is_pressed() {
    let (stage, period) = nav(Period { span: Span::Day, last: Day::today() }).await;
    let buttons = stage.query_selector_all(".segments button").unwrap();
    let month: HtmlElement = buttons.get(2).unwrap().unchecked_into();
    month.click();
    settle(20).await;
    assert_eq!(period.get_untracked().span, Span::Month);
    assert_eq!(text_of(&stage, ".segments [aria-pressed=true]"), "Month");
}
