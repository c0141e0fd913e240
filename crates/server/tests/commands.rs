//! The commands besides `serve`, and the demo data, as a newcomer meets them.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use futures_util::{SinkExt, StreamExt};
use latido_devtools::demo::{EMAIL, PASSWORD};
use latido_protocol::time::Timestamp;
use latido_server::{clock::Clock, demo};
use serde_json::{Value, json};
use support::{
    Server,
    process::{PROGRAM, Process, run},
};
use tokio_tungstenite::tungstenite::Message;

#[test]
fn what_is_logged_is_said_and_comes_from_the_assistant() {
    let server = Process::start(&["--demo"]);
    let url = server.url();
    for (args, said) in [
        (
            vec!["food", "Avena con leche", "--calories", "350", "--meal", "breakfast"],
            "Logged Avena con leche: 350 kcal, breakfast",
        ),
        (vec!["exercise", "Correr", "--minutes", "30"], "Logged Correr: 30 min, moderate"),
        (vec!["metric", "weight", "71.4"], "Logged weight: 71.4 kg"),
        (vec!["metric", "bloodPressure", "120", "--value2", "80"], "Logged bloodPressure: 120/80 mmHg"),
    ] {
        let (done, out, err) = run(&[&["log"], &args[..], &["--url", &url]].concat());
        assert!(done, "{err}");
        assert!(out.starts_with(said), "{out}");
    }
    server.terminate();
}

#[test]
fn a_time_without_a_zone_is_one_of_the_profiles() {
    let server = Process::start(&["--demo"]);
    let url = server.url();
    for (at, said) in [
        ("2025-10-27 08:15", "at 2025-10-27T07:15:00.000Z"),
        ("2025-07-01 08:15", "at 2025-07-01T06:15:00.000Z"),
        ("2025-10-27T08:15:00Z", "at 2025-10-27T08:15:00.000Z"),
    ] {
        let (done, out, err) = run(&["log", "metric", "weight", "70", "--at", at, "--url", &url]);
        assert!(done && out.contains(said), "{at}: {out}{err}");
    }
    let (done, _, err) = run(&["log", "metric", "weight", "70", "--at", "yesterday", "--url", &url]);
    assert!(!done && err.contains("Nothing was logged."), "{err}");
    server.terminate();
}

#[test]
fn what_is_refused_is_listed_field_by_field() {
    let server = Process::start(&["--demo"]);
    let args = ["log", "food", "", "--calories", "-1", "--meal", "brunch", "--url", &server.url()];
    let (done, _, err) = run(&args);
    assert!(!done);
    for line in [
        "name is required",
        "calories must be between 0 and 10000",
        "meal must be one of breakfast, lunch, dinner, snack",
        "Nothing was logged.",
    ] {
        assert!(err.contains(line), "{err}");
    }
    server.terminate();
}

#[test]
fn without_a_server_it_says_how_to_start_one() {
    let (done, _, err) = run(&["log", "metric", "weight", "70", "--url", "http://127.0.0.1:1"]);
    assert!(!done);
    assert!(err.contains("cargo xtask start"), "{err}");
}

#[test]
fn an_account_can_be_added_while_the_server_runs() {
    let server = Process::start(&[]);
    let (data, url) = (server.data.path().to_str().unwrap(), server.url());
    let add = ["user", "add", "Marta@Example.org", "--name", "Marta", "--data", data, "--password"];
    let (done, out, err) = run(&[&add[..], &["correct horse"]].concat());
    assert!(done && out.contains("marta@example.org"), "{out}{err}");
    let (again, _, err) = run(&[&add[..], &["correct horse"]].concat());
    assert!(!again && err.contains("already"), "{err}");
    let (short, _, err) = run(&[&add[..], &["horse"]].concat());
    assert!(!short && err.contains("8 characters"), "{err}");

    let log = ["log", "metric", "weight", "70", "--url", &url, "--user", "marta@example.org"];
    assert!(run(&[&log[..], &["--password", "correct horse"]].concat()).0);
    let (wrong, _, err) = run(&[&log[..], &["--password", "wrong"]].concat());
    assert!(!wrong && err.contains("refused the sign-in"), "{err}");
    let (none, _, err) = run(&log);
    assert!(!none && err.contains("--password"), "{err}");
    server.terminate();
}

