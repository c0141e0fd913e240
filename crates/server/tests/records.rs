//! Foods, exercises, metrics and the profile over REST, when everything is as it should be.

mod support;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use support::{Person, Server, exercise, food, names, weight};

async fn lucia() -> (Server, Person) {
    let server = Server::start().await;
    let person = server.person("lucia@example.org").await;
    (server, person)
}

#[tokio::test]
async fn a_food_is_created_read_edited_and_deleted() {
    let (_server, lucia) = lucia().await;
    let created = lucia.post("/food-logs", food("Avena con leche")).await;
    assert_eq!(created.status, StatusCode::CREATED);
    assert_eq!(created.header("etag"), "\"1\"");
    let log = &created.body["foodLog"];
    assert_eq!((&log["proteinG"], &log["source"], &log["version"]), (&json!(0), &json!("manual"), &json!(1)));
    assert_eq!(log["loggedAt"], "2026-11-21T08:15:00.000Z", "what was not said is now");
    let path = format!("/food-logs/{}", log["id"].as_str().unwrap());

    let edited = lucia.patch(&path, json!({"calories": 400, "notes": "con canela"})).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.text);
    let edited = &edited.body["foodLog"];
    assert_eq!((&edited["name"], &edited["calories"]), (&json!("Avena con leche"), &json!(400)));
    assert_eq!((&edited["notes"], &edited["version"]), (&json!("con canela"), &json!(2)));

    let cleared = lucia.patch(&path, json!({"notes": null})).await;
    assert_eq!(cleared.body["foodLog"].get("notes"), None);

    assert_eq!(lucia.get(&path).await.body["foodLog"]["version"], 3);
    assert_eq!(lucia.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(lucia.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(lucia.delete(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn exercises_and_metrics_work_alike() {
    let (_server, lucia) = lucia().await;
    let run = lucia.post("/exercise-logs", exercise("Correr")).await;
    assert_eq!(run.status, StatusCode::CREATED, "{}", run.text);
    assert_eq!(run.body["exerciseLog"]["durationMin"], 30);
    let path = format!("/exercise-logs/{}", run.body["exerciseLog"]["id"].as_str().unwrap());
    let edited = lucia.patch(&path, json!({"distanceKm": 5.5})).await;
    assert_eq!(edited.body["exerciseLog"]["distanceKm"], 5.5);

    let pressure = json!({"kind": "bloodPressure", "value": 120, "value2": 80});
    let pressure = lucia.post("/health-metrics", pressure).await;
    assert_eq!(pressure.status, StatusCode::CREATED, "{}", pressure.text);
    assert_eq!(pressure.body["healthMetric"]["unit"], "mmHg");
    let path = format!("/health-metrics/{}", pressure.body["healthMetric"]["id"].as_str().unwrap());
    let other_kind = lucia.patch(&path, json!({"kind": "weight", "value": 71.4})).await;
    assert_eq!(other_kind.status, StatusCode::OK, "{}", other_kind.text);
    let metric = &other_kind.body["healthMetric"];
    assert_eq!((&metric["unit"], metric.get("value2")), (&json!("kg"), None));
}

#[tokio::test]
async fn metrics_can_be_narrowed_to_a_kind() {
    let (_server, lucia) = lucia().await;
    lucia.post("/health-metrics", weight(70.0)).await;
    lucia.post("/health-metrics", json!({"kind": "steps", "value": 9000})).await;
    let weights = lucia.get("/health-metrics?kind=weight").await;
    assert_eq!(weights.body["healthMetrics"].as_array().unwrap().len(), 1);
    let all = lucia.get("/health-metrics").await;
    assert_eq!(all.body["healthMetrics"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn pages_follow_each_other_without_overlap_even_within_one_instant() {
    let (server, lucia) = lucia().await;
    for number in 0..7 {
        if number == 4 {
            server.clock.advance_ms(1000);
        }
        lucia.log_food(&format!("f{number}")).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = lucia.get(&format!("/food-logs?limit=3{cursor}")).await;
        seen.push(names(&page));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(page_names(&seen), ["f6", "f5", "f4", "f3", "f2", "f1", "f0"]);
    assert_eq!(seen.len(), 3);
}

fn page_names(pages: &[Vec<String>]) -> Vec<&str> {
    pages.iter().flatten().map(String::as_str).collect()
}

#[tokio::test]
async fn a_page_that_ends_with_the_list_has_no_next() {
    let (_server, lucia) = lucia().await;
    lucia.log_food("a").await;
    lucia.log_food("b").await;
    assert_eq!(lucia.get("/food-logs?limit=2").await.body["nextCursor"], Value::Null);
}

#[tokio::test]
async fn from_is_inclusive_and_to_is_not() {
    let (_server, lucia) = lucia().await;
    for (name, at) in [("day before", "2026-11-19T23:59:59.999Z"), ("first", "2026-11-20T00:00:00Z")]
        .into_iter()
        .chain([("last", "2026-11-20T23:59:59.999Z"), ("day after", "2026-11-21T00:00:00Z")])
    {
        let mut food = food(name);
        food["loggedAt"] = json!(at);
        lucia.post("/food-logs", food).await;
    }
    let day = lucia.get("/food-logs?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z").await;
    assert_eq!(names(&day), ["last", "first"]);
}

#[tokio::test]
async fn a_list_that_has_not_changed_is_not_sent_again() {
    let (_server, lucia) = lucia().await;
    lucia.log_food("Avena").await;
    let first = lucia.get("/food-logs").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"'), "a strong tag: {tag}");

    let again = lucia.send(Method::GET, "/food-logs", &[("if-none-match", &tag)], None).await;
    assert_eq!(
        (again.status, again.text.as_str(), again.header("etag")),
        (StatusCode::NOT_MODIFIED, "", &*tag)
    );

    lucia.log_food("Pan").await;
    let changed = lucia.send(Method::GET, "/food-logs", &[("if-none-match", &tag)], None).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_ne!(changed.header("etag"), tag);
}

#[tokio::test]
async fn an_edit_of_an_old_version_is_refused() {
    let (_server, lucia) = lucia().await;
    let path = format!("/food-logs/{}", lucia.log_food("Avena").await);
    let edit = async |tag: &str, kcal: u16| {
        let body = json!({ "calories": kcal }).to_string();
        lucia.send(Method::PATCH, &path, &[("if-match", tag)], Some(body)).await.status
    };
    assert_eq!(edit("\"1\"", 1).await, StatusCode::OK);
    assert_eq!(edit("\"1\"", 2).await, StatusCode::PRECONDITION_FAILED);
    assert_eq!(edit("*", 3).await, StatusCode::OK);
    assert_eq!(edit("\"9\", \"3\"", 4).await, StatusCode::OK);
    assert_eq!(edit("3", 5).await, StatusCode::BAD_REQUEST);
    assert_eq!(lucia.get(&path).await.body["foodLog"]["calories"], 4);
    let deletion = lucia.send(Method::DELETE, &path, &[("if-match", "\"1\"")], None).await;
    assert_eq!(deletion.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn an_edit_that_changes_nothing_makes_no_version() {
    let (server, lucia) = lucia().await;
    let path = format!("/food-logs/{}", lucia.log_food("Avena").await);
    server.clock.advance_ms(1000);
    let same = lucia.patch(&path, json!({"name": "Avena", "calories": 350, "notes": null})).await;
    assert_eq!((same.status, &same.body["foodLog"]["version"]), (StatusCode::OK, &json!(1)));
}

#[tokio::test]
async fn what_is_ours_to_say_cannot_be_said_by_others() {
    let (_server, lucia) = lucia().await;
    let mut forged = food("Avena");
    for (name, value) in
        [("id", json!("mine")), ("version", json!(9)), ("createdAt", json!("2000-01-01T00:00:00Z"))]
    {
        forged[name] = value;
    }
    let log = lucia.post("/food-logs", forged.clone()).await.body["foodLog"].clone();
    assert_ne!(log["id"], "mine");
    assert_eq!((&log["version"], &log["createdAt"]), (&json!(1), &json!("2026-11-21T08:15:00.000Z")));
    forged["calories"] = json!(1);
    let path = format!("/food-logs/{}", log["id"].as_str().unwrap());
    let edited = lucia.patch(&path, forged).await.body["foodLog"].clone();
    assert_eq!((&edited["id"], &edited["version"]), (&log["id"], &json!(2)));
}

#[tokio::test]
async fn the_profile_is_replaced_whole() {
    let (_server, lucia) = lucia().await;
    let first = lucia.get("/health-profile").await;
    assert_eq!((first.status, first.header("etag")), (StatusCode::OK, "\"1\""));
    let profile = json!({
        "displayName": "Lucía G.", "birthDate": "1988-04-12", "heightCm": 168, "dailyCalorieGoal": 1900,
        "units": "metric", "timeZone": "Europe/Madrid", "language": "es",
    });
    let replaced = lucia.put("/health-profile", profile.clone()).await;
    assert_eq!(replaced.status, StatusCode::OK, "{}", replaced.text);
    assert_eq!(replaced.body["healthProfile"]["version"], 2);
    assert_eq!(lucia.get("/session").await.body["user"]["name"], "Lucía G.");

    let same = lucia.put("/health-profile", profile.clone()).await;
    assert_eq!(same.body["healthProfile"]["version"], 2, "what is the same is no change");

    let mut shorter = profile;
    shorter.as_object_mut().unwrap().remove("heightCm");
    let shorter = lucia.put("/health-profile", shorter).await;
    assert_eq!(shorter.body["healthProfile"].get("heightCm"), None, "PUT takes away what it does not name");

    let stale =
        lucia.send(Method::PUT, "/health-profile", &[("if-match", "\"1\"")], Some("{}".to_owned())).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_client_that_does_not_know_the_younger_goals_takes_none_away() {
    let (_server, lucia) = lucia().await;
    let old =
        json!({"displayName": "Lucía", "units": "metric", "timeZone": "Europe/Madrid", "language": "es"});
    let goals = json!({
        "dailyProteinGoalG": 110, "dailyCarbsGoalG": 190.5, "dailyFatGoalG": 65, "dailyExerciseGoalMin": 45,
        "dailySleepGoalH": 8,
    });
    let mut new = old.clone();
    new.as_object_mut().unwrap().append(goals.clone().as_object_mut().unwrap());
    lucia.put("/health-profile", new.clone()).await;

    let kept = lucia.put("/health-profile", old).await.body;
    for (goal, value) in goals.as_object().unwrap() {
        assert_eq!(&kept["healthProfile"][goal], value, "{goal}");
    }
    new["dailySleepGoalH"] = json!(null);
    let without = lucia.put("/health-profile", new).await.body;
    assert_eq!(without["healthProfile"].get("dailySleepGoalH"), None, "null takes it away");
    assert_eq!(without["healthProfile"]["dailyFatGoalG"], 65);
}

#[tokio::test]
async fn names_are_kept_as_they_were_typed() {
    let (_server, lucia) = lucia().await;
    let name = "<img src=x onerror=alert(1)> \u{202e}ñ 🥣 '\"; DROP TABLE records";
    lucia.log_food(name).await;
    assert_eq!(lucia.food_names().await, [name]);
}

#[tokio::test]
async fn a_new_account_says_that_nobody_has_chosen_its_preferences() {
    let (_server, lucia) = lucia().await;
    let unchosen = lucia.get("/health-profile").await.body;
    assert_eq!(unchosen["healthProfile"]["preferencesChosen"], false);

    let defaults =
        json!({"displayName": "Lucía", "units": "metric", "timeZone": "Europe/Madrid", "language": "es"});
    let renamed = lucia.put("/health-profile", defaults.clone()).await.body;
    assert_eq!(renamed["healthProfile"]["preferencesChosen"], false, "that was no choice");

    let mut bogota = defaults.clone();
    bogota["timeZone"] = json!("America/Bogota");
    let chosen = lucia.put("/health-profile", bogota).await.body;
    assert_eq!(
        chosen["healthProfile"].get("preferencesChosen"),
        None,
        "a program that does not know of it chose"
    );
    let back = lucia.put("/health-profile", defaults).await.body;
    assert_eq!(back["healthProfile"].get("preferencesChosen"), None, "and it stays a choice");
}

#[tokio::test]
async fn the_defaults_can_be_chosen_too() {
    let (_server, lucia) = lucia().await;
    let chosen = json!({
        "displayName": "Lucía", "units": "metric", "timeZone": "Europe/Madrid", "language": "es",
        "preferencesChosen": true,
    });
    let chosen = lucia.put("/health-profile", chosen).await;
    assert_eq!(chosen.status, StatusCode::OK, "{}", chosen.text);
    assert_eq!(chosen.body["healthProfile"].get("preferencesChosen"), None);
}
