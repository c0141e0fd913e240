//! The document and the server say the same: every route is in it, every answer and every frame is as it
//! says.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

#[path = "../support/mod.rs"]
mod support;

mod contract;
mod conversations;
mod equipment;
mod frames;
mod page;
mod walk;

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use latido_domain::account::Role;
use serde_json::{Value, json};

use self::{
    contract::{Contract, METHODS, routes},
    support::{PASSWORD, Person, Server, call, exercise, food, links, webhooks::SECRET, weight},
    walk::Walk,
};

/// What a socket answers is seen in `socket_opening.rs`, over a network; here no request can be upgraded.
const SOCKET: &str = "/ws";

/// What a device does that refuses, or does not answer, is seen in `shelly.rs`; a server that posts instead of
/// being fetched from in `webhooks.rs`.
const SEEN_ELSEWHERE: [&str; 3] =
    ["POST /api/devices/{id}/relay 502", "POST /api/devices/{id}/relay 504", "POST /api/webhooks/fetch 409"];

/// One whose links may lead to this machine, and that knows the secret of the contacts' side.
async fn server() -> Server {
    Server::start_with(|settings| {
        links::reaching_this_machine(settings);
        settings.webhooks.secrets = vec![SECRET.to_owned()];
    })
    .await
}

#[tokio::test]
async fn every_route_is_documented_and_every_documented_route_is_there() {
    let server = Server::start().await;
    let contract = Contract::of(&server).await;
    let routes = routes(server.app());
    assert!(routes.len() > 10, "the router is printed in another way now: {routes:?}");
    assert_eq!(contract.paths(), routes);
}

#[tokio::test]
async fn a_method_is_answered_where_it_is_documented_and_nowhere_else() {
    let server = Server::start().await;
    let contract = Contract::of(&server).await;
    let documented: BTreeSet<_> = contract.operations().into_iter().collect();
    for path in contract.document["paths"].as_object().unwrap().keys().filter(|path| *path != SOCKET) {
        for method in METHODS {
            let request = Request::builder().method(method).uri(path.replace(['{', '}'], ""));
            let answer = call(server.app(), request.body(Body::empty()).unwrap()).await;
            let refused = answer.status == 405;
            assert_eq!(!refused, documented.contains(&(method, path.as_str())), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_document_is_sound() {
    let server = Server::start().await;
    let Contract { document, .. } = Contract::of(&server).await;
    assert_eq!(document["openapi"], "3.1.0");
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}");
    }
    each_reference(&document, &mut |reference| {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference} leads nowhere");
    });

    let tags: Vec<_> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (_, operation) in item.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters") {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id), "{id} is there twice");
            assert!(tags.contains(&&operation["tags"][0]), "{id}");
            assert!(!operation["summary"].as_str().unwrap().is_empty(), "{id}");
            assert!(operation["responses"]["default"].is_object(), "{id}");
            let shared = item["parameters"].as_array().into_iter().flatten();
            let own = operation["parameters"].as_array().into_iter().flatten();
            let of_path = shared.chain(own).map(|parameter| match parameter["$ref"].as_str() {
                Some(reference) => document.pointer(&reference[1..]).unwrap(),
                None => parameter,
            });
            let declared: BTreeSet<_> = of_path
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let used = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
            assert_eq!(declared, used.collect(), "{id}");
        }
    }
}

