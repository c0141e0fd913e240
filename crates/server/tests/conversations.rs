//! Conversations: what is said, how far it has come, what is still to be read, and who is told.
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use axum::http::{Method, StatusCode};
use latido_domain::account::Role;
use serde_json::{Value, json};
use support::{
    Person, Server,
    socket::{Socket, open},
    webhooks::{SECRET, contact, contact_says, conversation, report, says, team},
};

async fn start() -> Server {
    Server::start_with(|settings| settings.webhooks.secrets = vec![SECRET.to_owned()]).await
}

async fn listening(server: &Server, person: &Person) -> Socket {
    let mut socket = open(server, person).await;
    socket.start().await;
    socket
}

/// The texts on the first page, newest first.
async fn texts(person: &Person, contact: &str) -> Vec<String> {
    let page = person.get(&format!("/conversations/{contact}/messages")).await;
    let messages = page.body["messages"].as_array().unwrap();
    messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

async fn status(person: &Person, contact: &str) -> Value {
    let page = person.get(&format!("/conversations/{contact}/messages?limit=1")).await;
    page.body["messages"][0]["status"].clone()
}

#[tokio::test]
async fn a_contact_is_created_once_and_listed() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let new = json!({"name": "Lucía", "channel": "whatsapp", "address": "+34600000001"}).to_string();
    let create = |key| {
        let (lucia, new) = (lucia.clone(), new.clone());
        async move { lucia.send(Method::POST, "/conversations", &[("idempotency-key", key)], Some(new)).await }
    };
    let first = create("k1").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    assert_eq!(create("k1").await.text, first.text);
    let listed = conversation(&lucia).await;
    assert_eq!(listed, first.body["conversation"]);
    assert_eq!((&listed["unread"], &listed["channel"]), (&json!(0), &json!("whatsapp")));
    assert!(listed.get("lastMessage").is_none());

    let again = create("k2").await;
    assert_eq!((again.status, again.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/address"]));
    let bad = lucia.post("/conversations", json!({"name": " ", "channel": "fax"})).await;
    assert_eq!(bad.pointers(), ["/name", "/channel", "/address"]);
}

#[tokio::test]
async fn what_the_contact_writes_is_counted_until_it_is_read() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    contact_says(&server, &id, "w1", "Hola").await;
    let last = contact_says(&server, &id, "w2", "¿Vienes?").await;
    let listed = conversation(&lucia).await;
    assert_eq!((&listed["unread"], &listed["lastMessage"]["text"]), (&json!(2), &json!("¿Vienes?")));
    assert_eq!(listed["lastMessage"]["status"], "delivered");
    assert_eq!(texts(&lucia, &id).await, ["¿Vienes?", "Hola"]);

    let mut socket = listening(&server, &lucia).await;
    let read = lucia.post(&format!("/conversations/{id}/read"), json!({})).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.text);
    assert_eq!(read.body["conversation"]["unread"], 0);
    assert_eq!(read.body["conversation"]["lastMessage"]["status"], "read");
    let told = socket.json().await;
    assert_eq!(told["type"], "message:status");
    assert_eq!(told["data"], json!({"contactId": id, "messageId": last, "status": "read"}));
    assert!(told["seq"].is_u64());

    let all = lucia.get(&format!("/conversations/{id}/messages")).await;
    for message in all.body["messages"].as_array().unwrap() {
        assert_eq!(message["status"], "read");
    }
}

#[tokio::test]
async fn reading_what_is_read_tells_nobody() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let mut socket = listening(&server, &lucia).await;
    let read = lucia.post(&format!("/conversations/{id}/read"), json!({})).await;
    assert_eq!(read.status, StatusCode::OK);
    assert_eq!(socket.up_to_pong().await, (vec![], Some(0)));
}

#[tokio::test]
async fn a_message_is_told_to_all_viewers_in_one_number_each() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let (mut hers, mut theirs) = (listening(&server, &lucia).await, listening(&server, &coach).await);
    contact_says(&server, &id, "w1", "Hola").await;
    for socket in [&mut hers, &mut theirs] {
        let told = socket.json().await;
        assert_eq!((&told["type"], &told["seq"]), (&json!("message:new"), &json!(1)));
        assert_eq!(told["data"]["contactId"], json!(id));
        assert_eq!(told["data"]["message"]["author"], "contact");
    }
    says(&coach, &id, "¡Buenas!").await;
    let told = hers.json().await;
    assert_eq!((&told["type"], &told["data"]["message"]["author"]), (&json!("message:new"), &json!("coach")));
    assert_eq!(told["data"]["message"]["status"], "queued");
}

