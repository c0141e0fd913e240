//! Backends that are not the bundled one: some say less, some talk nonsense.

use latido_e2e::{
    console, in_every_engine,
    journey::Journey,
    page::{List, Page},
    proxy::{Proxy, door::Door},
    server::Serve,
    wait::PATIENCE,
};
use serde_json::Value;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

in_every_engine!(nonsense_changes_nothing, a_backend_without_numbers_is_enough);

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

    proxy.at_the_door(|request| if request.is_dial() { Door::Held } else { Door::Open });
    proxy.cut();
    page.wait_for_state("reconnecting").await;
    api.eat("Perdido sin número", 110).await;
    proxy.open_the_door();
    page.wait_for_state("live").await;
    page.row(List::Food, "Perdido sin número", PATIENCE).await;
    api.eat("De nuevo sin número", 120).await;
    page.row(List::Food, "De nuevo sin número", PATIENCE).await;
}

/// What a backend that numbers nothing would have said.
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
