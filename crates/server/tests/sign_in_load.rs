//! Many sign in at once: what that costs, and who is told to come back later.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::time::Duration;

use futures_util::{
    FutureExt, StreamExt,
    future::BoxFuture,
    stream::{self, FuturesUnordered},
};
use latido_server::auth::turns::{KEPT_FOR_KNOWN, Turn, WAITING};
use serde_json::json;
use support::{Answer, PASSWORD, Server, unhurried};

/// Memory that is given back to the system would hide what is kept for good.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn five_hundred_sign_ins_leave_memory_where_it_was() {
    use support::process::Process;
    const MIB: u64 = 1024;
    let server = Process::start(&["--demo", "--sign-in-failures", "1000000"]);
    let url = format!("{}/api/session", server.url());
    let sign_in = async |password: &str| {
        let url = url.clone();
        let body = json!({"email": "demo@latido.local", "password": password}).to_string();
        let post = move || {
            let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
            let answer = agent.post(&url).header("content-type", "application/json").send(&body);
            answer.unwrap().status().as_u16()
        };
        tokio::task::spawn_blocking(post).await.unwrap()
    };
    assert_eq!(sign_in("wrong horse").await, 401);
    let before = server.resident_kib();
    // Every fifth is right, and more are than a user may have sessions.
    let one = |n: u32| if n.is_multiple_of(5) { ("latido-demo", 201) } else { ("wrong horse", 401) };
    let attempts = stream::iter(0..500).map(one);
    let answered = attempts.map(async |(password, expected)| (sign_in(password).await, expected));
    let statuses: Vec<_> = answered.buffer_unordered(8).collect().await;
    assert!(statuses.iter().all(|(status, expected)| status == expected), "{statuses:?}");
    let more = server.resident_kib().saturating_sub(before);
    assert!(more < 100 * MIB, "{} MiB more", more / MIB);
    server.terminate();
}

/// Somebody who has signed in from here before, and all turns taken.
async fn busy(server: &Server) -> Vec<Turn> {
    server.person("lucia@example.org").await;
    let mut turns = Vec::new();
    while let Some(turn) = server.app().passwords.turn(true).now_or_never() {
        turns.push(turn.unwrap());
    }
    turns
}

fn guess(server: &Server, email: String, password: &'static str) -> BoxFuture<'static, Answer> {
    let anonymous = server.anonymous();
    async move { anonymous.post("/session", json!({"email": email, "password": password})).await }.boxed()
}

/// As many strangers as may wait, and one more. Gives those who wait, and what the other is told.
async fn strangers(server: &Server) -> (FuturesUnordered<BoxFuture<'static, Answer>>, Answer) {
    let most = WAITING - KEPT_FOR_KNOWN;
    let mut waiting: FuturesUnordered<_> =
        (0..=most).map(|n| guess(server, format!("{n}@example.org"), "wrong")).collect();
    let refused = waiting.next().await.unwrap();
    (waiting, refused)
}

#[tokio::test]
async fn a_full_queue_answers_503_and_keeps_places() {
    let server = Server::start_with(unhurried).await;
    let turns = busy(&server).await;
    let (waiting, refused) = strangers(&server).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert_eq!(refused.header("retry-after"), "2");
    assert!(refused.body["detail"].as_str().unwrap().contains("Try again"), "{}", refused.text);
    let lucia = tokio::spawn(guess(&server, "lucia@example.org".to_owned(), PASSWORD));
    until(|| server.app().passwords.queue_length() > waiting.len()).await;
    drop(turns);
    assert_eq!(lucia.await.unwrap().status, 201, "from where she is known she is served");
    let answers: Vec<_> = waiting.collect().await;
    assert!(answers.iter().all(|answer| answer.status == 401));
    server.running.stop().await;
}

#[tokio::test]
async fn a_client_that_has_gone_is_not_waited_for() {
    let server = Server::start_with(unhurried).await;
    let _turns = busy(&server).await;
    let (waiting, refused) = strangers(&server).await;
    assert_eq!(refused.status, 503, "the control: the queue is full");
    drop(waiting);
    until(|| server.app().passwords.queue_length() == 0).await;
}

async fn until(holds: impl Fn() -> bool) {
    let waits = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(30), waits).await.is_ok(), "it never came to that");
}
