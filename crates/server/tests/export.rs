//! Export: everything comes out, nothing runs in a spreadsheet, and it can all be imported again.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    fs,
    io::{Cursor, Read as _},
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use latido_domain::{
    account::{self, NewAccount, Role, TenantId},
    change, profile,
    record_kind::RecordKind,
    store::{Owner, Slice, Store, StoreError, log::NullSink},
};
use latido_import::{Options, ReadEvent, Row, RowOutcome, Zone, read};
use latido_protocol::{
    exercise::ExerciseLog,
    food::FoodLog,
    metric::{HealthMetric, MetricKind},
    time::Timestamp,
};
use latido_protocol::{
    session::UserId,
    values::{DisplayName, Units},
};
use latido_server::{export::Export, import::import_rows};
use latido_store_sqlite::SqliteStore;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Person, Server, epoch, exercise, process::run, webhooks::team, weight};
use tower::ServiceExt;

async fn download(person: &Person) -> (header::HeaderMap, Vec<u8>) {
    let request = Request::get("/api/export")
        .header(header::AUTHORIZATION, format!("Bearer {}", person.token.as_ref().unwrap()));
    let answer = latido_server::router::router(&person.app)
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let (parts, body) = answer.into_parts();
    (parts.headers, axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

/// A file of the ZIP.
fn file(zip: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn everything_of_a_person_is_in_the_zip_and_nothing_of_others() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    lucia.log_food("Avena, con \"leche\"").await;
    lucia.post("/exercise-logs", exercise("Correr")).await;
    lucia.post("/health-metrics", weight(71.4)).await;
    marta.log_food("Lentejas").await;

    let (headers, zip) = download(&lucia).await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/zip");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"latido-2026-11-21.zip\"");
    let foods = file(&zip, "foods.csv");
    assert!(foods.starts_with("\u{feff}id,loggedAt,meal,name,calories,"), "{foods}");
    assert!(foods.contains(",breakfast,\"Avena, con \"\"leche\"\"\",350,0,0,0,,manual,"), "{foods}");
    assert!(!foods.contains("Lentejas"));
    assert!(file(&zip, "exercises.csv").contains(",Correr,30,moderate,"));
    assert!(file(&zip, "metrics.csv").contains(",weight,71.4,,kg,manual,"));
    assert!(file(&zip, "profile.csv").contains("\r\nLucía,"));
    let account = file(&zip, "account.csv");
    assert!(
        account.contains("lucia@example.org,Lucía,user,main,") && !account.contains("argon2"),
        "{account}"
    );
    assert_eq!(server.anonymous().get("/export").await.status, 401);
    server.running.stop().await;
}

#[tokio::test]
async fn what_was_said_is_in_the_zip_one_conversation_after_the_other() {
    let server = Server::start().await;
    let person = team(&server, "lucia@example.org").await;
    for (name, address) in [("Remedios", "+34600000001"), ("Nadie", "+34600000002"), ("Paco", "+34600000003")]
    {
        let contact = json!({"name": name, "channel": "whatsapp", "address": address});
        let created = person.post("/conversations", contact).await;
        let id = created.body["conversation"]["contactId"].as_str().unwrap();
        for text in ["Hola", "=¿Qué tal?"].iter().filter(|_| name != "Nadie") {
            let sent = person.post(&format!("/conversations/{id}/messages"), json!({ "text": text })).await;
            assert_eq!(sent.status, 201, "{}", sent.text);
        }
    }
    let zip = download(&person).await.1;
    let conversations = file(&zip, "conversations.csv");
    assert_eq!(conversations.lines().count(), 4, "{conversations}");
    assert!(conversations.contains(",Remedios,whatsapp,'+34600000001,"), "{conversations}");
    let messages = file(&zip, "messages.csv");
    assert_eq!(messages.lines().count(), 5, "{messages}");
    assert!(messages.contains(",outbound,coach,'=¿Qué tal?,"), "{messages}");
    assert_eq!(file(&zip, "deliveries.csv").lines().count(), 5);
    server.running.stop().await;
}

#[tokio::test]
async fn no_text_runs_as_a_formula() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    for name in ["=HYPERLINK(\"http://evil.example\")", "+1", "-1", "@SUM(A1)", "'quoted"] {
        person.log_food(name).await;
    }
    let foods = file(&download(&person).await.1, "foods.csv");
    let mut rows = csv::Reader::from_reader(foods.as_bytes());
    let names: Vec<_> = rows.records().map(|row| row.unwrap()[3].to_owned()).collect();
    assert_eq!(names.len(), 5);
    assert!(names.iter().all(|name| name.starts_with('\'')), "{names:?}");
    // Where semicolons separate, this is a cell of its own, in quotes or not.
    person.log_food("Hola;=cmd|' /C calc'!A0").await;
    let foods = file(&download(&person).await.1, "foods.csv");
    assert!(foods.contains("Hola;'=cmd|"), "{foods}");
    server.running.stop().await;
}

