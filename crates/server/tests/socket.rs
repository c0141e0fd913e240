//! Who may open a socket, what may be said on it, and how it ends.

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use latido_protocol::frame::{ClientFrame, ServerFrame};
use support::{
    Server,
    socket::{Socket, dial, dial_with_ticket, open, ticket},
};
use tokio_tungstenite::tungstenite::Message;

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
async fn a_ticket_opens_one_socket() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let ticket = ticket(&lucia).await;
    let mut socket = dial_with_ticket(&server, &ticket).await.unwrap();
    assert_eq!(socket.protocol.as_deref(), Some("latido.v1"), "the ticket is not echoed");
    let welcome = socket.start().await;
    assert_eq!(welcome.expires_at, Some(support::epoch().plus_ms(3_600_000)));
    assert_eq!(dial_with_ticket(&server, &ticket).await.err(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn of_two_racing_uses_of_a_ticket_one_is_admitted() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for _ in 0..20 {
        let ticket = ticket(&lucia).await;
        let (one, two) = tokio::join!(dial_with_ticket(&server, &ticket), dial_with_ticket(&server, &ticket));
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|admitted| **admitted).count(), 1);
    }
}

#[tokio::test]
async fn an_old_ticket_is_refused() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let ticket = ticket(&lucia).await;
    server.clock.advance_ms(30_000);
    assert_eq!(dial_with_ticket(&server, &ticket).await.err(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn a_ticket_does_not_outlive_the_session() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let ticket = ticket(&lucia).await;
    lucia.delete("/session").await;
    assert_eq!(dial_with_ticket(&server, &ticket).await.err(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn a_token_in_the_query_opens_a_socket_where_that_is_allowed() {
    for (query_token, expected) in [(true, None), (false, Some(StatusCode::UNAUTHORIZED))] {
        let server = Server::start_with(|settings| settings.query_token = query_token).await;
        let lucia = server.person("lucia@example.org").await;
        let path = format!("/ws?token={}", lucia.token.unwrap());
        assert_eq!(dial(&server, &path, &[]).await.err(), expected);
        assert!(
            dial_with_ticket(&server, &ticket(&server.sign_in("lucia@example.org").await).await)
                .await
                .is_ok()
        );
    }
}

#[tokio::test]
async fn a_token_in_the_query_needs_no_subprotocol() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let path = format!("/ws?token={}", lucia.token.unwrap());
    let mut socket = dial(&server, &path, &[]).await.unwrap();
    assert_eq!(socket.protocol, None);
    socket.start().await;
}

#[tokio::test]
async fn without_credentials_there_is_no_socket() {
    let server = Server::start().await;
    for (path, headers) in [
        ("/ws", vec![]),
        ("/ws?token=", vec![]),
        ("/ws?token=nonsense", vec![]),
        ("/ws", vec![("sec-websocket-protocol", "latido.v1")]),
        ("/ws", vec![("sec-websocket-protocol", "latido.v1, ticket.")]),
        ("/ws", vec![("sec-websocket-protocol", "latido.v1, ticket.nonsense")]),
    ] {
        assert_eq!(
            dial(&server, path, &headers).await.err(),
            Some(StatusCode::UNAUTHORIZED),
            "{path} {headers:?}"
        );
    }
}

#[tokio::test]
async fn foreign_pages_are_refused_before_the_upgrade() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let own = format!("http://{}", server.running.address);
    for (origin, expected) in [
        ("https://evil.example", Some(StatusCode::FORBIDDEN)),
        ("null", Some(StatusCode::FORBIDDEN)),
        ("https://app.example.org", None),
        (&own, None),
    ] {
        let protocols = format!("latido.v1, ticket.{}", ticket(&lucia).await);
        let headers = [("origin", origin), ("sec-websocket-protocol", &protocols)];
        assert_eq!(dial(&server, "/ws", &headers).await.err(), expected, "{origin}");
    }
}

#[tokio::test]
async fn a_plain_request_to_the_socket_is_a_problem() {
    let server = Server::start().await;
    let request = axum::http::Request::get("/ws").body(axum::body::Body::empty()).unwrap();
    let answer = support::call(server.app(), request).await;
    assert!(answer.status.is_client_error());
    answer.pointers();
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
async fn rooms_that_there_are_not_yet_do_no_harm() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    socket.say(&ClientFrame::Subscribe { channel: "conversation:1".to_owned() }).await;
    socket.say(&ClientFrame::TypingStart { contact_id: "1".to_owned() }).await;
    assert_eq!(socket.up_to_pong().await, (vec![], Some(0)));
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
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    let refresh = async || lucia.send(axum::http::Method::POST, "/session/refresh", &[], None).await.status;
    assert_eq!(refresh().await, StatusCode::OK);
    server.clock.advance_ms(60_000);
    assert_eq!(refresh().await, StatusCode::UNAUTHORIZED);
    assert_eq!(socket.close_code().await, Some(4401));
}

#[tokio::test]
async fn a_socket_ends_with_its_token() {
    let server = Server::start_in_real_time(|settings| settings.access_token_seconds = 2).await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    let welcome = socket.start().await;
    assert!(welcome.expires_at.is_some());
    assert_eq!(socket.close_code().await, Some(4401));
}

#[tokio::test]
async fn a_silent_socket_is_pinged_and_then_given_up() {
    let server = Server::start_with(|settings| {
        settings.limits.ping_after = Duration::from_millis(50);
        settings.limits.gone_after = Duration::from_millis(400);
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
