use latido_connection::{GaveUp, Trouble};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en},
    settle,
    sockets::{Connection, Sockets, connected},
};
use crate::{
    pages::connections::{Connections, strings::strings},
    realtime::console::{self, Level},
};

const STATE: &str = ".own-state .state";
const HINT: &str = ".own-state > .quiet";
const RETRY: &str = ".own-state button";
const PAST: &str = "[data-testid=history] .past-row";
const COPY: &str = "[data-testid=copy-report]";
const LEVEL: &str = "[data-testid=log-level]";

async fn page(timing: &str) -> (House, Sockets) {
    let dials = Connection::Dials { timing: timing.to_owned() };
    connected(House::for_a("user").await, dials, || view! { <Connections/> }.into_any()).await
}

async fn end(house: House) {
    house.api.session().end();
    settle(30).await;
}

fn expect(house: &House, state: &str, words: &str, can_retry: bool) {
    assert_eq!((house.attribute(STATE, "data-state").as_str(), house.text(STATE).as_str()), (state, words));
    assert_eq!(house.count(RETRY), usize::from(can_retry), "while {state}");
}

#[wasm_bindgen_test]
async fn what_the_connection_has_been_through_is_told_with_why_and_how_long() {
    let (house, sockets) = page("initialReconnectDelay=60000 maxReconnectDelay=60000").await;
    expect(&house, "connecting", en().strings.connecting, false);
    sockets.greet();
    settle(60).await;
    expect(&house, "live", en().strings.live, false);
    assert!(house.text(HINT).starts_with(en().later().live_since), "{}", house.text(HINT));
    sockets.close(1006);
    settle(60).await;
    // Here nobody is spared a blink.
    assert_eq!(house.attribute(STATE, "data-state"), "reconnecting");
    assert_eq!(house.count(RETRY), 1);
    let states: Vec<_> = house
        .all(&format!("{PAST} .state"))
        .iter()
        .filter_map(|row| row.get_attribute("data-state"))
        .collect();
    assert_eq!(states, ["reconnecting", "live", "connecting"], "the newest first");
    let why = (en().later().trouble)(Trouble::Closed { code: 1006 });
    assert_eq!(house.texts(&format!("{PAST} > span.quiet")), [why.as_str(), "", ""]);
    let lasted: Vec<_> = house.texts(&format!("{PAST} small")).iter().map(String::is_empty).collect();
    assert_eq!(lasted, [true, false, false], "nobody knows how long the newest lasts");
    house.click(RETRY).await;
    assert_eq!(sockets.dialled(), 2);
    end(house).await;
}

#[wasm_bindgen_test]
async fn a_connection_that_gave_up_says_why_and_can_be_tried_again() {
    let (house, sockets) = page("").await;
    sockets.close(4409);
    settle(60).await;
    expect(&house, "error", en().strings.disconnected, true);
    assert_eq!(house.text(HINT), (en().later().gave_up)(GaveUp::TooManyConnections));
    house.click(RETRY).await;
    expect(&house, "connecting", en().strings.connecting, false);
    end(house).await;
}

#[wasm_bindgen_test]
async fn before_anything_was_measured_it_says_so_instead_of_drawing() {
    let (house, _sockets) = page("").await;
    assert_eq!(house.text(".none-yet"), strings(en()).no_round_trips);
    assert_eq!(house.count(".sparkline"), 0);
    end(house).await;
}

/// What the browser does when it is asked to copy.
async fn copied(clipboard: &str) -> String {
    let define = |value: &str| {
        js_sys::eval(&format!(
            "Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {value} }})"
        ))
        .unwrap();
    };
    let (house, _sockets) = page("").await;
    assert_eq!(house.text(".diagnosis-copy [role=status]"), "");
    define(clipboard);
    house.click(COPY).await;
    js_sys::eval("delete navigator.clipboard").unwrap();
    let said = house.text(".diagnosis-copy [role=status]");
    end(house).await;
    said
}

#[wasm_bindgen_test]
async fn a_report_that_was_copied_is_told_and_one_that_was_not_too() {
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
async fn how_much_the_console_is_told_is_chosen_here_or_there() {
    let (house, _sockets) = page("").await;
    assert_eq!(house.texts(&format!("{LEVEL} option")), strings(en()).levels);
    assert_eq!(house.value(LEVEL), "0");
    house.choose(LEVEL, "2").await;
    assert_eq!(console::level(), Level::Debug);
    js_sys::eval("enableWebSocketLogs()").unwrap();
    settle(1_100).await;
    assert_eq!(house.value(LEVEL), "1", "somebody has said so in the console");
    console::choose(Level::Quiet);
    end(house).await;
}
