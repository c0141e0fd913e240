//! Deliveries: every message that goes out is one, with what became of it and how long that took.
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use axum::http::StatusCode;
use latido_domain::account::Role;
use serde_json::{Value, json};
use support::{
    Person, Server,
    socket::{Socket, open},
    webhooks::{SECRET, contact, contact_says, post_signed, says, team},
};

async fn start() -> Server {
    Server::start_with(|settings| settings.webhooks.secrets = vec![SECRET.to_owned()]).await
}

async fn listening(server: &Server, person: &Person) -> Socket {
    let mut socket = open(server, person).await;
    socket.start().await;
    socket
}

/// The contact's side takes everything that waits for it.
async fn take_all(server: &Server, contact: &str) {
    let waiting = post_signed(server, "/fetch", &json!({"contactId": contact, "waitMs": 0})).await;
    let last = waiting.body["deliveries"].as_array().unwrap().last().unwrap()["id"].clone();
    let done = json!({"contactId": contact, "waitMs": 0, "acknowledged": last});
    assert_eq!(post_signed(server, "/fetch", &done).await.status, StatusCode::OK);
}

/// The kinds of delivery events among what comes up to a pong.
async fn told(socket: &mut Socket) -> Vec<(String, Value)> {
    let frames = socket.json_up_to_pong().await;
    let frames = frames.into_iter().map(|mut frame| {
        assert!(frame["seq"].is_u64(), "{frame}");
        (frame["type"].as_str().unwrap().to_owned(), frame["data"].take())
    });
    frames.filter(|(kind, _)| kind.starts_with("event_") || kind == "metrics_update").collect()
}

fn sums(total: u64, pending: u64, delivered: u64, failed: u64) -> Value {
    json!({"total_events": total, "pending_events": pending, "delivered_events": delivered, "failed_events": failed})
}

#[tokio::test]
async fn a_delivery_is_told_from_its_beginning_to_its_end() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut socket = listening(&server, &lucia).await;
    says(&lucia, &id, "Hola").await;
    let begun = told(&mut socket).await;
    let kinds: Vec<_> = begun.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["event_created", "metrics_update"]);
    let delivery = begun[0].1["id"].clone();
    let at = "2026-11-21T08:15:00.000Z";
    assert_eq!(begun[0].1, json!({"id": delivery, "status": "pending", "updated_at": at}));
    assert_eq!(begun[1].1, sums(1, 1, 0, 0));

    server.clock.advance_ms(1234);
    take_all(&server, &id).await;
    let ended = told(&mut socket).await;
    let kinds: Vec<_> = ended.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["event_update", "metrics_update"]);
    let later = "2026-11-21T08:15:01.234Z";
    let update =
        json!({"id": delivery, "status": "delivered", "delivery_latency_ms": 1234, "updated_at": later});
    assert_eq!(ended[0].1, update);
    assert_eq!(ended[1].1, sums(1, 0, 1, 0));

    let list = lucia.get("/events").await;
    let whole = json!({"id": delivery, "type": "message", "status": "delivered", "delivery_latency_ms": 1234,
        "created_at": at, "updated_at": later});
    assert_eq!(list.body, json!({"events": [whole], "nextCursor": null}));
    assert_eq!(lucia.get("/events/summary").await.body, sums(1, 0, 1, 0));
}

#[tokio::test]
async fn deliveries_are_listed_by_status_in_pages() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    for _ in 0..3 {
        says(&lucia, &id, "Hola").await;
        server.clock.advance_ms(1000);
    }
    take_all(&server, &id).await;
    contact_says(&server, &id, "w1", "¡Buenas!").await;
    lucia.post(&format!("/conversations/{id}/read"), json!({})).await;
    let pending = lucia.get("/events?status=pending").await;
    assert_eq!(pending.body["events"].as_array().unwrap().len(), 1);
    assert_eq!(pending.body["events"][0]["type"], "read_receipt");
    let first = lucia.get("/events?status=delivered&limit=2").await;
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let rest = lucia.get(&format!("/events?status=delivered&cursor={cursor}")).await;
    assert_eq!(rest.body["events"].as_array().unwrap().len(), 1);
    assert_eq!(lucia.get("/events?status=lost").await.pointers(), ["/status"]);
    let tag = lucia.get("/events/summary").await.header("etag").to_owned();
    let again =
        lucia.send(axum::http::Method::GET, "/events/summary", &[("if-none-match", &tag)], None).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn only_what_is_settled_can_be_deleted_and_only_by_its_owner() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let marta = server.person("marta@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    says(&coach, &id, "Hola").await;
    let event = lucia.get("/events").await.body["events"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/events/{event}");
    assert_eq!(lucia.delete(&path).await.status, StatusCode::CONFLICT);
    take_all(&server, &id).await;
    assert_eq!(marta.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(coach.delete(&path).await.status, StatusCode::FORBIDDEN);

    let mut socket = listening(&server, &lucia).await;
    assert_eq!(lucia.delete(&path).await.status, StatusCode::NO_CONTENT);
    let told = told(&mut socket).await;
    let expected =
        [("event_deleted".to_owned(), json!({"id": event})), ("metrics_update".to_owned(), sums(0, 0, 0, 0))];
    assert_eq!(told, expected);
    assert_eq!(lucia.delete(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_coach_sees_the_sum_of_everybody_and_a_person_only_the_own() {
    let server = start().await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    let mut people = Vec::new();
    for (number, email) in ["lucia@example.org", "marta@example.org"].into_iter().enumerate() {
        let person = server.person(email).await;
        server.assign(email, "coach@example.org").await;
        let id = contact(&person, "Andrés", &format!("+3460000000{number}")).await;
        people.push((person, id));
    }
    let mut theirs = listening(&server, &coach).await;
    let mut hers = listening(&server, &people[0].0).await;
    says(&coach, &people[0].1, "uno").await;
    says(&coach, &people[1].1, "dos").await;
    let of_coach = told(&mut theirs).await;
    assert_eq!(of_coach.last().unwrap(), &("metrics_update".to_owned(), sums(2, 2, 0, 0)));
    let of_lucia = told(&mut hers).await;
    assert_eq!(of_lucia.last().unwrap(), &("metrics_update".to_owned(), sums(1, 1, 0, 0)));
    assert_eq!(of_lucia.len(), 2, "another person's deliveries are told to nobody else");
    assert_eq!(coach.get("/events").await.body["events"].as_array().unwrap().len(), 2);
    assert_eq!(coach.get("/events/summary").await.body, sums(2, 2, 0, 0));
    assert_eq!(people[0].0.get("/events/summary").await.body, sums(1, 1, 0, 0));
}
