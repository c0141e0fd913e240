use latido_replica::refetch::COALESCE_MS;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en},
    server::{problem, wrong_field},
    settle,
    sockets::{Connection, Sockets, connected},
};
use crate::{
    api::error::ApiError,
    pages::connections::{
        Connections,
        card::Deed,
        strings::{Strings, strings},
    },
};

const LIST: &str = "GET /websocket";
const ADD: &str = "POST /websocket";
const ROW: &str = "[data-testid=link-row]";
const SAID: &str = "[data-testid=link-row] .outcome";
const FAILED: &str = "[data-testid=link-row] > [role=alert]";
const SAVE: &str = "[data-testid=link-form] [type=submit]";

fn said() -> &'static Strings {
    strings(en())
}

fn link(id: &str, status: &str) -> serde_json::Value {
    serde_json::json!({
        "id": id, "type": "SHELLY", "referenceId": format!("Box {id}"), "status": status, "autoReconnect": true,
        "updatedAt": "2026-11-21T08:00:00.000Z",
    })
}

fn list(links: &[serde_json::Value]) -> String {
    serde_json::json!({ "connections": links }).to_string()
}

/// An admin's page. Nothing but the list is there to be asked for.
async fn page(links: &[serde_json::Value]) -> (House, Sockets) {
    let house = House::for_a("admin").await;
    house.server.says(LIST, 200, &list(links));
    connected(house, Connection::None, || view! { <Connections/> }.into_any()).await
}

#[wasm_bindgen_test]
async fn an_admin_has_both_sides_and_begins_with_the_servers() {
    let (house, _sockets) = page(&[]).await;
    assert_eq!(house.texts(".which button"), [said().of_the_server, said().this_browser]);
    assert_eq!(
        (house.count("[data-testid=no-permission]"), house.count("[data-testid=own-connection]")),
        (0, 0)
    );
    house.click(".which button:last-child").await;
    assert_eq!((house.count("[data-testid=link-list]"), house.count("[data-testid=own-connection]")), (0, 1));
    assert_eq!(house.attribute(".which button:last-child", "aria-pressed"), "true");
}

#[wasm_bindgen_test]
async fn before_the_answer_there_are_shapes_and_dashes_and_then_what_there_is() {
    let house = House::for_a("admin").await;
    house.server.hesitates(LIST);
    let (house, _sockets) = connected(house, Connection::None, || view! { <Connections/> }.into_any()).await;
    assert_eq!((house.count(".skeleton"), house.count(".no-links"), house.count(ROW)), (1, 0, 0));
    assert!(house.texts("[data-testid=link-figures] dd").iter().all(|figure| figure == "–"));
    house.server.says(LIST, 200, &list(&[]));
    settle(60).await;
    assert_eq!(house.texts(".no-links p"), [said().empty, said().empty_hint]);
    assert_eq!(house.count(".connections > .skeleton"), 0);
}

#[wasm_bindgen_test]
async fn an_answer_that_cannot_be_read_is_no_wait_without_an_end() {
    // The log below has one of its own.
    const NOTE: &str = ".connections > [data-testid=stale]";
    let (house, _sockets) = page(&[link("1", "levitating")]).await;
    let why = (en().strings.error)(&ApiError::Unreadable);
    assert!(house.text(NOTE).contains(&why), "{}", house.text(NOTE));
    house.server.says(LIST, 200, &list(&[link("1", "connected")]));
    house.click(&format!("{NOTE} button")).await;
    // Two fetches that somebody asks for are never closer than this.
    settle(COALESCE_MS as u32).await;
    assert_eq!((house.count(NOTE), house.count(ROW)), (0, 1));
}

#[wasm_bindgen_test]
async fn only_what_would_change_something_is_offered() {
    let rests = [Deed::Start];
    let runs = [Deed::Stop, Deed::Restart];
    for (status, offered) in
        [("disconnected", &rests[..]), ("error", &rests), ("connected", &runs), ("reconnecting", &runs)]
    {
        let (house, _sockets) = page(&[link("1", status)]).await;
        assert_eq!(house.attribute(ROW, "data-status"), status);
        let words = offered.iter().map(|deed| match deed {
            Deed::Start => said().start,
            Deed::Stop => said().stop,
            Deed::Restart | Deed::Toggle | Deed::Remove => said().restart,
        });
        assert_eq!(house.texts(".link-actions .button"), words.collect::<Vec<_>>(), "while {status}");
    }
}

