//! Clients that begin and never finish. They cost a place for a while, and nobody else anything.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]
#![cfg(target_os = "linux")]

mod support;

use std::time::Duration;

use support::{
    Server,
    process::Process,
    wire::{get, status, until_end},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Beginnings of which none is ever finished.
const BEGINNINGS: [&str; 4] = [
    "",
    "GET /api/session HT",
    "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-",
    "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{",
];

#[tokio::test]
async fn half_open_connections_leave_memory_flat_and_others_served() {
    const COUNT: u64 = 1000;
    let server = Process::start(&[]);
    // What is set up once, with the first of everything, is not what is measured.
    for path in ["/readyz", "/api/session", "/ws"] {
        get(server.address, path, "").await;
    }
    let before = server.resident_kib();
    let mut held = Vec::new();
    for (n, beginning) in BEGINNINGS.iter().cycle().take(COUNT as usize).enumerate() {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        held.push(stream);
        if n % 100 == 0 {
            assert_eq!(status(&get(server.address, "/readyz", "").await), 200);
        }
    }
    assert_eq!(status(&get(server.address, "/readyz", "").await), 200);
    let each = (server.resident_kib().saturating_sub(before) << 10) / COUNT;
    println!("{each} bytes each");
    assert!(each < 24 * 1024, "{each} bytes for a connection that has said nothing");
    drop(held);
    tokio::task::spawn_blocking(move || server.terminate()).await.unwrap();
}

#[tokio::test]
async fn a_head_that_never_ends_is_given_up() {
    let server = Server::start().await;
    // It may not buy time by sending a little now and then.
    let mut stream = TcpStream::connect(server.running.address).await.unwrap();
    stream.write_all(b"GET /ws HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let trickle = async {
        for n in 0.. {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if writing.write_all(format!("X-{n}: 1\r\n").as_bytes()).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        answer = until_end(&mut reading) => assert!(!answer.contains(" 101 "), "{answer}"),
        () = trickle => {}
    }
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_given_up() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.running.address).await.unwrap();
    let mut byte = [0];
    let read = tokio::time::timeout(Duration::from_mins(1), stream.read(&mut byte)).await;
    assert_eq!(read.expect("it is held for ever").unwrap_or(0), 0);
}

/// The head of a request whose body is still to come.
fn head(method: &str, path: &str, bytes: usize) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\n\r\n"
    )
}

#[tokio::test]
async fn a_body_that_trickles_is_refused_and_its_connection_closed() {
    let server = Server::start().await;
    for path in ["/api/session", "/api/webhooks/messages"] {
        let mut stream = TcpStream::connect(server.running.address).await.unwrap();
        stream.write_all(head("POST", path, 1000).as_bytes()).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let trickle = async {
            while writing.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            answer = until_end(&mut reading) => {
                assert_eq!(status(&answer), 408, "{path}: {answer}");
                assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
                assert!(answer.contains("send it again"), "{answer}");
            }
            () = trickle => {}
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_read_does_not_hold_its_connection() {
    let server = Server::start().await;
    // Neither the routes that have no use for a body, nor those that refuse it, wait for it to come.
    for (method, path, expected) in [
        ("GET", "/healthz", 200),
        ("GET", "/api/session", 401),
        ("POST", "/api/session/refresh", 401),
        ("DELETE", "/api/account", 401),
        ("POST", "/api/nowhere", 404),
        ("POST", "/nowhere", 405),
        ("GET", "/ws", 400),
    ] {
        let mut stream = TcpStream::connect(server.running.address).await.unwrap();
        stream.write_all(head(method, path, 1000).as_bytes()).await.unwrap();
        stream.write_all(b"{").await.unwrap();
        let answer = until_end(&mut stream).await;
        println!("{method} {path}: {}", status(&answer));
        assert!(status(&answer) == expected || expected >= 400 && status(&answer) >= 400, "{path}: {answer}");
    }
    let mut stream = TcpStream::connect(server.running.address).await.unwrap();
    stream.write_all(head("POST", "/api/session", 1 << 30).as_bytes()).await.unwrap();
    let answer = until_end(&mut stream).await;
    assert_eq!(status(&answer), 413, "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}
