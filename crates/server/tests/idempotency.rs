//! The same request under the same key is done once.

mod support;

use axum::http::{Method, StatusCode};
use support::{Answer, Person, Server, exercise, food};

async fn post(person: &Person, key: &str, path: &str, body: &serde_json::Value) -> Answer {
    person.send(Method::POST, path, &[("idempotency-key", key)], Some(body.to_string())).await
}

#[tokio::test]
async fn the_same_key_and_body_creates_once_and_answers_the_same() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let first = post(&lucia, "k1", "/food-logs", &food("Avena")).await;
    server.clock.advance_ms(5000);
    let second = post(&lucia, "k1", "/food-logs", &food("Avena")).await;
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.text, second.text);
    assert_eq!(lucia.food_names().await, ["Avena"]);
}

#[tokio::test]
async fn the_same_key_with_another_request_is_refused() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    post(&lucia, "k1", "/food-logs", &food("Avena")).await;
    let other_body = post(&lucia, "k1", "/food-logs", &food("Pan")).await;
    assert_eq!(other_body.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other_body.pointers().is_empty());
    let other_path = post(&lucia, "k1", "/exercise-logs", &exercise("Correr")).await;
    assert_eq!(other_path.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(lucia.food_names().await, ["Avena"]);
}

#[tokio::test]
async fn racing_requests_with_one_key_create_once() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let racing = (0..10).map(|_| {
        let lucia = lucia.clone();
        tokio::spawn(async move { post(&lucia, "k1", "/food-logs", &food("Avena")).await })
    });
    let mut texts = Vec::new();
    for answer in racing.collect::<Vec<_>>() {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, StatusCode::CREATED);
        texts.push(answer.text);
    }
    texts.dedup();
    assert_eq!(texts.len(), 1);
    assert_eq!(lucia.food_names().await, ["Avena"]);
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let refused = post(&lucia, "k1", "/food-logs", &food("")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post(&lucia, "k1", "/food-logs", &food("Avena")).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn keys_belong_to_their_user() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let hers = post(&lucia, "k1", "/food-logs", &food("Avena")).await;
    let other = post(&marta, "k1", "/food-logs", &food("Avena")).await;
    assert_eq!(other.status, StatusCode::CREATED);
    assert_ne!(hers.text, other.text);
}

#[tokio::test]
async fn a_key_is_remembered_for_eight_days_and_across_a_restart() {
    let server = Server::start().await;
    let mut lucia = server.person("lucia@example.org").await;
    post(&lucia, "k1", "/food-logs", &food("Avena")).await;
    let server = server.restart().await;
    lucia = Person { app: server.app().clone(), ..lucia };
    post(&lucia, "k1", "/food-logs", &food("Avena")).await;
    assert_eq!(lucia.food_names().await.len(), 1);

    server.clock.advance_ms(8 * 24 * 3_600_000);
    let lucia = server.sign_in("lucia@example.org").await;
    assert_eq!(post(&lucia, "k1", "/food-logs", &food("Pan")).await.status, StatusCode::CREATED);
    assert_eq!(lucia.food_names().await, ["Pan", "Avena"]);
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for key in ["", &"k".repeat(256)] {
        assert_eq!(post(&lucia, key, "/food-logs", &food("Avena")).await.status, StatusCode::BAD_REQUEST);
    }
    assert!(lucia.food_names().await.is_empty());
}
