//! The walk through conversations, deliveries and webhooks.

use latido_server::webhook::signature::HEADER;
use serde_json::{Value, json};

use crate::{
    support::{
        Answer, Person, Server,
        webhooks::{contact, contact_says, contact_types, post_signed, says, signed},
    },
    walk::{Step, Walk},
};

const LIST: &str = "/api/conversations";
const INBOUND: &str = "/api/webhooks/messages";
const FETCH: &str = "/api/webhooks/fetch";
const DELIVERIES: &str = "/api/events";

pub async fn walk(walk: &mut Walk, server: &Server, lucia: &Person, coach: &Person, nobody: &Person) {
    let new = json!({"name": "Andrés", "channel": "whatsapp", "address": "+34600000002"});
    let made = walk.tell(lucia, "POST", LIST, &new, 201).await;
    let id = made.body["conversation"]["contactId"].as_str().unwrap().to_owned();
    walk.tell(nobody, "POST", LIST, &new, 401).await;
    walk.tell(lucia, "POST", LIST, &json!({}), 422).await;
    let foreign = json!({"name": "A", "channel": "web", "address": "a", "personId": "nobody"});
    walk.tell(lucia, "POST", LIST, &foreign, 404).await;
    walk.send_no_body_that_is_one(lucia, "POST", LIST).await;

    inbound(walk, server, &id, nobody).await;
    let (one, none) = (format!("{LIST}/{id}"), format!("{LIST}/none"));
    for address in [LIST.to_owned(), one.clone(), format!("{one}/messages")] {
        walk.get_and_get_again(lucia, &address).await;
        walk.ask(nobody, "GET", &address, 401).await;
    }
    for address in [format!("{LIST}?person=nobody"), none.clone(), format!("{none}/messages")] {
        walk.ask(lucia, "GET", &address, 404).await;
    }
    for address in [LIST.to_owned(), format!("{one}/messages")] {
        walk.ask(lucia, "GET", &format!("{address}?limit=0"), 422).await;
    }

    let hello = json!({"text": "Hola"});
    walk.tell(lucia, "POST", &format!("{one}/messages"), &hello, 201).await;
    walk.tell(coach, "POST", &format!("{one}/messages"), &hello, 201).await;
    walk.tell(nobody, "POST", &format!("{one}/messages"), &hello, 401).await;
    walk.tell(lucia, "POST", &format!("{none}/messages"), &hello, 404).await;
    walk.tell(lucia, "POST", &format!("{one}/messages"), &json!({"text": ""}), 422).await;
    walk.send_no_body_that_is_one(lucia, "POST", &format!("{one}/messages")).await;
    deliveries(walk, server, &id, lucia, coach, nobody).await;
    walk.ask(lucia, "POST", &format!("{one}/read"), 200).await;
    walk.ask(nobody, "POST", &format!("{one}/read"), 401).await;
    walk.ask(lucia, "POST", &format!("{none}/read"), 404).await;
    let done = format!("{one}/no-answer-needed");
    walk.tell(coach, "POST", &done, &json!({}), 200).await;
    walk.tell(coach, "POST", &done, &json!({"messageId": 7}), 422).await;
    walk.tell(nobody, "POST", &done, &json!({}), 401).await;
    walk.tell(lucia, "POST", &done, &json!({}), 403).await;
    walk.tell(lucia, "POST", &format!("{none}/no-answer-needed"), &json!({}), 404).await;
    walk.send_no_body_that_is_one(coach, "POST", &done).await;
}

/// Posts as the contact's side does.
async fn post(walk: &mut Walk, server: &Server, address: &str, body: String, expected: u16) -> Answer {
    let path = address.strip_prefix("/api/webhooks").unwrap();
    let signature = signed(path, body.as_bytes(), server.app().clock.now());
    let headers: &[(&str, &str)] = &[("content-type", "application/json"), (HEADER, &signature)];
    walk.step(&server.anonymous(), Step { method: "POST", address, headers, body }, expected).await
}

async fn inbound(walk: &mut Walk, server: &Server, id: &str, nobody: &Person) {
    for (body, expected) in [
        (json!({"type": "message", "contactId": id, "id": "w1", "text": "Hola"}), 200),
        (
            json!({"type": "message", "channel": "whatsapp", "address": "+34600000002", "id": "w2", "text": "¿Sí?"}),
            200,
        ),
        (json!({"type": "typing:start", "contactId": id}), 204),
        (json!({"type": "message", "contactId": "none", "id": "w3", "text": "Hola"}), 422),
    ] {
        post(walk, server, INBOUND, body.to_string(), expected).await;
    }
    for address in [INBOUND, FETCH] {
        walk.tell(nobody, "POST", address, &json!({"contactId": id}), 401).await;
        post(walk, server, address, "{".to_owned(), 400).await;
        post(walk, server, address, " ".repeat(65 * 1024), 413).await;
    }
    post(walk, server, FETCH, "{}".to_owned(), 422).await;
}

async fn deliveries(
    walk: &mut Walk,
    server: &Server,
    id: &str,
    lucia: &Person,
    coach: &Person,
    nobody: &Person,
) {
    for address in [DELIVERIES.to_owned(), format!("{DELIVERIES}/summary")] {
        walk.get_and_get_again(lucia, &address).await;
        walk.ask(nobody, "GET", &address, 401).await;
    }
    walk.ask(lucia, "GET", &format!("{DELIVERIES}?status=dance"), 422).await;
    let fetched = post(walk, server, FETCH, json!({"contactId": id, "waitMs": 0}).to_string(), 200).await;
    let delivery = fetched.body["deliveries"][0]["id"].as_str().unwrap();
    let one = format!("{DELIVERIES}/{delivery}");
    walk.ask(lucia, "DELETE", &one, 409).await;
    let taken = json!({"contactId": id, "acknowledged": delivery, "waitMs": 0});
    post(walk, server, FETCH, taken.to_string(), 200).await;
    walk.get_and_get_again(lucia, &format!("{DELIVERIES}?status=delivered")).await;
    walk.ask(nobody, "DELETE", &one, 401).await;
    walk.ask(coach, "DELETE", &one, 403).await;
    walk.ask(lucia, "DELETE", &one, 204).await;
    walk.ask(lucia, "DELETE", &one, 404).await;
}

/// Begins a conversation, and gives its id.
pub async fn begin(lucia: &Person) -> String {
    contact(lucia, "Andrés", "+34600000002").await
}

/// Everything that is told about conversations and deliveries over a socket in the room.
pub async fn change_everything(server: &Server, lucia: &Person, coach: &Person, id: &str) {
    contact_types(server, id, true).await;
    contact_types(server, id, false).await;
    contact_says(server, id, "w1", "Hola").await;
    coach.post(&format!("/conversations/{id}/no-answer-needed"), json!({})).await;
    says(coach, id, "Buenos días").await;
    let fetch = |more: Value| {
        let mut body = json!({"contactId": id, "waitMs": 0});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        async move { post_signed(server, "/fetch", &body).await.body }
    };
    let fetched = fetch(json!({})).await;
    let delivery = fetched["deliveries"][0]["id"].as_str().unwrap();
    fetch(json!({"acknowledged": delivery})).await;
    assert_eq!(lucia.delete(&format!("/events/{delivery}")).await.status, 204);
}
