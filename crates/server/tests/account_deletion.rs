//! Leaving: an account goes, and nothing of it stays.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{fs, path::Path};

use axum::http::Method;
use latido_domain::{account::Role, change, error::DomainError};
use latido_protocol::{
    food::FoodLog,
    frame::{Position, WelcomeMode},
    session::UserId,
};
use serde_json::json;
use support::{Answer, PASSWORD, Person, Server, process::run, socket, weight};

async fn leave(person: &Person, password: &str) -> Answer {
    let body = json!({ "password": password }).to_string();
    person.send(Method::DELETE, "/account", &[], Some(body)).await
}

async fn id(person: &Person) -> String {
    person.get("/session").await.body["user"]["id"].as_str().unwrap().to_owned()
}

/// Which of these stand anywhere in the database's files.
fn traces<'a>(data: &Path, texts: &[&'a str]) -> Vec<&'a str> {
    let files = fs::read_dir(data).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let all: Vec<u8> = files.flatten().collect();
    let stands = |text: &&&str| all.windows(text.len()).any(|window| window == text.as_bytes());
    texts.iter().filter(stands).copied().collect()
}

/// Somebody with a bit of everything, among others who write meanwhile.
async fn lived_in(server: &Server) -> (Person, String) {
    let lucia = server.person("lucia@example.org").await;
    let marta = server.person("marta@example.org").await;
    for day in 0..150 {
        let long = "una nota muy larga ".repeat(day % 7 * 10);
        let food = json!({"name": format!("Gazpacho andaluz {day}"), "meal": "lunch", "calories": 90, "notes": long});
        let key = format!("clave-{day}");
        let headers = [("idempotency-key", &*key)];
        let posted = lucia.send(Method::POST, "/food-logs", &headers, Some(food.to_string())).await;
        let logged = posted.body["foodLog"]["id"].as_str().unwrap().to_owned();
        marta.log_food(&format!("Lentejas {day}")).await;
        if day % 3 == 0 {
            lucia.patch(&format!("/food-logs/{logged}"), json!({"name": "Salmorejo cordobés"})).await;
        }
        if day % 5 == 0 {
            lucia.delete(&format!("/food-logs/{logged}")).await;
        }
    }
    lucia.post("/health-metrics", weight(71.4)).await;
    let profile = json!({"displayName": "Lucía Fernández", "units": "metric", "timeZone": "Europe/Madrid", "language": "es"});
    assert_eq!(lucia.put("/health-profile", profile).await.status, 200);
    let id = id(&lucia).await;
    (lucia, id)
}

const TEXTS: [&str; 6] =
    ["lucia@example.org", "Gazpacho", "Salmorejo", "una nota muy larga", "Fernández", "clave-1"];

#[tokio::test]
async fn nothing_of_an_account_stays_in_the_files() {
    let server = Server::start().await;
    let (lucia, id) = lived_in(&server).await;
    let data = server.data.path().join("data");
    let texts = [&TEXTS[..], &[&id]].concat();
    assert_eq!(traces(&data, &texts), texts, "it was there");
    let answer = leave(&lucia, PASSWORD).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    assert!(traces(&data, &texts).is_empty(), "{:?}", traces(&data, &texts));
    let marta = server.sign_in("marta@example.org").await;
    assert_eq!(marta.food_names().await.len(), 150, "others keep what they have");
    server.running.stop().await;
}

#[tokio::test]
async fn whoever_left_is_signed_out_everywhere() {
    let server = Server::start().await;
    let phone = server.person("lucia@example.org").await;
    let laptop = server.sign_in("lucia@example.org").await;
    let ticket = socket::ticket(&laptop).await;
    let (mut one, mut two) = (socket::open(&server, &phone).await, socket::open(&server, &laptop).await);
    one.start().await;
    two.start().await;

    let answer = leave(&phone, PASSWORD).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "the cookie is taken away");
    assert_eq!(one.close_code().await, Some(4401));
    assert_eq!(two.close_code().await, Some(4401));
    for person in [&phone, &laptop] {
        assert_eq!(person.get("/food-logs").await.status, 401);
        assert_eq!(person.post("/session/refresh", json!({})).await.status, 401);
    }
    assert_eq!(socket::dial_with_ticket(&server, &ticket).await.err().unwrap(), 401);
    let credentials = json!({"email": "lucia@example.org", "password": PASSWORD});
    assert_eq!(server.anonymous().post("/session", credentials).await.status, 401);
    // The address is free again, and whoever takes it finds nothing.
    let new = server.person("lucia@example.org").await;
    assert!(new.food_names().await.is_empty());
    server.running.stop().await;
}