#[test]
fn two_servers_do_not_share_a_database() {
    let server = Process::start(&[]);
    let (done, _, err) = run(&["serve", "--port", "0", "--data", server.data.path().to_str().unwrap()]);
    assert!(!done && err.contains("another server"), "{err}");
    server.terminate();
}

#[test]
fn a_taken_port_is_explained() {
    let server = Process::start(&[]);
    let data = tempfile::tempdir().unwrap();
    let port = server.address.port().to_string();
    let (done, _, err) = run(&["serve", "--port", &port, "--data", data.path().to_str().unwrap()]);
    assert!(!done && err.contains("--port"), "{err}");
    server.terminate();
}

/// All records of the demo account, as it looks when it is created at this time.
async fn demo_at(now: &str) -> Vec<Value> {
    let server = Server::start_with(|_| {}).await;
    let now = Timestamp::parse(now).unwrap();
    server.clock.advance_ms(now.unix_ms() - server.clock.now().unix_ms());
    demo::fill(&*server.app().store, &server.app().passwords, now).await.unwrap();
    let mut person = server.anonymous();
    let answer = person.post("/session", json!({"email": EMAIL, "password": PASSWORD})).await;
    person.take_session(&answer);
    let mut all = Vec::new();
    for (path, list) in
        [("/food-logs", "foodLogs"), ("/exercise-logs", "exerciseLogs"), ("/health-metrics", "healthMetrics")]
    {
        let mut cursor = String::new();
        loop {
            let page = person.get(&format!("{path}?limit=200{cursor}")).await;
            all.extend(page.body[list].as_array().unwrap().clone());
            match page.body["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
    }
    all
}

fn at(record: &Value) -> Timestamp {
    let at = record.get("loggedAt").or(record.get("measuredAt")).unwrap();
    Timestamp::parse(at.as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn the_demo_has_thirty_days_and_no_future() {
    for now in
        ["2026-11-21T23:30:00Z", "2026-11-21T12:00:00Z", "2026-11-21T04:00:00Z", "2026-11-21T00:20:00Z"]
    {
        let now_at = Timestamp::parse(now).unwrap();
        let records = demo_at(now).await;
        assert!(records.iter().all(|record| at(record) <= now_at), "{now}");
        let days: std::collections::BTreeSet<_> =
            records.iter().map(|record| at(record).utc_date()).collect();
        assert_eq!(days.len(), 30, "{now}");
        let today = |record: &&Value| at(record).utc_date() == now_at.utc_date();
        assert!(
            records.iter().filter(today).any(|record| record.get("meal").is_some()),
            "{now}: a meal today"
        );
        for source in ["wallavi", "manual"] {
            assert!(records.iter().any(|record| record["source"] == source));
        }
    }
}

#[tokio::test]
async fn the_demo_is_the_same_every_time() {
    let stripped = |records: Vec<Value>| -> Vec<Value> {
        let strip = |mut record: Value| {
            record.as_object_mut().unwrap().remove("id");
            record
        };
        records.into_iter().map(strip).collect()
    };
    let (one, two) = (demo_at("2026-11-21T12:00:00Z").await, demo_at("2026-11-21T12:00:00Z").await);
    assert_eq!(stripped(one), stripped(two));
}

#[tokio::test]
async fn the_demo_is_not_poured_over_accounts() {
    let server = Server::start().await;
    server.person("lucia@example.org").await;
    let app = server.app();
    demo::fill(&*app.store, &app.passwords, app.clock.now()).await.unwrap();
    let credentials = json!({"email": EMAIL, "password": PASSWORD});
    assert_eq!(server.anonymous().post("/session", credentials).await.status, 401);
}

#[tokio::test]
async fn a_simulated_shelly_answers_as_one() {
    let mut child = Command::new(PROGRAM)
        .args(["simulate", "shelly", "--port", "0", "--switches", "2"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim_end().strip_prefix("simulating on ").unwrap_or_else(|| panic!("{line}"));
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let question = json!({"jsonrpc": "2.0", "id": 1, "src": "test", "method": "Shelly.GetStatus"});
    socket.send(Message::text(question.to_string())).await.unwrap();
    let answer = loop {
        let message = socket.next().await.unwrap().unwrap();
        let frame: Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
        if frame["id"] == 1 {
            break frame;
        }
    };
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(answer["result"]["switch:0"]["output"].is_boolean(), "{answer}");
    assert!(answer["result"]["switch:1"]["output"].is_boolean(), "{answer}");
}

/// A running server, somebody signed in there, and a command on the same directory.
struct Practice {
    server: Server,
    data: String,
}

impl Practice {
    async fn start() -> (Self, support::Person) {
        let server = Server::start().await;
        let lucia = server.person("lucia@example.org").await;
        let data = server.data.path().join("data").to_str().unwrap().to_owned();
        (Self { server, data }, lucia)
    }

    async fn run(&self, args: &[&str]) -> (bool, String, String) {
        let args: Vec<_> = args.iter().copied().chain(["--data", &self.data]).map(str::to_owned).collect();
        let run = move || run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    async fn sign_in(&self, password: &str) -> u16 {
        let credentials = json!({"email": "lucia@example.org", "password": password});
        self.server.anonymous().post("/session", credentials).await.status.as_u16()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_of_the_command_signs_out_everywhere() {
    let (practice, lucia) = Practice::start().await;
    let mut socket = support::socket::open(&practice.server, &lucia).await;
    socket.start().await;
    let command = ["user", "password", "Lucia@example.org", "--password"];
    let (short, _, err) = practice.run(&[&command[..], &["horse"]].concat()).await;
    assert!(!short && err.contains("8 characters; nothing was changed"), "{err}");
    assert_eq!(lucia.get("/session").await.status, 200);

    let (done, out, err) = practice.run(&[&command[..], &["another horse"]].concat()).await;
    assert!(done && out.contains("new password. 1 session was ended."), "{out}{err}");
    assert_eq!(socket.close_code().await, Some(4401), "a running server notices");
    assert_eq!(lucia.get("/session").await.status, 401);
    assert_eq!(lucia.post("/session/refresh", json!({})).await.status, 401);
    assert_eq!(practice.sign_in(support::PASSWORD).await, 401);
    assert_eq!(practice.sign_in("another horse").await, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_of_the_command_holds_from_the_next_sign_in() {
    let (practice, lucia) = Practice::start().await;
    practice.server.person("marta@example.org").await;
    let (done, out, err) = practice.run(&["user", "role", "lucia@example.org", "coach"]).await;
    assert!(done && out.contains("of role coach"), "{out}{err}");
    assert_eq!(lucia.get("/session").await.status, 401);
    let lucia = practice.server.sign_in("lucia@example.org").await;
    assert_eq!(lucia.get("/session").await.body["user"]["role"], "coach");
    practice.server.assign("marta@example.org", "lucia@example.org").await;
    assert_eq!(lucia.get("/people").await.body["people"].as_array().unwrap().len(), 1);

    let (done, _, err) = practice.run(&["user", "role", "lucia@example.org", "user"]).await;
    assert!(done, "{err}");
    let lucia = practice.server.sign_in("lucia@example.org").await;
    assert_eq!(lucia.get("/people").await.body["people"], json!([]), "follows nobody any more");
    let (unknown, _, err) = practice.run(&["user", "role", "nobody@example.org", "user"]).await;
    assert!(!unknown && err.contains("no account"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_out_of_the_command_closes_sockets_and_keeps_the_password() {
    let (practice, lucia) = Practice::start().await;
    let mut socket = support::socket::open(&practice.server, &lucia).await;
    socket.start().await;
    let (done, out, err) = practice.run(&["user", "sign-out", "lucia@example.org"]).await;
    assert!(done && out.contains("1 session was ended"), "{out}{err}");
    assert_eq!(socket.close_code().await, Some(4401));
    assert_eq!(practice.sign_in(support::PASSWORD).await, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn deletion_by_the_command_closes_sockets() {
    let (practice, lucia) = Practice::start().await;
    let mut socket = support::socket::open(&practice.server, &lucia).await;
    socket.start().await;
    let (done, _, err) = practice.run(&["user", "delete", "lucia@example.org"]).await;
    assert!(done, "{err}");
    assert_eq!(socket.close_code().await, Some(4401));
}