#[tokio::test]
async fn a_message_is_sent_once_under_its_key() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let path = format!("/conversations/{id}/messages");
    let send = async || {
        let body = json!({"text": "Hola"}).to_string();
        lucia.send(Method::POST, &path, &[("idempotency-key", "k1")], Some(body)).await.text
    };
    assert_eq!(send().await, send().await);
    assert_eq!(texts(&lucia, &id).await, ["Hola"]);
    let long = lucia.post(&path, json!({"text": "a".repeat(4097)})).await;
    assert_eq!(long.pointers(), ["/text"]);
}

#[tokio::test]
async fn a_status_only_moves_forward() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let message = says(&lucia, &id, "Hola").await;
    let mut socket = listening(&server, &lucia).await;
    for (reported, now) in [
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("failed", "delivered"),
        ("read", "read"),
        ("read", "read"),
    ] {
        assert_eq!(report(&server, &id, &message, reported).await, StatusCode::NO_CONTENT);
        assert_eq!(status(&lucia, &id).await, now, "after {reported}");
        assert_eq!(conversation(&lucia).await["lastMessage"]["status"], now);
    }
    let told: Vec<_> =
        socket.json_up_to_pong().await.iter().map(|frame| frame["data"]["status"].clone()).collect();
    assert_eq!(told, ["delivered", "read"], "a report that says nothing new tells nobody");
}

#[tokio::test]
async fn a_status_of_a_message_that_is_none_of_ours_is_not_found() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    let other = contact(&lucia, "Marta", "+34600000003").await;
    let inbound = contact_says(&server, &id, "w1", "Hola").await;
    let outbound = says(&lucia, &id, "¡Buenas!").await;
    assert_eq!(report(&server, &id, "none", "read").await, StatusCode::NOT_FOUND);
    assert_eq!(report(&server, &id, &inbound, "read").await, StatusCode::NOT_FOUND);
    assert_eq!(report(&server, &other, &outbound, "read").await, StatusCode::NOT_FOUND);
    assert_eq!(conversation_named(&lucia, "Andrés").await["unread"], 1);
}

async fn conversation_named(person: &Person, name: &str) -> Value {
    let list = person.get("/conversations").await;
    let all = list.body["conversations"].as_array().unwrap();
    all.iter().find(|conversation| conversation["name"] == name).unwrap().clone()
}

#[tokio::test]
async fn conversations_come_newest_first_in_pages_and_reading_does_not_move_them() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(contact(&lucia, &format!("c{number}"), &format!("+3460000000{number}")).await);
        server.clock.advance_ms(1000);
    }
    contact_says(&server, &ids[0], "w1", "Hola").await;
    server.clock.advance_ms(1000);
    lucia.post(&format!("/conversations/{}/read", ids[2]), json!({})).await;
    let names = async |path: &str| {
        let page = lucia.get(path).await;
        let list = page.body["conversations"].as_array().unwrap().clone();
        let names: Vec<_> = list.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        (names, page.body["nextCursor"].clone())
    };
    assert_eq!(names("/conversations").await, (vec!["c0".into(), "c2".into(), "c1".into()], Value::Null));
    let (first, cursor) = names("/conversations?limit=2").await;
    assert_eq!(first, ["c0", "c2"]);
    let rest = names(&format!("/conversations?cursor={}", cursor.as_str().unwrap())).await;
    assert_eq!(rest, (vec!["c1".to_owned()], Value::Null));
}

#[tokio::test]
async fn messages_come_in_pages() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    for number in 0..5 {
        contact_says(&server, &id, &format!("w{number}"), &format!("m{number}")).await;
    }
    let first = lucia.get(&format!("/conversations/{id}/messages?limit=3")).await;
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let rest = lucia.get(&format!("/conversations/{id}/messages?cursor={cursor}")).await;
    let rest: Vec<_> = rest.body["messages"].as_array().unwrap().iter().map(|m| m["text"].clone()).collect();
    assert_eq!(rest, ["m1", "m0"], "in one millisecond the order is that in which they came");
}

#[tokio::test]
async fn an_unchanged_list_is_not_sent_again() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    for path in
        ["/conversations".to_owned(), format!("/conversations/{id}/messages"), format!("/conversations/{id}")]
    {
        let tag = lucia.get(&path).await.header("etag").to_owned();
        let again = async || lucia.send(Method::GET, &path, &[("if-none-match", &tag)], None).await.status;
        assert_eq!(again().await, StatusCode::NOT_MODIFIED, "{path}");
    }
    let tag = lucia.get("/conversations").await.header("etag").to_owned();
    contact_says(&server, &id, "w1", "Hola").await;
    let changed = lucia.send(Method::GET, "/conversations", &[("if-none-match", &tag)], None).await;
    assert_eq!(changed.status, StatusCode::OK);
}

