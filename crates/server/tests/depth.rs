//! JSON that is nested deep is refused before anything is built of it, over HTTP and on the socket.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use axum::http::Method;
use latido_protocol::frame::ServerFrame;
use latido_server::json::MAX_DEPTH;
use support::{Server, socket::open};
use tokio_tungstenite::tungstenite::Message;

/// Lists inside each other.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[tokio::test]
async fn a_body_may_be_so_deep_and_no_deeper() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for (lists, status) in [(MAX_DEPTH - 1, 201), (MAX_DEPTH, 400)] {
        let body =
            format!(r#"{{"name":"Avena","meal":"breakfast","calories":350,"unknown":{}}}"#, nested(lists));
        let answer = lucia.send(Method::POST, "/food-logs", &[], Some(body)).await;
        assert_eq!(answer.status, status, "{lists}: {}", answer.text);
    }
    assert_eq!(lucia.food_names().await, ["Avena"]);
}

#[tokio::test]
async fn a_frame_may_be_so_deep_and_no_deeper() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    let ping = |lists| Message::text(format!(r#"{{"type":"ping","unknown":{}}}"#, nested(lists)));
    socket.send(ping(MAX_DEPTH - 1)).await;
    assert!(matches!(socket.frame().await.frame, ServerFrame::Pong { .. }));
    socket.send(ping(MAX_DEPTH)).await;
    let ServerFrame::Error { code, .. } = socket.frame().await.frame else { panic!("no error") };
    assert_eq!(code, "bad_frame");
    assert!(socket.up_to_pong().await.0.is_empty(), "the socket goes on");
}
