//! A coach follows the people assigned, and nobody else.

mod support;

use axum::http::StatusCode;
use latido_domain::{account::Role, delete_account, store::StoreError};
use latido_protocol::{
    frame::{Position, WelcomeMode},
    session::UserId,
};
use serde_json::json;
use support::{Person, Server, names, socket::open};

async fn id(person: &Person) -> String {
    person.get("/session").await.body["user"]["id"].as_str().unwrap_or_default().to_owned()
}

async fn cast(server: &Server) -> (Person, Person) {
    let lucia = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    (lucia, coach)
}

#[tokio::test]
async fn a_coach_reads_what_an_assigned_person_logs() {
    let server = Server::start().await;
    let (lucia, coach) = cast(&server).await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let food = lucia.log_food("Avena").await;
    let person = id(&lucia).await;

    let people = coach.get("/people").await;
    assert_eq!(people.body, json!({"people": [{"id": person, "name": "Lucía", "role": "user"}]}));
    assert_eq!(names(&coach.get(&format!("/food-logs?person={person}")).await), ["Avena"]);
    let one = coach.get(&format!("/food-logs/{food}?person={person}")).await;
    assert_eq!(one.body["foodLog"]["name"], "Avena");
    let profile = coach.get(&format!("/health-profile?person={person}")).await;
    assert_eq!(profile.body["healthProfile"]["displayName"], "Lucía");
    assert!(coach.food_names().await.is_empty(), "the coach's own list holds the coach's own");
}

#[tokio::test]
async fn somebody_who_is_not_assigned_does_not_exist_for_a_coach() {
    let server = Server::start().await;
    let (lucia, coach) = cast(&server).await;
    let food = lucia.log_food("Avena").await;
    let person = id(&lucia).await;
    for path in [
        format!("/food-logs?person={person}"),
        format!("/food-logs/{food}?person={person}"),
        format!("/food-logs/{food}"),
        format!("/health-profile?person={person}"),
        "/food-logs?person=nobody".to_owned(),
    ] {
        assert_eq!(coach.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(coach.get("/people").await.body, json!({"people": []}));
}

#[tokio::test]
async fn a_coach_changes_nothing_of_an_assigned_person() {
    let server = Server::start().await;
    let (lucia, coach) = cast(&server).await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let food = lucia.log_food("Avena").await;
    let path = format!("/food-logs/{food}?person={}", id(&lucia).await);
    assert_eq!(coach.patch(&path, json!({"name": "Pizza"})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(coach.delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(lucia.food_names().await, ["Avena"]);
}

#[tokio::test]
async fn a_person_does_not_see_the_coach() {
    let server = Server::start().await;
    let (lucia, coach) = cast(&server).await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let path = format!("/food-logs?person={}", id(&coach).await);
    assert_eq!(lucia.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_coach_is_told_that_something_changed_and_not_what() {
    let server = Server::start().await;
    let (lucia, coach) = cast(&server).await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let mut socket = open(&server, &coach).await;
    socket.start().await;
    lucia.log_food("Avena").await;
    let event = socket.json().await;
    assert_eq!(event["type"], "personUpdated");
    assert_eq!(event["data"], json!({"personId": id(&lucia).await, "family": "food"}));
    assert_eq!(event["seq"], 1);
}

#[tokio::test]
async fn nobody_follows_somebody_of_another_tenant() {
    let server = Server::start().await;
    let _ = server.person("lucia@example.org").await;
    let _ = server.person_as("stranger@example.org", Role::Admin, "elsewhere").await;
    let refused = server.app().store.write(|write| {
        let lucia = write.read().account_by_email("lucia@example.org")?.unwrap();
        let stranger = write.read().account_by_email("stranger@example.org")?.unwrap();
        latido_domain::access::assign(write, &lucia, &stranger, support::epoch())
    });
    assert!(refused.await.is_err());
}

#[tokio::test]
async fn a_coach_who_is_let_go_keeps_nothing_of_what_was_told() {
    let server = Server::start().await;
    let (lucia, coach) = cast(&server).await;
    server.assign("lucia@example.org", "coach@example.org").await;
    let mut socket = open(&server, &coach).await;
    let before = socket.start().await;
    lucia.log_food("Avena").await;
    assert_eq!(socket.json().await["type"], "personUpdated");

    let ids = [id(&lucia).await, id(&coach).await].map(UserId::new);
    let let_go =
        server.app().store.write(move |write| delete_account::end_assignment(write, &ids[0], &ids[1]));
    assert!(Result::<_, StoreError>::unwrap(let_go.await));
    let path = format!("/food-logs?person={}", id(&lucia).await);
    assert_eq!(coach.get(&path).await.status, StatusCode::NOT_FOUND);
    let mut again = open(&server, &coach).await;
    let welcome = again.hello(Some(Position { epoch: before.epoch, seq: before.head })).await;
    assert_eq!(welcome.mode, WelcomeMode::Reset, "the log has a hole where the person was");
}
