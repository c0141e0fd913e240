//! Nobody ever receives what belongs to another user: neither over REST nor over a socket.

mod support;

use axum::http::{Method, StatusCode};
use latido_protocol::{
    event::{Change, Event},
    frame::{Position, ServerFrame, WelcomeMode},
};
use serde_json::json;
use support::{Server, exercise, food, socket, weight};

#[tokio::test]
async fn anothers_record_is_not_found_by_any_method() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    for (path, body, name) in [
        ("/food-logs", food("Avena"), "foodLog"),
        ("/exercise-logs", exercise("Correr"), "exerciseLog"),
        ("/health-metrics", weight(70.0), "healthMetric"),
    ] {
        let created = lucia.post(path, body.clone()).await;
        let one = format!("{path}/{}", created.body[name]["id"].as_str().unwrap());
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            let body = (method == Method::PATCH).then(|| body.to_string());
            let answer = marta.send(method.clone(), &one, &[], body).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {one}");
            let text = answer.text;
            let nothing = marta.send(Method::GET, &format!("{path}/none"), &[], None).await.text;
            assert_eq!(text, nothing, "the answer does not tell that there is such a record");
        }
        let list = marta.get(path).await;
        assert!(list.text.contains("[]"), "{}", list.text);
        assert_eq!(lucia.get(&one).await.text, created.text);
    }
}

#[tokio::test]
async fn a_cursor_of_one_user_shows_another_only_the_own() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    marta.log_food("hers").await;
    for number in 0..3 {
        lucia.log_food(&format!("f{number}")).await;
    }
    let cursor = lucia.get("/food-logs?limit=1").await.body["nextCursor"].as_str().unwrap().to_owned();
    let page = marta.get(&format!("/food-logs?cursor={cursor}")).await;
    assert_eq!(support::names(&page), ["hers"]);
}

#[tokio::test]
async fn profiles_are_apart() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let profile =
        json!({"displayName": "L", "units": "metric", "timeZone": "Europe/Madrid", "language": "es"});
    lucia.put("/health-profile", profile).await;
    assert_eq!(marta.get("/health-profile").await.body["healthProfile"]["displayName"], "Lucía");
}

#[tokio::test]
async fn events_reach_all_sockets_of_their_user_and_no_other() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let (mut one, mut two) = (socket::open(&server, &lucia).await, socket::open(&server, &lucia).await);
    let mut other = socket::open(&server, &marta).await;
    for socket in [&mut one, &mut two, &mut other] {
        socket.start().await;
    }
    let id = lucia.log_food("Avena").await;
    for socket in [&mut one, &mut two] {
        let received = socket.frame().await;
        assert_eq!(received.seq, Some(1));
        let ServerFrame::Event(Event::Food(Change::Created(food))) = received.frame else {
            panic!("{received:?}")
        };
        assert_eq!(food.id.as_str(), id);
    }
    let hers = marta.log_food("Pan").await;
    let received = other.frame().await;
    assert_eq!(received.seq, Some(1), "every user's events are numbered for themselves");
    let ServerFrame::Event(Event::Food(Change::Created(food))) = received.frame else {
        panic!("{received:?}")
    };
    assert_eq!(food.id.as_str(), hers);
    assert_eq!(one.up_to_pong().await, (vec![], Some(1)));
}

#[tokio::test]
async fn a_replay_holds_only_the_own_events() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let epoch = server.app().store.epoch().to_owned();
    for _ in 0..3 {
        lucia.log_food("Avena").await;
        marta.log_food("Pan").await;
    }
    let mut socket = socket::open(&server, &marta).await;
    let welcome = socket.hello(Some(Position { epoch, seq: 1 })).await;
    assert_eq!((welcome.mode, welcome.head), (WelcomeMode::Resumed, 3));
    for seq in [2, 3] {
        let received = socket.frame().await;
        assert_eq!(received.seq, Some(seq));
        let ServerFrame::Event(Event::Food(Change::Created(food))) = received.frame else {
            panic!("{received:?}")
        };
        assert_eq!(food.name.as_str(), "Pan");
    }
}

#[tokio::test]
async fn signing_out_closes_no_foreign_socket() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let (mut hers, mut other) = (socket::open(&server, &lucia).await, socket::open(&server, &marta).await);
    hers.start().await;
    other.start().await;
    lucia.delete("/session").await;
    assert_eq!(hers.close_code().await, Some(4401));
    assert_eq!(other.up_to_pong().await, (vec![], Some(0)));
}
