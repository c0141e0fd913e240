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
async fn a_lost_answer_signs_nobody_out() {
    let server = Server::start().await;
    let mut person = server.person("lucia@example.org").await;
    let lost = refresh(&person).await;
    server.clock.advance_ms(10 * 24 * 3_600_000);
    let answer = refresh(&person).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("set-cookie"), lost.header("set-cookie"), "the same successor");
    person.take_session(&answer);
    assert_eq!(refresh(&person).await.status, StatusCode::OK);
}

#[tokio::test]
async fn fifty_uses_of_a_token_have_one_successor() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let mut successors = std::collections::BTreeSet::new();
    for _ in 0..50 {
        successors.insert(refresh(&person).await.header("set-cookie").to_owned());
    }
    assert_eq!(successors.len(), 1);
}

#[tokio::test]
async fn a_request_that_was_overtaken_gets_the_newest_token() {
    let server = Server::start().await;
    let late = server.person("lucia@example.org").await;
    let mut person = late.clone();
    person.take_session(&refresh(&late).await);
    let newest = refresh(&person).await;
    server.clock.advance_ms(59_999);
    let answer = refresh(&late).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("set-cookie"), newest.header("set-cookie"));
}

#[tokio::test]
async fn a_clock_that_was_put_back_brings_no_old_token_back() {
    let server = Server::start().await;
    let thief = server.person("lucia@example.org").await;
    let mut owner = thief.clone();
    for _ in 0..2 {
        owner.take_session(&refresh(&owner).await);
    }
    server.clock.advance_ms(60_000);
    server.clock.jump_ms(-60_000);
    assert_eq!(refresh(&thief).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_clock_that_jumps_deletes_no_session() {
    let server = Server::start().await;
    let mut lucia = server.person("lucia@example.org").await;
    let year = 366 * 24 * 3_600_000;
    server.clock.jump_ms(year);
    server.person("marta@example.org").await;
    server.sign_in("lucia@example.org").await;
    assert_eq!(refresh(&lucia).await.status, StatusCode::UNAUTHORIZED, "it has expired");
    server.clock.jump_ms(-year);
    let answer = refresh(&lucia).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    lucia.take_session(&answer);
    assert_eq!(who_am_i(&lucia).await, StatusCode::OK);
}

#[tokio::test]
async fn a_clock_put_back_revives_no_session() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let month = 31 * 24 * 3_600_000;
    server.clock.advance_ms(month);
    assert_eq!(refresh(&lucia).await.status, StatusCode::UNAUTHORIZED);
    server.clock.jump_ms(-month);
    assert_eq!(refresh(&lucia).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_fifty_first_session_ends_the_oldest() {
    let server = Server::start_with(support::unhurried).await;
    let first = server.person("lucia@example.org").await;
    let mut second = first.clone();
    for n in 0..50 {
        server.clock.advance_ms(1);
        assert_eq!(who_am_i(&first).await, StatusCode::OK, "{n}");
        let another = server.sign_in("lucia@example.org").await;
        if n == 0 {
            second = another;
        }
    }
    assert_eq!(who_am_i(&first).await, StatusCode::UNAUTHORIZED);
    assert_eq!(refresh(&first).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(who_am_i(&second).await, StatusCode::OK);
}

/// A refresh with these cookies, as a browser sends several of one name.
async fn refresh_with(person: &Person, cookies: &[&str]) -> support::Answer {
    let mut anonymous = person.clone();
    anonymous.cookie = Some(cookies.join("; "));
    refresh(&anonymous).await
}

#[tokio::test]
async fn a_cookie_put_beside_ours_does_not_win() {
    let server = Server::start().await;
    let (lucia, thief) = (server.person("lucia@example.org").await, server.person("thief@example.org").await);
    let (ours, theirs) = (lucia.cookie.as_deref().unwrap(), thief.cookie.as_deref().unwrap());
    let answer = refresh_with(&lucia, &["latido_refresh=made-up", ours]).await;
    assert_eq!(answer.status, StatusCode::OK, "one that means nothing is passed over");
    for cookies in [[theirs, ours], [ours, theirs]] {
        let answer = refresh_with(&lucia, &cookies).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "nothing tells which one is hers");
    }
    assert_eq!(refresh(&lucia).await.status, StatusCode::OK, "and nothing has ended");
}

#[tokio::test]
async fn over_tls_only_the_host_cookie_counts() {
    let server = Server::start_with(|settings| settings.behind_tls = true).await;
    let (lucia, thief) = (server.person("lucia@example.org").await, server.person("thief@example.org").await);
    let ours = lucia.cookie.as_deref().unwrap();
    assert!(ours.starts_with("__Host-latido_refresh="), "{ours}");
    let (_, token) = thief.cookie.as_deref().unwrap().split_once('=').unwrap();
    let planted = format!("latido_refresh={token}");
    assert_eq!(refresh_with(&lucia, &[&planted]).await.status, StatusCode::UNAUTHORIZED);
    let answer = refresh_with(&lucia, &[&planted, ours]).await;
    let id = lucia.get("/session").await.body["user"]["id"].clone();
    assert_eq!(answer.body["user"]["id"], id);
}

#[tokio::test]
async fn a_stolen_cookie_ends_the_session_when_it_is_used_again() {
    let server = Server::start().await;
    let thief = server.person("lucia@example.org").await;
    let mut owner = thief.clone();
    for _ in 0..2 {
        let answer = refresh(&owner).await;
        owner.take_session(&answer);
    }
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
