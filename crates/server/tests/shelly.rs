//! A Shelly that is simulated, behind a real link of a real server.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not marked as such")]

mod support;

use axum::http::StatusCode;
use latido_devtools::shelly::{Firmware, Options, StatusAnswer};
use latido_domain::account::Role;
use serde_json::json;
use support::links::{
    act, add, admin, connection, devices, event, listen, near, online, plug, plug_with, server, shelly,
    status,
};

fn relay(device: &serde_json::Value) -> String {
    format!("/devices/{}/relay", device["id"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_plug_comes_online_for_everybody_of_the_tenant() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let lucia = server.person("lucia@example.org").await;
    let mut socket = listen(&server, &lucia).await;
    add(&admin, shelly(&plug)).await;

    let device = online(&mut socket, true).await;
    assert_eq!((&device["name"], &device["relayOn"]), (&json!("Cabina"), &json!(false)));
    assert_eq!((&device["voltage"], &device["temperature"]), (&json!(230.1), &json!(41.5)));
    assert_eq!(devices(&lucia).await, [device]);
}

#[tokio::test]
async fn a_relay_is_switched_when_the_device_says_so() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    let mut socket = listen(&server, &coach).await;
    add(&admin, shelly(&plug)).await;
    let device = online(&mut socket, true).await;

    let answer = coach.post(&relay(&device), json!({"on": true})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.body["device"]["relayOn"], true);
    assert!(plug.is_on(0));
    assert_eq!(devices(&coach).await[0]["relayOn"], true, "it was written before it was answered");
    event(&mut socket, "device-update", |data| data["relayOn"] == true).await;
    event(&mut socket, "device-update", |data| data["currentPower"] == 60.0).await;
}

#[tokio::test]
async fn a_button_pressed_at_the_device_is_seen() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    add(&admin, shelly(&plug)).await;
    online(&mut socket, true).await;
    plug.press(0);
    event(&mut socket, "device-update", |data| data["relayOn"] == true).await;
    plug.press(0);
    let off = event(&mut socket, "device-update", |data| data["relayOn"] == false).await;
    assert_eq!(off["data"]["online"], true);
}

#[tokio::test]
async fn every_switch_is_a_device() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(2, None).await);
    let mut socket = listen(&server, &admin).await;
    add(&admin, shelly(&plug)).await;
    online(&mut socket, true).await;
    online(&mut socket, true).await;
    let devices = devices(&admin).await;
    let names: Vec<_> = devices.iter().map(|device| device["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Cabina 1", "Cabina 2"]);
    admin.post(&relay(&devices[1]), json!({"on": true})).await;
    assert_eq!((plug.is_on(0), plug.is_on(1)), (false, true));
}

#[tokio::test]
async fn a_lost_connection_takes_its_devices_offline_at_once() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    online(&mut socket, true).await;
    plug.press(0);
    event(&mut socket, "device-update", |data| data["relayOn"] == true).await;
    plug.hang_up();
    let lost = status(&mut socket, "reconnecting").await;
    assert_eq!(lost["data"]["errorMessage"], "The source closed the connection.");
    assert_eq!(lost["data"]["errorCode"], "source_closed");
    let device = online(&mut socket, false).await;
    assert_eq!((&device["relayOn"], &device["currentPower"]), (&json!(false), &json!(0.0)));

    // And it comes back by itself, to what is so by then.
    status(&mut socket, "connected").await;
    assert_eq!(online(&mut socket, true).await["relayOn"], true);
    assert_eq!(connection(&admin, &id).await["errorMessage"], json!(null));
}

#[tokio::test]
async fn a_password_is_proved_and_never_shown() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, Some("geheim-1")).await);
    let mut socket = listen(&server, &admin).await;
    let mut draft = shelly(&plug);
    draft["metadata"]["password"] = json!("geheim-1");
    let id = add(&admin, draft).await;
    let device = online(&mut socket, true).await;
    let answer = admin.post(&relay(&device), json!({"on": true})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(connection(&admin, &id).await["metadata"]["hasSecret"], true);
    for path in
        ["/websocket".to_owned(), format!("/websocket/{id}/logs"), format!("/websocket/{id}/logs/export")]
    {
        assert!(!admin.get(&path).await.text.contains("geheim"), "{path}");
    }
}

