//! Bad input to every endpoint: a 4xx that names the field, and nothing is written.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use axum::http::{Method, StatusCode};
use latido_protocol::reason::Code;
use serde_json::{Value, json};
use support::{Person, Server, exercise, food, weight};

/// All that a person has, and how many events there have been.
async fn everything(person: &Person) -> (Vec<Value>, u64) {
    let mut all = Vec::new();
    for path in ["/food-logs", "/exercise-logs", "/health-metrics", "/health-profile"] {
        all.push(person.get(path).await.body);
    }
    let user = person.get("/session").await.body["user"]["id"].as_str().unwrap().to_owned();
    let head = person.app.store.read(move |read| read.head(&latido_protocol::session::UserId::new(user)));
    (all, Result::<_, latido_domain::store::StoreError>::unwrap(head.await))
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn without(mut body: Value, name: &str) -> Value {
    body.as_object_mut().unwrap().remove(name);
    body
}

fn bad_foods() -> Vec<(Value, &'static str)> {
    vec![
        (without(food("x"), "name"), "/name"),
        (with(food("x"), "name", json!("  ")), "/name"),
        (with(food("x"), "name", json!("ñ".repeat(201))), "/name"),
        (with(food("x"), "name", json!(["x"])), "/name"),
        (without(food("x"), "meal"), "/meal"),
        (with(food("x"), "meal", json!("brunch")), "/meal"),
        (with(food("x"), "meal", json!(null)), "/meal"),
        (without(food("x"), "calories"), "/calories"),
        (with(food("x"), "calories", json!("x")), "/calories"),
        (with(food("x"), "calories", json!("350")), "/calories"),
        (with(food("x"), "calories", json!(-1)), "/calories"),
        (with(food("x"), "calories", json!(10_001)), "/calories"),
        (with(food("x"), "proteinG", json!(1001)), "/proteinG"),
        (with(food("x"), "carbsG", json!(true)), "/carbsG"),
        (with(food("x"), "fatG", json!({})), "/fatG"),
        (with(food("x"), "notes", json!(5)), "/notes"),
        (with(food("x"), "notes", json!("x".repeat(2001))), "/notes"),
        (with(food("x"), "source", json!("hacker")), "/source"),
        (with(food("x"), "loggedAt", json!("yesterday")), "/loggedAt"),
        (with(food("x"), "loggedAt", json!(5)), "/loggedAt"),
        (with(food("x"), "loggedAt", json!("2026-11-23T08:15:00.001Z")), "/loggedAt"),
        (with(food("x"), "loggedAt", json!("2026-02-30T00:00:00Z")), "/loggedAt"),
        (with(food("x"), "loggedAt", json!("0203-11-21T08:15:00Z")), "/loggedAt"),
    ]
}

fn bad_exercises() -> Vec<(Value, &'static str)> {
    vec![
        (without(exercise("x"), "activity"), "/activity"),
        (with(exercise("x"), "activity", json!("x".repeat(101))), "/activity"),
        (without(exercise("x"), "durationMin"), "/durationMin"),
        (with(exercise("x"), "durationMin", json!(0)), "/durationMin"),
        (with(exercise("x"), "durationMin", json!(1441)), "/durationMin"),
        (with(exercise("x"), "durationMin", json!("30")), "/durationMin"),
        (without(exercise("x"), "intensity"), "/intensity"),
        (with(exercise("x"), "intensity", json!("extreme")), "/intensity"),
        (with(exercise("x"), "caloriesBurned", json!(-5)), "/caloriesBurned"),
        (with(exercise("x"), "distanceKm", json!("far")), "/distanceKm"),
        (with(exercise("x"), "loggedAt", json!("2036-01-01T00:00:00Z")), "/loggedAt"),
    ]
}

fn bad_metrics() -> Vec<(Value, &'static str)> {
    vec![
        (without(weight(70.0), "kind"), "/kind"),
        (with(weight(70.0), "kind", json!("mood")), "/kind"),
        (without(weight(70.0), "value"), "/value"),
        (weight(9999.0), "/value"),
        (with(weight(70.0), "value", json!("70")), "/value"),
        (with(weight(70.0), "unit", json!("lb")), "/unit"),
        (json!({"kind": "bloodPressure", "value": 120}), "/value2"),
        (json!({"kind": "bloodPressure", "value": 120, "value2": 900}), "/value2"),
        (json!({"kind": "bloodPressure", "value": 72, "value2": 118}), "/value2"),
        (json!({"kind": "steps", "value": 8.5}), "/value"),
        (json!({"kind": "glucose", "value": 5.4}), "/value"),
        (json!({"kind": "heartRate", "value": 12}), "/value"),
        (json!({"kind": "sleep", "value": 25}), "/value"),
        (with(weight(70.0), "measuredAt", json!("2026-11-24T00:00:00Z")), "/measuredAt"),
    ]
}

fn profile() -> Value {
    json!({"displayName": "L", "units": "metric", "timeZone": "Europe/Madrid", "language": "es"})
}

fn bad_profiles() -> Vec<(Value, &'static str)> {
    vec![
        (without(profile(), "displayName"), "/displayName"),
        (without(profile(), "units"), "/units"),
        (with(profile(), "units", json!("stone")), "/units"),
        (without(profile(), "timeZone"), "/timeZone"),
        (with(profile(), "language", json!("fr")), "/language"),
        (with(profile(), "birthDate", json!("1990-02-30")), "/birthDate"),
        (with(profile(), "birthDate", json!("12/04/1988")), "/birthDate"),
        (with(profile(), "birthDate", json!("2030-01-01")), "/birthDate"),
        (with(profile(), "birthDate", json!(1988)), "/birthDate"),
        (with(profile(), "birthDate", json!("0203-04-12")), "/birthDate"),
        (with(profile(), "glucoseUnit", json!("g/L")), "/glucoseUnit"),
        (with(profile(), "dailyStepGoal", json!(8000.5)), "/dailyStepGoal"),
        (with(profile(), "sex", json!("x")), "/sex"),
        (with(profile(), "heightCm", json!(10)), "/heightCm"),
        (with(profile(), "goalWeightKg", json!(0)), "/goalWeightKg"),
        (with(profile(), "dailyCalorieGoal", json!(-1)), "/dailyCalorieGoal"),
        (with(profile(), "dailyStepGoal", json!(1e9)), "/dailyStepGoal"),
        (with(profile(), "dailyProteinGoalG", json!(1001)), "/dailyProteinGoalG"),
        (with(profile(), "dailyExerciseGoalMin", json!(0)), "/dailyExerciseGoalMin"),
        (with(profile(), "dailySleepGoalH", json!(25)), "/dailySleepGoalH"),
    ]
}

#[tokio::test]
async fn a_bad_field_is_named_and_nothing_is_written() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut ids = Vec::new();
    for (path, body, name) in [
        ("/food-logs", food("Avena"), "foodLog"),
        ("/exercise-logs", exercise("Correr"), "exerciseLog"),
        ("/health-metrics", weight(70.0), "healthMetric"),
    ] {
        ids.push(lucia.post(path, body).await.body[name]["id"].as_str().unwrap().to_owned());
    }
    let before = everything(&lucia).await;

    for (path, id, bad) in [
        ("/food-logs", &ids[0], bad_foods()),
        ("/exercise-logs", &ids[1], bad_exercises()),
        ("/health-metrics", &ids[2], bad_metrics()),
    ] {
        for (body, pointer) in bad {
            let created = lucia.post(path, body.clone()).await;
            assert_eq!(created.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
            assert_eq!(created.pointers(), [pointer], "{body}");
            // The dashboard says it in the person's language.
            let code = created.body["errors"][0]["code"].as_str().unwrap_or_default();
            assert!(Code::parse(code).is_ok(), "{}", created.text);
            // What a creation misses, an edit leaves as it is.
            if body.get(&pointer[1..]).is_some_and(|value| !value.is_null()) {
                let edited = lucia.patch(&format!("{path}/{id}"), body.clone()).await;
                assert_eq!(edited.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
                assert_eq!(edited.pointers(), [pointer], "{body}");
            }
        }
    }
    for (body, pointer) in bad_profiles() {
        let answer = lucia.put("/health-profile", body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(answer.pointers(), [pointer], "{body}");
    }
    assert_eq!(everything(&lucia).await, before);
}

#[tokio::test]
async fn every_bad_field_is_named_in_one_answer() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let body = json!({"name": "", "meal": "brunch", "calories": "x", "fatG": -1, "loggedAt": "now"});
    let answer = lucia.post("/food-logs", body).await;
    assert_eq!(answer.pointers(), ["/loggedAt", "/meal", "/name", "/calories", "/fatG"]);
    let answer = server.anonymous().post("/session", json!({"email": 5})).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.pointers(), ["/email", "/password"]);
}

#[tokio::test]
async fn bodies_that_are_no_json_objects_are_refused() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let id = lucia.log_food("Avena").await;
    let before = everything(&lucia).await;
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let big = json!({"name": "x".repeat(70_000)}).to_string();
    let json = "application/json";
    for (method, path) in [
        (Method::POST, "/food-logs".to_owned()),
        (Method::PATCH, format!("/food-logs/{id}")),
        (Method::POST, "/exercise-logs".to_owned()),
        (Method::POST, "/health-metrics".to_owned()),
        (Method::PUT, "/health-profile".to_owned()),
        (Method::POST, "/session".to_owned()),
    ] {
        for (content_type, body, expected) in [
            (json, "{", StatusCode::BAD_REQUEST),
            (json, "", StatusCode::BAD_REQUEST),
            (json, "{\"calories\": 1e999}", StatusCode::BAD_REQUEST),
            (json, &deep, StatusCode::BAD_REQUEST),
            (json, "[]", StatusCode::UNPROCESSABLE_ENTITY),
            (json, "null", StatusCode::UNPROCESSABLE_ENTITY),
            (json, "\"text\"", StatusCode::UNPROCESSABLE_ENTITY),
            (json, &big, StatusCode::PAYLOAD_TOO_LARGE),
            ("text/plain", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("application/x-www-form-urlencoded", "name=x", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ] {
            let headers = [("content-type", content_type)];
            let answer = lucia.send(method.clone(), &path, &headers, Some(body.to_owned())).await;
            assert_eq!(answer.status, expected, "{method} {path} {body:.40}");
            answer.pointers();
        }
    }
    assert_eq!(everything(&lucia).await, before);
}

#[tokio::test]
async fn bad_parameters_are_named() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for (query, pointer) in [
        ("limit=abc", "/limit"),
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=-1", "/limit"),
        ("from=yesterday", "/from"),
        ("to=2026", "/to"),
        ("from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z", "/to"),
        ("cursor=!", "/cursor"),
        ("cursor=bm90aGluZw", "/cursor"),
    ] {
        for path in ["/food-logs", "/exercise-logs", "/health-metrics"] {
            let answer = lucia.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}?{query}");
            assert_eq!(answer.pointers(), [pointer], "{path}?{query}");
        }
    }
    let answer = lucia.get("/health-metrics?kind=mood").await;
    assert_eq!(answer.pointers(), ["/kind"]);
    assert_eq!(lucia.get("/food-logs?colour=grey&limit=200").await.status, StatusCode::OK);
}

