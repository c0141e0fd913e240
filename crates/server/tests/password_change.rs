//! A person changes the own password.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use serde_json::json;
use support::{Answer, PASSWORD, Person, Server, socket};

const NEW: &str = "another horse";

async fn change(person: &Person, current: &str, new: &str) -> Answer {
    person.put("/account/password", json!({"currentPassword": current, "newPassword": new})).await
}

async fn sign_in(server: &Server, password: &str) -> u16 {
    let credentials = json!({"email": "lucia@example.org", "password": password});
    server.anonymous().post("/session", credentials).await.status.as_u16()
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let server = Server::start().await;
    let phone = server.person("lucia@example.org").await;
    let laptop = server.sign_in("lucia@example.org").await;
    let (mut here, mut there) = (socket::open(&server, &phone).await, socket::open(&server, &laptop).await);
    here.start().await;
    there.start().await;
    let changed = change(&phone, PASSWORD, NEW).await;
    assert_eq!(changed.status, 204, "{}", changed.text);
    assert_eq!(there.close_code().await, Some(4401));
    assert_eq!(laptop.get("/session").await.status, 401);
    assert_eq!(laptop.post("/session/refresh", json!({})).await.status, 401);
    assert_eq!(phone.get("/session").await.status, 200, "the own one goes on");
    assert_eq!(phone.post("/session/refresh", json!({})).await.status, 200);
    here.up_to_pong().await;
    assert_eq!((sign_in(&server, PASSWORD).await, sign_in(&server, NEW).await), (401, 201));
}

#[tokio::test]
async fn a_wrong_or_short_password_changes_nothing() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let other = server.sign_in("lucia@example.org").await;
    let wrong = change(&lucia, "wrong horse", NEW).await;
    assert_eq!(wrong.status, 403);
    assert!(wrong.body["detail"].as_str().unwrap().contains("Nothing was changed"));
    let short = change(&lucia, PASSWORD, "horse").await;
    assert_eq!((short.status.as_u16(), short.pointers()), (422, vec!["/newPassword"]));
    assert_eq!(change(&server.anonymous(), PASSWORD, NEW).await.status, 401);
    assert_eq!(other.get("/session").await.status, 200);
    assert_eq!(sign_in(&server, PASSWORD).await, 201);
}

#[tokio::test]
async fn guesses_at_the_present_password_are_counted() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for _ in 0..10 {
        assert_eq!(change(&lucia, "wrong horse", NEW).await.status, 403);
    }
    assert_eq!(change(&lucia, PASSWORD, NEW).await.status, 429, "the answer would tell which is right");
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_made() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let (one, two) = tokio::join!(change(&lucia, PASSWORD, NEW), change(&lucia, PASSWORD, "a third horse"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 403]);
}
