use latido_cache::{Entry, EntryState, Refusal, Write};
use latido_protocol::time::Timestamp;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::{
    fake_server::wrong_field,
    settle,
    test_app::{TestApp, eaten, en},
};
use crate::{
    browser::{clock, random_key},
    data::{
        mutations::Refused,
        queries::{
            draft::Draft,
            record::{AnyRecord, RecordKind},
        },
    },
    shell::outbox::{OutboxStatus, RefusedWrites},
};

const CREATE: &str = "POST /food-logs";
const STATUS: &str = "[data-testid=outbox-status]";
const NOTE: &str = "[data-testid=refused-write]";
const AGAIN: &str = "[data-testid=write-again]";
const DISCARD: &str = "[data-testid=dismiss-write]";
const LATER: u32 = 1_100;

fn arepa() -> AnyRecord {
    AnyRecord::Food(eaten("Arepa", 250.0, clock::wall()))
}

fn draft() -> Draft {
    arepa().copy()
}

/// What the header and the page say of writes.
async fn shown(app: &mut TestApp) {
    app.show(|| view! { <OutboxStatus/> <RefusedWrites/> }.into_any()).await;
}

/// The same, and what is written is sent.
async fn sending() -> TestApp {
    let mut app = TestApp::for_a("user").await;
    // One of their own, for whom nothing is stored.
    app.writes.start(random_key());
    shown(&mut app).await;
    app
}

fn refused(write: Write<Draft, RecordKind>, refusal: Refusal) -> Refused {
    let (key, queued_at) = (random_key(), Timestamp::EPOCH);
    Entry {
        key,
        number: 1,
        queued_at,
        write,
        sent: true,
        accepted: false,
        state: EntryState::Refused(refusal),
    }
}

/// The page as it is when these were refused before.
async fn after(mut entries: Vec<Refused>) -> TestApp {
    let mut app = TestApp::new();
    for (number, entry) in (1..).zip(&mut entries) {
        entry.number = number;
    }
    app.queries.outbox().borrow_mut().load(entries);
    // Whatever is done with the outbox, it is looked at then.
    app.writes.dismiss("none of them");
    shown(&mut app).await;
    app
}

fn create() -> Write<Draft, RecordKind> {
    Write::Create { id: "local-1".to_owned(), draft: draft() }
}

fn edit() -> Write<Draft, RecordKind> {
    Write::Edit { id: "f1".to_owned(), version: 1, draft: draft() }
}

#[wasm_bindgen_test]
async fn counts_waiting_writes_after_grace_period() {
    let mut app = TestApp::new();
    shown(&mut app).await;
    app.writes.create(draft()).unwrap();
    settle(300).await;
    assert_eq!(app.count(STATUS), 0, "waiting is normal");
    settle(LATER).await;
    assert_eq!(
        (app.text(STATUS), app.attribute(STATUS, "data-count")),
        ((en().strings.waiting)("1"), "1".into())
    );
    app.writes.create(draft()).unwrap();
    settle(30).await;
    assert_eq!(
        (app.text(STATUS), app.attribute(STATUS, "data-count")),
        ((en().strings.waiting)("2"), "2".into())
    );
    assert_eq!(app.count(NOTE), 0);
    app.writes.stop();
    settle(30).await;
    assert_eq!(app.count(STATUS), 0);
}

#[wasm_bindgen_test]
async fn quick_write_never_shows_as_waiting() {
    let app = sending().await;
    app.server.says(
        CREATE,
        201,
        &serde_json::json!({ "foodLog": eaten("Arepa", 250.0, clock::wall()) }).to_string(),
    );
    app.writes.create(draft()).unwrap();
    settle(LATER).await;
    assert_eq!((app.server.asked(CREATE).len(), app.writes.waiting().get_untracked()), (1, 0));
    assert_eq!((app.count(STATUS), app.count(NOTE)), (0, 0));
}

#[wasm_bindgen_test]
async fn slow_write_waits_and_is_sent_once() {
    let app = sending().await;
    app.server.hesitates(CREATE);
    app.writes.create(draft()).unwrap();
    settle(LATER + 100).await;
    assert_eq!(app.text(STATUS), (en().strings.waiting)("1"));
    app.server.says(
        CREATE,
        201,
        &serde_json::json!({ "foodLog": eaten("Arepa", 250.0, clock::wall()) }).to_string(),
    );
    settle(100).await;
    assert_eq!((app.server.asked(CREATE).len(), app.count(STATUS)), (1, 0));
}

