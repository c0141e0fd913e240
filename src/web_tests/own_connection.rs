use latido_connection::{GaveUp, Trouble};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle,
    sockets::{Connection, Sockets, connected},
    test_app::{TestApp, en},
};
use crate::{
    features::connections::{Connections, strings::strings},
    log::{self, Level},
};

const STATE: &str = ".own-state .state";
const HINT: &str = ".own-state > .quiet";
const RETRY: &str = ".own-state button";
const PAST: &str = "[data-testid=history] .past-row";
const COPY: &str = "[data-testid=copy-report]";
const LEVEL: &str = "[data-testid=log-level]";

async fn page(timing: &str) -> (TestApp, Sockets) {
    let dials = Connection::Dials { timing: timing.to_owned() };
    connected(TestApp::for_a("user").await, dials, || view! { <Connections/> }.into_any()).await
}

async fn end(app: TestApp) {
    app.api.session().end();
    settle(30).await;
}

fn expect(app: &TestApp, state: &str, words: &str, can_retry: bool) {
    assert_eq!((app.attribute(STATE, "data-state").as_str(), app.text(STATE).as_str()), (state, words));
    assert_eq!(app.count(RETRY), usize::from(can_retry), "while {state}");
}

#[wasm_bindgen_test]
async fn history_lists_states_with_reason_and_duration() {
    let (app, sockets) = page("initialReconnectDelay=60000 maxReconnectDelay=60000").await;
    expect(&app, "connecting", en().strings.connecting, false);
    sockets.greet();
    settle(60).await;
    expect(&app, "live", en().strings.live, false);
    assert!(app.text(HINT).starts_with(en().deferred().live_since), "{}", app.text(HINT));
    sockets.close(1006);
    settle(60).await;
    // Here nobody is spared a blink.
    assert_eq!(app.attribute(STATE, "data-state"), "reconnecting");
    assert_eq!(app.count(RETRY), 1);
    let states: Vec<_> =
        app.all(&format!("{PAST} .state")).iter().filter_map(|row| row.get_attribute("data-state")).collect();
    assert_eq!(states, ["reconnecting", "live", "connecting"], "the newest first");
    let why = (en().deferred().trouble)(Trouble::Closed { code: 1006 });
    assert_eq!(app.texts(&format!("{PAST} > span.quiet")), [why.as_str(), "", ""]);
    let lasted: Vec<_> = app.texts(&format!("{PAST} small")).iter().map(String::is_empty).collect();
    assert_eq!(lasted, [true, false, false], "nobody knows how long the newest lasts");
    app.click(RETRY).await;
    assert_eq!(sockets.dialled(), 2);
    end(app).await;
}

#[wasm_bindgen_test]
async fn given_up_connection_shows_reason_and_retry() {
    let (app, sockets) = page("").await;
    sockets.close(4409);
    settle(60).await;
    expect(&app, "error", en().strings.disconnected, true);
    assert_eq!(app.text(HINT), (en().deferred().gave_up)(GaveUp::TooManyConnections));
    app.click(RETRY).await;
    expect(&app, "connecting", en().strings.connecting, false);
    end(app).await;
}

#[wasm_bindgen_test]
async fn shows_text_instead_of_empty_chart() {
    let (app, _sockets) = page("").await;
    assert_eq!(app.text(".none-yet"), strings(en()).no_round_trips);
    assert_eq!(app.count(".sparkline"), 0);
    end(app).await;
}

/// What the browser does when it is asked to copy.
async fn copied(clipboard: &str) -> String {
    let define = |value: &str| {
        js_sys::eval(&format!(
            "Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {value} }})"
        ))
        .unwrap();
    };
    let (app, _sockets) = page("").await;
    assert_eq!(app.text(".diagnosis-copy [role=status]"), "");
    define(clipboard);
    app.click(COPY).await;
    js_sys::eval("delete navigator.clipboard").unwrap();
    let said = app.text(".diagnosis-copy [role=status]");
    end(app).await;
    said
}

#[wasm_bindgen_test]
async fn announces_whether_report_was_copied() {
    let takes = "{ writeText: async (text) => { window.handedOver = text; } }";
    assert_eq!(copied(takes).await, strings(en()).copied);
    let report = js_sys::eval("handedOver").unwrap().as_string().unwrap();
    assert!(report.contains("state: connecting"), "{report}");
    let refuses = "{ writeText: async () => { throw new Error('no'); } }";
    for unwilling in [refuses, "undefined"] {
        assert_eq!(copied(unwilling).await, strings(en()).not_copied, "{unwilling}");
    }
}

#[wasm_bindgen_test]
async fn log_level_follows_page_and_console() {
    let (app, _sockets) = page("").await;
    assert_eq!(app.texts(&format!("{LEVEL} option")), strings(en()).levels);
    assert_eq!(app.value(LEVEL), "0");
    app.choose(LEVEL, "2").await;
    assert_eq!(log::level(), Level::Debug);
    js_sys::eval("enableWebSocketLogs()").unwrap();
    settle(1_100).await;
    assert_eq!(app.value(LEVEL), "1", "somebody has said so in the console");
    log::choose(Level::Quiet);
    end(app).await;
}
