//! Signing in, staying signed in, signing out.

mod support;

use axum::http::{Method, StatusCode};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Value, json};
use support::{PASSWORD, Person, Server};

async fn refresh(person: &Person) -> support::Answer {
    person.send(Method::POST, "/session/refresh", &[], None).await
}

async fn who_am_i(person: &Person) -> StatusCode {
    person.get("/session").await.status
}

#[tokio::test]
async fn signing_in_gives_a_token_and_a_cookie_no_script_can_read() {
    let server = Server::start().await;
    server.person("lucia@example.org").await;
    let credentials = json!({"email": " Lucia@Example.org ", "password": PASSWORD});
    let answer = server.anonymous().post("/session", credentials).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!((&answer.body["tokenType"], &answer.body["expiresIn"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(answer.body["user"]["name"], "Lucía");
    assert_eq!(answer.header("cache-control"), "no-store");
    let cookie = answer.header("set-cookie");
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/api/session"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_are_told_the_same() {
    let server = Server::start().await;
    server.person("lucia@example.org").await;
    let anonymous = server.anonymous();
    let wrong = anonymous.post("/session", json!({"email": "lucia@example.org", "password": "wrong"})).await;
    let unknown =
        anonymous.post("/session", json!({"email": "nobody@example.org", "password": "wrong"})).await;
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(wrong.text, unknown.text);
    assert!(wrong.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn nothing_is_open_without_a_token() {
    let server = Server::start().await;
    let mut stranger = server.anonymous();
    for token in [None, Some("nonsense".to_owned())] {
        stranger.token = token;
        for (method, path) in [
            (Method::GET, "/session"),
            (Method::GET, "/food-logs"),
            (Method::POST, "/food-logs"),
            (Method::GET, "/food-logs/1"),
            (Method::PATCH, "/exercise-logs/1"),
            (Method::DELETE, "/health-metrics/1"),
            (Method::GET, "/health-profile"),
            (Method::PUT, "/health-profile"),
            (Method::POST, "/realtime/ticket"),
            (Method::POST, "/session/refresh"),
        ] {
            let answer = stranger.send(method.clone(), path, &[], None).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert!(answer.pointers().is_empty());
        }
    }
}

#[tokio::test]
async fn a_token_expires() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    assert_eq!(who_am_i(&person).await, StatusCode::OK);
    server.clock.advance_ms(3_600_000);
    assert_eq!(who_am_i(&person).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_refresh_goes_on_where_the_token_has_expired() {
    let server = Server::start().await;
    let mut person = server.person("lucia@example.org").await;
    let before = person.cookie.clone();
    server.clock.advance_ms(7_200_000);
    let answer = refresh(&person).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    person.take_session(&answer);
    assert_ne!(person.cookie, before, "the cookie rotates");
    assert_eq!(who_am_i(&person).await, StatusCode::OK);
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_both_go_on() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let (mut one, mut two) = (person.clone(), person.clone());
    let (first, second) = tokio::join!(refresh(&one), refresh(&two));
    assert_eq!((first.status, second.status), (StatusCode::OK, StatusCode::OK));
    one.take_session(&first);
    two.take_session(&second);
    server.clock.advance_ms(3_000_000);
    assert_eq!(refresh(&one).await.status, StatusCode::OK);
    assert_eq!(refresh(&two).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stolen_cookie_ends_the_session_when_it_is_used_again() {
    let server = Server::start().await;
    let thief = server.person("lucia@example.org").await;
    let mut owner = thief.clone();
    let answer = refresh(&owner).await;
    owner.take_session(&answer);
    server.clock.advance_ms(60_000);
    assert_eq!(refresh(&thief).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&owner).await.status, StatusCode::UNAUTHORIZED, "the owner has to sign in again");
    assert_eq!(who_am_i(&owner).await, StatusCode::UNAUTHORIZED, "and no access token outlives the session");
}

#[tokio::test]
async fn a_session_nobody_uses_ends_after_thirty_days() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    server.clock.advance_ms(30 * 24 * 3_600_000);
    assert_eq!(refresh(&person).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere_and_no_other() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let other = server.sign_in("lucia@example.org").await;
    let answer = person.delete("/session").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(who_am_i(&person).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&person).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(who_am_i(&other).await, StatusCode::OK);
}

#[tokio::test]
async fn a_page_whose_token_has_expired_can_still_sign_out() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    server.clock.advance_ms(3_600_000);
    assert_eq!(person.delete("/session").await.status, StatusCode::NO_CONTENT);
    assert_eq!(refresh(&person).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_foreign_page_cannot_use_the_cookie() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    for (origin, expected) in [
        ("https://evil.example", StatusCode::FORBIDDEN),
        ("https://app.example.org", StatusCode::OK),
        ("http://latido.test", StatusCode::OK),
    ] {
        let answer = person.send(Method::POST, "/session/refresh", &[("origin", origin)], None).await;
        assert_eq!(answer.status, expected, "{origin}");
    }
}

#[tokio::test]
async fn tokens_verify_against_the_published_keys() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let answer = server.anonymous().get("/.well-known/jwks.json").await;
    let keys: JwkSet = serde_json::from_value(answer.body).unwrap();
    let token = person.token.unwrap();
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.set_audience(&["latido-dashboard"]);
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap().claims;
    assert_eq!((&claims["token_use"], &claims["role"]), (&json!("access"), &json!("user")));
}

#[tokio::test]
async fn tokens_survive_a_restart() {
    let server = Server::start().await;
    let mut person = server.person("lucia@example.org").await;
    let server = server.restart().await;
    person.app = server.app().clone();
    assert_eq!(who_am_i(&person).await, StatusCode::OK);
    assert_eq!(refresh(&person).await.status, StatusCode::OK);
}
