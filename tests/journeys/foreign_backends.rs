//! Backends that are not the bundled one: some say less, some talk nonsense.

use std::time::{Duration, Instant};

use latido_e2e::{
    console, in_every_engine,
    journey::Journey,
    page::{List, Page, test_id},
    proxy::{Proxy, action::RequestAction, request::Request},
    server::Serve,
    wait::PATIENCE,
};
use serde_json::Value;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

in_every_engine!(
    nonsense_changes_nothing,
    a_backend_without_numbers_is_enough,
    a_backend_that_keeps_less_and_says_less_is_enough,
    gateway_without_a_route_keeps_the_page_live,
);

async fn nonsense_changes_nothing(journey: &Journey) {
    const TEXT: OpCode = OpCode::Data(Data::Text);
    const BINARY: OpCode = OpCode::Data(Data::Binary);
    let dist = console::listening_dist();
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;
    api.eat("Antes del ruido", 100).await;
    page.row(List::Food, "Antes del ruido", PATIENCE).await;
    let before = texts(&page).await;
    let dials = proxy.dials();

    proxy.send(BINARY, &[]);
    proxy.send(BINARY, &[0, 159, 146, 150]);
    proxy.send(BINARY, &vec![7; 1 << 20]);
    proxy.send(TEXT, "x".repeat(1 << 20).as_bytes());
    proxy.send(TEXT, format!(r#"{{"type":"novelty","data":"{}"}}"#, "x".repeat(1 << 20)).as_bytes());
    proxy.send(TEXT, "[".repeat(100_000).as_bytes());
    for text in NONSENSE {
        proxy.send(TEXT, text.as_bytes());
    }
    api.eat("Después del ruido", 110).await;
    page.row(List::Food, "Después del ruido", PATIENCE).await;

    let mut after = texts(&page).await;
    after.retain(|text| !text.contains("Después del ruido"));
    assert_eq!(after, before);
    assert_eq!(proxy.dials(), dials, "nonsense is no reason to dial");
    assert_eq!(page.connection().await.expect("signed in").state, "live");
    let heard = journey.browser.console().await;
    assert!(!heard.iter().any(|entry| entry.is_error), "{heard:#?}");
}

const NONSENSE: &[&str] = &[
    "",
    "null",
    "42",
    "[]",
    "{}",
    "{\"type\":",
    r#"{"type":null}"#,
    r#"{"type":5,"data":{}}"#,
    r#"{"type":"novelty"}"#,
    r#"{"type":"novelty","data":{"id":1}}"#,
    r#"{"type":"welcome","data":{}}"#,
    r#"{"type":"welcome","data":{"epoch":7,"head":"far"}}"#,
    r#"{"type":"pong","data":{"head":"far"}}"#,
    r#"{"type":"pong","data":[]}"#,
    r#"{"type":"goaway","data":{"retryAfterMs":"soon"}}"#,
    r#"{"type":"goaway"}"#,
    r#"{"type":"error","error":"what?","data":{"code":"unheard_of"}}"#,
    r#"{"type":"foodLogCreated"}"#,
    r#"{"type":"foodLogCreated","data":"a food"}"#,
    r#"{"type":"foodLogCreated","data":{"id":"x","name":"Ruido","calories":-1}}"#,
    r#"{"type":"foodLogUpdated","data":{"id":{},"name":["Ruido"]}}"#,
    r#"{"type":"foodLogDeleted","data":{}}"#,
    r#"{"type":"foodLogDeleted","data":null}"#,
    r#"{"type":"healthProfileUpdated","data":{"language":"tlh"}}"#,
];

async fn texts(page: &Page<'_>) -> Vec<String> {
    page.rows(List::Food).await.into_iter().map(|row| row.text).collect()
}

async fn a_backend_without_numbers_is_enough(journey: &Journey) {
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    proxy.edit_texts(plain);
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let api = server.api().await;
    api.eat("Sin número", 100).await;
    page.row(List::Food, "Sin número", PATIENCE).await;

    proxy.intercept(|request| if request.is_dial() { RequestAction::Hold } else { RequestAction::Forward });
    proxy.cut();
    page.wait_for_state("reconnecting").await;
    api.eat("Perdido sin número", 110).await;
    proxy.forward_all();
    page.wait_for_state("live").await;
    page.row(List::Food, "Perdido sin número", PATIENCE).await;
    api.eat("De nuevo sin número", 120).await;
    page.row(List::Food, "De nuevo sin número", PATIENCE).await;
}

/// It has the health records and no more, and answers a creation with 204; something in between refuses some.
async fn a_backend_that_keeps_less_and_says_less_is_enough(journey: &Journey) {
    const MISSING: [&str; 4] = ["/conversations", "/devices", "/events", "/websocket"];
    let is_missing = |request: &Request| MISSING.iter().any(|path| request.is_for(path));
    let is_creation = |request: &Request| request.is_write() && request.is_for("/food-logs");
    let server = journey.serve(Serve::default()).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    proxy.edit_texts(plain);
    proxy.intercept(move |request| match request {
        request if is_missing(request) => RequestAction::RespondWithPage(404),
        request if is_creation(request) => RequestAction::RespondEmpty,
        _ => RequestAction::Forward,
    });
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    for section in ["conversations", "equipment", "deliveries", "connections"] {
        page.wait_until_gone(&format!("nav a[href='/{section}']:not([hidden])")).await;
    }

    page.eat("Sin palabra", 60).await;
    page.row_pending(List::Food, "Sin palabra", false).await;
    page.wait_until_gone(&test_id("outbox-status")).await;
    let named = |foods: Vec<Value>| foods.iter().filter(|food| food["name"] == "Sin palabra").count();
    assert_eq!(named(server.api().await.foods().await), 1, "it is sent once");
    let rows = texts(&page).await;
    assert_eq!(rows.iter().filter(|text| text.contains("Sin palabra")).count(), 1, "{rows:?}");

    proxy.intercept(move |request| {
        if is_creation(request) { RequestAction::RespondWithPage(403) } else { RequestAction::Forward }
    });
    page.eat("Detenido", 70).await;
    page.wait_for(&test_id("intercepted")).await;
    page.row_pending(List::Food, "Detenido", true).await;
    proxy.forward_all();
    page.row_pending(List::Food, "Detenido", false).await;
    page.wait_until_gone(&test_id("intercepted")).await;
}

/// An event as a backend without numbers would send it.
fn plain(text: &str) -> Option<String> {
    let mut frame: Value = serde_json::from_str(text).ok()?;
    let envelope = frame.as_object_mut()?;
    match envelope.get("type")?.as_str()? {
        "welcome" => return None,
        "pong" => drop(envelope.remove("data")),
        _ => {}
    }
    for number in ["epoch", "seq", "id"] {
        envelope.remove(number);
    }
    Some(frame.to_string())
}

/// A ping that counts as not answered costs the socket within [`LONG_ENOUGH`].
const IMPATIENT: &str = "heartbeatTimeout=1500";
const LONG_ENOUGH: Duration = Duration::from_secs(4);

async fn gateway_without_a_route_keeps_the_page_live(journey: &Journey) {
    let dist = console::listening_dist();
    dist.set("latido-ws-timing", IMPATIENT);
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    proxy.edit_texts(behind_gateway);
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    page.open_live("/food").await;
    let dials = proxy.dials();
    let api = server.api().await;
    let (started, mut eaten) = (Instant::now(), 0);
    while started.elapsed() < LONG_ENOUGH {
        // The page suspects its connection, and pings.
        journey.browser.js::<Value>("dispatchEvent(new Event('offline'));", &[]).await;
        eaten += 1;
        let name = format!("Bocado {eaten}");
        api.eat(&name, 100).await;
        page.row(List::Food, &name, PATIENCE).await;
    }
    assert_eq!(proxy.dials(), dials, "an error of the gateway is a sign of life");
    assert_eq!(page.connection().await.expect("signed in").state, "live");
}

/// Whatever a page sends, the gateway replies that it has no route for it. Events come all the same.
fn behind_gateway(text: &str) -> Option<String> {
    let frame: Value = serde_json::from_str(text).ok()?;
    match frame.get("type")?.as_str()? {
        "welcome" | "pong" => Some(
            r#"{"message":"Forbidden","connectionId":"Kx5cdcR_IAMCJ8g=","requestId":"Kx5dGF4N="}"#.to_owned(),
        ),
        _ => plain(text),
    }
}