#[wasm_bindgen_test]
async fn refusal_shows_record_reason_and_kept_input() {
    let deferred = en().deferred();
    for (refusal, why) in [
        (Refusal::Conflict, deferred.refused_conflict.to_owned()),
        (Refusal::Gone, deferred.refused_gone.to_owned()),
        (Refusal::TooOld, deferred.refused_too_old.to_owned()),
        (Refusal::WaitedForRefused, deferred.refused_with_other.to_owned()),
        (Refusal::Said("no such meal".to_owned()), (deferred.refused_said)("no such meal")),
    ] {
        for write in [create(), edit()] {
            let app = after(vec![refused(write, refusal.clone())]).await;
            assert_eq!(app.text(&format!("{NOTE} span")), format!("Arepa: {why} {}", deferred.typed_is_kept));
            assert_eq!(app.attribute(NOTE, "role"), "alert");
            assert_eq!(
                (app.text(AGAIN), app.text(DISCARD)),
                (deferred.edit_again.into(), deferred.discard.into())
            );
        }
    }
}

#[wasm_bindgen_test]
async fn refused_deletion_has_no_edit_button() {
    let deferred = en().deferred();
    let deletion = Write::Delete { id: "f1".to_owned(), kind: RecordKind::Food };
    let app = after(vec![refused(deletion, Refusal::Said("locked".to_owned()))]).await;
    let said =
        format!("{} {} {}", deferred.a_deletion, (deferred.refused_said)("locked"), deferred.nothing_deleted);
    assert_eq!(app.text(&format!("{NOTE} span")), said);
    assert_eq!((app.count(AGAIN), app.count(DISCARD)), (0, 1));
}

#[wasm_bindgen_test]
async fn each_is_discarded_by_itself() {
    let other = Write::Create {
        id: "local-2".to_owned(),
        draft: AnyRecord::Food(eaten("Sopa", 180.0, clock::wall())).copy(),
    };
    let app = after(vec![refused(create(), Refusal::TooOld), refused(other, Refusal::TooOld)]).await;
    assert_eq!(app.texts(&format!("{NOTE} strong")), ["Arepa:", "Sopa:"]);
    let label = |button: &Element| button.get_attribute("aria-label");
    let labels: Vec<_> = app.all(&format!("{NOTE} button")).iter().filter_map(label).collect();
    assert_eq!(labels, ["Review Arepa", "Discard Arepa", "Review Sopa", "Discard Sopa"]);
    app.click(DISCARD).await;
    assert_eq!(app.texts(&format!("{NOTE} strong")), ["Sopa:"]);
    app.click(DISCARD).await;
    assert_eq!((app.count(NOTE), app.count("dialog")), (0, 0));
}

#[wasm_bindgen_test]
async fn refused_write_is_edited_and_resent() {
    let app = sending().await;
    app.server.refuses(CREATE, &wrong_field("calories", "must be honest"));
    app.writes.create(draft()).unwrap();
    settle(150).await;
    assert_eq!(app.count(NOTE), 1);
    app.click(AGAIN).await;
    assert_eq!(app.count("dialog[open] form"), 1);
    assert_eq!((app.value("[name=name]"), app.value("[name=calories]")), ("Arepa".into(), "250".into()));
    assert_eq!(app.text("[data-error-for=calories]"), "must be honest");

    app.type_into("[name=calories]", "310").await;
    app.server.says(
        CREATE,
        201,
        &serde_json::json!({ "foodLog": eaten("Arepa", 310.0, clock::wall()) }).to_string(),
    );
    app.click("dialog [type=submit]").await;
    settle(150).await;
    assert_eq!((app.count(NOTE), app.count("dialog[open]")), (0, 0));
    let sent = app.server.asked(CREATE);
    let last: serde_json::Value = serde_json::from_str(&sent.last().unwrap().body).unwrap();
    assert_eq!((sent.len(), last["calories"].as_f64()), (2, Some(310.0)));
    assert!(app.writes.refused().get_untracked().is_empty());
}

