use latido_replica::refetch::COALESCE_MS;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en},
    server::problem,
    settle,
    sockets::{Connection, Sockets, connected},
};
use crate::{
    api::error::ApiError,
    pages::connections::{
        Connections,
        strings::{Strings, strings},
    },
};

const LOG: &str = "GET /websocket/logs";
const EXPORT: &str = "GET /websocket/logs/export";
const ROW: &str = "[data-testid=log-row]";
const EMPTY: &str = ".log .empty p";
const FOLLOW: &str = "[data-testid=follow]";
const OLDER: &str = "[data-testid=older]";
const SEARCH: &str = "[name=log-search]";

fn said() -> &'static Strings {
    strings(en())
}

/// A row of the only link, in the order of their numbers.
fn row(number: u8, message: &str) -> serde_json::Value {
    serde_json::json!({
        "id": format!("{number:03}"), "connectionId": "1", "eventType": "error", "message": message,
        "responseTime": 40 + number, "metadata": { "ip": "10.0.0.7" },
        "createdAt": format!("2026-11-21T08:00:{number:02}.000Z"),
    })
}

fn page_of(rows: &[serde_json::Value], next: Option<&str>) -> String {
    serde_json::json!({ "logs": rows, "nextCursor": next }).to_string()
}

/// An admin's page with one link, and this in its log.
async fn page(rows: &[serde_json::Value], next: Option<&str>) -> (House, Sockets) {
    let house = House::for_a("admin").await;
    let link = serde_json::json!({
        "id": "1", "type": "SHELLY", "referenceId": "Box", "status": "connected", "autoReconnect": true,
        "updatedAt": "2026-11-21T08:00:00.000Z",
    });
    house.server.says("GET /websocket", 200, &serde_json::json!({ "connections": [link] }).to_string());
    house.server.says(LOG, 200, &page_of(rows, next));
    connected(house, Connection::None, || view! { <Connections/> }.into_any()).await
}

#[wasm_bindgen_test]
async fn an_empty_log_says_that_it_is_and_what_will_be_there() {
    let (house, _sockets) = page(&[], None).await;
    assert_eq!(house.texts(EMPTY), [said().no_rows, said().no_rows_hint]);
    assert_eq!((house.count(ROW), house.count(OLDER)), (0, 0));
}

#[wasm_bindgen_test]
async fn a_row_says_what_happened_where_and_how_long_it_took() {
    let (house, _sockets) = page(&[row(2, "The connection broke."), row(1, "Something else.")], None).await;
    let rows = house.texts(ROW);
    assert_eq!((rows.len(), house.count(EMPTY)), (2, 0));
    for part in ["Box", "The connection broke.", "42 ms", &(said().from_address)("10.0.0.7")] {
        assert!(rows[0].contains(part), "{part} is missing in {}", rows[0]);
    }
    house.choose("[name=log-kind]", "connect").await;
    let asked = house.server.asked(LOG).pop().unwrap();
    assert!(asked.query.contains("eventType=connect"), "{}", asked.query);
}

#[wasm_bindgen_test]
async fn a_search_without_a_result_says_what_was_searched() {
    let (house, _sockets) = page(&[row(2, "The connection broke."), row(1, "Something else.")], None).await;
    house.type_into(SEARCH, "ELSE").await;
    assert_eq!(house.count(ROW), 1);
    house.type_into(SEARCH, "nowhere").await;
    assert_eq!(house.texts(EMPTY), [said().none_match.to_owned(), (said().none_match_hint)(2)]);
    house.type_into(SEARCH, "").await;
    assert_eq!((house.count(ROW), house.count(EMPTY)), (2, 0));
}

#[wasm_bindgen_test]
async fn while_it_is_paused_new_rows_are_counted_and_wait() {
    let (house, _sockets) = page(&[row(1, "One.")], None).await;
    assert_eq!(
        (house.text(FOLLOW).as_str(), house.attribute(FOLLOW, "data-paused").as_str()),
        (said().pause, "false")
    );
    house.click(FOLLOW).await;
    assert_eq!(house.text(FOLLOW), (said().resume)(0));
    house.server.says(LOG, 200, &page_of(&[row(2, "Two."), row(1, "One.")], None));
    house.queries.refresh();
    settle(COALESCE_MS as u32 + 60).await;
    assert_eq!((house.count(ROW), house.text(FOLLOW)), (1, (said().resume)(1)));
    house.click(FOLLOW).await;
    assert_eq!((house.count(ROW), house.text(FOLLOW).as_str()), (2, said().pause));
}

#[wasm_bindgen_test]
async fn older_rows_come_when_they_are_asked_for_and_what_fails_takes_nothing_away() {
    let (house, _sockets) = page(&[row(9, "Nine.")], Some("below 9")).await;
    assert_eq!(house.text(OLDER), said().older);
    let broken = problem(503, "no disk");
    house.server.refuses(LOG, &broken);
    house.click(OLDER).await;
    let why = (said().older_failed)(&(en().strings.error)(&ApiError::Refused(broken)));
    assert_eq!((house.text(".log-older [role=alert]"), house.count(ROW)), (why, 1));
    house.server.hesitates(LOG);
    house.click(OLDER).await;
    assert_eq!((house.is_disabled(OLDER), house.text(OLDER).as_str()), (true, en().strings.loading));
    house.server.says(LOG, 200, &page_of(&[row(8, "Eight.")], None));
    settle(60).await;
    assert_eq!((house.count(ROW), house.count(OLDER)), (2, 0));
    let asked = house.server.asked(LOG).pop().unwrap();
    assert!(asked.query.contains("cursor=below%209"), "{}", asked.query);
}

#[wasm_bindgen_test]
async fn an_export_is_told_about_and_a_failed_one_says_why() {
    let (house, _sockets) = page(&[row(1, "One.")], None).await;
    let (csv, told) = ("[data-testid=export-csv]", ".exports [role=status]");
    house.server.hesitates(EXPORT);
    house.click(csv).await;
    assert_eq!((house.text(told).as_str(), house.is_disabled(csv)), (said().exporting, true));
    let broken = problem(503, "no disk");
    house.server.refuses(EXPORT, &broken);
    settle(60).await;
    let why = (said().not_exported)(&(en().strings.error)(&ApiError::Refused(broken)));
    assert_eq!((house.text(told), house.is_disabled(csv)), (why, false));
    house.server.says(EXPORT, 200, "id,message\n1,One.\n");
    house.click(csv).await;
    assert_eq!(house.text(told), said().exported);
    assert_eq!(house.server.asked(EXPORT).pop().unwrap().query, "format=csv");
}