#[tokio::test]
async fn without_the_password_nothing_is_deleted() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    person.log_food("Avena").await;
    let wrong = leave(&person, "wrong horse").await;
    assert_eq!(wrong.status, 403);
    assert!(wrong.body["detail"].as_str().unwrap().contains("Nothing was deleted"));
    let nothing = person.send(Method::DELETE, "/account", &[], Some("{}".to_owned())).await;
    assert_eq!((nothing.status.as_u16(), nothing.pointers()), (422, vec!["/password"]));
    assert_eq!(leave(&server.anonymous(), PASSWORD).await.status, 401);
    assert_eq!(person.food_names().await, ["Avena"]);
    server.running.stop().await;
}

#[tokio::test]
async fn a_coach_is_left_without_a_trace_and_misses_nothing() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let mut open = socket::open(&server, &coach).await;
    let position = open.start().await;
    person.log_food("Gazpacho").await;
    assert_eq!(open.frame().await.seq, Some(1));
    let person_id = id(&person).await;

    assert_eq!(leave(&person, PASSWORD).await.status, 204);
    assert!(traces(&server.data.path().join("data"), &[&person_id]).is_empty());
    assert_eq!(coach.get(&format!("/food-logs?person={person_id}")).await.status, 404);
    // The hole makes whoever resumes fetch everything, and later events have later numbers.
    let mut back = socket::open(&server, &coach).await;
    let behind = Position { epoch: position.epoch, seq: 0 };
    assert_eq!(back.hello(Some(behind)).await.mode, WelcomeMode::Reset);
    coach.log_food("Avena").await;
    assert_eq!(back.event_seq().await, 2);
    server.running.stop().await;
}

#[tokio::test]
async fn conversations_go_with_all_that_was_said() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let contact = json!({"name": "Tía Remedios", "channel": "whatsapp", "address": "+34600000001"});
    let created = person.post("/conversations", contact.clone()).await;
    let contact_id = created.body["conversation"]["contactId"].as_str().unwrap().to_owned();
    let path = format!("/conversations/{contact_id}/messages");
    let text = json!({"text": "Le mando la receta"}).to_string();
    let sent = coach.send(Method::POST, &path, &[("idempotency-key", "receta")], Some(text)).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    // The coach has a mark in the conversation, too.
    let said = person.post(&path, json!({"text": "La he hecho"})).await;
    assert_eq!(said.status, 201, "{}", said.text);
    let read = coach.post(&format!("/conversations/{contact_id}/read"), json!({})).await;
    assert_eq!(read.status, 200, "{}", read.text);

    let data = server.data.path().join("data");
    let texts = ["Remedios", "+34600000001", "Le mando la receta", &contact_id];
    assert_eq!(traces(&data, &texts), texts, "it was there");
    assert_eq!(leave(&person, PASSWORD).await.status, 204);
    assert!(traces(&data, &texts).is_empty(), "{:?}", traces(&data, &texts));
    // The address is free for whoever comes next.
    assert_eq!(coach.post("/conversations", contact).await.status, 201);
    server.running.stop().await;
}

#[tokio::test]
async fn what_was_on_its_way_when_an_account_left_is_not_kept() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let user = UserId::new(id(&person).await);
    assert_eq!(leave(&person, PASSWORD).await.status, 204);
    let now = support::epoch();
    let body = json!({"name": "Tarde", "meal": "lunch", "calories": 1}).as_object().unwrap().clone();
    let late = server.app().store.write(move |write| {
        let food = change::draft::<FoodLog>(&body, now)?;
        change::create(write, &user, &food, now)
    });
    assert!(matches!(late.await, Err(DomainError::NotFound)));
    server.running.stop().await;
}

#[tokio::test]
async fn an_account_can_be_deleted_without_a_server() {
    let server = Server::start().await;
    let (_, id) = lived_in(&server).await;
    let data = server.data.path().join("data");
    server.running.stop().await;
    let delete = ["user", "delete", "Lucia@Example.org", "--data", data.to_str().unwrap()];
    let (done, out, err) = run(&delete);
    assert!(done && out.contains("Deleted the account lucia@example.org"), "{out}{err}");
    assert!(traces(&data, &[&TEXTS[..], &[&id]].concat()).is_empty());
    let (again, _, err) = run(&delete);
    assert!(!again && err.contains("there is no account"), "{err}");
}