#[tokio::test]
async fn an_export_is_of_any_length() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let body = json!({"name": "Avena", "meal": "breakfast", "calories": 350});
    let (app, user) =
        (server.app(), UserId::new(person.get("/session").await.body["user"]["id"].as_str().unwrap()));
    let filling = app.store.write(move |write| {
        for _ in 0..1700 {
            let food: FoodLog = change::draft(body.as_object().unwrap(), epoch())?;
            write.put(&Owner::user(&user), &food)?;
        }
        Ok::<_, latido_domain::error::DomainError>(())
    });
    filling.await.unwrap();
    let foods = file(&download(&person).await.1, "foods.csv");
    assert_eq!(foods.lines().count(), 1701, "1,700 rows and a header");
    let ids: std::collections::BTreeSet<_> =
        foods.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(ids.len(), 1701);
    server.running.stop().await;
}

#[tokio::test]
async fn an_account_is_exported_without_a_server() {
    let server = Server::start().await;
    server.person("lucia@example.org").await.log_food("Avena").await;
    let data = server.data.path().join("data");
    server.running.stop().await;
    let path = server.data.path().join("lucia.zip");
    let export = |user: &str| {
        run(&["export", path.to_str().unwrap(), "--user", user, "--data", data.to_str().unwrap()])
    };
    let (none, _, err) = export("nobody@example.org");
    assert!(!none && err.contains("no account") && !path.exists(), "{err}");
    let (done, out, err) = export("Lucia@example.org");
    assert!(done && out.contains("Wrote"), "{out}{err}");
    assert!(file(&fs::read(&path).unwrap(), "foods.csv").contains("Avena"));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&fs::metadata(&path).unwrap()) & 0o777, 0o600);
    let (again, _, err) = export("lucia@example.org");
    assert!(!again && err.contains("cannot be written"), "an export is not overwritten: {err}");
}

/// Two accounts in a database without a server.
struct Accounts {
    store: std::sync::Arc<dyn Store>,
    runtime: tokio::runtime::Runtime,
    from: UserId,
    to: UserId,
    _data: tempfile::TempDir,
}

impl Accounts {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&data.path().join("latido.db"), std::sync::Arc::new(NullSink)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let add = |email: &str| {
            let new = NewAccount {
                email: email.to_owned(),
                password_hash: String::new(),
                role: Role::User,
                tenant: TenantId::main(),
                profile: profile::blank(DisplayName::new("Lucía").unwrap(), epoch()).unwrap(),
            };
            let adding = store.write(move |write| account::create(write, &new, epoch()));
            runtime.block_on(adding).map_err(|error: StoreError| error).unwrap().unwrap().id
        };
        let (from, to) = (add("from@example.org"), add("to@example.org"));
        Self { from, to, store: store.clone(), runtime, _data: data }
    }

    fn make<R: RecordKind>(&self, body: Value) {
        let user = self.from.clone();
        let making = self.store.write(move |write| {
            let record: R = change::draft(body.as_object().unwrap(), epoch())?;
            change::create(write, &user, &record, epoch())
        });
        self.runtime.block_on(making).unwrap();
    }

    fn export(&self) -> Vec<u8> {
        let (mut export, mut zip) = (Export::new(self.from.clone()), Vec::new());
        while let Some(piece) = self.runtime.block_on(export.next_chunk(&*self.store)).unwrap() {
            zip.extend(piece);
        }
        zip
    }

    fn import(&self, zip: Vec<u8>) -> Vec<RowOutcome> {
        let options = Options { zone: Zone::new("America/Lima").unwrap(), units: Units::Imperial };
        let mut rows: Vec<Row> = Vec::new();
        let mut sink = |found| {
            match found {
                ReadEvent::Row { row, .. } => rows.push(row),
                ReadEvent::BadRow { line, reason } => panic!("line {line} {reason}"),
                ReadEvent::UnreadColumns { columns } => panic!("{columns:?} were not read"),
                ReadEvent::BadFile { name, reason } => panic!("{name} {reason}"),
                ReadEvent::File { .. } | ReadEvent::Skipped { .. } => {}
            }
            Ok(())
        };
        read::read("export.zip".to_owned(), Cursor::new(zip), &options, &mut sink).unwrap();
        let to = self.to.clone();
        let keeping =
            self.store.write(move |write| import_rows(write, &to, &rows, false, epoch().plus_ms(1000)));
        self.runtime.block_on(keeping).unwrap()
    }

    /// All records of a kind, but for what an import makes of them: where they come from, and when.
    fn all<R: RecordKind>(&self, user: &UserId) -> Vec<Value> {
        let owner = Owner::user(user);
        let reading = self.store.read(move |read| read.list::<R>(&owner, &Slice::default()));
        let records = self.runtime.block_on(reading).map_err(|error: StoreError| error).unwrap();
        let strip = |record: &R| {
            let mut record = serde_json::to_value(record).unwrap();
            for field in ["source", "createdAt", "updatedAt"] {
                record.as_object_mut().unwrap().remove(field);
            }
            record
        };
        records.iter().map(strip).collect()
    }
}

