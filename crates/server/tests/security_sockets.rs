//! Who may open a socket, what may be said on it, and when it ends: what goes beyond the tests of the
//! socket itself, because somebody means harm.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{collections::HashSet, time::Duration};

use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use latido_protocol::frame::{ClientFrame, ServerFrame};
use serde_json::json;
use support::{
    Person, Server,
    socket::{Socket, dial, dial_with_ticket, open, ticket},
};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// How soon a socket has to be closed when its session ends.
const AT_ONCE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_foreign_page_is_refused_whatever_it_brings() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let address = server.running.address;
    for origin in [
        "https://evil.example",
        "null",
        "",
        "file://",
        &format!("http://{address}.evil.example"),
        &format!("http://evil.example:{}", address.port()),
        "https://app.example.org.evil.example",
        "https://app.example.org:8443",
        "http://app.example.org",
        "https://APP.example.org@evil.example",
    ] {
        let good = ticket(&lucia).await;
        let protocols = format!("latido.v1, ticket.{good}");
        let headers = [("origin", origin), ("sec-websocket-protocol", protocols.as_str())];
        assert_eq!(dial(&server, "/ws", &headers).await.err(), Some(StatusCode::FORBIDDEN), "{origin:?}");
        let query = format!("/ws?token={}", lucia.token.as_ref().unwrap());
        let refused = dial(&server, &query, &[("origin", origin)]).await.err();
        assert_eq!(refused, Some(StatusCode::FORBIDDEN), "{origin:?}");
        // Refused before the upgrade, it has not even used the ticket up.
        assert!(dial_with_ticket(&server, &good).await.is_ok(), "{origin:?}");
    }
}

#[tokio::test]
async fn a_ticket_is_given_to_nobody_without_a_token() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let cookie_alone = Person { token: None, ..lucia.clone() };
    for person in [server.anonymous(), cookie_alone] {
        let answer = person.post("/realtime/ticket", json!({})).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    }
    // Nor by anything but a POST, which no link and no image can make.
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = lucia.send(method, "/realtime/ticket", &[], None).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn a_ticket_is_256_random_bits_for_thirty_seconds() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut seen = HashSet::new();
    let mut ones = 0;
    for _ in 0..200 {
        let answer = lucia.post("/realtime/ticket", json!({})).await;
        assert_eq!(answer.body["expiresIn"], 30);
        let bytes = URL_SAFE_NO_PAD.decode(answer.body["ticket"].as_str().unwrap()).unwrap();
        assert_eq!(bytes.len(), 32);
        ones += bytes.iter().map(|byte| byte.count_ones()).sum::<u32>();
        assert!(seen.insert(bytes), "the same ticket twice");
    }
    // Of 51,200 fair coins the heads are within ten standard deviations (113 each) of the half.
    assert!((24_470..=26_730).contains(&ones), "{ones}");
}

#[tokio::test]
async fn a_ticket_opens_the_socket_of_its_user_and_of_nobody_else() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    // Marta's token comes along, but the ticket decides.
    let protocols = format!("latido.v1, ticket.{}", ticket(&lucia).await);
    let bearer = format!("Bearer {}", marta.token.as_ref().unwrap());
    let path = format!("/ws?token={}", marta.token.as_ref().unwrap());
    let headers = [("sec-websocket-protocol", protocols.as_str()), ("authorization", bearer.as_str())];
    let mut socket = dial(&server, &path, &headers).await.unwrap();
    socket.start().await;
    marta.log_food("hers").await;
    lucia.log_food("mine").await;
    assert_eq!(socket.up_to_pong().await, (vec![1], Some(1)), "Lucía's one event, and not Marta's");
    assert!(
        dial(&server, &path, &headers).await.is_err(),
        "a used ticket is refused, although there is a good token beside it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_racing_uses_of_a_ticket_one_is_admitted() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for _ in 0..4 {
        let ticket = ticket(&lucia).await;
        let dials = join_all((0..50).map(|_| dial_with_ticket(&server, &ticket))).await;
        let (admitted, refused): (Vec<_>, Vec<_>) = dials.into_iter().partition(Result::is_ok);
        assert_eq!((admitted.len(), refused.len()), (1, 49));
        assert!(refused.into_iter().all(|dial| dial.err() == Some(StatusCode::UNAUTHORIZED)));
    }
}

#[tokio::test]
async fn only_the_protocol_is_echoed() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for protocols in ["latido.v1, ticket.{}", "ticket.{}, latido.v1", "x, latido.v1, ticket.{}, latido.v2"] {
        let protocols = protocols.replace("{}", &ticket(&lucia).await);
        let headers = [("sec-websocket-protocol", protocols.as_str())];
        let socket = dial(&server, "/ws", &headers).await.unwrap();
        assert_eq!(socket.protocol.as_deref(), Some("latido.v1"), "{protocols}");
    }
}

