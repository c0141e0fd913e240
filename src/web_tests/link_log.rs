use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    fake_server::problem,
    settle,
    sockets::{Connection, Sockets, connected},
    test_app::{TestApp, en},
    until,
};
use crate::{
    api::error::ApiError,
    features::connections::{
        Connections,
        strings::{ConnectionsStrings, strings},
    },
    i18n::reasons,
};

const LOG: &str = "GET /websocket/logs";
const EXPORT: &str = "GET /websocket/logs/export";
const ROW: &str = "[data-testid=log-row]";
const EMPTY: &str = ".log .empty p";
const FOLLOW: &str = "[data-testid=follow]";
const OLDER: &str = "[data-testid=older]";
const SEARCH: &str = "[name=log-search]";

fn said() -> &'static ConnectionsStrings {
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
async fn page(rows: &[serde_json::Value], next: Option<&str>) -> (TestApp, Sockets) {
    let app = TestApp::for_a("admin").await;
    let link = serde_json::json!({
        "id": "1", "type": "SHELLY", "referenceId": "Box", "status": "connected", "autoReconnect": true,
        "createdAt": "2026-11-21T07:00:00.000Z", "updatedAt": "2026-11-21T08:00:00.000Z",
    });
    app.server.says("GET /websocket", 200, &serde_json::json!({ "connections": [link] }).to_string());
    app.server.says(LOG, 200, &page_of(rows, next));
    connected(app, Connection::None, || view! { <Connections/> }.into_any()).await
}

#[wasm_bindgen_test]
async fn empty_log_shows_hint() {
    let (app, _sockets) = page(&[], None).await;
    assert_eq!(app.texts(EMPTY), [said().no_rows, said().no_rows_hint]);
    assert_eq!((app.count(ROW), app.count(OLDER)), (0, 0));
}

#[wasm_bindgen_test]
async fn log_row_shows_event_link_and_duration() {
    let (app, _sockets) = page(&[row(2, "The connection broke."), row(1, "Something else.")], None).await;
    let rows = app.texts(ROW);
    assert_eq!((rows.len(), app.count(EMPTY)), (2, 0));
    for part in ["Box", "The connection broke.", "42 ms", &(said().from_address)("10.0.0.7")] {
        assert!(rows[0].contains(part), "{part} is missing in {}", rows[0]);
    }
    app.choose("[name=log-kind]", "connect").await;
    let asked = app.server.asked(LOG).pop().unwrap();
    assert!(asked.query.contains("eventType=connect"), "{}", asked.query);
}

#[wasm_bindgen_test]
async fn log_search_without_result_shows_query() {
    let (app, _sockets) = page(&[row(2, "The connection broke."), row(1, "Something else.")], None).await;
    app.type_into(SEARCH, "ELSE").await;
    assert_eq!(app.count(ROW), 1);
    app.type_into(SEARCH, "nowhere").await;
    assert_eq!(app.texts(EMPTY), [said().none_match.to_owned(), (said().none_match_hint)(2)]);
    app.type_into(SEARCH, "").await;
    assert_eq!((app.count(ROW), app.count(EMPTY)), (2, 0));
}

#[wasm_bindgen_test]
async fn paused_log_counts_waiting_rows() {
    let (app, _sockets) = page(&[row(1, "One.")], None).await;
    assert_eq!(
        (app.text(FOLLOW).as_str(), app.attribute(FOLLOW, "data-paused").as_str()),
        (said().pause, "false")
    );
    app.click(FOLLOW).await;
    assert_eq!(app.text(FOLLOW), (said().resume)(0));
    app.server.says(LOG, 200, &page_of(&[row(2, "Two."), row(1, "One.")], None));
    app.queries.refresh();
    until(|| app.text(FOLLOW) == (said().resume)(1)).await;
    assert_eq!((app.count(ROW), app.text(FOLLOW)), (1, (said().resume)(1)));
    app.click(FOLLOW).await;
    assert_eq!((app.count(ROW), app.text(FOLLOW).as_str()), (2, said().pause));
}

#[wasm_bindgen_test]
async fn failed_older_page_keeps_rows() {
    let (app, _sockets) = page(&[row(9, "Nine.")], Some("below 9")).await;
    assert_eq!(app.text(OLDER), said().older);
    let broken = problem(503, "no disk");
    app.server.refuses(LOG, &broken);
    app.click(OLDER).await;
    let why = (said().older_failed)(&reasons::error(en(), &ApiError::Refused(broken)));
    assert_eq!((app.text(".log-older [role=alert]"), app.count(ROW)), (why, 1));
    app.server.hesitates(LOG);
    app.click(OLDER).await;
    assert_eq!((app.is_disabled(OLDER), app.text(OLDER).as_str()), (true, en().strings.loading));
    app.server.says(LOG, 200, &page_of(&[row(8, "Eight.")], None));
    settle(60).await;
    assert_eq!((app.count(ROW), app.count(OLDER)), (2, 0));
    let asked = app.server.asked(LOG).pop().unwrap();
    assert!(asked.query.contains("cursor=below%209"), "{}", asked.query);
}

#[wasm_bindgen_test]
async fn export_announces_success_and_failure() {
    let (app, _sockets) = page(&[row(1, "One.")], None).await;
    let (csv, told) = ("[data-testid=export-csv]", ".exports [role=status]");
    app.server.hesitates(EXPORT);
    app.click(csv).await;
    assert_eq!((app.text(told).as_str(), app.is_disabled(csv)), (said().exporting, true));
    let broken = problem(503, "no disk");
    app.server.refuses(EXPORT, &broken);
    settle(60).await;
    let why = (said().not_exported)(&reasons::error(en(), &ApiError::Refused(broken)));
    assert_eq!((app.text(told), app.is_disabled(csv)), (why, false));
    app.server.says(EXPORT, 200, "id,message\n1,One.\n");
    app.click(csv).await;
    assert_eq!(app.text(told), said().exported);
    assert_eq!(app.server.asked(EXPORT).pop().unwrap().query, "format=csv");
}