#[wasm_bindgen_test]
async fn closing_the_form_keeps_the_refusal() {
    let app = after(vec![refused(create(), Refusal::TooOld)]).await;
    app.click(AGAIN).await;
    assert_eq!(app.count("dialog[open] form"), 1);
    app.click("dialog .form-end [type=button]").await;
    assert_eq!((app.count("dialog[open]"), app.count(NOTE)), (0, 1));
}

#[wasm_bindgen_test]
async fn conflicting_edit_overwrites_after_review() {
    let app = sending().await;
    let before = eaten("Arepa", 250.0, clock::wall());
    let (address, id) = (format!("/food-logs/{}", before.id.as_str()), before.id.clone());
    let (get, patch) = (format!("GET {address}"), format!("PATCH {address}"));
    let theirs =
        latido_protocol::food::FoodLog { version: 5, ..eaten("Arepa de Ana", 200.0, before.logged_at) };
    let theirs = latido_protocol::food::FoodLog { id, ..theirs };
    app.server.refuses(&patch, &super::fake_server::problem(412, "changed"));
    app.server.says(&get, 200, &serde_json::json!({ "foodLog": theirs }).to_string());
    let mine = AnyRecord::Food(eaten("Arepa con queso", 400.0, before.logged_at)).copy();
    app.writes.edit(&AnyRecord::Food(before), mine).unwrap();
    settle(200).await;
    assert!(app.text(NOTE).contains(en().deferred().refused_conflict), "{}", app.text(NOTE));

    app.click(AGAIN).await;
    assert_eq!(app.value("[name=name]"), "Arepa con queso", "it is what was typed that counts");
    app.click("dialog [type=submit]").await;
    settle(150).await;
    let versions: Vec<_> = app.server.asked(&patch).into_iter().map(|asked| asked.version).collect();
    assert_eq!(versions, [Some("\"1\"".to_owned()), Some("\"5\"".to_owned())]);
}

const LIST: &str = "GET /food-logs";
const PROBLEM: &str = ".refused .note.warn";
const PAGE: &str = "<!doctype html><title>Blocked</title>";

/// Waits until it is so, and fails if it never is.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..250 {
        if is_so() {
            return;
        }
        settle(50).await;
    }
    panic!("never: {what}");
}

fn created() -> String {
    serde_json::json!({ "foodLog": eaten("Arepa", 250.0, clock::wall()) }).to_string()
}

#[wasm_bindgen_test]
async fn creation_without_record_is_looked_up() {
    let app = sending().await;
    let record = eaten("Arepa", 250.0, clock::wall());
    app.server.says(LIST, 200, &super::test_app::foods(&[], None));
    app.server.says(CREATE, 204, "");
    app.writes.create(AnyRecord::Food(record.clone()).copy()).unwrap();
    until("it was looked for", || app.server.asked(LIST).len() > 1).await;
    assert_eq!((app.server.asked(CREATE).len(), app.writes.waiting().get_untracked()), (1, 1));
    app.server.says(LIST, 200, &super::test_app::foods(&[record], None));
    until("it was found", || app.writes.waiting().get_untracked() == 0).await;
    assert_eq!((app.server.asked(CREATE).len(), app.count(NOTE)), (1, 0));
}

#[wasm_bindgen_test]
async fn intercepted_response_is_not_a_refusal() {
    for status in [200, 403, 413] {
        let app = sending().await;
        app.server.says(CREATE, status, PAGE);
        app.writes.create(draft()).unwrap();
        until("it was said", || app.count(PROBLEM) == 1).await;
        assert_eq!(app.text(PROBLEM), (en().deferred().intercepted)(status));
        assert_eq!((app.writes.waiting().get_untracked(), app.count(NOTE)), (1, 0), "{status}");
        app.server.says(CREATE, 201, &created());
        app.writes.wake();
        until("it was sent", || app.writes.waiting().get_untracked() == 0).await;
        until("nothing is said any more", || app.count(PROBLEM) == 0).await;
    }
}

#[wasm_bindgen_test]
async fn missing_collection_is_not_a_deletion() {
    let app = sending().await;
    app.server.says(CREATE, 404, PAGE);
    app.server.says(LIST, 404, PAGE);
    app.writes.create(draft()).unwrap();
    until("it was refused", || app.count(NOTE) == 1).await;
    let deferred = en().deferred();
    let said = format!("Arepa: {} {}", deferred.refused_no_route, deferred.typed_is_kept);
    assert_eq!(app.text(&format!("{NOTE} span")), said);
}

