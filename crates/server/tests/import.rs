//! Import from the command line to the records, with a real server between.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{fs, io::Write as _, path::PathBuf};

use serde_json::{Value, json};
use support::{
    Person, Server,
    process::{Process, run},
    socket,
};
use tempfile::TempDir;

/// A directory for the files of a test, and a server with the demo account.
struct Place {
    files: TempDir,
    server: Process,
}

impl Place {
    fn new() -> Self {
        Self { files: tempfile::tempdir().unwrap(), server: Process::start(&["--demo"]) }
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.files.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Writes the file, imports it, and gives whether that went well and what was said.
    fn import(&self, name: &str, content: &[u8], more: &[&str]) -> (bool, String, String) {
        let path = self.file(name, content);
        let url = self.server.url();
        run(&[&["import", path.to_str().unwrap(), "--url", &url], more].concat())
    }

    fn list(&self, path: &str) -> Vec<Value> {
        let login = json!({"email": "demo@latido.local", "password": "latido-demo"}).to_string();
        let agent = ureq::Agent::new_with_defaults();
        let url = format!("{}/api", self.server.url());
        let mut answer = agent
            .post(format!("{url}/session"))
            .header("content-type", "application/json")
            .send(login)
            .unwrap();
        let session: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        let bearer = format!("Bearer {}", session["accessToken"].as_str().unwrap());
        let mut answer =
            agent.get(format!("{url}{path}limit=200")).header("authorization", bearer).call().unwrap();
        let body: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        body.as_object().unwrap().values().find_map(Value::as_array).unwrap().clone()
    }
}

const YEAR: &str = "from=2020-01-01T00:00:00Z&to=2021-01-01T00:00:00Z&";

#[test]
fn our_own_table_is_imported_once_however_often_it_is_run() {
    let place = Place::new();
    let foods = "\u{feff}loggedAt;meal;name;calories;proteinG;notes\r\n\
                 2020-05-01;desayuno;Avena;350,5;12;\"con\r\nleche\"\r\n\
                 2020-05-01T14:00:00Z;lunch;Lentejas;480;;\r\n\
                 2020-05-01 17:30;snack;Café;5;;\r\n\
                 2020-05-01 17:30;snack;Café;5;;\r\n";
    let (done, out, err) = place.import("foods.csv", foods.as_bytes(), &[]);
    assert!(done && out.contains("Imported 4 foods."), "{out}{err}");
    let foods_of_2020 = || place.list(&format!("/food-logs?{YEAR}"));
    let first = foods_of_2020();
    assert_eq!(first.len(), 4, "two equal coffees are two");
    assert!(first.iter().all(|food| food["source"] == "import"));
    let oats = first.iter().find(|food| food["name"] == "Avena").unwrap();
    assert_eq!(oats["calories"], 350.5);
    assert_eq!(oats["notes"], "con\r\nleche");
    assert_eq!(oats["loggedAt"], "2020-05-01T06:00:00.000Z", "eight in the morning in Madrid");

    let (done, out, _) = place.import("foods.csv", foods.as_bytes(), &[]);
    assert!(done && out.contains("Imported nothing; 4 there already."), "{out}");
    assert_eq!(foods_of_2020(), first);
    // The same said in another way.
    let again = "Name,Logged at,Calories,Meal\nCafé,2020-05-01T17:30:00+02:00,5.0,snack\n";
    let (done, out, _) = place.import("again.csv", again.as_bytes(), &[]);
    assert!(done && out.contains("Imported nothing; 1 there already."), "{out}");
    place.server.terminate();
}

#[test]
fn bad_rows_are_named_with_line_and_reason_and_the_others_are_imported() {
    let place = Place::new();
    let metrics = "measuredAt,kind,value,value2,unit\n\
                   2020-05-01 08:00,weight,71.4,,kg\n\
                   2020-05-01 08:00,weight,160,,slug\n\
                   ,weight,71,,\n\
                   2020-05-02 08:00,bloodPressure,120,,\n\
                   2020-05-02 08:00,height,1,,\n\
                   yesterday,weight,much,,\n\
                   1,2,3,4,5,6\n\
                   \"2020-05-03,weight,71,,\n\
                   2020-05-04 08:00,weight,70.9,,\n";
    let list = place.files.path().join("bad.csv");
    let (done, out, err) =
        place.import("metrics.csv", metrics.as_bytes(), &["--bad-rows", list.to_str().unwrap()]);
    assert!(!done, "a bad row is no success");
    assert!(out.contains("Imported 2 measurements."), "{out}");
    for said in [
        "line 3: value: the unit \"slug\" cannot be converted to kg",
        "line 4: measuredAt is required",
        "line 5: value2 is required",
        "line 6: kind must be one of weight,",
        "line 7: measuredAt must be an RFC 3339 time",
        "value must be a number",
        "line 8: has 6 cells where the header has 5",
        "line 9: opens a quote that is not closed",
        "bad rows: 7.",
    ] {
        assert!(err.contains(said), "{said} is not in {err}");
    }
    assert_eq!(place.list(&format!("/health-metrics?{YEAR}")).len(), 2);
    assert_eq!(fs::read_to_string(list).unwrap().lines().count(), 8);
    place.server.terminate();
}

#[test]
fn the_export_of_my_fitness_pal_is_imported_from_its_zip() {
    let place = Place::new();
    let nutrition = "Date,Meal,Calories,Fat (g),Saturated Fat,Carbohydrates (g),Fiber,Sugar,Protein (g),Note\r\n\
                     2020-07-02,Breakfast,518.0,29.0,7.9,36.7,2.1,14.1,27.6,\r\n\
                     2020-07-02,Post-Workout,120,1,0,5,0,0,24,shake\r\n";
    let exercise = "Date,Exercise,Type,Exercise Calories,Exercise Minutes,Sets,Reps Per Set,Kilograms,Steps,Note\r\n\
                    2020-07-02,Health Connect calorie adjustment,Cardio,573.0,1,,,,9840,\r\n\
                    2020-07-03,\"\"\"Walking, 3.5 mph, brisk pace\"\"\",Cardio,178.0,18,,,,,\r\n\
                    2020-07-03,Bench Press,Strength,,,3,10,60,,\r\n";
    let measurement = "Date,Weight\n2020-07-02,187.4\n";
    let zip = zip(&[
        ("File-Export/Nutrition-Summary-2020.csv", nutrition),
        ("File-Export/Exercise-Summary-2020.csv", exercise),
        ("File-Export/Measurement-Summary-2020.csv", measurement),
        ("File-Export/readme.txt", "hello"),
    ]);
    let (done, out, err) = place.import("mfp.zip", &zip, &["--units", "imperial"]);
    assert!(done && out.contains("Imported 2 foods, 1 exercise, 2 measurements."), "{out}{err}");
    assert!(out.contains("strength exercises, which have no minutes"), "{out}");
    let foods = place.list(&format!("/food-logs?{YEAR}"));
    assert_eq!((&foods[1]["name"], &foods[1]["carbsG"]), (&json!("Breakfast"), &json!(36.7)));
    assert_eq!((&foods[0]["meal"], &foods[0]["notes"]), (&json!("snack"), &json!("shake")));
    let exercises = place.list(&format!("/exercise-logs?{YEAR}"));
    assert_eq!(exercises[0]["activity"], "Walking, 3.5 mph, brisk pace");
    let metrics = place.list(&format!("/health-metrics?{YEAR}"));
    assert_eq!((&metrics[0]["kind"], &metrics[0]["value"]), (&json!("steps"), &json!(9840)));
    assert_eq!((&metrics[1]["kind"], &metrics[1]["value"]), (&json!("weight"), &json!(85)));
    place.server.terminate();
}

const NOON: &[u8] = include_bytes!("fixtures/import/Nutrition-Summary-at-noon.csv");
const NEXT_DAY: &[u8] = include_bytes!("fixtures/import/Nutrition-Summary-next-day.csv");
const DAY: &str = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&";

#[test]
fn the_export_of_an_unfinished_day_is_brought_up_to_date() {
    let place = Place::new();
    // The demo has foods of its own on that day.
    let lunches = || {
        let foods = place.list(&format!("/food-logs?{DAY}"));
        let imported = foods.into_iter().filter(|food| food["source"] == "import" && food["name"] == "Lunch");
        imported.map(|food| food["calories"].clone()).collect::<Vec<_>>()
    };
    let (done, out, err) = place.import("noon.csv", NOON, &[]);
    assert!(done && out.contains("Imported 2 foods."), "{out}{err}");
    let (done, out, err) = place.import("next.csv", NEXT_DAY, &[]);
    assert!(done && out.contains("Imported 1 food; 1 brought up to date; 1 there already."), "{out}{err}");
    assert!(out.contains("Columns that were not read: Calcium, Cholesterol, "), "{out}");
    assert_eq!(lunches(), [json!(650)]);
    let (done, out, _) = place.import("noon.csv", NOON, &[]);
    assert!(done && out.contains("Imported nothing; 2 there already."), "{out}");
    assert_eq!(lunches(), [json!(650)]);
    place.server.terminate();
}

#[test]
fn a_zip_with_one_bad_file_gives_the_others_and_names_it() {
    let place = Place::new();
    let noted = include_bytes!("fixtures/import/with-utf16-note.zip");
    let (done, out, err) = place.import("a.zip", noted, &[]);
    assert!(done && out.contains("Imported 1 measurement.") && out.contains("notes.txt"), "{out}{err}");

    let table = "loggedAt,meal,name,calories\n2020-05-01,lunch,Lentejas,480\n";
    let mut damaged = zip(&[("bad\u{1b}[2J.csv", &table.repeat(50)), ("good.csv", table)]);
    // Its content, so that inflating it or its checksum fails.
    let at = damaged.windows(4).position(|bytes| bytes == b".csv").unwrap() + 10;
    damaged[at..at + 8].fill(0xff);
    let (done, out, err) = place.import("b.zip", &damaged, &[]);
    assert!(!done && out.contains("Imported 1 food."), "{out}{err}");
    assert!(
        err.contains("bad\u{fffd}[2J.csv: ") && err.contains("files of the ZIP that cannot be read: 1."),
        "{err}"
    );
    assert!(!err.contains('\u{1b}') && !out.contains('\u{1b}'), "escape codes of a file are not repeated");
    place.server.terminate();
}

#[test]
fn the_list_of_bad_rows_holds_no_formula() {
    let place = Place::new();
    let list = place.files.path().join("bad.csv");
    let zip = zip(&[("=cmd.csv", "loggedAt,meal,name,calories\nx;=1,lunch,a,1\n")]);
    let (done, _, err) = place.import("a.zip", &zip, &["--bad-rows", list.to_str().unwrap()]);
    assert!(!done, "{err}");
    let list = fs::read_to_string(list).unwrap();
    assert!(list.contains("\n'=cmd.csv,2,"), "{list}");
    place.server.terminate();
}

fn apple(steps: u32) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData (Record*)>\n]>\n\
         <HealthData locale=\"es_ES\">\n\
         <Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"iPhone\" unit=\"count\" \
         startDate=\"2020-07-02 10:00:00 +0200\" endDate=\"2020-07-02 10:05:00 +0200\" value=\"{steps}\"/>\n\
         <Record type=\"HKQuantityTypeIdentifierOxygenSaturation\" sourceName=\"Reloj\" unit=\"%\" \
         startDate=\"2020-07-02 10:00:00 +0200\" endDate=\"2020-07-02 10:00:00 +0200\" value=\"0.97\"/>\n\
         <Record type=\"HKQuantityTypeIdentifierVO2Max\" sourceName=\"Reloj\" unit=\"x\" value=\"1\"/>\n\
         </HealthData>\n"
    )
}