#[wasm_bindgen_test]
async fn what_is_done_is_said_meanwhile_and_afterwards_and_nothing_else_can_be_done() {
    let (house, _sockets) = page(&[link("1", "connected")]).await;
    assert_eq!((house.text(SAID), house.text(FAILED)), (String::new(), String::new()));
    house.server.hesitates("POST /websocket/1/stop");
    house.click("[data-testid=stop]").await;
    assert_eq!(house.text(SAID), (said().doing)(Deed::Stop));
    assert_eq!(house.attribute(ROW, "aria-busy"), "true");
    assert!(
        house.is_disabled("[data-testid=restart]") && house.is_disabled("[data-testid=toggle-reconnect]")
    );
    house.server.says("POST /websocket/1/stop", 200, "{}");
    settle(60).await;
    assert_eq!((house.text(SAID), house.text(FAILED)), ((said().done)(Deed::Stop).to_owned(), String::new()));
    assert_eq!(house.attribute(ROW, "aria-busy"), "false");
}

#[wasm_bindgen_test]
async fn what_fails_says_why_and_stays_until_it_is_tried_again() {
    let (house, _sockets) = page(&[link("1", "error")]).await;
    let broken = problem(503, "the box is off");
    house.server.refuses("POST /websocket/1/start", &broken);
    house.click("[data-testid=start]").await;
    assert_eq!(house.text(FAILED), (said().not_done)(&(en().strings.error)(&ApiError::Refused(broken))));
    assert_eq!(house.text(SAID), "");
    house.server.hesitates("POST /websocket/1/start");
    house.click("[data-testid=start]").await;
    assert_eq!(
        (house.text(FAILED), house.text(SAID)),
        (String::new(), (said().doing)(Deed::Start).to_owned())
    );
}

#[wasm_bindgen_test]
async fn one_is_removed_after_a_second_word_only() {
    let (house, _sockets) = page(&[link("1", "connected"), link("2", "connected")]).await;
    house.server.says("DELETE /websocket/1", 204, "");
    house.click("[data-id='1'] [data-testid=remove]").await;
    assert_eq!(house.text(".link-confirm span"), said().really_remove);
    house.click(".link-confirm button:last-child").await;
    assert_eq!((house.count(".link-confirm"), house.count(ROW)), (0, 2));
    house.click("[data-id='1'] [data-testid=remove]").await;
    house.click("[data-testid=confirm-remove]").await;
    assert_eq!(house.texts(&format!("{ROW} h3")), ["Box 2"]);
    assert_eq!(house.server.asked("DELETE /websocket/1").len(), 1);
}

async fn adding() -> (House, Sockets) {
    let (house, sockets) = page(&[]).await;
    house.click("[data-testid=add-link]").await;
    assert_eq!(house.count("dialog[open] form"), 1);
    (house, sockets)
}

async fn fill_in(house: &House) {
    house.type_into("[name=referenceId]", "Box 3").await;
    house.type_into("[name='metadata/url']", "http://box").await;
}

#[wasm_bindgen_test]
async fn one_without_a_name_or_an_address_is_not_added() {
    let (house, _sockets) = adding().await;
    house.click(SAVE).await;
    for name in ["referenceId", "metadata/url"] {
        assert_ne!(house.text(&format!("[data-error-for='{name}']")), "", "{name}");
    }
    assert!(house.server.asked(ADD).is_empty());
    assert!(house.has_focus("[name=referenceId]"), "the keyboard is where something is to be mended");
}

#[wasm_bindgen_test]
async fn what_the_server_says_of_a_field_stands_there_and_what_else_it_says_below() {
    let (house, _sockets) = adding().await;
    fill_in(&house).await;
    house.server.refuses(ADD, &wrong_field("metadata/url", "must be reachable"));
    house.click(SAVE).await;
    assert_eq!(house.text("[data-error-for='metadata/url']"), "must be reachable");
    assert!(house.one("dialog .note.error").hidden());
    house.server.is_away(ADD);
    house.click(SAVE).await;
    let why = (said().not_added)(&(en().strings.error)(&ApiError::Unreachable));
    assert_eq!((house.text("dialog .note.error"), house.one("dialog .note.error").hidden()), (why, false));
    assert_eq!(house.value("[name=referenceId]"), "Box 3", "what was typed is there");
    assert_eq!(house.text("[data-error-for='metadata/url']"), "");
}

#[wasm_bindgen_test]
async fn one_that_is_added_is_in_the_list_and_the_dialog_is_closed() {
    let (house, _sockets) = adding().await;
    fill_in(&house).await;
    house.server.hesitates(ADD);
    house.click(SAVE).await;
    assert!(house.is_disabled(SAVE), "it is under way");
    house.server.says(ADD, 201, &serde_json::json!({ "connection": link("3", "reconnecting") }).to_string());
    settle(60).await;
    assert_eq!(
        (house.count("dialog[open]"), house.texts(&format!("{ROW} h3"))),
        (0, vec!["Box 3".to_owned()])
    );
}
