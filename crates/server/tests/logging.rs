//! What the log says, and what it never says.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use latido_protocol::frame::{ClientFrame, ServerFrame};
use serde_json::{Value, json};
use support::{food, process::Process, socket::dial_address};

/// What must not be in any log.
const SECRETS: [&str; 5] =
    ["latido-demo", "demo@latido.local", "Caldo secreto", "in-the-query", "typed-in-the-frame"];

/// Uses a server for a while in ways that leave secrets everywhere, and gives its log and the secrets that
/// only came about meanwhile.
async fn log_of(more: &[&str], environment: &[(&str, &str)]) -> (String, Vec<String>) {
    let server = Process::start_saying(&[&["--demo"], more].concat(), environment);
    let url = server.url();
    let sign_in = json!({"email": "demo@latido.local", "password": "latido-demo"}).to_string();
    let session = tokio::task::spawn_blocking(move || {
        let mut answer = ureq::post(format!("{url}/api/session?key=in-the-query"))
            .header("Content-Type", "application/json")
            .send(sign_in)
            .unwrap();
        let session: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        let token = session["accessToken"].as_str().unwrap().to_owned();
        ureq::post(format!("{url}/api/food-logs"))
            .header("Content-Type", "application/json")
            .header("Authorization", format!("Bearer {token}"))
            .send(food("Caldo secreto").to_string())
            .unwrap();
        token
    });
    let token = session.await.unwrap();
    let mut socket = dial_address(server.address, &format!("/ws?token={token}"), &[], None).await.unwrap();
    socket.start().await;
    let nonsense = r#"{"type":"typed-in-the-frame","data":{"text":"Caldo secreto"}}"#;
    socket.send(tokio_tungstenite::tungstenite::Message::text(nonsense)).await;
    socket.say(&ClientFrame::Ping { seq: None }).await;
    while !matches!(socket.frame().await.frame, ServerFrame::Pong { .. }) {}
    let (output, _data) = tokio::task::spawn_blocking(move || server.terminate()).await.unwrap();
    let signature = token.rsplit('.').next().unwrap().to_owned();
    (String::from_utf8(output.stderr).unwrap(), vec![token, signature])
}

fn assert_discreet(log: &str, more: &[String]) {
    for secret in SECRETS.iter().copied().chain(more.iter().map(String::as_str)) {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

#[tokio::test]
async fn debug_says_what_kind_of_frame_came_and_how_long_it_was_and_nothing_of_what_it_said() {
    let (log, secrets) = log_of(&[], &[("WEBSOCKET_DEBUG", "true")]).await;
    assert!(log.contains(r#"kind="hello" bytes="#), "{log}");
    assert!(log.contains("frame out"), "{log}");
    assert!(log.contains(r#"method="POST" path="/api/food-logs" status=201"#), "{log}");
    assert_discreet(&log, &secrets);
}

#[tokio::test]
async fn verbose_says_what_happens_but_not_each_frame() {
    let (log, secrets) = log_of(&[], &[("WEBSOCKET_VERBOSE", "true")]).await;
    assert!(log.contains("socket ends"), "{log}");
    assert!(!log.contains("frame out"), "{log}");
    assert_discreet(&log, &secrets);
}

#[tokio::test]
async fn every_line_for_machines_is_json() {
    let (log, secrets) = log_of(&["--log-level", "trace", "--log-format", "json"], &[]).await;
    assert!(log.lines().count() > 5, "{log}");
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(
            line["timestamp"].is_string() && line["level"].is_string() && line["message"].is_string(),
            "{line}"
        );
    }
    assert!(log.contains(r#""message":"request""#), "{log}");
    assert_discreet(&log, &secrets);
}

#[tokio::test]
async fn without_being_asked_it_says_little() {
    let (log, secrets) = log_of(&[], &[]).await;
    assert!(!log.contains("DEBUG") && !log.contains("/api/food-logs"), "{log}");
    assert_discreet(&log, &secrets);
}
