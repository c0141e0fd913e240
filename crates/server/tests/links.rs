//! Managed connections: what is done with them, and by whom.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not marked as such")]

mod support;

use std::collections::HashSet;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use futures_util::StreamExt;
use latido_domain::{
    account::Role,
    device_link::{DeviceChannel, log_row},
    store::{Owner, StoreError},
};
use latido_protocol::{
    link::{ConnectionLog, LinkId, LogKind},
    time::Timestamp,
};
use latido_server::ops::client::Peer;
use serde_json::{Value, json};
use support::{
    Person, Server, epoch,
    links::{
        Source, act, add, admin, connection, devices, event, listen, near, online, plug, server, shelly,
        status,
    },
};
use tower::ServiceExt;

/// Leads to a private address where nobody is.
fn nowhere(reference: &str) -> Value {
    json!({
        "type": "SHELLY", "referenceId": reference, "autoReconnect": false,
        "metadata": {"url": "ws://192.168.250.250/rpc"},
    })
}

fn state(answer: &support::Answer) -> (&Value, &Value) {
    assert_eq!(answer.body["success"], true, "{}", answer.text);
    (&answer.body["data"]["status"], &answer.body["data"]["autoReconnect"])
}

#[tokio::test]
async fn the_actions_do_what_the_contract_says() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    status(&mut socket, "connected").await;

    let toggled = act(&admin, &id, "toggle-reconnect").await;
    assert_eq!(toggled.body["data"]["connectionId"], id);
    assert_eq!(state(&toggled), (&json!("connected"), &json!(false)));
    assert_eq!(state(&act(&admin, &id, "toggle-reconnect").await), (&json!("connected"), &json!(true)));
    assert_eq!(state(&act(&admin, &id, "stop").await), (&json!("disconnected"), &json!(false)));
    assert_eq!(state(&act(&admin, &id, "start").await).1, &json!(true));
    status(&mut socket, "connected").await;
    assert_eq!(state(&act(&admin, &id, "restart").await).1, &json!(true));
    status(&mut socket, "disconnected").await;
    status(&mut socket, "connected").await;
    assert_eq!(connection(&admin, &id).await["autoReconnect"], true);
    assert_eq!(act(&admin, &id, "explode").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_stop_wins_over_a_dial_that_is_under_way() {
    let server = server().await;
    let (admin, source) = (admin(&server).await, Source::start().await);
    let mut socket = listen(&server, &admin).await;
    // The connection is taken by the system, and nobody answers the handshake.
    let id = add(&admin, source.draft()).await;
    status(&mut socket, "reconnecting").await;
    assert_eq!(state(&act(&admin, &id, "stop").await), (&json!("disconnected"), &json!(false)));
    assert_eq!(connection(&admin, &id).await["status"], "disconnected");
}

#[tokio::test]
async fn only_the_admins_of_the_tenant_control_its_connections() {
    let server = server().await;
    let admin = admin(&server).await;
    let id = add(&admin, nowhere("plug")).await;
    let stranger = server.person_as("stranger@example.org", Role::Admin, "elsewhere").await;
    let coach = server.person_as("coach@example.org", Role::Coach, "main").await;
    let user = server.person("lucia@example.org").await;
    let one = format!("/websocket/{id}");
    let requests = [
        (Method::GET, one.clone()),
        (Method::GET, format!("{one}/logs")),
        (Method::GET, format!("{one}/logs/export")),
        (Method::POST, format!("{one}/start")),
        (Method::POST, format!("{one}/stop")),
        (Method::POST, format!("{one}/restart")),
        (Method::POST, format!("{one}/toggle-reconnect")),
        (Method::DELETE, one.clone()),
    ];
    for (method, path) in requests {
        let send = async |person: &Person, path: &str| person.send(method.clone(), path, &[], None).await;
        let foreign = send(&stranger, &path).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{method} {path}");
        let nothing = send(&stranger, &path.replace(&id, "none")).await;
        assert_eq!(foreign.text, nothing.text, "the answer does not tell that there is such a connection");
        assert_eq!(send(&coach, &path).await.status, StatusCode::FORBIDDEN, "{method} {path}");
        assert_eq!(send(&user, &path).await.status, StatusCode::FORBIDDEN, "{method} {path}");
        assert_eq!(
            send(&server.anonymous(), &path).await.status,
            StatusCode::UNAUTHORIZED,
            "{method} {path}"
        );
    }
    for path in ["/websocket", "/websocket/metrics", "/websocket/logs", "/websocket/logs/export"] {
        assert_eq!(coach.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(coach.post("/websocket", nowhere("x")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(stranger.get("/websocket").await.body, json!({"connections": []}));
    assert_eq!(stranger.get("/websocket/logs").await.body, json!({"logs": [], "nextCursor": null}));
    assert_eq!(connection(&admin, &id).await["autoReconnect"], false, "nothing was done");
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_controls_nothing() {
    let server = server().await;
    let admin = admin(&server).await;
    let id = add(&admin, nowhere("plug")).await;
    let foreign = [("origin", "https://evil.example")];
    for path in [format!("/websocket/{id}/start"), "/websocket".to_owned()] {
        let answer = admin.send(Method::POST, &path, &foreign, Some(nowhere("x").to_string())).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let answer = admin.send(Method::DELETE, &format!("/websocket/{id}"), &foreign, None).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(connection(&admin, &id).await["status"], "disconnected");
}

#[tokio::test]
async fn every_action_is_in_the_log_with_who_did_it() {
    let server = server().await;
    let admin = admin(&server).await;
    let user = admin.get("/session").await.body["user"]["id"].clone();
    let id = add(&admin, nowhere("plug")).await;
    let request = Request::post(format!("/api/websocket/{id}/toggle-reconnect"))
        .header("authorization", format!("Bearer {}", admin.token.as_deref().unwrap()))
        .header("user-agent", "Tester/1")
        .extension(Peer("192.0.2.7:5555".parse().unwrap()));
    support::call(server.app(), request.body(Body::empty()).unwrap()).await;
    let log = admin.get(&format!("/websocket/{id}/logs?eventType=action")).await;
    let rows = log.body["logs"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{}", log.text);
    let messages: Vec<_> = rows.iter().map(|row| row["message"].as_str().unwrap()).collect();
    assert!(messages.contains(&"Reconnecting was switched on."), "{messages:?}");
    let toggled = rows.iter().find(|row| row["message"] == "Reconnecting was switched on.").unwrap();
    assert_eq!(
        (&toggled["metadata"]["userId"], &toggled["metadata"]["userAgent"]),
        (&user, &json!("Tester/1"))
    );
    assert_eq!((&toggled["connectionId"], &toggled["code"]), (&json!(id), &json!("reconnect_on")));
}

#[tokio::test]
async fn a_secret_is_never_read_again() {
    let server = server().await;
    let (admin, source) = (admin(&server).await, Source::start().await);
    let mut socket = listen(&server, &admin).await;
    let created = admin.post("/websocket", source.draft()).await;
    let id = created.body["connection"]["id"].as_str().unwrap().to_owned();
    drop(source.accept().await);
    status(&mut socket, "connected").await;
    let told = status(&mut socket, "reconnecting").await;
    let lost = event(&mut socket, "connection_log", |row| row["eventType"] == "disconnect").await;
    let mut seen = vec![created.text.clone(), lost.to_string(), told.to_string()];
    for path in ["", &format!("/{id}"), &format!("/{id}/logs"), &format!("/{id}/logs/export"), "/metrics"] {
        seen.push(admin.get(&format!("/websocket{path}")).await.text);
    }
    assert!(seen.iter().all(|text| !text.contains("hidden")), "{seen:?}");
    assert_eq!(created.body["connection"]["metadata"]["hasSecret"], true);
}

#[tokio::test]
async fn a_connection_is_added_once() {
    let server = server().await;
    let admin = admin(&server).await;
    let key = [("idempotency-key", "k1")];
    let body = Some(nowhere("plug").to_string());
    let first = admin.send(Method::POST, "/websocket", &key, body.clone()).await;
    let again = admin.send(Method::POST, "/websocket", &key, body).await;
    assert_eq!((first.status, &first.text), (StatusCode::CREATED, &again.text));
    let refused = admin.post("/websocket", nowhere("plug")).await;
    assert_eq!(
        (refused.status, refused.pointers()),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["/referenceId"])
    );

    let elsewhere = server.person_as("stranger@example.org", Role::Admin, "elsewhere").await;
    add(&elsewhere, nowhere("plug")).await;
    assert_eq!(admin.get("/websocket").await.body["connections"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_link_does_not_lead_to_the_server_itself() {
    let server = Server::start().await;
    let admin = admin(&server).await;
    let mut socket = listen(&server, &admin).await;
    let mut draft = nowhere("plug");
    for url in [
        "ws://127.0.0.1:1/",
        "ws://169.254.169.254/latest",
        "ws://[::1]/",
        "http://192.168.1.2/",
        "ws://a:b@h/",
    ] {
        draft["metadata"]["url"] = json!(url);
        let refused = admin.post("/websocket", draft.clone()).await;
        assert_eq!(
            (refused.status, refused.pointers()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec!["/metadata/url"])
        );
    }
    // Of a name it is known only when it is dialled.
    draft["metadata"]["url"] = json!("ws://localhost:1/");
    draft["autoReconnect"] = json!(true);
    let id = add(&admin, draft).await;
    status(&mut socket, "error").await;
    let said = connection(&admin, &id).await;
    assert!(said["errorMessage"].as_str().unwrap().contains("--link-network"), "{said}");
}

#[tokio::test]
async fn a_log_is_read_by_filter_and_page_and_exported() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    online(&mut socket, true).await;
    act(&admin, &id, "stop").await;
    let path = format!("/websocket/{id}/logs");
    let all = admin.get(&path).await.body["logs"].as_array().unwrap().clone();
    let mut kinds: Vec<_> = all.iter().map(|row| row["eventType"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["action", "connect", "disconnect", "message"]);
    let connect = admin.get(&format!("{path}?eventType=connect")).await;
    assert!(connect.body["logs"][0]["responseTime"].is_u64(), "{}", connect.text);

    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("{path}?limit=2{cursor}")).await;
        paged.extend(page.body["logs"].as_array().unwrap().clone());
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, all);

    let json = admin.get(&format!("{path}/export?format=json")).await;
    assert_eq!(json.body, Value::Array(all.clone()));
    let csv = admin.get(&format!("{path}/export?format=csv&eventType=action")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").contains("connection-log.csv"));
    assert!(csv.text.starts_with("\"createdAt\",\"eventType\","), "{}", csv.text);
    assert_eq!(csv.text.lines().count(), 1 + kinds_of(&all, "action"));
    let refused = admin.get(&format!("{path}/export?format=xml")).await;
    assert_eq!(refused.pointers(), ["/format"]);
    assert_eq!(admin.get(&format!("{path}?eventType=none")).await.pointers(), ["/eventType"]);
}

fn kinds_of(rows: &[Value], kind: &str) -> usize {
    rows.iter().filter(|row| row["eventType"] == kind).count()
}

#[tokio::test]
async fn a_log_is_cleaned_by_age_and_by_number() {
    let server = server().await;
    let admin = admin(&server).await;
    let id = add(&admin, nowhere("plug")).await;
    for _ in 0..6 {
        act(&admin, &id, "toggle-reconnect").await;
    }
    let mut server = server;
    let path = format!("/websocket/{id}/logs");
    for (days, rows, left) in [(0, 10_000, 7), (0, 3, 3), (31, 3, 0)] {
        let Server { running, clock, data } = server;
        running.stop().await;
        clock.advance_ms(days * 24 * 3_600_000);
        let running = support::launch(&data, clock.clone(), |settings| {
            settings.links = near();
            settings.links.log_rows = rows;
        })
        .await;
        server = Server { running, clock, data };
        let admin = server.sign_in("admin@example.org").await;
        // A command is obeyed after the cleaning with which a task begins.
        let adopted =
            server.app().links.adopt(&LinkId::new(&id), DeviceChannel::new("none").unwrap(), true).await;
        assert_eq!(adopted.unwrap(), None);
        let log = admin.get(&path).await;
        assert_eq!(log.body["logs"].as_array().unwrap().len(), left, "{}", log.text);
    }
}

#[tokio::test]
async fn metrics_count_what_a_link_does() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(2, None).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    add(&admin, nowhere("other")).await;
    online(&mut socket, true).await;
    act(&admin, &id, "restart").await;
    online(&mut socket, false).await;
    online(&mut socket, true).await;
    let metrics = admin.get("/websocket/metrics").await;
    let total = &metrics.body["total"];
    assert_eq!((&total["links"], &total["connected"], &total["devices"]), (&json!(2), &json!(1), &json!(2)));
    assert_eq!((&total["reconnects"], &total["errors"]), (&json!(1), &json!(0)), "{}", metrics.text);
    assert!(total["messages"].as_u64() >= Some(4) && total["bytes"].as_u64() > Some(100), "{}", metrics.text);
    let own = metrics.body["connections"].as_array().unwrap();
    let own = own.iter().find(|own| own["connectionId"] == id).unwrap();
    assert_eq!((&own["status"], &own["figures"]["devicesOnline"]), (&json!("connected"), &json!(2)));
}

#[tokio::test]
async fn a_removed_connection_leaves_nothing_behind() {
    let server = server().await;
    let (admin, plug) = (admin(&server).await, plug(1, None).await);
    let mut socket = listen(&server, &admin).await;
    let id = add(&admin, shelly(&plug)).await;
    online(&mut socket, true).await;
    assert_eq!(admin.delete(&format!("/websocket/{id}")).await.status, StatusCode::NO_CONTENT);
    online(&mut socket, false).await;
    assert_eq!(admin.get(&format!("/websocket/{id}/logs")).await.status, StatusCode::NOT_FOUND);
    assert!(devices(&admin).await.is_empty());
    assert_eq!(act(&admin, &id, "start").await.status, StatusCode::NOT_FOUND);
    add(&admin, shelly(&plug)).await;
}

#[tokio::test]
async fn the_logs_of_all_connections_are_read_as_one() {
    let server = server().await;
    let admin = admin(&server).await;
    let (one, other) = (add(&admin, nowhere("one")).await, add(&admin, nowhere("other")).await);
    for id in [&one, &other, &one] {
        act(&admin, id, "toggle-reconnect").await;
    }
    let mut seen = Vec::new();
    let mut path = "/websocket/logs?eventType=action&limit=2".to_owned();
    loop {
        let page = admin.get(&path).await.body;
        seen.extend(page["logs"].as_array().unwrap().clone());
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("/websocket/logs?eventType=action&limit=2&cursor={cursor}");
    }
    let connections: Vec<_> = seen.iter().map(|row| row["connectionId"].as_str().unwrap()).collect();
    assert_eq!(connections, [&one, &other, &one, &other, &one], "newest first, none twice");
    let file = admin.get("/websocket/logs/export?format=json").await.body;
    assert_eq!(file.as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_long_log_is_exported_in_small_pieces_and_whole() {
    const ROWS: usize = 1500;
    let server = server().await;
    let admin = admin(&server).await;
    let mut ids = Vec::new();
    for reference in ["one", "other"] {
        let id = add(&admin, nowhere(reference)).await;
        let link = LinkId::new(id.clone());
        let written = server.app().store.write(move |write| {
            for n in 0..ROWS {
                let at = Timestamp::from_unix_ms(epoch().unix_ms() - i64::try_from(n).unwrap());
                write.put(&Owner::link(&link), &log_row(&link, LogKind::Error, "x".repeat(200), at))?;
            }
            Ok::<_, StoreError>(())
        });
        written.await.unwrap();
        ids.push(id);
    }
    for format in ["json", "csv"] {
        let path = format!("/api/websocket/logs/export?eventType=error&format={format}");
        let request =
            Request::get(path).header("authorization", format!("Bearer {}", admin.token.as_ref().unwrap()));
        let answer = latido_server::router::router(server.app())
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert!(!answer.headers().contains_key("content-length"), "it is not made before it is sent");
        let (mut pieces, mut text) = (answer.into_body().into_data_stream(), String::new());
        while let Some(piece) = pieces.next().await.transpose().unwrap() {
            assert!(piece.len() <= 16 * 1024, "{} bytes at once", piece.len());
            text += std::str::from_utf8(&piece).unwrap();
        }
        if format == "csv" {
            assert_eq!(text.lines().count(), 1 + 2 * ROWS);
            continue;
        }
        let rows: Vec<ConnectionLog> = serde_json::from_str(&text).unwrap();
        assert_eq!(rows.len(), 2 * ROWS);
        assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse((row.created_at, row.id.clone()))));
        let distinct: HashSet<_> = rows.iter().map(|row| &row.id).collect();
        assert_eq!(distinct.len(), rows.len(), "none twice");
    }
    server.running.stop().await;
}

#[tokio::test]
async fn admins_are_told_that_a_connection_was_removed() {
    let server = server().await;
    let admin = admin(&server).await;
    let id = add(&admin, nowhere("plug")).await;
    let mut socket = listen(&server, &admin).await;
    let answer = admin.send(Method::DELETE, &format!("/websocket/{id}"), &[], None).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let told = event(&mut socket, "connection_log", |row| row["connectionId"] == id).await;
    assert_eq!(told["data"]["message"], "The connection was removed.");
    assert!(told["data"]["metadata"]["userId"].is_string());
    assert_eq!(admin.get("/websocket").await.body, json!({"connections": []}));
}