/// Any text that a field can hold, formulas and line breaks among them.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let part = prop_oneof!["[=+@'\"-]", "[,;\t\r\n]", "\\PC", "[a-zñ ]{1,8}"];
    proptest::collection::vec(part, 1..20)
        .prop_map(move |parts| parts.concat().chars().take(longest).collect())
        .prop_filter("a name has to be one", |text: &String| !text.trim().is_empty())
}

fn time() -> impl Strategy<Value = String> {
    (0_i64..1_795_000_000_000).prop_map(|ms| Timestamp::from_unix_ms(ms).to_string())
}

fn a_food() -> impl Strategy<Value = Value> {
    (time(), text(200), text(2000), 0.0..10_000.0, 0.0..1000.0, prop::sample::select(&["breakfast", "lunch", "dinner", "snack"]))
        .prop_map(|(at, name, notes, calories, grams, meal)| {
            json!({"loggedAt": at, "name": name, "notes": notes, "calories": calories, "fatG": grams, "meal": meal})
        })
}

fn an_exercise() -> impl Strategy<Value = Value> {
    (time(), text(100), 0.1..1440.0, prop::option::of(0.0..1000.0), prop::sample::select(&["low", "moderate", "high"]))
        .prop_map(|(at, activity, minutes, km, intensity)| {
            json!({"loggedAt": at, "activity": activity, "durationMin": minutes, "distanceKm": km, "intensity": intensity})
        })
}

fn a_metric() -> impl Strategy<Value = Value> {
    (time(), prop::sample::select(MetricKind::ALL), 0.0..1.0, 0.0..1.0).prop_map(|(at, kind, one, two)| {
        let (min, max) = kind.range();
        let value: f64 = min + (0.1 + 0.9 * one) * (max - min);
        let value = if kind == MetricKind::Steps { value.round() } else { value };
        // The diastolic pressure is below the systolic one; other kinds have no second value.
        let value2 = min + two * (value - min);
        json!({"measuredAt": at, "kind": kind, "value": value, "value2": value2})
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_exported_can_be_imported_again(
        foods in proptest::collection::vec(a_food(), 0..12),
        exercises in proptest::collection::vec(an_exercise(), 0..6),
        metrics in proptest::collection::vec(a_metric(), 0..12),
    ) {
        let accounts = Accounts::new();
        let count = foods.len() + exercises.len() + metrics.len();
        for food in foods {
            accounts.make::<FoodLog>(food);
        }
        for exercise in exercises {
            accounts.make::<ExerciseLog>(exercise);
        }
        for metric in metrics {
            accounts.make::<HealthMetric>(metric);
        }

        let zip = accounts.export();
        prop_assert_eq!(accounts.import(zip.clone()), vec![RowOutcome::Created; count]);
        let (from, to) = (&accounts.from, &accounts.to);
        prop_assert_eq!(accounts.all::<FoodLog>(from), accounts.all::<FoodLog>(to));
        prop_assert_eq!(accounts.all::<ExerciseLog>(from), accounts.all::<ExerciseLog>(to));
        prop_assert_eq!(accounts.all::<HealthMetric>(from), accounts.all::<HealthMetric>(to));
        prop_assert_eq!(accounts.import(zip), vec![RowOutcome::Existing; count]);
    }
}
