//! The frames of the socket, held against the part of the document that describes them.

use std::collections::BTreeSet;

use latido_domain::account::Role;
use latido_protocol::{
    frame::{ClientFrame, Position},
    time::Timestamp,
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    contract::Contract,
    conversations,
    support::{
        Person, Server, exercise, food, links,
        socket::{Socket, open},
        weight,
    },
};

/// Fails unless the frame is documented on this side, and as it is; gives its type.
fn check(contract: &Contract, side: &str, text: &str) -> String {
    let frame: Value = serde_json::from_str(text).unwrap();
    let frames = contract.document["x-socket"][side].as_array().unwrap();
    let documented = frames.iter().find(|documented| documented["type"] == frame["type"]);
    let documented = documented.unwrap_or_else(|| panic!("not documented: {text}"));
    let numbered = documented["numbered"] == true;
    assert_eq!((frame["seq"].is_u64(), frame["epoch"].is_string()), (numbered, numbered), "{text}");
    assert!(frame["timestamp"].is_string(), "{text}");
    assert_eq!(frame["error"].is_string(), frame["type"] == "error", "{text}");
    contract.validate(&documented["data"], &frame["data"], text);
    frame["type"].as_str().unwrap().to_owned()
}

/// Takes in what comes, until a frame of each of these types has come.
async fn hear(socket: &mut Socket, contract: &Contract, until: &[&str], heard: &mut BTreeSet<String>) {
    let mut missing: BTreeSet<_> = until.iter().copied().collect();
    while !missing.is_empty() {
        let kind = check(contract, "server", &socket.text().await);
        missing.remove(kind.as_str());
        heard.insert(kind);
    }
}

/// Everything that is told about over a socket.
async fn change_everything(lucia: &Person) {
    for (path, body, edit) in [
        ("/food-logs", food("Avena"), json!({"calories": 1})),
        ("/exercise-logs", exercise("Correr"), json!({"durationMin": 1})),
        ("/health-metrics", weight(70.0), json!({"value": 71})),
    ] {
        let made = lucia.post(path, body).await;
        let one = made.body.as_object().unwrap().values().next().unwrap();
        let path = format!("{path}/{}", one["id"].as_str().unwrap());
        assert_eq!(lucia.patch(&path, edit).await.status, 200);
        assert_eq!(lucia.delete(&path).await.status, 204);
    }
    let profile =
        json!({"displayName": "L", "units": "metric", "timeZone": "Europe/Madrid", "language": "es"});
    assert_eq!(lucia.put("/health-profile", profile).await.status, 200);
}

#[tokio::test]
async fn every_frame_is_as_documented_and_every_documented_frame_is_sent() {
    let server = crate::server().await;
    let contract = Contract::of(&server).await;
    let lucia = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let mut heard = BTreeSet::new();
    let (mut hers, mut theirs) = (open(&server, &lucia).await, open(&server, &coach).await);
    for socket in [&mut hers, &mut theirs] {
        socket.say(&ClientFrame::Hello { position: None, client: "test/1".to_owned() }).await;
        hear(socket, &contract, &["welcome"], &mut heard).await;
    }

    change_everything(&lucia).await;
    hear(&mut hers, &contract, &["healthProfileUpdated"], &mut heard).await;
    hear(&mut theirs, &contract, &["personUpdated"], &mut heard).await;
    let talk = conversations::begin(&lucia).await;
    hers.say(&ClientFrame::Subscribe { channel: format!("conversation:{talk}") }).await;
    hers.say(&ClientFrame::Ping { seq: None }).await;
    hear(&mut hers, &contract, &["pong"], &mut heard).await;
    conversations::change_everything(&server, &lucia, &coach, &talk).await;
    let told = [
        "typing:start",
        "typing:stop",
        "message:new",
        "message:status",
        "conversation:updated",
        "event_created",
        "event_update",
        "event_deleted",
        "metrics_update",
    ];
    hear(&mut hers, &contract, &told, &mut heard).await;

    let admin = links::admin(&server).await;
    let plug = links::plug(1, None).await;
    let mut equipment = open(&server, &admin).await;
    equipment.say(&ClientFrame::Hello { position: None, client: "test/1".to_owned() }).await;
    hear(&mut equipment, &contract, &["welcome"], &mut heard).await;
    links::add(&admin, links::shelly(&plug)).await;
    let told = ["device-update", "connection_update", "connection_log"];
    hear(&mut equipment, &contract, &told, &mut heard).await;

    hers.send(Message::text("{}")).await;
    hear(&mut hers, &contract, &["error"], &mut heard).await;
    let stopping = tokio::spawn(server.running.stop());
    hear(&mut hers, &contract, &["goaway"], &mut heard).await;
    drop((hers, theirs, equipment));
    stopping.await.unwrap();

    let documented = contract.document["x-socket"]["server"].as_array().unwrap().iter();
    let documented: BTreeSet<_> =
        documented.map(|frame| frame["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(heard, documented);
}

#[tokio::test]
async fn every_frame_of_a_client_is_as_documented() {
    let server = Server::start().await;
    let contract = Contract::of(&server).await;
    let position = Some(Position { epoch: "e".to_owned(), seq: 1 });
    let hello = |position| ClientFrame::Hello { position, client: "test/1".to_owned() };
    let (channel, contact_id) = ("conversation:c1".to_owned(), "c1".to_owned());
    for frame in [
        hello(None),
        hello(position),
        ClientFrame::Ping { seq: Some(1) },
        ClientFrame::Subscribe { channel: channel.clone() },
        ClientFrame::Unsubscribe { channel },
        ClientFrame::TypingStart { contact_id: contact_id.clone() },
        ClientFrame::TypingStop { contact_id },
    ] {
        check(&contract, "client", &frame.to_text(Timestamp::from_unix_ms(0)));
    }
}