#[test]
fn a_later_export_knows_more_of_a_day_than_an_earlier_one() {
    let place = Place::new();
    let zipped = zip(&[
        ("apple_health_export/exportación.xml", &apple(4000)),
        ("apple_health_export/r.gpx", "<gpx/>"),
    ]);
    let (done, out, err) = place.import("export.zip", &zipped, &[]);
    assert!(done && out.contains("Imported 2 measurements.") && out.contains("VO2Max"), "{out}{err}");
    let (done, out, _) = place.import("export.xml", apple(9000).as_bytes(), &[]);
    assert!(done && out.contains("Imported nothing; 1 brought up to date; 1 there already."), "{out}");
    let (done, out, _) = place.import("older.xml", apple(4000).as_bytes(), &[]);
    assert!(done && out.contains("Imported nothing; 2 there already."), "{out}");
    let metrics = place.list(&format!("/health-metrics?{YEAR}kind=steps&"));
    assert_eq!(metrics.len(), 1);
    assert_eq!((&metrics[0]["value"], &metrics[0]["version"]), (&json!(9000), &json!(2)));
    place.server.terminate();
}

#[test]
fn a_dry_run_says_everything_and_writes_nothing() {
    let place = Place::new();
    let foods = "loggedAt,meal,name,calories\n2020-05-01,lunch,Lentejas,480\n2020-05-01,brunch,Pan,1\n";
    let (done, out, err) = place.import("foods.csv", foods.as_bytes(), &["--dry-run"]);
    assert!(
        !done && out.contains("Would import 1 food.") && err.contains("line 3: meal must be one of"),
        "{out}{err}"
    );
    assert!(place.list(&format!("/food-logs?{YEAR}")).is_empty());
    place.server.terminate();
}

