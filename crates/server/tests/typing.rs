//! Rooms and typing: who may be in a room, who hears whom type, and that nobody types for ever.
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use std::time::Duration;

use latido_domain::{access, account::Role};
use latido_protocol::frame::ClientFrame;
use serde_json::{Value, json};
use support::{
    Person, Server,
    socket::{Socket, open},
    webhooks::{Provider, SECRET, contact, contact_says, contact_types, says, team},
};

/// Longer than any test: typing ends here only by what the test does.
const NEVER: Duration = Duration::from_mins(10);

async fn start(typing_within: Duration) -> Server {
    Server::start_with(|settings| {
        settings.webhooks.secrets = vec![SECRET.to_owned()];
        settings.limits.typing_within = typing_within;
    })
    .await
}

async fn in_room(server: &Server, person: &Person, contact: &str) -> Socket {
    let mut socket = open(server, person).await;
    socket.start().await;
    subscribe(&mut socket, contact).await;
    assert_eq!(socket.json_up_to_pong().await, [] as [Value; 0]);
    socket
}

async fn subscribe(socket: &mut Socket, contact: &str) {
    socket.say(&ClientFrame::Subscribe { channel: format!("conversation:{contact}") }).await;
}

async fn types(socket: &mut Socket, contact: &str, typing: bool) {
    let contact_id = contact.to_owned();
    let frame =
        if typing { ClientFrame::TypingStart { contact_id } } else { ClientFrame::TypingStop { contact_id } };
    socket.say(&frame).await;
}

async fn hears(socket: &mut Socket, kind: &str, contact: &str) {
    let frame = socket.json().await;
    assert_eq!((&frame["type"], &frame["data"]["contactId"]), (&json!(kind), &json!(contact)));
    assert!(frame.get("seq").is_none(), "typing is not numbered");
}

async fn kinds_up_to_pong(socket: &mut Socket) -> Vec<Value> {
    socket.json_up_to_pong().await.iter().map(|frame| frame["type"].clone()).collect()
}

async fn is_forbidden(socket: &mut Socket) {
    let frame = socket.json().await;
    assert_eq!((&frame["type"], &frame["data"]["code"]), (&json!("error"), &json!("forbidden")));
}