fn each_reference<'d>(value: &'d Value, found: &mut impl FnMut(&'d str)) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                found(reference);
            }
            object.values().for_each(|value| each_reference(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| each_reference(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_answer_is_as_documented_and_every_documented_answer_is_given() {
    let server = server().await;
    let mut walk = Walk::new(Contract::of(&server).await);
    let nobody = server.anonymous();
    let lucia = server.person("lucia@example.org").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    server.assign("lucia@example.org", "coach@example.org").await;

    records(
        &mut walk,
        &lucia,
        &nobody,
        "/api/food-logs",
        food("Avena"),
        json!({"calories": 1, "notes": "x"}),
    )
    .await;
    records(&mut walk, &lucia, &nobody, "/api/exercise-logs", exercise("Correr"), json!({"distanceKm": 5.5}))
        .await;
    records(&mut walk, &lucia, &nobody, "/api/health-metrics", weight(70.5), json!({"value": 71})).await;
    let pressure = json!({"kind": "bloodPressure", "value": 120, "value2": 80});
    walk.tell(&lucia, "POST", "/api/health-metrics", &pressure, 201).await;
    profile(&mut walk, &lucia, &nobody).await;
    people(&mut walk, &coach, &nobody).await;
    operations(&mut walk, &nobody).await;
    let admin = links::admin(&server).await;
    conversations::walk(&mut walk, &server, &lucia, &coach, &nobody).await;
    equipment::walk(&mut walk, &server, &admin, &lucia, &nobody).await;
    session(&mut walk, &lucia, &nobody).await;
    account(&mut walk, &coach, &nobody).await;
    server.app().draining.begin();
    walk.ask(&nobody, "GET", "/readyz", 503).await;

    let unseen: Vec<_> = walk
        .unseen()
        .into_iter()
        .filter(|answer| !answer.contains(SOCKET) && !SEEN_ELSEWHERE.contains(&answer.as_str()))
        .collect();
    assert!(unseen.is_empty(), "documented, but never seen: {unseen:#?}");
}

/// Walks through the operations of foods, exercises or metrics.
async fn records(walk: &mut Walk, lucia: &Person, nobody: &Person, path: &str, body: Value, edit: Value) {
    let made = walk.tell(lucia, "POST", path, &body, 201).await;
    let id = made.body.as_object().unwrap().values().next().unwrap()["id"].as_str().unwrap().to_owned();
    walk.tell(nobody, "POST", path, &body, 401).await;
    walk.tell(lucia, "POST", path, &json!({}), 422).await;
    walk.send_no_body_that_is_one(lucia, "POST", path).await;

    walk.get_and_get_again(lucia, path).await;
    walk.tell(lucia, "POST", path, &body, 201).await;
    let page = walk.ask(lucia, "GET", &format!("{path}?limit=1"), 200).await;
    let cursor = page.body["nextCursor"].as_str().unwrap();
    walk.ask(lucia, "GET", &format!("{path}?limit=1&cursor={cursor}"), 200).await;
    walk.ask(nobody, "GET", path, 401).await;
    walk.ask(lucia, "GET", &format!("{path}?person=nobody"), 404).await;
    walk.ask(lucia, "GET", &format!("{path}?limit=0"), 422).await;

    let (one, none) = (format!("{path}/{id}"), format!("{path}/none"));
    walk.get_and_get_again(lucia, &one).await;
    walk.ask(nobody, "GET", &one, 401).await;
    walk.ask(lucia, "GET", &none, 404).await;

    walk.tell(lucia, "PATCH", &one, &edit, 200).await;
    walk.tell(nobody, "PATCH", &one, &edit, 401).await;
    walk.tell(lucia, "PATCH", &none, &edit, 404).await;
    walk.tell(lucia, "PATCH", &one, &json!({"source": "nobody"}), 422).await;
    walk.send_no_body_that_is_one(lucia, "PATCH", &one).await;
    conditional(walk, lucia, "PATCH", &one, &edit).await;

    walk.ask_with(lucia, "DELETE", &one, ("if-match", "three"), 400).await;
    walk.ask_with(lucia, "DELETE", &one, ("if-match", "\"99\""), 412).await;
    walk.ask(nobody, "DELETE", &one, 401).await;
    walk.ask(lucia, "DELETE", &one, 204).await;
    walk.ask(lucia, "DELETE", &one, 404).await;
}

/// A change of a version that there is not.
async fn conditional(walk: &mut Walk, lucia: &Person, method: &str, address: &str, body: &Value) {
    let headers = &[("content-type", "application/json"), ("if-match", "\"99\"")];
    let step = walk::Step { method, address, headers, body: body.to_string() };
    walk.step(lucia, step, 412).await;
}

async fn profile(walk: &mut Walk, lucia: &Person, nobody: &Person) {
    let path = "/api/health-profile";
    walk.get_and_get_again(lucia, path).await;
    walk.ask(nobody, "GET", path, 401).await;
    walk.ask(lucia, "GET", &format!("{path}?person=nobody"), 404).await;
    let profile = json!({
        "displayName": "Lucía", "birthDate": "1990-05-17", "sex": "female", "heightCm": 168, "goalWeightKg": 62.5,
        "dailyCalorieGoal": 2000, "dailyStepGoal": null,
        "dailyProteinGoalG": 110, "dailyCarbsGoalG": 190.5, "dailyFatGoalG": null, "dailyExerciseGoalMin": 45,
        "dailySleepGoalH": 8, "units": "metric", "timeZone": "Europe/Madrid",
        "language": "es",
    });
    walk.tell(lucia, "PUT", path, &profile, 200).await;
    walk.tell(nobody, "PUT", path, &profile, 401).await;
    walk.tell(lucia, "PUT", path, &json!({"units": "stones"}), 422).await;
    walk.send_no_body_that_is_one(lucia, "PUT", path).await;
    conditional(walk, lucia, "PUT", path, &profile).await;
}

async fn people(walk: &mut Walk, coach: &Person, nobody: &Person) {
    let people = walk.get_and_get_again(coach, "/api/people").await;
    let person = people.body["people"][0]["id"].as_str().unwrap();
    let foods = walk.ask(coach, "GET", &format!("/api/food-logs?person={person}"), 200).await;
    assert!(!foods.body["foodLogs"].as_array().unwrap().is_empty());
    walk.ask(nobody, "GET", "/api/people", 401).await;
}

async fn operations(walk: &mut Walk, nobody: &Person) {
    walk.ask(nobody, "GET", "/healthz", 200).await;
    walk.ask(nobody, "GET", "/readyz", 200).await;
    walk.ask(nobody, "GET", "/.well-known/jwks.json", 200).await;
    walk.ask(nobody, "GET", "/api/.well-known/jwks.json", 200).await;
    for address in ["/api/openapi.json", "/api/docs", "/api/docs.css"] {
        walk.get_and_get_again(nobody, address).await;
    }
}

async fn session(walk: &mut Walk, lucia: &Person, nobody: &Person) {
    let foreign = ("origin", "https://evil.example");
    let path = "/api/session";
    let credentials = json!({"email": "lucia@example.org", "password": PASSWORD});
    walk.tell(nobody, "POST", path, &credentials, 201).await;
    let wrong = json!({"email": "lucia@example.org", "password": "wrong"});
    walk.tell(nobody, "POST", path, &wrong, 401).await;
    walk.tell(nobody, "POST", path, &json!({}), 422).await;
    walk.send_no_body_that_is_one(nobody, "POST", path).await;
    walk.ask(lucia, "GET", path, 200).await;
    walk.ask(nobody, "GET", path, 401).await;
    walk.ask(lucia, "POST", "/api/realtime/ticket", 201).await;
    walk.ask(nobody, "POST", "/api/realtime/ticket", 401).await;

    walk.ask_with(lucia, "POST", "/api/session/refresh", foreign, 403).await;
    walk.ask(nobody, "POST", "/api/session/refresh", 401).await;
    let refreshed = walk.ask(lucia, "POST", "/api/session/refresh", 200).await;
    let mut lucia = lucia.clone();
    lucia.take_session(&refreshed);
    walk.ask_with(&lucia, "DELETE", path, foreign, 403).await;
    walk.ask(&lucia, "DELETE", path, 204).await;
    walk.ask(&lucia, "GET", path, 401).await;
}

async fn account(walk: &mut Walk, marta: &Person, nobody: &Person) {
    let path = "/api/import";
    let row = json!({
        "collection": "foods", "identity": {"content": 0},
        "record": {"loggedAt": "2026-11-20T08:00:00Z", "name": "Avena", "meal": "breakfast", "calories": 350},
    });
    let refused = json!({"collection": "metrics", "identity": {"day": "2026-11-20"}, "record": {}});
    let batch = json!({"rows": [row, refused]});
    let answer = walk.tell(marta, "POST", path, &batch, 200).await;
    assert_eq!(answer.body["rows"][0], "created");
    walk.tell(marta, "POST", path, &batch, 200).await;
    walk.tell(nobody, "POST", path, &batch, 401).await;
    walk.tell(marta, "POST", path, &json!({"rows": 1}), 422).await;
    walk.send_no_body_that_is_one(marta, "POST", path).await;

    walk.ask(marta, "GET", "/api/export", 200).await;
    walk.ask(nobody, "GET", "/api/export", 401).await;

    let path = "/api/account/password";
    let change = |current: &str, new: &str| json!({"currentPassword": current, "newPassword": new});
    walk.tell(marta, "PUT", path, &change("wrong", "another horse"), 403).await;
    walk.tell(nobody, "PUT", path, &change(PASSWORD, "another horse"), 401).await;
    walk.tell(marta, "PUT", path, &change(PASSWORD, "horse"), 422).await;
    walk.send_no_body_that_is_one(marta, "PUT", path).await;
    walk.tell(marta, "PUT", path, &change(PASSWORD, PASSWORD), 204).await;

    let path = "/api/account";
    walk.tell(marta, "DELETE", path, &json!({"password": "wrong"}), 403).await;
    walk.tell(nobody, "DELETE", path, &json!({"password": PASSWORD}), 401).await;
    walk.tell(marta, "DELETE", path, &json!({}), 422).await;
    walk.send_no_body_that_is_one(marta, "DELETE", path).await;
    walk.tell(marta, "DELETE", path, &json!({"password": PASSWORD}), 204).await;
    walk.ask(marta, "GET", "/api/session", 401).await;
}