#[wasm_bindgen_test]
async fn missing_edit_route_is_not_a_deletion() {
    for (listed, refusal) in [(true, Refusal::NoRoute), (false, Refusal::Gone)] {
        let app = sending().await;
        let record = eaten("Arepa", 250.0, clock::wall());
        let rows = if listed { vec![record.clone()] } else { Vec::new() };
        app.server.says(LIST, 200, &super::test_app::foods(&rows, None));
        app.server.says(&format!("PATCH /food-logs/{}", record.id.as_str()), 404, PAGE);
        app.writes.edit(&AnyRecord::Food(record), draft()).unwrap();
        until("it was refused", || app.count(NOTE) == 1).await;
        let refused = app.writes.refused().get_untracked();
        assert_eq!(refused[0].state, EntryState::Refused(refusal));
    }
}

/// Loads the outbox's script anew, after `before` has changed what it finds in the browser.
fn load_script_after(before: &str) {
    js_sys::eval(&format!("{before};{}", include_str!("../../public/outbox.js"))).unwrap();
}

async fn sends_and_says(breaks: &str, mends: &str, said: Option<&str>) {
    load_script_after(breaks);
    let app = sending().await;
    app.server.is_away(CREATE);
    app.writes.create(draft()).unwrap();
    if let Some(said) = said {
        until("it was said", || app.count(PROBLEM) == 1).await;
        assert_eq!(app.text(PROBLEM), said);
    }
    app.server.says(CREATE, 201, &created());
    app.writes.wake();
    until("it was sent", || app.writes.waiting().get_untracked() == 0).await;
    drop(app);
    load_script_after(mends);
}

#[wasm_bindgen_test]
async fn hanging_storage_is_reported_and_skipped() {
    sends_and_says(
        "window.realOpen = IDBFactory.prototype.open; IDBFactory.prototype.open = () => new EventTarget()",
        "IDBFactory.prototype.open = window.realOpen",
        Some(en().deferred().not_kept_away),
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_full_storage_is_said_on_the_page() {
    sends_and_says(
        "window.realPut = IDBObjectStore.prototype.put;
         IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); }",
        "IDBObjectStore.prototype.put = window.realPut",
        Some(en().deferred().not_kept_full),
    )
    .await;
}

#[wasm_bindgen_test]
async fn hanging_lock_is_skipped() {
    sends_and_says(
        "Object.defineProperty(navigator, 'locks', { configurable: true, value:
         { request: () => new Promise(() => {}), query: () => new Promise(() => {}) } })",
        "delete navigator.locks",
        None,
    )
    .await;
}

#[wasm_bindgen_test]
async fn broken_channel_is_skipped() {
    sends_and_says(
        "window.RealChannel = BroadcastChannel;
         window.BroadcastChannel = class { constructor() { throw new Error('no channel'); } }",
        "window.BroadcastChannel = window.RealChannel",
        None,
    )
    .await;
}

#[wasm_bindgen_test]
async fn silent_channel_still_hands_over_the_lock() {
    let script = include_str!("../../public/outbox.js");
    let quick = script.replace("LOOK_MS = 15000", "LOOK_MS = 200");
    assert_ne!(quick, script);
    js_sys::eval(&format!(
        "window.RealChannel = BroadcastChannel;
         window.BroadcastChannel = class {{ postMessage() {{}} close() {{}} }};
         {quick};
         window.heardWords = [];
         latidoOutbox.listen('silent', (word) => heardWords.push(word));
         latidoOutbox.lock('silent').then((release) => {{
             window.releaseLock = release;
             navigator.locks.request('latido.outbox.silent', () => heardWords.push('handed over'));
         }})"
    ))
    .unwrap();
    let heard = || js_sys::eval("heardWords.join(' ')").unwrap().as_string().unwrap();
    until("the holder knows", || heard().contains("changed wanted")).await;
    js_sys::eval("releaseLock()").unwrap();
    until("the other has it", || heard().ends_with("handed over")).await;
    load_script_after("window.BroadcastChannel = window.RealChannel");
}