#[test]
fn only_the_kinds_that_are_asked_for_are_imported() {
    let place = Place::new();
    let zip = zip(&[
        ("a.csv", "loggedAt,meal,name,calories\n2020-05-01,lunch,Lentejas,480\n"),
        ("b.csv", "measuredAt,kind,value\n2020-05-01,weight,71\n"),
        ("c.csv", "loggedAt,activity,durationMin\n2020-05-01,Correr,30\n"),
    ]);
    let (done, out, err) = place.import("all.zip", &zip, &["--kind", "metrics", "--kind", "exercises"]);
    assert!(done && out.contains("Imported 1 exercise, 1 measurement."), "{out}{err}");
    place.server.terminate();
}

#[test]
fn what_is_no_import_is_said_to_be_none() {
    let place = Place::new();
    for (name, content, said) in [
        ("a.csv", "a,b\n1,2\n".as_bytes(), "docs/import.md"),
        (
            "b.csv",
            "\u{feff}a".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
            "docs/import.md",
        ),
        ("c.zip", b"PK\x03\x04 and then nothing", "ZIP"),
        ("d.csv", b"", "docs/import.md"),
        ("e.csv", b"loggedAt,meal,name,calories\n", "nothing that can be imported"),
    ] {
        let (done, _, err) = place.import(name, content, &[]);
        assert!(!done && err.contains(said), "{name}: {err}");
    }
    let (done, _, err) = run(&["import", "no-such-file", "--url", &place.server.url()]);
    assert!(!done && err.contains("cannot be read"), "{err}");
    let (done, _, err) = place.import("f.csv", b"a", &["--time-zone", "Europe/Atlantis"]);
    assert!(!done && err.contains("Atlantis"), "{err}");
    let (done, _, err) =
        run(&["import", "x", "--data", place.files.path().to_str().unwrap(), "--user", "x@y"]);
    assert!(!done && err.contains("no account for x@y"), "{err}");
    place.server.terminate();
}

