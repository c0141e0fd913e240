//! What an orchestrator is told.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::time::Duration;

use support::{
    Server,
    process::Process,
    socket::open,
    wire::{get, status},
};

#[tokio::test]
async fn a_server_that_runs_lives_and_is_ready() {
    let server = Server::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(status(&get(server.running.address, path, "").await), 200, "{path}");
    }
}

#[tokio::test]
async fn a_server_whose_database_does_not_answer_lives_but_is_not_ready() {
    let server = Server::start().await;
    // What is asked for is gone, as from a file that was damaged.
    let database = rusqlite::Connection::open(server.data.path().join("data/latido.db")).unwrap();
    database.execute_batch("ALTER TABLE heads RENAME TO gone").unwrap();
    assert_eq!(status(&get(server.running.address, "/healthz", "").await), 200);
    let answer = get(server.running.address, "/readyz", "").await;
    assert_eq!(status(&answer), 503);
    assert!(answer.contains("application/problem+json") && answer.contains("The database"), "{answer}");
}

#[tokio::test]
async fn a_server_without_room_on_its_disk_is_not_ready() {
    let server = Server::start_with(|settings| settings.operations.min_free_mib = u64::MAX).await;
    assert_eq!(status(&get(server.running.address, "/healthz", "").await), 200);
    let answer = get(server.running.address, "/readyz", "").await;
    assert_eq!(status(&answer), 503);
    assert!(answer.contains("The disk is full"), "{answer}");
}

#[tokio::test]
async fn a_demo_that_strangers_can_reach_is_warned_of() {
    let server = Process::start(&["--demo", "--host", "0.0.0.0"]);
    let (output, _data) = tokio::task::spawn_blocking(move || server.terminate()).await.unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("plain HTTP on an address") && log.contains("--demo where others"), "{log}");
}

#[tokio::test]
async fn probes_are_answered_however_many_requests_there_were() {
    let server = Server::start_with(|settings| {
        settings.operations.requests_per_address = 1.try_into().unwrap();
    })
    .await;
    let address = server.running.address;
    assert_eq!(status(&get(address, "/api/session", "").await), 401);
    assert_eq!(status(&get(address, "/api/session", "").await), 429, "the control: the limit is reached");
    for path in ["/healthz", "/readyz"] {
        assert_eq!(status(&get(address, path, "").await), 200, "{path}");
    }
}

#[tokio::test]
async fn a_server_that_was_told_to_end_says_so_first_and_serves_on() {
    let server = Server::start_with(|settings| settings.operations.drain_seconds = 600).await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    let (address, app) = (server.running.address, server.app().clone());
    let stopping = tokio::spawn(server.running.stop());
    while !app.draining.has_begun() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(status(&get(address, "/readyz", "").await), 503);
    assert_eq!(status(&get(address, "/api/session", "").await), 401, "it serves on");
    assert_eq!(socket.up_to_pong().await.0, Vec::<u64>::new(), "and so do its sockets");
    stopping.abort();
}

#[tokio::test]
async fn sigterm_waits_for_the_load_balancer_and_then_ends_the_program_well() {
    let server = Process::start(&["--drain-seconds", "1"]);
    let (output, _data) = tokio::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(output.status.code(), Some(0));
    let log = String::from_utf8(output.stderr).unwrap();
    let (notice, end) = (log.find("not ready any more").unwrap(), log.find("telling the sockets").unwrap());
    assert!(notice < end, "{log}");
}
