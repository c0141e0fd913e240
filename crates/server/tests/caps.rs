//! How many connections and sockets there may be.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use support::{
    Server,
    socket::{dial, open, ticket},
    wire::{exchange, get, request, status, until_end},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Connects, and asks something, so that the connection is known to have been accepted.
async fn hold(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.running.address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    stream
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_room_comes_free_again() {
    let server = Server::start_with(|settings| {
        settings.operations.max_connections_per_address = 3.try_into().unwrap();
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(hold(&server).await);
    }
    assert_eq!(ask(&server).await, "", "it is closed without a word");
    drop(held.pop());
    until_answered(&server).await;
}

/// Asks on a connection of its own; nothing comes when that is refused.
async fn ask(server: &Server) -> String {
    let mut stream = TcpStream::connect(server.running.address).await.unwrap();
    let _ = stream.write_all(request("GET", "/healthz", "").as_bytes()).await;
    until_end(stream).await
}

/// The server learns a moment later that a place has come free.
async fn until_answered(server: &Server) {
    while !ask(server).await.starts_with("HTTP/1.1 200") {}
}

#[tokio::test]
async fn the_whole_server_has_so_many_connections_whoever_opens_them() {
    let server = Server::start_with(|settings| {
        settings.operations.max_connections = 3.try_into().unwrap();
        settings.operations.trusted_proxies = vec!["127.0.0.1".parse::<std::net::IpAddr>().unwrap().into()];
        settings.operations.max_connections_per_address = 1.try_into().unwrap();
    })
    .await;
    // A trusted proxy is no single client, so only the sum counts.
    let held = [hold(&server).await, hold(&server).await, hold(&server).await];
    assert_eq!(ask(&server).await, "");
    drop(held);
}

#[tokio::test]
async fn a_socket_keeps_the_place_of_its_connection() {
    let server = Server::start_with(|settings| {
        settings.operations.max_connections_per_address = 2.try_into().unwrap();
    })
    .await;
    let lucia = server.person("lucia@example.org").await;
    let (mut one, mut two) = (open(&server, &lucia).await, open(&server, &lucia).await);
    one.start().await;
    two.start().await;
    assert_eq!(ask(&server).await, "");
    one.vanish();
    until_answered(&server).await;
    two.up_to_pong().await;
}

#[tokio::test]
async fn an_address_behind_a_proxy_has_so_many_sockets_and_others_have_theirs() {
    let server = Server::start_with(|settings| {
        settings.operations.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        settings.operations.max_sockets_per_address = 2.try_into().unwrap();
    })
    .await;
    let lucia = server.person("lucia@example.org").await;
    let mut held = Vec::new();
    for (from, admitted) in
        [("192.0.2.1", true), ("192.0.2.1", true), ("192.0.2.1", false), ("192.0.2.2", true)]
    {
        let protocols = format!("latido.v1, ticket.{}", ticket(&lucia).await);
        let headers = [("sec-websocket-protocol", protocols.as_str()), ("x-forwarded-for", from)];
        match dial(&server, "/ws", &headers).await {
            Ok(socket) => {
                assert!(admitted, "{from}");
                held.push(socket);
            }
            Err(status) => {
                assert!(!admitted, "{from}");
                assert_eq!(status, 429);
            }
        }
    }
    // The user's other requests go on.
    assert_eq!(status(&get(server.running.address, "/healthz", "X-Forwarded-For: 192.0.2.1\r\n").await), 200);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::start().await;
    let many = "X-Many: 1\r\n".repeat(100);
    for headers in [format!("X-Long: {}\r\n", "a".repeat(20_000)), many] {
        let stream = TcpStream::connect(server.running.address).await.unwrap();
        let answer = exchange(stream, &request("GET", "/healthz", &headers)).await;
        assert_eq!(status(&answer), 431, "{answer}");
    }
    let roomy = format!("Authorization: Bearer {}\r\n", "a".repeat(8000));
    assert_eq!(status(&get(server.running.address, "/healthz", &roomy).await), 200, "the control");
}
