use latido_protocol::{delivery::DeliverySummary, values::Language};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::settle;
use crate::{
    browser::format,
    features::deliveries::{
        announcer::{Come, DeliveryAnnouncer},
        rows::latency,
        sums::success,
    },
    i18n::Locale,
};

#[wasm_bindgen_test]
fn not_everything_is_not_a_hundred_percent() {
    let sums = |delivered, failed| DeliverySummary {
        total_events: delivered + failed,
        pending_events: 0,
        delivered_events: delivered,
        failed_events: failed,
    };
    let rate = |delivered, failed| {
        success(sums(delivered, failed)).map(|share| format::percent(Language::En, share))
    };
    assert_eq!(rate(0, 0), None);
    assert_eq!(rate(1, 0).as_deref(), Some("100%"));
    assert_eq!(rate(99_999, 1).as_deref(), Some("99.9%"));
    assert_eq!(rate(0, 3).as_deref(), Some("0%"));
}

#[wasm_bindgen_test]
fn times_are_in_the_unit_that_reads_best() {
    let spanish = Locale::of(Language::Es);
    let told = [0, 999, 1_240, 59_000, 90_000, 5_400_000].map(|ms| latency(ms, spanish));
    assert_eq!(told, ["0 ms", "999 ms", "1,2 s", "59 s", "1,5 min", "1,5 h"]);
    let ago = |ms| format::ago(Language::En, ms);
    assert_eq!(
        [ago(-5), ago(59_999), ago(60_000), ago(7_200_000)],
        ["now", "59 sec. ago", "1 min. ago", "2 hr. ago"]
    );
    assert!(format::is_one(Language::Es, 1) && !format::is_one(Language::Es, 0));
}

#[wasm_bindgen_test]
async fn what_comes_together_is_said_together() {
    let announcer = DeliveryAnnouncer::new(|come| format!("{come:?}"));
    announcer.add(Come { created: 2, failed: 0 });
    announcer.add(Come { created: 0, failed: 1 });
    announcer.add(Come { created: 1, failed: 0 });
    assert_eq!(announcer.said().get_untracked(), "");
    settle(4_300).await;
    assert_eq!(announcer.said().get_untracked(), format!("{:?}", Come { created: 3, failed: 1 }));
}
