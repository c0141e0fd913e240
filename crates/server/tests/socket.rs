//! What may be said on a socket, and how it ends.

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use latido_protocol::frame::{ClientFrame, ServerFrame};
use support::{
    Person, Server,
    socket::{Socket, open},
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

/// Asserts that there are exactly these `error` frames, and then this close.
async fn ends_with(mut socket: Socket, error: Option<&str>, close: u16) {
    let (frames, code) = socket.until_closed().await;
    let errors: Vec<_> = frames
        .iter()
        .filter_map(|received| match &received.frame {
            ServerFrame::Error { code, .. } => Some(code.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!((errors.last().copied(), code), (error, Some(close)));
}

#[tokio::test]
async fn a_ping_is_answered_with_the_head() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    lucia.log_food("Avena").await;
    assert_eq!(socket.up_to_pong().await, (vec![1], Some(1)));
}

#[tokio::test]
async fn hello_is_answered_before_the_ping_behind_it() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    lucia.log_food("Avena").await;
    let mut socket = open(&server, &lucia).await;
    socket.say(&ClientFrame::Hello { position: None, client: "test/1".to_owned() }).await;
    socket.say(&ClientFrame::Ping { seq: None }).await;
    let (first, second) = (socket.frame().await.frame, socket.frame().await.frame);
    assert!(matches!(first, ServerFrame::Welcome(_)), "{first:?}");
    assert_eq!(second, ServerFrame::Pong { head: Some(1) });
}

#[tokio::test]
async fn a_close_is_answered() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    let normal = CloseFrame { code: CloseCode::Normal, reason: "bye".into() };
    socket.send(Message::Close(Some(normal))).await;
    assert_eq!(socket.close_code().await, Some(1000));
}

#[tokio::test]
async fn who_says_no_hello_is_closed() {
    let within = Duration::from_millis(100);
    let server = Server::start_with(|settings| settings.limits.hello_within = within).await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    assert_eq!(socket.close_code().await, Some(4408));
}

#[tokio::test]
async fn what_is_no_frame_is_answered_and_forgiven() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    for text in [
        "",
        "{",
        "null",
        "[]",
        "{\"type\":\"dance\"}",
        "{\"type\":\"hello\"}",
        "{\"type\":\"subscribe\",\"data\":5}",
    ] {
        socket.send(Message::text(text)).await;
        let received = socket.frame().await;
        assert!(
            matches!(&received.frame, ServerFrame::Error { code, .. } if code == "bad_frame"),
            "{received:?}"
        );
    }
    assert_eq!(socket.up_to_pong().await.1, Some(0));
}

#[tokio::test]
async fn a_message_that_is_too_big_ends_the_socket() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for bytes in [33 * 1024, 4 * 1024 * 1024] {
        let mut socket = open(&server, &lucia).await;
        socket.start().await;
        let code = socket.shout(Message::text("x".repeat(bytes))).await;
        assert_eq!(code, Some(1009), "{bytes}");
    }
}

#[tokio::test]
async fn a_message_just_within_the_limit_is_read() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    socket.send(Message::text("x".repeat(32 * 1024))).await;
    assert!(matches!(socket.frame().await.frame, ServerFrame::Error { .. }));
}

#[tokio::test]
async fn binary_ends_the_socket() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    socket.send(Message::binary(vec![1, 2, 3])).await;
    ends_with(socket, None, 1003).await;
}

#[tokio::test]
async fn too_many_messages_end_the_socket() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    for _ in 0..61 {
        socket.send(Message::text("{}")).await;
    }
    ends_with(socket, Some("rate_limited"), 4429).await;
}

#[tokio::test]
async fn pings_of_a_healthy_client_do_not_count() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    for _ in 0..60 {
        socket.say(&ClientFrame::TypingStop { contact_id: "1".to_owned() }).await;
    }
    for _ in 0..11 {
        socket.up_to_pong().await;
    }
}

#[tokio::test]
async fn the_eleventh_socket_of_a_user_displaces_the_oldest() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let mut other = open(&server, &marta).await;
    other.start().await;
    let mut sockets = Vec::new();
    for _ in 0..11 {
        let mut socket = open(&server, &lucia).await;
        socket.start().await;
        sockets.push(socket);
    }
    assert_eq!(sockets.remove(0).close_code().await, Some(4409));
    lucia.log_food("Avena").await;
    for socket in &mut sockets {
        assert_eq!(socket.event_seq().await, 1);
    }
    other.up_to_pong().await;
}

#[tokio::test]
async fn a_socket_that_vanished_makes_room() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut first = open(&server, &lucia).await;
    first.start().await;
    for _ in 0..15 {
        let mut socket = open(&server, &lucia).await;
        socket.start().await;
        socket.vanish();
        // The server learns of it when the connection's end arrives.
        while server.app().hub.open_sockets() > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    first.up_to_pong().await;
}

#[tokio::test]
async fn signing_out_closes_the_sockets_of_the_session_alone() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let elsewhere = server.sign_in("lucia@example.org").await;
    let (mut here, mut there) = (open(&server, &lucia).await, open(&server, &elsewhere).await);
    here.start().await;
    there.start().await;
    let silent = open(&server, &lucia).await;
    lucia.delete("/session").await;
    let closed = tokio::time::timeout(Duration::from_secs(1), here.close_code()).await;
    assert_eq!(closed.expect("within a second"), Some(4401));
    ends_with(silent, None, 4401).await;
    assert_eq!(there.up_to_pong().await.1, Some(0));
}

#[tokio::test]
async fn a_stolen_refresh_token_closes_the_sockets_too() {
    let server = Server::start().await;
    let thief = server.person("lucia@example.org").await;
    let mut lucia = thief.clone();
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    let refresh =
        async |person: &Person| person.send(axum::http::Method::POST, "/session/refresh", &[], None).await;
    // The successor of the stolen token is used, so the stolen one is not good any more.
    for _ in 0..2 {
        let answer = refresh(&lucia).await;
        assert_eq!(answer.status, StatusCode::OK);
        lucia.take_session(&answer);
    }
    server.clock.advance_ms(60_000);
    assert_eq!(refresh(&thief).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(socket.close_code().await, Some(4401));
}

#[tokio::test]
async fn a_socket_ends_with_its_token() {
    let server = Server::start_in_real_time(|settings| settings.access_token_seconds = 4).await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    let welcome = socket.start().await;
    assert!(welcome.expires_at.is_some());
    assert_eq!(socket.close_code().await, Some(4401));
}

#[tokio::test]
async fn a_silent_socket_is_pinged_and_then_given_up() {
    let server = Server::start_with(|settings| {
        settings.limits.ping_after = Duration::from_millis(100);
        settings.limits.gone_after = Duration::from_secs(2);
    })
    .await;
    let lucia = server.person("lucia@example.org").await;
    let mut dead = open(&server, &lucia).await;
    dead.start().await;
    let mut healthy = open(&server, &lucia).await;
    healthy.start().await;
    // Who is read from answers the pings by itself; `dead` is not read from.
    let reading = tokio::spawn(async move { healthy.close_code().await });
    while server.app().hub.open_sockets() > 1 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!reading.is_finished());
}
