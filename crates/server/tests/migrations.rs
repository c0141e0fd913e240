//! A database of an older version is carried over with everything in it.
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use std::sync::Arc;

use axum::http::StatusCode;
use latido_domain::{account::Role, digest::Digest};
use latido_protocol::frame::{Position, WelcomeMode};
use latido_server::{auth::secret::Secret, clock::ManualClock};
use rusqlite::{Connection, params};
use serde_json::json;
use support::{
    PASSWORD, Server, launch,
    socket::open,
    webhooks::{SECRET, contact, contact_says, conversation, post_signed, team},
};

/// The schema as version 1 made it.
const FIRST: &str = include_str!("../../store-sqlite/src/schema_1.sql");

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

/// Sets a contact's number back to the spelling in which version 2 kept it.
fn respell(database: &Connection, number: &str, spelling: &str) {
    let changed = database
        .execute(
            "UPDATE documents SET body = replace(body, ?1, ?2), id = replace(id, ?1, ?2)
             WHERE collection IN ('contact', 'contactSignpost')",
            params![number, spelling],
        )
        .unwrap();
    assert!(changed > 0);
}

#[tokio::test]
async fn telephone_numbers_of_version_2_become_one_spelling() {
    let server = Server::start_with(|settings| settings.webhooks.secrets = vec![SECRET.to_owned()]).await;
    let lucia = team(&server, "lucia@example.org").await;
    let spelled = contact(&lucia, "Carmen", "+34600123456").await;
    let twice = contact(&lucia, "Carmen otra vez", "+34600123457").await;
    let Server { running, clock, data } = server;
    running.stop().await;
    let database = Connection::open(support::settings(&data).data.join("latido.db")).unwrap();
    respell(&database, "+34600123456", "+34 600 123-456");
    // The same number, which version 2 took for another one.
    respell(&database, "+34600123457", "0034600123456");
    database.pragma_update(None, "user_version", 2).unwrap();
    drop(database);
    let running =
        launch(&data, clock.clone(), |settings| settings.webhooks.secrets = vec![SECRET.to_owned()]).await;
    let server = Server { running, clock, data };

    let said = json!({"type": "message", "channel": "whatsapp", "address": "34600123456", "id": "w1", "text": "Hola"});
    let answer = post_signed(&server, "/messages", &said).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let lucia = server.sign_in("lucia@example.org").await;
    let unread = async |id: &str| {
        let one = lucia.get(&format!("/conversations/{id}")).await;
        one.body["conversation"]["unread"].clone()
    };
    assert_eq!((unread(&spelled).await, unread(&twice).await), (json!(1), json!(0)), "the older one has it");
}

#[tokio::test]
async fn what_nobody_had_read_stays_unread_for_all_the_team() {
    let server = Server::start_with(|settings| settings.webhooks.secrets = vec![SECRET.to_owned()]).await;
    let lucia = server.person("lucia@example.org").await;
    let id = contact(&lucia, "Lucía", "+34600000001").await;
    for number in 0..3 {
        contact_says(&server, &id, &format!("w{number}"), "Hola").await;
    }
    let Server { running, clock, data } = server;
    running.stop().await;
    let database = Connection::open(support::settings(&data).data.join("latido.db")).unwrap();
    // As version 2 kept a contact of which two of three messages are unread.
    let contacts = "UPDATE documents SET body = json_remove(json_set(body, '$.unread', 2),
        '$.inbound', '$.outbound', '$.outboundRead', '$.newestInbound', '$.answerDue')
        WHERE collection = 'contact'";
    assert_eq!(database.execute(contacts, []).unwrap(), 1);
    let first = "UPDATE documents SET facet = '', body = json_set(body, '$.message.status', 'read')
        WHERE rowid = (SELECT min(rowid) FROM documents WHERE collection = 'message')";
    assert_eq!(database.execute(first, []).unwrap(), 1);
    drop(database);
    let running =
        launch(&data, clock.clone(), |settings| settings.webhooks.secrets = vec![SECRET.to_owned()]).await;
    let server = Server { running, clock, data };
    let (mut coaches, emails) = (Vec::new(), ["ana@example.org", "berta@example.org"]);
    for email in emails {
        coaches.push(server.person_as(email, Role::Coach, "main").await);
        server.assign("lucia@example.org", email).await;
    }
    let lucia = server.sign_in("lucia@example.org").await;
    assert_eq!(conversation(&lucia).await["unread"], 0);
    for coach in &coaches {
        let listed = conversation(coach).await;
        assert_eq!((&listed["unread"], &listed["needsAnswer"]), (&json!(2), &json!(true)));
    }
    coaches[0].post(&format!("/conversations/{id}/read"), json!({})).await;
    contact_says(&server, &id, "w9", "¿Hola?").await;
    assert_eq!(conversation(&coaches[0]).await["unread"], 1);
    assert_eq!(conversation(&coaches[1]).await["unread"], 3);
    let page = coaches[1].get(&format!("/conversations/{id}/messages")).await;
    let statuses: Vec<_> =
        page.body["messages"].as_array().unwrap().iter().map(|message| message["status"].clone()).collect();
    assert_eq!(statuses, ["delivered", "delivered", "delivered", "read"]);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let home = support::settings(&data).data;
    std::fs::create_dir_all(&home).unwrap();
    let database = Connection::open(home.join("latido.db")).unwrap();
    database.pragma_update(None, "user_version", 1000).unwrap();
    let clock = Arc::new(ManualClock::at(support::epoch()));
    let opened = latido_server::startup::open(support::settings(&data), clock).await;
    let error = opened.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("newer version"), "{error}");
    let version: i64 = database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 1000);
}

#[test]
fn a_command_leaves_an_older_schema_alone() {
    let data = tempfile::tempdir().unwrap();
    leave_behind(&data, &Digest::of(b"none"));
    let home = support::settings(&data).data;
    let home = home.to_str().unwrap();
    let file = data.path().join("f.csv");
    std::fs::write(&file, "loggedAt,meal,name,calories\n2020-05-01,lunch,Lentejas,480\n").unwrap();
    let zip = data.path().join("out.zip");
    let commands: [&[&str]; 3] = [
        &[
            "user",
            "add",
            "marta@example.org",
            "--name",
            "Marta",
            "--password",
            "correct horse",
            "--data",
            home,
        ],
        &["import", file.to_str().unwrap(), "--user", "lucia@example.org", "--data", home],
        &["export", zip.to_str().unwrap(), "--user", "lucia@example.org", "--data", home],
    ];
    for command in commands {
        let (done, _, err) = support::process::run(command);
        assert!(!done && err.contains("older version") && err.contains("latido-server serve"), "{err}");
    }
    let database = Connection::open(format!("{home}/latido.db")).unwrap();
    let version: i64 = database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 1);
}
