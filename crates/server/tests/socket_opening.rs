//! Who may open a socket.

mod support;

use axum::http::StatusCode;
use support::{
    Server,
    socket::{dial, dial_with_ticket, ticket},
};

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