#[tokio::test]
async fn fourteen_switches_with_a_password_fail_no_proof() {
    for (firmware, failures) in [(Firmware::GrowingCount, 0), (Firmware::FirstCount, 1)] {
        let server = server().await;
        let password = Some("geheim-1".to_owned());
        let admin = admin(&server).await;
        let plug = plug_with(Options { firmware, password, ..Options::default() }).await;
        let mut socket = listen(&server, &admin).await;
        let mut draft = shelly(&plug);
        draft["metadata"]["password"] = json!("geheim-1");
        add(&admin, draft).await;
        let device = online(&mut socket, true).await;
        for number in 0..14 {
            let on = number % 2 == 0;
            let answer = admin.post(&relay(&device), json!({"on": on})).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            assert_eq!(answer.body["device"]["relayOn"], on);
            assert_eq!(devices(&admin).await[0]["relayOn"], on, "it was written before it was answered");
        }
        assert_eq!(plug.failed_proofs(), failures, "{firmware:?}");
    }
}

#[tokio::test]
async fn a_status_that_fails_is_shown_on_the_link_and_logged() {
    for (answer, text) in [
        (StatusAnswer::Error(-109), "The device did not tell its status (error -109)."),
        (StatusAnswer::Error(429), "(error 429)."),
        (StatusAnswer::Never, "The source did not answer the first questions in time."),
    ] {
        let server = support::Server::start_with(|settings| {
            settings.links = near();
            settings.links.ready_within = std::time::Duration::from_millis(200);
        })
        .await;
        let admin = admin(&server).await;
        let plug = plug_with(Options { status: answer, ..Options::default() }).await;
        let mut socket = listen(&server, &admin).await;
        let id = add(&admin, shelly(&plug)).await;
        let failed = event(&mut socket, "connection_update", |data| !data["errorMessage"].is_null()).await;
        assert_eq!(failed["data"]["status"], "reconnecting", "it is tried again");
        let message = failed["data"]["errorMessage"].as_str().unwrap();
        assert!(message.ends_with(text), "{message}");
        let log = admin.get(&format!("/websocket/{id}/logs")).await;
        assert!(log.text.contains(text), "{}", log.text);
    }
}

#[tokio::test]
async fn a_wrong_password_is_not_tried_for_ever() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, Some("geheim-1")).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    let refused = status(&mut socket, "error").await;
    assert_eq!(refused["data"]["errorMessage"], "The device asks for a password, and none is kept for it.");
    assert_eq!(connection(&admin, &id).await["autoReconnect"], true);
    assert!(devices(&admin).await.is_empty());
}

#[tokio::test]
async fn a_device_that_does_not_answer_is_said_to_be_so() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    let device = online(&mut socket, true).await;
    plug.mute(true);
    let answer = admin.post(&relay(&device), json!({"on": true})).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT, "{}", answer.text);

    act(&admin, &id, "stop").await;
    let answer = admin.post(&relay(&device), json!({"on": true})).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
}

#[tokio::test]
async fn a_command_whose_connection_is_lost_does_not_hang() {
    let server = support::Server::start_with(|settings| {
        settings.links = near();
        settings.links.command_within = std::time::Duration::from_mins(1);
    })
    .await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    let path = relay(&online(&mut socket, true).await);
    plug.mute(true);
    let asking = tokio::spawn({
        let admin = admin.clone();
        async move { admin.post(&path, json!({"on": true})).await }
    });
    event(&mut socket, "connection_log", |data| data["eventType"] == "action").await;
    act(&admin, &id, "stop").await;
    assert_eq!(asking.await.unwrap().status, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn links_that_reconnect_start_with_the_server_and_others_do_not() {
    let server = server().await;
    let admin = admin(&server).await;
    let (one, two) = (plug(1, None).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    let kept = add(&admin, shelly(&one)).await;
    online(&mut socket, true).await;
    let mut draft = shelly(&two);
    draft["referenceId"] = json!("second");
    draft["autoReconnect"] = json!(false);
    let stopped = add(&admin, draft).await;

    let support::Server { running, clock, data } = server;
    running.stop().await;
    let running = support::launch(&data, clock.clone(), support::links::reaching_this_machine).await;
    let server = support::Server { running, clock, data };
    let admin = server.sign_in("admin@example.org").await;
    let mut socket = listen(&server, &admin).await;
    if connection(&admin, &kept).await["status"] != "connected" {
        status(&mut socket, "connected").await;
    }
    assert_eq!(connection(&admin, &stopped).await["status"], "disconnected");
    assert_eq!(two.connections(), 0);
}

#[tokio::test]
async fn going_away_takes_the_devices_offline_and_keeps_reconnecting() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    online(&mut socket, true).await;
    let support::Server { running, clock, data } = server;
    running.stop().await;
    drop(plug);
    let running = support::launch(&data, clock.clone(), support::links::reaching_this_machine).await;
    let server = support::Server { running, clock, data };
    let admin = server.sign_in("admin@example.org").await;
    assert_eq!(devices(&admin).await[0]["online"], false);
    assert_eq!(connection(&admin, &id).await["autoReconnect"], true);
}