#[tokio::test]
async fn anothers_conversation_is_not_found_by_any_route() {
    let server = start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    let id = contact(&lucia, "Andrés", "+34600000002").await;
    contact_says(&server, &id, "w1", "Hola").await;
    for stranger in [&marta, &coach] {
        for (method, path, body) in [
            (Method::GET, format!("/conversations/{id}"), None),
            (Method::GET, format!("/conversations/{id}/messages"), None),
            (
                Method::POST,
                format!("/conversations/{id}/messages"),
                Some(json!({"text": "Hola"}).to_string()),
            ),
            (Method::POST, format!("/conversations/{id}/read"), Some("{}".to_owned())),
            (Method::POST, format!("/conversations/{id}/no-answer-needed"), Some("{}".to_owned())),
        ] {
            let answer = stranger.send(method.clone(), &path, &[], body).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
        }
        assert_eq!(stranger.get("/conversations").await.body["conversations"], json!([]));
    }
    assert_eq!(conversation(&lucia).await["lastMessage"]["status"], "delivered");
}

#[tokio::test]
async fn a_coach_writes_for_the_people_assigned_and_gives_them_contacts() {
    let server = start().await;
    let lucia = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    let person = lucia.get("/session").await.body["user"]["id"].clone();
    let new = json!({"personId": person, "name": "Andrés", "channel": "web", "address": "v-1"});
    assert_eq!(coach.post("/conversations", new.clone()).await.status, StatusCode::NOT_FOUND);
    server.assign("lucia@example.org", "coach@example.org").await;
    let created = coach.post("/conversations", new).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    let id = created.body["conversation"]["contactId"].as_str().unwrap();
    says(&coach, id, "Hola").await;
    assert_eq!(texts(&lucia, id).await, ["Hola"]);
    assert_eq!(conversation(&coach).await["lastMessage"], conversation(&lucia).await["lastMessage"]);
    let of_lucia = coach.get(&format!("/conversations?person={}", person.as_str().unwrap())).await;
    assert_eq!(of_lucia.body["conversations"][0]["contactId"], id);
}

#[tokio::test]
async fn a_message_that_the_assistant_sent_is_no_unread_one() {
    let server = start().await;
    let lucia = team(&server, "lucia@example.org").await;
    let id = contact(&lucia, "Lucía", "+34600000001").await;
    let said = json!({"type": "message", "author": "bot", "contactId": id, "id": "b1", "text": "Apuntado"});
    let answer = support::webhooks::post_signed(&server, "/messages", &said).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let listed = conversation(&lucia).await;
    assert_eq!(listed["unread"], 0);
    let last = &listed["lastMessage"];
    assert_eq!(
        (&last["author"], &last["direction"], &last["status"]),
        (&json!("bot"), &json!("outbound"), &json!("sent"))
    );
    let message = answer.body["messageId"].as_str().unwrap();
    assert_eq!(report(&server, &id, message, "read").await, StatusCode::NO_CONTENT);
    assert_eq!(status(&lucia, &id).await, "read");
}

#[tokio::test]
async fn the_demo_has_talks_a_coach_and_deliveries() {
    let server = Server::start_with(|settings| settings.demo = true).await;
    let mut people = Vec::new();
    for email in [latido_devtools::demo::EMAIL, latido_devtools::demo::COACH_EMAIL] {
        let mut person = server.anonymous();
        let password = latido_devtools::demo::PASSWORD;
        let answer = person.post("/session", json!({"email": email, "password": password})).await;
        person.take_session(&answer);
        people.push(person);
    }
    let lists = [people[0].get("/conversations").await.body, people[1].get("/conversations").await.body];
    for (list, side, unread) in [(&lists[0], "contact", 2), (&lists[1], "team", 2)] {
        let list = list["conversations"].as_array().unwrap();
        let names: Vec<_> = list.iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["Lucía Demo", "Andrés Demo", "Visita de la web"]);
        let lucia = &list[0];
        assert_eq!((&lucia["side"], &lucia["needsAnswer"]), (&json!(side), &json!(true)));
        assert_eq!(lucia["unread"], unread, "{side}");
    }
    let summary = people[0].get("/events/summary").await.body;
    assert_eq!((&summary["pending_events"], &summary["failed_events"]), (&json!(0), &json!(1)));

    for conversation in lists[1]["conversations"].as_array().unwrap() {
        let id = conversation["contactId"].as_str().unwrap();
        let page = people[1].get(&format!("/conversations/{id}/messages?limit=200")).await;
        let messages = page.body["messages"].as_array().unwrap();
        for pair in messages.windows(2) {
            let times = [&pair[1], &pair[0]].map(|message| message["createdAt"].as_str().unwrap());
            assert!(times[0] < times[1], "{pair:?}");
            if pair[0]["author"] == "bot" {
                assert_eq!(pair[1]["author"], "contact", "the assistant answers what was asked: {pair:?}");
            }
        }
    }
}