#[tokio::test]
async fn addresses_and_methods_there_are_not_are_problems_too() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for (method, path, expected) in [
        (Method::GET, "", StatusCode::NOT_FOUND),
        (Method::GET, "/", StatusCode::NOT_FOUND),
        (Method::GET, "/foods", StatusCode::NOT_FOUND),
        (Method::GET, "/food-logs/none", StatusCode::NOT_FOUND),
        (Method::GET, "/food-logs/%ff", StatusCode::NOT_FOUND),
        (Method::GET, "/food-logs/..%2f..%2fhealth-profile", StatusCode::NOT_FOUND),
        (Method::PATCH, "/food-logs/none", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Method::PUT, "/food-logs", StatusCode::METHOD_NOT_ALLOWED),
        (Method::DELETE, "/health-profile", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let answer = lucia.send(method.clone(), path, &[], None).await;
        assert_eq!(answer.status, expected, "{method} {path}");
        answer.pointers();
    }
    let missing = lucia.patch("/food-logs/none", json!({})).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn records_before_the_birth_date_are_refused() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let before = json!("1987-04-12T12:00:00Z");
    let old = lucia.post("/health-metrics", with(weight(70.0), "measuredAt", before.clone())).await;
    assert_eq!(old.status, StatusCode::CREATED);
    let id = old.body["healthMetric"]["id"].as_str().unwrap().to_owned();
    lucia.put("/health-profile", with(profile(), "birthDate", json!("1988-04-12"))).await;

    for (path, body, pointer) in [
        ("/food-logs", with(food("x"), "loggedAt", before.clone()), "/loggedAt"),
        ("/exercise-logs", with(exercise("x"), "loggedAt", before.clone()), "/loggedAt"),
        ("/health-metrics", with(weight(70.0), "measuredAt", before), "/measuredAt"),
    ] {
        let answer = lucia.post(path, body).await;
        assert_eq!((answer.status, answer.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec![pointer]));
    }
    // What is stored already can be edited, but not be moved to another day before it.
    let path = format!("/health-metrics/{id}");
    assert_eq!(lucia.patch(&path, json!({"value": 71})).await.status, StatusCode::OK);
    let moved = lucia.patch(&path, json!({"measuredAt": "1987-04-13T12:00:00Z"})).await;
    assert_eq!(moved.pointers(), ["/measuredAt"]);
}
