//! Who asks too much is told to wait, and nobody else.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use axum::http::Method;
use serde_json::json;
use support::{
    PASSWORD, Person, Server,
    process::run,
    wire::{exchange, get, status},
};
use tokio::net::TcpStream;

/// A server that trusts the test to say from which address it comes.
async fn behind_a_proxy(change: impl FnOnce(&mut latido_server::ops::settings::Operations)) -> Server {
    Server::start_with(|settings| {
        settings.operations.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        change(&mut settings.operations);
    })
    .await
}

/// Tries to sign in from an address, over the wire.
async fn sign_in(server: &Server, from: &str, email: &str, password: &str) -> String {
    let body = json!({"email": email, "password": password}).to_string();
    let request = format!(
        "POST /api/session HTTP/1.1\r\nHost: latido.test\r\nConnection: close\r\nX-Forwarded-For: {from}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    exchange(TcpStream::connect(server.running.address).await.unwrap(), &request).await
}

#[tokio::test]
async fn an_address_that_guesses_passwords_is_told_to_wait_and_others_are_not() {
    let server = behind_a_proxy(|_| {}).await;
    server.person("lucia@example.org").await;
    for n in 0..10 {
        let answer = sign_in(&server, "192.0.2.1", &format!("{n}@example.org"), "wrong").await;
        assert_eq!(status(&answer), 401, "{answer}");
    }
    let answer = sign_in(&server, "192.0.2.1", "lucia@example.org", PASSWORD).await;
    assert_eq!(status(&answer), 429);
    let retry_after = answer.lines().find_map(|line| line.strip_prefix("retry-after: ")).unwrap();
    assert!((1..=6).contains(&retry_after.parse::<u64>().unwrap()), "{retry_after}");
    assert!(answer.contains("Wait a little") && answer.contains(r#""code":"too_many_sign_ins""#), "{answer}");
    let elsewhere = sign_in(&server, "192.0.2.2", "lucia@example.org", PASSWORD).await;
    assert_eq!(status(&elsewhere), 201);
}

#[tokio::test]
async fn guessing_from_many_addresses_is_slowed_down_alike_for_accounts_that_exist_and_that_do_not() {
    let server = behind_a_proxy(|_| {}).await;
    server.person("lucia@example.org").await;
    let mut answers = Vec::new();
    for email in ["lucia@example.org", "nobody@example.org"] {
        let mut statuses = Vec::new();
        for n in 0..12 {
            let answer = sign_in(&server, &format!("198.51.100.{n}"), email, "wrong").await;
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            statuses.push((status(&answer), body.to_owned()));
        }
        answers.push(statuses);
    }
    assert_eq!(answers[0], answers[1], "the answers tell who has an account");
    assert_eq!(answers[0][9].0, 401);
    assert_eq!(answers[0][10].0, 429);
}

#[tokio::test]
async fn an_owner_is_let_in_from_where_she_was_before_while_others_guess() {
    let server = behind_a_proxy(|_| {}).await;
    server.person("lucia@example.org").await;
    assert_eq!(status(&sign_in(&server, "192.0.2.1", "lucia@example.org", PASSWORD).await), 201);
    for n in 0..12 {
        sign_in(&server, &format!("198.51.100.{n}"), "LUCIA@example.org", "wrong").await;
    }
    let stranger = sign_in(&server, "203.0.113.1", "lucia@example.org", PASSWORD).await;
    assert_eq!(status(&stranger), 429, "the control: the account is guarded, however it is spelled");
    assert_eq!(status(&sign_in(&server, "192.0.2.1", "lucia@example.org", PASSWORD).await), 201);
}

#[tokio::test]
async fn signing_in_rightly_is_not_counted() {
    let server = behind_a_proxy(|_| {}).await;
    server.person("lucia@example.org").await;
    for _ in 0..15 {
        assert_eq!(status(&sign_in(&server, "192.0.2.1", "lucia@example.org", PASSWORD).await), 201);
    }
}

#[tokio::test]
async fn a_stolen_token_is_no_way_to_guess_the_password_either() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for _ in 0..10 {
        assert_eq!(guess_by_deleting(&lucia, "wrong").await, 403);
    }
    assert_eq!(guess_by_deleting(&lucia, "wrong").await, 429);
    assert_eq!(guess_by_deleting(&lucia, PASSWORD).await, 429, "the answer would tell which guess is right");
    assert_eq!(lucia.get("/session").await.status, 200, "the account is still there");
}

async fn guess_by_deleting(person: &Person, password: &str) -> u16 {
    let body = json!({ "password": password }).to_string();
    person.send(Method::DELETE, "/account", &[], Some(body)).await.status.as_u16()
}

#[tokio::test]
async fn an_address_that_asks_too_much_is_told_to_wait_and_others_are_not() {
    let server = behind_a_proxy(|operations| operations.requests_per_address = 5.try_into().unwrap()).await;
    let address = server.running.address;
    for _ in 0..5 {
        assert_eq!(status(&get(address, "/api/session", "X-Forwarded-For: 192.0.2.1\r\n").await), 401);
    }
    for path in ["/api/session", "/ws", "/", "/api/nowhere"] {
        let answer = get(address, path, "X-Forwarded-For: 192.0.2.1\r\n").await;
        assert_eq!(status(&answer), 429, "{path}");
        assert!(answer.contains("retry-after: ") && answer.contains("nosniff"), "{answer}");
    }
    assert_eq!(status(&get(address, "/api/session", "X-Forwarded-For: 192.0.2.2\r\n").await), 401);
}

#[tokio::test]
async fn a_stranger_cannot_escape_by_making_addresses_up() {
    let server =
        Server::start_with(|settings| settings.operations.requests_per_address = 5.try_into().unwrap()).await;
    let mut statuses = Vec::new();
    for n in 0..6 {
        let made_up = format!("X-Forwarded-For: 192.0.2.{n}\r\n");
        statuses.push(status(&get(server.running.address, "/api/session", &made_up).await));
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
}

#[tokio::test]
async fn a_user_who_asks_too_much_is_told_to_wait_loses_nothing_and_holds_nobody_up() {
    let server =
        Server::start_with(|settings| settings.operations.requests_per_user = 5.try_into().unwrap()).await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    for _ in 0..5 {
        assert_eq!(lucia.get("/food-logs").await.status, 200);
    }
    let refused = lucia.post("/food-logs", support::food("Avena")).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    let again = server.sign_in("lucia@example.org").await;
    assert_eq!(again.get("/food-logs").await.status, 429, "another session is the same user");
    assert_eq!(marta.get("/food-logs").await.status, 200);
    let dial = lucia.send(Method::GET, "/session", &[], None).await;
    assert_eq!(dial.status, 429);
}

#[test]
fn no_messages_at_all_or_no_window_are_refused_with_a_reason() {
    for (flag, value) in [
        ("--websocket-max-messages-per-minute", "0"),
        ("--websocket-rate-limit-window", "0"),
        ("--websocket-rate-limit-window", "minute"),
    ] {
        let (started, _, err) = run(&["serve", flag, value]);
        assert!(!started && err.contains(flag) && err.contains("invalid value"), "{flag} {value}: {err}");
    }
}
