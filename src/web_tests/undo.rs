use latido_replica::outbox::MOST_ENTRIES;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, eaten, en, with_the_shell},
    settle,
};
use crate::{
    browser::clock,
    components::undo::{Deleted, UndoNote},
    queries::record::AnyRecord,
};

const TOAST: &str = ".toast";
const UNDO: &str = "[data-testid=undo]";

fn record(name: &str) -> AnyRecord {
    AnyRecord::Food(eaten(name, 100.0, clock::wall()))
}

async fn page() -> (House, Deleted) {
    let mut house = House::new();
    let slot = RwSignal::new(None);
    house
        .show(move || {
            slot.set(use_context::<Deleted>());
            view! { <UndoNote/> }.into_any()
        })
        .await;
    (house, slot.get_untracked().unwrap())
}

async fn offer(deleted: Deleted, name: &str) {
    deleted.offer(record(name));
    settle(30).await;
}

fn waiting(house: &House) -> usize {
    house.writes.waiting().get_untracked()
}

#[wasm_bindgen_test]
async fn before_anything_is_deleted_nothing_is_offered_and_the_place_is_there() {
    let (house, _) = page().await;
    assert_eq!((house.text(TOAST), house.count(UNDO)), (String::new(), 0));
    assert_eq!(house.attribute(TOAST, "role"), "status", "screen readers know it before it speaks");
}

#[wasm_bindgen_test]
async fn one_is_named_and_several_are_counted_and_all_come_back() {
    let (house, deleted) = page().await;
    offer(deleted, "Arepa").await;
    assert_eq!(house.text(&format!("{TOAST} span")), (en().later().deleted)("Arepa"));
    offer(deleted, "Sopa").await;
    assert_eq!(house.text(&format!("{TOAST} span")), (en().later().deleted_many)(2));
    house.click(UNDO).await;
    assert_eq!((house.text(TOAST), waiting(&house)), (String::new(), 2));
    offer(deleted, "Pan").await;
    assert_eq!(house.text(&format!("{TOAST} span")), (en().later().deleted)("Pan"), "it begins anew");
}

#[wasm_bindgen_test]
async fn the_key_for_it_is_the_usual_one() {
    with_the_shell();
    let (house, deleted) = page().await;
    offer(deleted, "Arepa").await;
    let press = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, bubbles: true }))";
    js_sys::eval(press).unwrap();
    settle(30).await;
    assert_eq!((house.text(TOAST), waiting(&house)), (String::new(), 1));
}

#[wasm_bindgen_test]
async fn where_there_is_no_room_it_says_so_and_the_offer_stays() {
    let (house, deleted) = page().await;
    for _ in 0..MOST_ENTRIES {
        house.writes.create(record("Pan").copy().unwrap()).unwrap();
    }
    offer(deleted, "Arepa").await;
    house.click(UNDO).await;
    assert_eq!(house.text("[role=alert]"), en().strings.outbox_full);
    assert_eq!((house.count(UNDO), waiting(&house)), (1, MOST_ENTRIES));
    // Somebody signs out of what waited, and there is room again.
    house.writes.stop();
    house.click(UNDO).await;
    assert_eq!((house.text(TOAST), waiting(&house)), (String::new(), 1));
}

/// Timers of many seconds wait until they are told that their time is over.
struct Patience;

impl Patience {
    fn begin() -> Self {
        js_sys::eval(
            "window.usual = [setTimeout, clearTimeout];
             window.held = new Map();
             window.setTimeout = (call, ms, ...more) => {
                if (ms <= 5_000) return usual[0].call(window, call, ms, ...more);
                held.set(1e9 + held.size, call);
                return 1e9 + held.size - 1;
             };
             window.clearTimeout = (id) => held.delete(id) || usual[1].call(window, id);",
        )
        .unwrap();
        Self
    }

    /// Whether one waits, and no other.
    fn waits_for_one() -> bool {
        js_sys::eval("held.size === 1").unwrap().is_truthy()
    }

    fn is_over() {
        js_sys::eval("for (const call of held.values()) call()").unwrap();
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        let _ = js_sys::eval("[window.setTimeout, window.clearTimeout] = usual");
    }
}

#[wasm_bindgen_test]
async fn the_offer_goes_when_its_time_is_over_and_each_deletion_begins_it_anew() {
    let (house, deleted) = page().await;
    let _patience = Patience::begin();
    for name in ["Arepa", "Sopa"] {
        offer(deleted, name).await;
        assert!(Patience::waits_for_one(), "the last deletion's time is the only one");
        assert_eq!(house.count(UNDO), 1);
    }
    Patience::is_over();
    settle(30).await;
    assert_eq!((house.text(TOAST), waiting(&house)), (String::new(), 0));
}
