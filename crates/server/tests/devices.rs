//! Devices behind a source of JSON messages, and who may do what with them.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not marked as such")]

mod support;

use axum::http::StatusCode;
use latido_domain::account::Role;
use serde_json::{Value, json};
use support::{
    Person, Server,
    links::{Feed, Source, act, add, admin, connection, devices, event, listen, online, server, status},
    socket::Socket,
};
use tokio_tungstenite::tungstenite::Message;

/// A source with one lamp that is on, and a socket that has heard of it.
async fn lamp(server: &Server, admin: &Person) -> (Feed, Socket, String) {
    let source = Source::start().await;
    let mut socket = listen(server, admin).await;
    let id = add(admin, source.draft()).await;
    let mut feed = source.accept().await;
    feed.say(json!({"device": "lamp-1", "name": "Lamp", "relayOn": true, "currentPower": 10})).await;
    online(&mut socket, true).await;
    (feed, socket, id)
}

async fn path(person: &Person) -> String {
    format!("/devices/{}", devices(person).await[0]["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_connection_alone_brings_no_device_online() {
    let server = server().await;
    let (admin, source) = (admin(&server).await, Source::start().await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, source.draft()).await;
    let mut feed = source.accept().await;
    feed.say(json!({"device": "lamp-1", "relayOn": true})).await;
    online(&mut socket, true).await;
    act(&admin, &id, "restart").await;
    let mut feed = source.accept().await;
    online(&mut socket, false).await;
    status(&mut socket, "connected").await;
    assert_eq!(devices(&admin).await[0]["online"], false);
    feed.say(json!({"device": "lamp-1"})).await;
    assert_eq!(online(&mut socket, true).await["relayOn"], false, "what the relay does is not known yet");
}

#[tokio::test]
async fn a_source_may_know_that_a_device_is_gone() {
    let server = server().await;
    let admin = admin(&server).await;
    let (mut feed, mut socket, _) = lamp(&server, &admin).await;
    feed.say(json!({"device": "lamp-1", "online": false})).await;
    let device = online(&mut socket, false).await;
    assert_eq!((&device["relayOn"], &device["currentPower"]), (&json!(false), &json!(0.0)));
}

#[tokio::test]
async fn a_burst_of_measurements_is_written_seldom_and_its_last_one_always() {
    let server = server().await;
    let admin = admin(&server).await;
    let (mut feed, mut socket, _) = lamp(&server, &admin).await;
    for power in 0..=150 {
        feed.say(json!({"device": "lamp-1", "currentPower": power})).await;
    }
    let mut updates = 0;
    event(&mut socket, "device-update", |data| {
        updates += 1;
        data["currentPower"] == 150.0
    })
    .await;
    // Of one a second: more than a few only if the machine took as many seconds.
    assert!(updates < 50, "{updates}");
    assert_eq!(devices(&admin).await[0]["currentPower"], 150.0);
}

#[tokio::test]
async fn a_switch_is_told_at_once_even_amid_measurements() {
    let server = server().await;
    let admin = admin(&server).await;
    let (mut feed, mut socket, _) = lamp(&server, &admin).await;
    feed.say(json!({"device": "lamp-1", "currentPower": 11})).await;
    feed.say(json!({"device": "lamp-1", "relayOn": false, "currentPower": 12})).await;
    let off = event(&mut socket, "device-update", |data| data["relayOn"] == false).await;
    assert_eq!(off["data"]["currentPower"], 12.0);
}

#[tokio::test]
async fn a_source_is_asked_and_answers_by_how_the_device_is() {
    let server = server().await;
    let admin = admin(&server).await;
    let (mut feed, _socket, _) = lamp(&server, &admin).await;
    let relay = format!("{}/relay", path(&admin).await);
    let asking = tokio::spawn({
        let (admin, relay) = (admin.clone(), relay.clone());
        async move { admin.post(&relay, json!({"on": false})).await }
    });
    assert_eq!(feed.hear().await, Some(json!({"type": "relay", "device": "lamp-1", "on": false})));
    feed.say(json!({"device": "lamp-1", "relayOn": false})).await;
    let answer = asking.await.unwrap();
    assert_eq!((answer.status, &answer.body["device"]["relayOn"]), (StatusCode::OK, &json!(false)));
}

#[tokio::test]
async fn nonsense_is_counted_and_harms_nothing() {
    let server = server().await;
    let admin = admin(&server).await;
    let (mut feed, mut socket, _) = lamp(&server, &admin).await;
    for text in ["", "{", "[]", "null", r#"{"device":"../x"}"#, &"[".repeat(5_000)] {
        feed.shout(Message::text(text)).await;
    }
    feed.shout(Message::binary(vec![0, 159, 146, 150])).await;
    feed.say(json!({"device": "lamp-1", "relayOn": false, "currentPower": "much", "voltage": 1e300})).await;
    let off = event(&mut socket, "device-update", |data| data["relayOn"] == false).await;
    assert_eq!((&off["data"]["currentPower"], &off["data"]["voltage"]), (&json!(10.0), &Value::Null));
    let metrics = admin.get("/websocket/metrics").await;
    assert_eq!(metrics.body["total"]["errors"], 6, "{}", metrics.text);
}

#[tokio::test]
async fn a_message_that_is_too_big_ends_the_connection_and_nothing_else() {
    let server = server().await;
    let admin = admin(&server).await;
    let (mut feed, mut socket, id) = lamp(&server, &admin).await;
    let name = "x".repeat(70_000);
    feed.shout(Message::text(json!({"device": "lamp-1", "name": name}).to_string())).await;
    let lost = status(&mut socket, "reconnecting").await;
    assert_eq!(lost["data"]["errorMessage"], "The source sent a message of more than 64 KiB.");
    online(&mut socket, false).await;
    assert_eq!(connection(&admin, &id).await["status"], "reconnecting");
}

#[tokio::test]
async fn a_source_cannot_make_up_devices_without_end() {
    let server = server().await;
    let admin = admin(&server).await;
    let (mut feed, mut socket, _) = lamp(&server, &admin).await;
    for number in 0..80 {
        feed.say(json!({"device": format!("d{number}")})).await;
    }
    event(&mut socket, "connection_log", |row| row["eventType"] == "error").await;
    assert_eq!(devices(&admin).await.len(), 64);
}

#[tokio::test]
async fn everybody_sees_devices_and_coaches_switch_them() {
    let server = server().await;
    let admin = admin(&server).await;
    let (_feed, _socket, _) = lamp(&server, &admin).await;
    let user = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    let stranger = server.person_as("stranger@example.org", Role::Admin, "elsewhere").await;
    let path = path(&admin).await;
    let relay = format!("{path}/relay");
    let on = json!({"on": true});

    assert_eq!(devices(&user).await.len(), 1);
    assert!(devices(&stranger).await.is_empty());
    assert_eq!(user.post(&relay, on.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(stranger.post(&relay, on.clone()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.anonymous().post(&relay, on.clone()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(coach.post("/devices/none/relay", on).await.status, StatusCode::NOT_FOUND);
    let refused = coach.post(&relay, json!({"on": "yes"})).await;
    assert_eq!(refused.pointers(), ["/on"]);

    let mode = json!({"appointmentOnlyMode": true});
    assert_eq!(coach.patch(&path, mode.clone()).await.status, StatusCode::FORBIDDEN);
    let edited = admin.patch(&path, mode).await;
    assert_eq!(edited.body["device"]["appointmentOnlyMode"], true, "{}", edited.text);
    assert_eq!(devices(&user).await[0]["appointmentOnlyMode"], true);
}

#[tokio::test]
async fn a_stranger_hears_of_no_device() {
    let server = server().await;
    let admin = admin(&server).await;
    let stranger = server.person_as("stranger@example.org", Role::Admin, "elsewhere").await;
    let mut foreign = listen(&server, &stranger).await;
    let user = server.person("lucia@example.org").await;
    let mut own = listen(&server, &user).await;
    let (_feed, _socket, _) = lamp(&server, &admin).await;
    assert_eq!(foreign.up_to_pong().await, (vec![], Some(0)));
    let first = own.json().await;
    assert_eq!(
        (&first["type"], &first["seq"]),
        (&json!("device-update"), &json!(1)),
        "and nothing of the link"
    );
}

#[tokio::test]
async fn a_list_that_has_not_changed_is_not_sent_again() {
    let server = server().await;
    let admin = admin(&server).await;
    let (_feed, _socket, _) = lamp(&server, &admin).await;
    let first = admin.get("/devices").await;
    let headers = [("if-none-match", first.header("etag"))];
    let again = admin.send(axum::http::Method::GET, "/devices", &headers, None).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}