#[test]
fn an_import_goes_into_a_data_directory_without_a_server() {
    let place = Place::new();
    let path = place.file("f.csv", b"loggedAt,meal,name,calories\n2020-05-01,lunch,Lentejas,480\n");
    let data = place.server.data.path().to_str().unwrap();
    let (done, out, err) = run(&["import", path.to_str().unwrap(), "--data", data]);
    assert!(done && out.contains("Imported 1 food."), "{out}{err}");
    assert_eq!(place.list(&format!("/food-logs?{YEAR}"))[0]["name"], "Lentejas");
    place.server.terminate();
}

fn row(record: Value, identity: Value) -> Value {
    json!({"rows": [{"collection": "foods", "record": record, "identity": identity}]})
}

async fn outcome(person: &Person, body: Value) -> Value {
    let answer = person.post("/import", body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["rows"][0].clone()
}

#[tokio::test]
async fn an_open_dashboard_shows_imported_rows_at_once() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let mut open = socket::open(&server, &person).await;
    open.start().await;
    let food = json!({"loggedAt": "2020-05-01T10:00:00Z", "meal": "lunch", "name": "Sopa", "calories": 90});
    assert_eq!(outcome(&person, row(food.clone(), json!({"content": 0}))).await, "created");
    assert_eq!(open.event_seq().await, 1);
    assert_eq!(outcome(&person, row(food, json!({"content": 0}))).await, "existing");
    assert_eq!(open.up_to_pong().await.1, Some(1), "nothing happened the second time");
    server.running.stop().await;
}

