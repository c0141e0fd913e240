//! TLS from certificate files: requests, sockets, and a new certificate without a restart.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::Arc,
};

use futures_util::{SinkExt, StreamExt};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use support::{
    Server,
    process::{run, serve},
    socket::ticket,
    wire::{exchange, request, status, until_end},
};
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer},
};
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

type Issued = CertifiedKey<KeyPair>;

fn issue() -> Issued {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

fn write(directory: &Path, issued: &Issued) {
    fs::write(directory.join("cert.pem"), issued.cert.pem()).unwrap();
    fs::write(directory.join("key.pem"), issued.signing_key.serialize_pem()).unwrap();
}

async fn start(files: &TempDir) -> Server {
    Server::start_with(|settings| {
        settings.behind_tls = true;
        settings.operations.tls_cert = Some(files.path().join("cert.pem"));
        settings.operations.tls_key = Some(files.path().join("key.pem"));
    })
    .await
}

/// Connects as somebody who trusts this certificate and no other.
async fn connect(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream).await
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_and_cookies_are_for_tls_alone() {
    let (files, issued) = (TempDir::new().unwrap(), issue());
    write(files.path(), &issued);
    let server = start(&files).await;
    server.person("lucia@example.org").await;
    let stream = connect(server.running.address, issued.cert.der()).await.unwrap();
    let body = format!(r#"{{"email":"lucia@example.org","password":"{}"}}"#, support::PASSWORD);
    let headers = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    let answer = exchange(stream, &(request("POST", "/api/session", &headers) + &body)).await;
    assert_eq!(status(&answer), 201, "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");
    let cookie = answer.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
    assert!(cookie.contains("; Secure") && cookie.contains("; HttpOnly"), "{cookie}");
}

#[tokio::test]
async fn sockets_speak_wss() {
    let (files, issued) = (TempDir::new().unwrap(), issue());
    write(files.path(), &issued);
    let server = start(&files).await;
    let lucia = server.person("lucia@example.org").await;
    let stream = connect(server.running.address, issued.cert.der()).await.unwrap();
    let mut dial = "wss://localhost/ws".into_client_request().unwrap();
    let protocols = format!("latido.v1, ticket.{}", ticket(&lucia).await);
    dial.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
    let (mut socket, _) = client_async(dial, stream).await.unwrap();
    socket.send(Message::text(r#"{"type":"hello","data":{"client":"test/1"}}"#)).await.unwrap();
    let welcome = socket.next().await.unwrap().unwrap().into_text().unwrap();
    assert!(welcome.contains(r#""type":"welcome""#), "{welcome}");
    lucia.log_food("Avena").await;
    let event = socket.next().await.unwrap().unwrap().into_text().unwrap();
    assert!(event.contains("foodLogCreated"), "{event}");
}

#[tokio::test]
async fn a_new_certificate_is_shown_without_a_restart_and_a_bad_one_is_not() {
    let (files, first, second) = (TempDir::new().unwrap(), issue(), issue());
    write(files.path(), &first);
    let server = start(&files).await;
    let address = server.running.address;
    let mut old = connect(address, first.cert.der()).await.unwrap();
    assert!(connect(address, second.cert.der()).await.is_err(), "the control: they are told apart");

    write(files.path(), &second);
    server.running.reload_certificate();
    assert!(connect(address, second.cert.der()).await.is_ok());
    assert!(connect(address, first.cert.der()).await.is_err());
    old.write_all(request("GET", "/healthz", "").as_bytes()).await.unwrap();
    assert_eq!(status(&until_end(old).await), 200, "connections that are open go on");

    fs::write(files.path().join("cert.pem"), "half a certif").unwrap();
    server.running.reload_certificate();
    assert!(connect(address, second.cert.der()).await.is_ok(), "the good one goes on");
    // A key that belongs to another certificate would break every handshake.
    fs::write(files.path().join("cert.pem"), first.cert.pem()).unwrap();
    server.running.reload_certificate();
    assert!(connect(address, second.cert.der()).await.is_ok());
}

#[tokio::test]
async fn who_does_not_speak_tls_is_not_served_and_holds_nobody_up() {
    let (files, issued) = (TempDir::new().unwrap(), issue());
    write(files.path(), &issued);
    let server = start(&files).await;
    let silent = TcpStream::connect(server.running.address).await.unwrap();
    let plain = TcpStream::connect(server.running.address).await.unwrap();
    let answer = exchange(plain, &request("GET", "/healthz", "")).await;
    assert!(!answer.contains("HTTP/1.1"), "{answer}");
    let stream = connect(server.running.address, issued.cert.der()).await.unwrap();
    assert_eq!(status(&exchange(stream, &request("GET", "/healthz", "")).await), 200);
    assert_eq!(until_end(silent).await, "", "a handshake that does not begin is given up");
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_proxy_says_whether_it_was_tls() {
    let server = Server::start_with(|settings| {
        settings.operations.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    for (proto, told) in
        [("X-Forwarded-Proto: https\r\n", true), ("X-Forwarded-Proto: http\r\n", false), ("", false)]
    {
        let stream = TcpStream::connect(server.running.address).await.unwrap();
        let answer = exchange(stream, &request("GET", "/api/session", proto)).await;
        assert_eq!(answer.contains("strict-transport-security"), told, "{proto}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn sighup_reads_the_certificate_anew_and_does_not_end_the_program() {
    let (files, first, second) = (TempDir::new().unwrap(), issue(), issue());
    write(files.path(), &first);
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    let mut child =
        serve(&files.path().join("data"), &["--tls-cert", &path("cert.pem"), "--tls-key", &path("key.pem")])
            .spawn()
            .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address: SocketAddr = line.trim_end().strip_prefix("listening on https://").unwrap().parse().unwrap();
    assert!(connect(address, first.cert.der()).await.is_ok());

    write(files.path(), &second);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
    // The signal takes a moment; that the program had ended would show as a refused connection.
    while connect(address, first.cert.der()).await.is_ok() {}
    assert!(connect(address, second.cert.der()).await.is_ok());
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_certificate_that_cannot_be_used_is_said_at_the_start() {
    let files = TempDir::new().unwrap();
    write(files.path(), &issue());
    let path = |name: &str| files.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("other.pem"), issue().signing_key.serialize_pem()).unwrap();
    fs::write(path("empty.pem"), "").unwrap();
    for (cert, key, said) in [
        ("missing.pem", "key.pem", "cannot be read"),
        ("empty.pem", "key.pem", "no certificate"),
        ("cert.pem", "cert.pem", "no private key"),
        ("cert.pem", "other.pem", "cannot be used together"),
    ] {
        let args = [
            "serve",
            "--port",
            "0",
            "--data",
            &path("data"),
            "--tls-cert",
            &path(cert),
            "--tls-key",
            &path(key),
        ];
        let (started, _, err) = run(&args);
        assert!(!started && err.contains(said), "{cert} {key}: {err}");
    }
}
