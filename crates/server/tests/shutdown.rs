//! Going away without losing anything.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::time::{Duration, Instant};

use latido_protocol::frame::ServerFrame;
use serde_json::{Value, json};
use support::{
    Server, food,
    process::Process,
    socket::{dial_address, open},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn every_socket_is_told_when_to_come_back() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let (mut one, mut two) = (open(&server, &lucia).await, open(&server, &lucia).await);
    one.start().await;
    two.start().await;
    let stopping = tokio::spawn(server.running.stop());
    for mut socket in [one, two] {
        let (frames, code) = socket.until_closed().await;
        let [goaway] = &frames[..] else { panic!("{frames:?}") };
        let ServerFrame::GoAway { retry_after_ms } = goaway.frame else { panic!("{goaway:?}") };
        assert!((500..=3000).contains(&retry_after_ms), "{retry_after_ms}");
        assert_eq!(code, Some(1012));
    }
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_request_under_way_is_finished_and_kept() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let body = food("Avena").to_string();
    let mut stream = TcpStream::connect(server.running.address).await.unwrap();
    let head = format!(
        "POST /api/food-logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer {}\r\n\
         Content-Length: {}\r\n\r\n",
        lucia.token.as_deref().unwrap(),
        body.len()
    );
    let (first, rest) = body.split_at(10);
    stream.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
    // The request has to have arrived, or there is nothing under way.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let Server { running, clock, data } = server;
    let stopping = tokio::spawn(running.stop());
    tokio::time::sleep(Duration::from_millis(100)).await;
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    stopping.await.unwrap();

    let server = support::launch(&data, clock, |_| {}).await;
    let lucia = support::Person { app: server.app.clone(), ..lucia };
    assert_eq!(lucia.food_names().await, ["Avena"]);
}

#[tokio::test]
async fn sockets_that_do_not_listen_hold_nothing_up() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut deaf = open(&server, &lucia).await;
    deaf.start().await;
    let begun = Instant::now();
    server.running.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    drop(deaf);
}

/// Signs the demo account in and gives its token.
fn demo_token(url: &str) -> String {
    let credentials = json!({"email": "demo@latido.local", "password": "latido-demo"});
    let mut answer = ureq::post(format!("{url}/api/session"))
        .header("Content-Type", "application/json")
        .send(credentials.to_string())
        .unwrap();
    let session: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    session["accessToken"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn sigterm_ends_the_program_well_and_its_log_tells_no_secrets() {
    let server = Process::start(&["--demo", "--log-level", "trace"]);
    let token = demo_token(&server.url());
    let mut answer = ureq::post(format!("{}/api/realtime/ticket", server.url()))
        .header("Authorization", format!("Bearer {token}"))
        .send_empty()
        .unwrap();
    let ticket: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    let ticket = ticket["ticket"].as_str().unwrap().to_owned();

    let protocols = format!("latido.v1, ticket.{ticket}");
    let headers = [("sec-websocket-protocol", protocols.as_str())];
    let mut by_ticket = dial_address(server.address, "/ws", &headers, None).await.unwrap();
    by_ticket.start().await;
    let path = format!("/ws?token={token}");
    let mut by_token = dial_address(server.address, &path, &[], None).await.unwrap();
    by_token.start().await;
    ureq::post(format!("{}/api/food-logs", server.url()))
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "application/json")
        .send(food("Caldo secreto").to_string())
        .unwrap();

    let ending = tokio::task::spawn_blocking(move || server.terminate());
    for socket in [&mut by_ticket, &mut by_token] {
        assert_eq!(socket.close_code().await, Some(1012));
    }
    let (output, data) = ending.await.unwrap();
    assert_eq!(output.status.code(), Some(0));
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("/api/food-logs"), "the control: requests are logged at this level");
    let signature = token.rsplit('.').next().unwrap();
    for secret in [signature, &ticket, "latido-demo", "demo@latido.local", "Caldo secreto", "Lucía"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }

    let server = Process::start_on(data, &["--demo"]);
    let token = demo_token(&server.url());
    let mut answer = ureq::get(format!("{}/api/food-logs?limit=1", server.url()))
        .header("Authorization", format!("Bearer {token}"))
        .call()
        .unwrap();
    assert!(answer.body_mut().read_to_string().unwrap().contains("Caldo secreto"));
    assert_eq!(server.terminate().0.status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn sighup_without_a_certificate_ends_nothing() {
    use std::{
        io::{BufRead, BufReader},
        process::{Command, Stdio},
    };
    use support::process::{listening_at, serve};

    let data = tempfile::tempdir().unwrap();
    // As a service: no terminal.
    let mut child = serve(data.path(), &[]).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    listening_at(&mut child).expect("it ended before it listened");
    let id = child.id().to_string();
    let kill = |signal: &str| assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    kill("-HUP");
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(log.any(|line| line.unwrap().contains("there is no certificate to read anew")));
    kill("-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
