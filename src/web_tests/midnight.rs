//! Midnight passes while the page is open.

use js_sys::{Date, Function, Reflect};
use latido_protocol::time::Timestamp;
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, text_of};
use crate::{
    browser::{
        day::Day,
        period::{Period, Span},
        today, zone,
    },
    features::records::period_nav::PeriodNav,
    i18n::Locale,
    ui::view::text,
};

/// Sets the browser's clock, which goes on from there; whoever drops it sets it right again.
struct ClockSet {
    date: Function,
    now: JsValue,
}

impl ClockSet {
    fn to(instant: &str) -> Self {
        let date: Function = Reflect::get(&js_sys::global(), &"Date".into()).unwrap().unchecked_into();
        let now = Reflect::get(&date, &"now".into()).unwrap();
        let ahead_ms = Timestamp::parse(instant).unwrap().unix_ms() as f64 - Date::now();
        let later =
            Function::new_no_args(&format!("return performance.timeOrigin + performance.now() + {ahead_ms}"));
        Reflect::set(&date, &"now".into(), &later).unwrap();
        Self { date, now }
    }
}

impl Drop for ClockSet {
    fn drop(&mut self) {
        let _ = Reflect::set(&self.date, &"now".into(), &self.now);
    }
}

#[wasm_bindgen_test]
async fn today_changes_at_readers_midnight() {
    zone::set("Asia/Kathmandu");
    let clock = ClockSet::to("2026-11-21T18:14:59.700Z");
    let stage = stage();
    let looked_up = Day::from_input("2026-11-19").unwrap();
    let handle = mount_to(stage.clone(), move || {
        today::watch();
        provide_context(Locale::of(latido_protocol::values::Language::En));
        view! {
            <p>{text(|| Day::today().input_value())}</p>
            <PeriodNav period=RwSignal::new(Period { span: Span::Day, last: Day::today() })/>
            <div id="other"><PeriodNav period=RwSignal::new(Period { span: Span::Day, last: looked_up })/></div>
        }
    });
    assert_eq!(text_of(&stage, "p"), "2026-11-21");
    assert_eq!(text_of(&stage, ".day-name span"), "Today");
    let other = text_of(&stage, "#other .day-name span");
    settle(700).await;
    assert_eq!(text_of(&stage, "p"), "2026-11-22");
    assert_eq!(text_of(&stage, ".day-name span"), "Yesterday");
    assert_eq!(text_of(&stage, "#other .day-name span"), other);
    drop(handle);
    drop(clock);
    zone::reset();
}