#[tokio::test]
async fn expiry_closes_a_socket_within_a_second() {
    let server = Server::start_in_real_time(|settings| settings.access_token_seconds = 2).await;
    let lucia = server.person("lucia@example.org").await;
    let (mut live, mut silent) = (open(&server, &lucia).await, open(&server, &lucia).await);
    let expires_at = live.start().await.expires_at.unwrap();
    let left = expires_at.unix_ms() - server.app().clock.now().unix_ms();
    let within = Duration::from_millis(u64::try_from(left).unwrap_or(0)) + AT_ONCE;
    let closed = timeout(within, async { (live.close_code().await, silent.close_code().await) }).await;
    assert_eq!(closed.expect("both are closed in time"), (Some(4401), Some(4401)));
    let old = format!("/ws?token={}", lucia.token.unwrap());
    assert_eq!(dial(&server, &old, &[]).await.err(), Some(StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn signing_out_closes_every_socket_of_the_session_within_a_second() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut sockets = Vec::new();
    for number in 0..10 {
        let mut socket = open(&server, &lucia).await;
        // Some have not even said hello.
        if number % 2 == 0 {
            socket.start().await;
        }
        sockets.push(socket);
    }
    let unused = ticket(&lucia).await;
    assert_eq!(lucia.delete("/session").await.status, StatusCode::NO_CONTENT);
    let closed = timeout(AT_ONCE, join_all(sockets.iter_mut().map(Socket::close_code))).await;
    assert_eq!(closed.expect("all are closed in time"), [Some(4401); 10]);
    assert_eq!(dial_with_ticket(&server, &unused).await.err(), Some(StatusCode::UNAUTHORIZED));
    let old = format!("/ws?token={}", lucia.token.unwrap());
    assert_eq!(dial(&server, &old, &[]).await.err(), Some(StatusCode::UNAUTHORIZED));
}

/// Whose token was good when the ticket was given and is not when it is used, has no socket; and whoever
/// is signed out in the very moment of opening has none for long.
#[tokio::test(flavor = "multi_thread")]
async fn signing_out_while_a_socket_opens_leaves_none_open() {
    let server = Server::start().await;
    server.person("lucia@example.org").await;
    for _ in 0..20 {
        let lucia = server.sign_in("lucia@example.org").await;
        let ticket = ticket(&lucia).await;
        let (dialled, _) = tokio::join!(dial_with_ticket(&server, &ticket), lucia.delete("/session"));
        if let Ok(mut socket) = dialled {
            assert_eq!(socket.close_code().await, Some(4401));
        }
    }
}

#[tokio::test]
async fn too_long_too_deep_and_binary_are_refused() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for (message, code) in [
        (Message::text("x".repeat(32 * 1024 + 1)), 1009),
        (Message::binary(b"{\"type\":\"ping\"}".to_vec()), 1003),
    ] {
        let mut socket = open(&server, &lucia).await;
        socket.start().await;
        assert_eq!(socket.shout(message).await, Some(code));
    }
    // As deep as fits into a message: refused, and no stack is lost over it.
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let (levels, inner) = (30_000 / (open.len() + close.len()), "1");
        let deep = format!("{}{inner}{}", open.repeat(levels), close.repeat(levels));
        socket.send(Message::text(format!("{{\"type\":\"ping\",\"data\":{deep}}}"))).await;
        let received = socket.frame().await;
        assert!(
            matches!(&received.frame, ServerFrame::Error { code, .. } if code == "bad_frame"),
            "{received:?}"
        );
    }
    socket.up_to_pong().await;

    let deep = format!("{{\"name\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let answer = lucia.send(Method::POST, "/food-logs", &[], Some(deep)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
}

#[tokio::test]
async fn the_sixty_first_message_of_a_minute_ends_the_socket() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut other = open(&server, &lucia).await;
    other.start().await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    for _ in 0..61 {
        socket.say(&ClientFrame::TypingStop { contact_id: "1".to_owned() }).await;
    }
    let (frames, code) = socket.until_closed().await;
    let errors: Vec<_> = frames
        .iter()
        .filter_map(|received| match &received.frame {
            ServerFrame::Error { code, .. } => Some(code.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!((errors.last().copied(), code), (Some("rate_limited"), Some(4429)));
    other.up_to_pong().await;
}

/// The network of one has gone without a word: it answers nothing, and nothing tells the server so.
#[tokio::test]
async fn half_open_sockets_are_found_and_their_place_is_free() {
    let server = Server::start_with(|settings| {
        settings.limits.ping_after = Duration::from_millis(100);
        settings.limits.gone_after = Duration::from_millis(400);
    })
    .await;
    let lucia = server.person("lucia@example.org").await;
    let mut gone = Vec::new();
    for _ in 0..8 {
        let mut socket = open(&server, &lucia).await;
        socket.start().await;
        // Open, but read from no more: no pong goes back.
        gone.push(socket);
    }
    let mut there = open(&server, &lucia).await;
    there.start().await;
    let reading = tokio::spawn(async move { there.event_seq().await });
    let found = async {
        while server.app().hub.open_sockets() > 1 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(20), found).await.expect("the dead are found");
    lucia.log_food("Avena").await;
    assert_eq!(reading.await.unwrap(), 1, "who answers pings stays");
}

/// Whoever signs out by closing the page does not wait for the answer.
#[tokio::test]
async fn a_sign_out_that_nobody_waits_for_closes_the_sockets_all_the_same() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    let mut signing_out = Box::pin(lucia.delete("/session"));
    let begun = futures_util::future::poll_immediate(&mut signing_out).await;
    assert!(begun.is_none(), "it was over before it could be abandoned");
    drop(signing_out);
    assert_eq!(socket.close_code().await, Some(4401));
}
