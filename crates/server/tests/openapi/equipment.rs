//! The walk through devices and managed connections, with a simulated device at the other end.

use serde_json::json;

use crate::{
    support::{
        Person, Server,
        links::{listen, online, plug, shelly},
    },
    walk::Walk,
};

pub async fn walk(walk: &mut Walk, server: &Server, admin: &Person, user: &Person, nobody: &Person) {
    let plug = plug(1, None).await;
    let mut socket = listen(server, admin).await;
    let path = "/api/websocket";
    let made = walk.tell(admin, "POST", path, &shelly(&plug), 201).await;
    let link = made.body["connection"]["id"].as_str().unwrap().to_owned();
    walk.tell(user, "POST", path, &shelly(&plug), 403).await;
    walk.tell(nobody, "POST", path, &shelly(&plug), 401).await;
    walk.tell(admin, "POST", path, &json!({"type": "TEST"}), 422).await;
    walk.send_no_body_that_is_one(admin, "POST", path).await;
    let device = online(&mut socket, true).await["id"].as_str().unwrap().to_owned();

    devices(walk, &device, admin, user, nobody).await;
    connections(walk, &link, admin, user, nobody).await;

    let control = |action: &str| format!("{path}/{link}/{action}");
    walk.ask(user, "POST", &control("stop"), 403).await;
    walk.ask(nobody, "POST", &control("stop"), 401).await;
    walk.ask(admin, "POST", &control("dance"), 404).await;
    walk.ask(admin, "POST", &control("stop"), 200).await;
    online(&mut socket, false).await;
    let relay = format!("/api/devices/{device}/relay");
    walk.tell(admin, "POST", &relay, &json!({"on": true}), 409).await;

    let one = format!("{path}/{link}");
    walk.ask(user, "DELETE", &one, 403).await;
    walk.ask(nobody, "DELETE", &one, 401).await;
    walk.ask(admin, "DELETE", &one, 204).await;
    walk.ask(admin, "DELETE", &one, 404).await;
}

async fn devices(walk: &mut Walk, device: &str, admin: &Person, user: &Person, nobody: &Person) {
    walk.get_and_get_again(user, "/api/devices").await;
    walk.ask(nobody, "GET", "/api/devices", 401).await;
    let one = format!("/api/devices/{device}");
    for (method, path, body) in [
        ("PATCH", one.clone(), json!({"appointmentOnlyMode": true})),
        ("POST", format!("{one}/relay"), json!({"on": true})),
    ] {
        walk.tell(admin, method, &path, &body, 200).await;
        walk.tell(user, method, &path, &body, 403).await;
        walk.tell(nobody, method, &path, &body, 401).await;
        walk.tell(admin, method, &path.replace(device, "none"), &body, 404).await;
        walk.tell(admin, method, &path, &json!({}), 422).await;
        walk.send_no_body_that_is_one(admin, method, &path).await;
    }
}

async fn connections(walk: &mut Walk, link: &str, admin: &Person, user: &Person, nobody: &Person) {
    let list = "/api/websocket".to_owned();
    let (one, none) = (format!("{list}/{link}"), format!("{list}/none"));
    let (logs, export) = (format!("{one}/logs"), format!("{one}/logs/export"));
    let metrics = format!("{list}/metrics");
    let (all_logs, all_export) = (format!("{list}/logs"), format!("{list}/logs/export"));
    for address in [&list, &one, &logs, &export, &metrics, &all_logs, &all_export] {
        walk.ask(user, "GET", address, 403).await;
        walk.ask(nobody, "GET", address, 401).await;
    }
    walk.get_and_get_again(admin, &list).await;
    walk.get_and_get_again(admin, &logs).await;
    walk.get_and_get_again(admin, &all_logs).await;
    walk.ask(admin, "GET", &metrics, 200).await;
    walk.ask(admin, "GET", &one, 200).await;
    for format in ["csv", "json"] {
        walk.ask(admin, "GET", &format!("{export}?format={format}"), 200).await;
        walk.ask(admin, "GET", &format!("{all_export}?format={format}"), 200).await;
    }
    for address in [none.clone(), format!("{none}/logs"), format!("{none}/logs/export")] {
        walk.ask(admin, "GET", &address, 404).await;
    }
    for (logs, export) in [(logs, export), (all_logs, all_export)] {
        walk.ask(admin, "GET", &format!("{logs}?eventType=dance"), 422).await;
        walk.ask(admin, "GET", &format!("{export}?format=pdf"), 422).await;
    }
}