#[tokio::test]
async fn an_imported_id_is_of_the_account_alone() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let id = lucia.log_food("Avena").await;
    let food = json!({"loggedAt": "2020-05-01T10:00:00Z", "meal": "lunch", "name": "Robo", "calories": 90});
    assert_eq!(outcome(&marta, row(food.clone(), json!({"id": id}))).await, "created");
    assert_eq!(
        outcome(&lucia, row(food.clone(), json!({"id": id}))).await,
        "existing",
        "hers stays as it is"
    );
    assert_eq!(lucia.food_names().await, ["Avena"]);
    let long = "x".repeat(65);
    for id in ["", "a b", "../x", &long] {
        assert_eq!(
            outcome(&lucia, row(food.clone(), json!({"id": id}))).await["refused"][0]["pointer"],
            "/id"
        );
    }
    server.running.stop().await;
}

#[tokio::test]
async fn a_batch_is_bounded_and_needs_an_account() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    assert_eq!(server.anonymous().post("/import", json!({"rows": []})).await.status, 401);
    let one = json!({"collection": "foods", "record": {}, "identity": {"content": 0}});
    let batch = |count: usize| json!({"rows": vec![one.clone(); count]});
    assert_eq!(person.post("/import", batch(200)).await.status, 200);
    assert_eq!(person.post("/import", batch(201)).await.status, 413);
    for body in [json!({}), json!({"rows": [{"collection": "people"}]}), json!({"rows": 1})] {
        let answer = person.post("/import", body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (422, "application/problem+json")
        );
    }
    server.running.stop().await;
}

#[tokio::test]
async fn values_that_no_person_has_are_refused_rows() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let metric = |kind: &str, at: &str, value: f64, value2: Option<f64>| {
        let record = json!({"measuredAt": at, "kind": kind, "value": value, "value2": value2});
        json!({"collection": "metrics", "record": record, "identity": {"content": 0}})
    };
    let rows = [
        metric("steps", "2020-05-01T10:00:00Z", 8.5, None),
        metric("bloodPressure", "2020-05-01T10:00:00Z", 72.0, Some(118.0)),
        metric("weight", "0203-05-01T10:00:00Z", 71.0, None),
        metric("weight", "2020-05-01T10:00:00Z", 71.0, None),
    ];
    let answer = person.post("/import", json!({ "rows": rows })).await;
    let pointers: Vec<_> = answer.body["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| outcome["refused"][0]["pointer"].as_str().unwrap_or("created"))
        .collect();
    assert_eq!(pointers, ["/value", "/value2", "/measuredAt", "created"], "{}", answer.text);
    server.running.stop().await;
}

#[tokio::test]
async fn an_import_costs_its_rows() {
    let server = Server::start_with(|settings| {
        settings.operations.import_rows_per_user = 300.try_into().unwrap();
    })
    .await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let one = json!({"collection": "foods", "record": {}, "identity": {"content": 0}});
    let batch = |count: usize| json!({"rows": vec![one.clone(); count]});
    assert_eq!(lucia.post("/import", batch(200)).await.status, 200);
    let refused = lucia.post("/import", batch(200)).await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 20, "{}", refused.text);
    assert_eq!(lucia.post("/import", batch(50)).await.status, 200, "what was refused took nothing");
    assert_eq!(marta.post("/import", batch(200)).await.status, 200);
    server.running.stop().await;
}

#[tokio::test]
async fn a_batch_of_several_turns_is_answered_in_its_order() {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    let row = |number: usize| {
        let calories = if number.is_multiple_of(7) { json!("much") } else { json!(number) };
        json!({"collection": "foods", "identity": {"content": 0}, "record":
               {"loggedAt": "2020-05-01T10:00:00Z", "meal": "lunch", "name": "Pan", "calories": calories}})
    };
    let answer = person.post("/import", json!({"rows": (0..120).map(row).collect::<Vec<_>>()})).await;
    for (number, outcome) in answer.body["rows"].as_array().unwrap().iter().enumerate() {
        assert_eq!(*outcome == "created", number % 7 != 0, "{number}: {outcome}");
    }
    assert_eq!(answer.body["rows"].as_array().unwrap().len(), 120);
    server.running.stop().await;
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
