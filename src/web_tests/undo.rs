use latido_cache::outbox::MOST_ENTRIES;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    test_app::{TestApp, eaten, en, with_the_shell},
};
use crate::{
    browser::clock,
    data::queries::record::AnyRecord,
    features::records::undo::{DeletedRecords, OFFERED_FOR_MS, UndoNote},
};

const TOAST: &str = ".toast";
const UNDO: &str = "[data-testid=undo]";

fn record(name: &str) -> AnyRecord {
    AnyRecord::Food(eaten(name, 100.0, clock::wall()))
}

async fn page() -> (TestApp, DeletedRecords) {
    let mut app = TestApp::new();
    let slot = RwSignal::new(None);
    app.show(move || {
        slot.set(use_context::<DeletedRecords>());
        view! { <UndoNote/> }.into_any()
    })
    .await;
    (app, slot.get_untracked().unwrap())
}

async fn offer(deleted: DeletedRecords, name: &str) {
    deleted.offer(record(name));
    settle(30).await;
}

fn waiting(app: &TestApp) -> usize {
    app.writes.waiting().get_untracked()
}

#[wasm_bindgen_test]
async fn no_undo_before_a_deletion() {
    let (app, _) = page().await;
    assert_eq!((app.text(TOAST), app.count(UNDO)), (String::new(), 0));
    assert_eq!(app.attribute(TOAST, "role"), "status", "screen readers know it before it speaks");
}

#[wasm_bindgen_test]
async fn undo_restores_all_deleted_records() {
    let (app, deleted) = page().await;
    offer(deleted, "Arepa").await;
    assert_eq!(app.text(&format!("{TOAST} span")), (en().deferred().deleted)("Arepa"));
    offer(deleted, "Sopa").await;
    assert_eq!(app.text(&format!("{TOAST} span")), (en().deferred().deleted_many)(2));
    app.click(UNDO).await;
    assert_eq!((app.text(TOAST), waiting(&app)), (String::new(), 2));
    offer(deleted, "Pan").await;
    assert_eq!(app.text(&format!("{TOAST} span")), (en().deferred().deleted)("Pan"), "it begins anew");
}

#[wasm_bindgen_test]
async fn the_key_for_it_is_the_usual_one() {
    with_the_shell();
    let (app, deleted) = page().await;
    offer(deleted, "Arepa").await;
    let press = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, bubbles: true }))";
    js_sys::eval(press).unwrap();
    settle(30).await;
    assert_eq!((app.text(TOAST), waiting(&app)), (String::new(), 1));
}

#[wasm_bindgen_test]
async fn full_outbox_keeps_the_undo_offer() {
    let (app, deleted) = page().await;
    for _ in 0..MOST_ENTRIES {
        app.writes.create(record("Pan").copy()).unwrap();
    }
    offer(deleted, "Arepa").await;
    app.click(UNDO).await;
    assert_eq!(app.text("[role=alert]"), en().strings.outbox_full);
    assert_eq!((app.count(UNDO), waiting(&app)), (1, MOST_ENTRIES));
    // Somebody signs out of what waited, and there is room again.
    app.writes.stop();
    app.click(UNDO).await;
    assert_eq!((app.text(TOAST), waiting(&app)), (String::new(), 1));
}

/// Timers of an offer wait until they are told that their time is over. Those of other parts of the page, which may
/// begin at any moment, run as ever.
struct Patience;

impl Patience {
    fn begin() -> Self {
        js_sys::eval(&format!(
            "window.usual = [setTimeout, clearTimeout];
             window.held = new Map();
             window.setTimeout = (call, ms, ...more) => {{
                if (ms !== {OFFERED_FOR_MS}) return usual[0].call(window, call, ms, ...more);
                held.set(1e9 + held.size, call);
                return 1e9 + held.size - 1;
             }};
             window.clearTimeout = (id) => held.delete(id) || usual[1].call(window, id);"
        ))
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
async fn undo_expires_and_restarts_with_each_deletion() {
    let (app, deleted) = page().await;
    let _patience = Patience::begin();
    for name in ["Arepa", "Sopa"] {
        offer(deleted, name).await;
        assert!(Patience::waits_for_one(), "the last deletion's time is the only one");
        assert_eq!(app.count(UNDO), 1);
    }
    Patience::is_over();
    settle(30).await;
    assert_eq!((app.text(TOAST), waiting(&app)), (String::new(), 0));
}