#[tokio::test]
async fn typing_reaches_the_others_in_the_room_and_nobody_else() {
    let server = start(NEVER).await;
    let lucia = team(&server, "lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut typist = in_room(&server, &coach, &id).await;
    let mut hearer = in_room(&server, &lucia, &id).await;
    let mut outside = open(&server, &lucia).await;
    outside.start().await;

    types(&mut typist, &id, true).await;
    hears(&mut hearer, "typing:start", &id).await;
    types(&mut typist, &id, false).await;
    hears(&mut hearer, "typing:stop", &id).await;
    assert_eq!(kinds_up_to_pong(&mut typist).await, [] as [&str; 0]);
    assert_eq!(kinds_up_to_pong(&mut outside).await, [] as [&str; 0]);
}

#[tokio::test]
async fn the_contacts_typing_is_heard_and_a_message_ends_it() {
    let server = start(NEVER).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut socket = in_room(&server, &lucia, &id).await;
    contact_types(&server, &id, true).await;
    hears(&mut socket, "typing:start", &id).await;
    contact_types(&server, &id, false).await;
    hears(&mut socket, "typing:stop", &id).await;
    contact_types(&server, &id, true).await;
    hears(&mut socket, "typing:start", &id).await;
    contact_says(&server, &id, "w1", "Hola").await;
    assert_eq!(kinds_up_to_pong(&mut socket).await, ["message:new", "typing:stop"]);
}

#[tokio::test]
async fn who_opens_a_conversation_hears_that_somebody_is_typing_already() {
    let server = start(NEVER).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    contact_types(&server, &id, true).await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    subscribe(&mut socket, &id).await;
    hears(&mut socket, "typing:start", &id).await;
}

#[tokio::test]
async fn typing_that_is_not_renewed_stops() {
    let server = start(Duration::from_millis(50)).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut hearer = in_room(&server, &lucia, &id).await;
    let mut typist = in_room(&server, &lucia, &id).await;
    types(&mut typist, &id, true).await;
    hears(&mut hearer, "typing:start", &id).await;
    hears(&mut hearer, "typing:stop", &id).await;
    contact_types(&server, &id, true).await;
    hears(&mut hearer, "typing:start", &id).await;
    hears(&mut hearer, "typing:stop", &id).await;
}

#[tokio::test]
async fn typing_ends_with_the_socket_and_on_leaving() {
    let server = start(NEVER).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut hearer = in_room(&server, &lucia, &id).await;
    let mut typist = in_room(&server, &lucia, &id).await;
    types(&mut typist, &id, true).await;
    hears(&mut hearer, "typing:start", &id).await;
    typist.vanish();
    hears(&mut hearer, "typing:stop", &id).await;

    let mut typist = in_room(&server, &lucia, &id).await;
    types(&mut typist, &id, true).await;
    hears(&mut hearer, "typing:start", &id).await;
    typist.say(&ClientFrame::Unsubscribe { channel: format!("conversation:{id}") }).await;
    hears(&mut hearer, "typing:stop", &id).await;
    types(&mut typist, &id, true).await;
    is_forbidden(&mut typist).await;
}

#[tokio::test]
async fn a_message_from_the_dashboard_ends_the_typing_of_its_writer() {
    let server = start(NEVER).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut hearer = in_room(&server, &lucia, &id).await;
    let mut typist = in_room(&server, &lucia, &id).await;
    types(&mut typist, &id, true).await;
    hears(&mut hearer, "typing:start", &id).await;
    says(&lucia, &id, "Hola").await;
    let kinds = kinds_up_to_pong(&mut hearer).await;
    assert!(kinds.contains(&json!("typing:stop")), "{kinds:?}");
}

#[tokio::test]
async fn while_two_type_the_stop_of_one_is_not_the_stop_of_both() {
    let server = start(NEVER).await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut hearer = in_room(&server, &lucia, &id).await;
    let mut typist = in_room(&server, &lucia, &id).await;
    types(&mut typist, &id, true).await;
    hears(&mut hearer, "typing:start", &id).await;
    contact_types(&server, &id, true).await;
    contact_types(&server, &id, false).await;
    // The last one says that the other one is still typing.
    for kind in ["typing:start", "typing:stop", "typing:start"] {
        hears(&mut hearer, kind, &id).await;
    }
    // Nobody else is typing to this one.
    for kind in ["typing:start", "typing:stop"] {
        hears(&mut typist, kind, &id).await;
    }
    assert_eq!(kinds_up_to_pong(&mut typist).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_foreign_or_unknown_room_is_forbidden_and_the_socket_stays() {
    let server = start(NEVER).await;
    let lucia = team(&server, "lucia@example.org").await;
    let marta = server.person("marta@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut socket = open(&server, &marta).await;
    socket.start().await;
    let channels =
        [format!("conversation:{id}"), "conversation:none".into(), "conversation:".into(), "x".into()];
    let mut answers = Vec::new();
    for channel in channels {
        socket.say(&ClientFrame::Subscribe { channel }).await;
        let mut answer = socket.json().await;
        assert_eq!(answer["data"]["code"], "forbidden");
        answer["timestamp"] = Value::Null;
        answers.push(answer);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "the answer does not tell whether there is such a room");
    types(&mut socket, &id, true).await;
    is_forbidden(&mut socket).await;
    contact_types(&server, &id, true).await;
    assert_eq!(kinds_up_to_pong(&mut socket).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_coach_whose_assignment_has_ended_hears_nothing_more() {
    let server = start(NEVER).await;
    let lucia = team(&server, "lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut theirs = in_room(&server, &coach, &id).await;
    let mut hers = in_room(&server, &lucia, &id).await;
    let ended = server.app().store.write(|write| {
        let read = write.read();
        let lucia = read.account_by_email("lucia@example.org")?.unwrap().id;
        let coach = read.account_by_email("coach@example.org")?.unwrap().id;
        access::unassign(write, &lucia, &coach)
    });
    assert!(ended.await.unwrap());
    contact_types(&server, &id, true).await;
    hears(&mut hers, "typing:start", &id).await;
    contact_says(&server, &id, "w1", "Hola").await;
    assert_eq!(kinds_up_to_pong(&mut theirs).await, [] as [&str; 0]);
    types(&mut theirs, &id, true).await;
    is_forbidden(&mut theirs).await;
}

#[tokio::test]
async fn a_socket_is_in_a_bounded_number_of_rooms() {
    let server = Server::start_with(|settings| settings.limits.rooms_per_socket = 2).await;
    let lucia = team(&server, "lucia@example.org").await;
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(contact(&lucia, "Andrés", &format!("+3460000000{number}")).await);
    }
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    for id in [&ids[0], &ids[1], &ids[1]] {
        subscribe(&mut socket, id).await;
    }
    assert_eq!(kinds_up_to_pong(&mut socket).await, [] as [&str; 0]);
    subscribe(&mut socket, &ids[2]).await;
    is_forbidden(&mut socket).await;
    socket.say(&ClientFrame::Unsubscribe { channel: format!("conversation:{}", ids[0]) }).await;
    subscribe(&mut socket, &ids[2]).await;
    assert_eq!(kinds_up_to_pong(&mut socket).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_person_types_to_the_team_and_not_to_the_own_telephone() {
    let mut provider = Provider::start(|_| axum::http::StatusCode::OK).await;
    let url = provider.url();
    let server = Server::start_with(|settings| {
        settings.webhooks.secrets = vec![SECRET.to_owned()];
        settings.webhooks.outbound_url = Some(url);
    })
    .await;
    let lucia = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let id = contact(&lucia, "Lucía", "+34600000001").await;
    let mut theirs = in_room(&server, &coach, &id).await;
    let mut hers = in_room(&server, &lucia, &id).await;
    types(&mut hers, &id, true).await;
    let frame = theirs.json().await;
    assert_eq!((&frame["type"], &frame["data"]["by"]), (&json!("typing:start"), &json!("contact")));
    // The first that is pushed is the coach's typing: hers was not.
    types(&mut theirs, &id, true).await;
    let frame = hers.json().await;
    assert_eq!((&frame["type"], &frame["data"]["by"]), (&json!("typing:start"), &json!("team")));
    assert_eq!(provider.next().await.body["type"], "typing:start");
    types(&mut hers, &id, false).await;
    types(&mut theirs, &id, false).await;
    assert_eq!(provider.next().await.body["type"], "typing:stop");
    assert!(provider.is_quiet());
}

#[tokio::test]
async fn typing_to_the_contact_is_pushed_to_its_side() {
    let mut provider = Provider::start(|_| axum::http::StatusCode::OK).await;
    let url = provider.url();
    let server = Server::start_with(|settings| {
        settings.webhooks.secrets = vec![SECRET.to_owned()];
        settings.webhooks.outbound_url = Some(url);
    })
    .await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut socket = in_room(&server, &lucia, &id).await;
    for (typing, kind) in [(true, "typing:start"), (false, "typing:stop")] {
        types(&mut socket, &id, typing).await;
        let posted = provider.next().await;
        assert_eq!((&posted.body["type"], &posted.body["to"]["contactId"]), (&json!(kind), &json!(id)));
        assert_eq!(posted.delivery, None, "nobody waits for typing to arrive");
    }
}
