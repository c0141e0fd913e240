//! A database of an older version is carried over with everything in it.
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use std::sync::Arc;

use axum::http::StatusCode;
use latido_protocol::frame::{Position, WelcomeMode};
use latido_server::{auth::secret::Secret, clock::ManualClock, digest::Digest};
use rusqlite::{Connection, params};
use serde_json::json;
use support::{PASSWORD, Server, launch, socket::open};

/// The schema as version 1 made it.
const FIRST: &str = include_str!("../src/store/sqlite/schema_1.sql");

/// 2026-11-20T08:00:00Z, a day before the test's clock begins.
const YESTERDAY: i64 = 1_795_161_600_000;

/// Writes what a server of version 1 would have left behind: Lucía, signed in, with a food of which she
/// has seen the event.
fn leave_behind(data: &tempfile::TempDir, refresh: &Digest) {
    let home = support::settings(data).data;
    std::fs::create_dir_all(&home).unwrap();
    let database = Connection::open(home.join("latido.db")).unwrap();
    database.execute_batch(FIRST).unwrap();
    database.pragma_update(None, "user_version", 1).unwrap();
    let cost = support::settings(data).password_cost;
    let hash = latido_server::auth::password::Passwords::new(cost).unwrap().hash(PASSWORD).unwrap();
    let food = json!({
        "id": "f1", "loggedAt": "2026-11-20T08:00:00.000Z", "meal": "breakfast", "name": "Avena «fría»",
        "calories": 350, "proteinG": 12, "carbsG": 60, "fatG": 7, "source": "wallavi",
        "createdAt": "2026-11-20T08:00:00.000Z", "updatedAt": "2026-11-20T08:00:00.000Z", "version": 3
    });
    let profile = json!({
        "displayName": "Lucía", "dailyCalorieGoal": 1900, "units": "metric", "timeZone": "Europe/Madrid",
        "language": "es", "updatedAt": "2026-11-20T08:00:00.000Z", "version": 4
    });
    let frame = json!({"type": "foodLogCreated", "data": food, "epoch": "first", "seq": 7});
    database
        .execute("INSERT INTO meta (key, value) VALUES ('epoch', 'first')", [])
        .and_then(|_| {
            database.execute(
                "INSERT INTO users (id, email, name, role, password_hash, head, created_at)
                 VALUES ('u1', 'lucia@example.org', 'Lucía', 'user', ?1, 7, ?2)",
                params![hash, YESTERDAY],
            )
        })
        .and_then(|_| database.execute("INSERT INTO profiles VALUES ('u1', ?1)", [profile.to_string()]))
        .and_then(|_| {
            database.execute(
                "INSERT INTO records VALUES ('u1', 'foodLog', 'f1', ?1, '', ?2)",
                params![YESTERDAY, food.to_string()],
            )
        })
        .and_then(|_| {
            database
                .execute("INSERT INTO events VALUES ('u1', 7, ?1, ?2)", params![YESTERDAY, frame.to_string()])
        })
        .and_then(|_| database.execute("INSERT INTO sessions VALUES ('s1', 'u1', ?1)", [YESTERDAY]))
        .and_then(|_| {
            database.execute(
                "INSERT INTO refresh_tokens VALUES (?1, 's1', ?2, NULL)",
                params![refresh.as_bytes(), YESTERDAY + 30 * 86_400_000],
            )
        })
        .and_then(|_| {
            let body = food_body();
            database.execute(
                "INSERT INTO idempotency_keys VALUES ('u1', 'key', ?1, '{\"foodLog\":\"as it was\"}', ?2)",
                params![request(&body).as_bytes(), YESTERDAY],
            )
        })
        .unwrap();
}

fn food_body() -> String {
    support::food("Avena").to_string()
}

/// A request as its key remembers it.
fn request(body: &str) -> Digest {
    Digest::of(&[b"/food-logs", Digest::of(body.as_bytes()).as_bytes()].concat())
}

#[tokio::test]
async fn a_database_of_version_1_keeps_everything() {
    let data = tempfile::tempdir().unwrap();
    let refresh = Secret::random().unwrap();
    leave_behind(&data, &refresh.digest());
    let clock = Arc::new(ManualClock::at(support::epoch()));
    let running = launch(&data, clock.clone(), |_| {}).await;
    let server = Server { running, clock, data };

    let mut lucia = server.sign_in("lucia@example.org").await;
    let foods = lucia.get("/food-logs").await;
    assert_eq!(foods.body["foodLogs"][0]["name"], "Avena «fría»");
    assert_eq!(foods.body["foodLogs"][0]["version"], 3);
    let profile = lucia.get("/health-profile").await;
    assert_eq!(profile.body["healthProfile"]["dailyCalorieGoal"], 1900);
    assert_eq!(lucia.get("/session").await.body["user"]["id"], "u1");

    // The key answers as it did.
    let key = [("idempotency-key", "key")];
    let again = lucia.send(axum::http::Method::POST, "/food-logs", &key, Some(food_body())).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::CREATED, r#"{"foodLog":"as it was"}"#));

    // Who stood at the sixth event is sent the seventh, in the same epoch, and the next is the eighth.
    let mut socket = open(&server, &lucia).await;
    let welcome = socket.hello(Some(Position { epoch: "first".to_owned(), seq: 6 })).await;
    assert_eq!((welcome.mode, welcome.head), (WelcomeMode::Resumed, 7));
    lucia.log_food("Tostada").await;
    assert_eq!(socket.up_to_pong().await, (vec![7, 8], Some(8)));

    // The session that was begun then goes on.
    lucia.cookie = Some(format!("latido_refresh={}", refresh.expose()));
    lucia.token = None;
    let refreshed = lucia.post("/session/refresh", json!({})).await;
    assert_eq!(refreshed.status, StatusCode::OK, "{}", refreshed.text);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let home = support::settings(&data).data;
    std::fs::create_dir_all(&home).unwrap();
    let database = Connection::open(home.join("latido.db")).unwrap();
    database.pragma_update(None, "user_version", 1000).unwrap();
    let clock = Arc::new(ManualClock::at(support::epoch()));
    let opened = latido_server::app::App::open(support::settings(&data), clock).await;
    let error = opened.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("newer version"), "{error}");
    let version: i64 = database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 1000);
}
