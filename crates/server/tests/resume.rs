//! Never missing an update: what a client is told that comes back, and that nothing is lost or told
//! twice while others write.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use latido_domain::store::StoreError;
use latido_protocol::{
    event::{Change, Event},
    food::FoodLogId,
    frame::{Position, WelcomeMode},
    session::UserId,
};
use serde_json::json;
use support::{
    Person, Server, food,
    socket::{open, open_narrow},
};

fn position(server: &Server, seq: u64) -> Position {
    Position { epoch: server.app().store.epoch().to_owned(), seq }
}

async fn log(person: &Person, count: usize) {
    for number in 0..count {
        person.log_food(&format!("f{number}")).await;
    }
}

/// Writes events as fast as the store can, without records and without REST.
async fn append(person: &Person, count: usize) {
    let (user, now) = (user(person).await, person.app.clock.now());
    let written = person.app.store.write(move |write| {
        for number in 0..count {
            let gone = Event::Food(Change::Deleted(FoodLogId::new(format!("f{number}"))));
            write.append(&user, &gone, now)?;
        }
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
}

#[tokio::test]
async fn who_missed_something_is_sent_it_in_order() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    log(&lucia, 5).await;
    let mut socket = open(&server, &lucia).await;
    let welcome = socket.hello(Some(position(&server, 2))).await;
    assert_eq!((welcome.mode, welcome.head), (WelcomeMode::Resumed, 5));
    assert_eq!(socket.up_to_pong().await, (vec![3, 4, 5], Some(5)));
    lucia.log_food("live").await;
    assert_eq!(socket.event_seq().await, 6);
}

#[tokio::test]
async fn who_missed_nothing_is_sent_nothing() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    log(&lucia, 2).await;
    let mut socket = open(&server, &lucia).await;
    assert_eq!(socket.hello(Some(position(&server, 2))).await.mode, WelcomeMode::Resumed);
    assert_eq!(socket.up_to_pong().await, (vec![], Some(2)));
}

#[tokio::test]
async fn a_position_that_is_of_no_use_is_a_reset() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    log(&lucia, 3).await;
    let foreign = Position { epoch: "another".to_owned(), seq: 2 };
    for position in [foreign, position(&server, 4), position(&server, u64::MAX)] {
        let mut socket = open(&server, &lucia).await;
        let welcome = socket.hello(Some(position)).await;
        assert_eq!((welcome.mode, welcome.head), (WelcomeMode::Reset, 3));
        assert_eq!(socket.up_to_pong().await, (vec![], Some(3)), "never a part of what was missed");
    }
}

#[tokio::test]
async fn more_than_three_hundred_are_a_reset() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    append(&lucia, 301).await;
    let mut socket = open(&server, &lucia).await;
    assert_eq!(socket.hello(Some(position(&server, 0))).await.mode, WelcomeMode::Reset);
    assert_eq!(socket.up_to_pong().await, (vec![], Some(301)));
    let welcome = socket.hello(Some(position(&server, 1))).await;
    assert_eq!(welcome.mode, WelcomeMode::Resumed);
    assert_eq!(socket.up_to_pong().await, ((2..=301).collect(), Some(301)));
}

#[tokio::test]
async fn a_log_that_was_pruned_is_a_reset() {
    let server = Server::start_with(|settings| settings.limits.replay = u64::MAX).await;
    let lucia = server.person("lucia@example.org").await;
    append(&lucia, 150).await;
    server.clock.advance_ms(25 * 3_600_000);
    let lucia = server.sign_in("lucia@example.org").await;
    append(&lucia, 950).await;
    // With event 1,100 those are gone that are both old and not among the last thousand.
    let mut socket = open(&server, &lucia).await;
    assert_eq!(socket.hello(Some(position(&server, 99))).await.mode, WelcomeMode::Reset);
    assert_eq!(socket.hello(Some(position(&server, 100))).await.mode, WelcomeMode::Resumed);
    assert_eq!(socket.up_to_pong().await.0, (101..=1100).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_gap_is_filled_on_the_same_socket() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    log(&lucia, 4).await;
    let welcome = socket.hello(Some(position(&server, 1))).await;
    assert_eq!((welcome.mode, welcome.head), (WelcomeMode::Resumed, 4));
    assert_eq!(socket.up_to_pong().await, (vec![2, 3, 4], Some(4)));
    lucia.log_food("live").await;
    assert_eq!(socket.event_seq().await, 5);
}

#[tokio::test]
async fn every_kind_of_change_has_its_event() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    for (path, body, patch, name) in [
        ("/food-logs", food("Avena"), json!({"calories": 1}), "foodLog"),
        ("/exercise-logs", support::exercise("Correr"), json!({"durationMin": 1}), "exerciseLog"),
        ("/health-metrics", support::weight(70.0), json!({"value": 71}), "healthMetric"),
    ] {
        let created = lucia.post(path, body).await.body[name]["id"].as_str().unwrap().to_owned();
        lucia.patch(&format!("{path}/{created}"), patch.clone()).await;
        lucia.patch(&format!("{path}/{created}"), patch).await;
        lucia.delete(&format!("{path}/{created}")).await;
        for change in ["Created", "Updated", "Deleted"] {
            assert_eq!(socket.frame().await.kind, format!("{name}{change}"));
        }
    }
    let profile =
        json!({"displayName": "L", "units": "metric", "timeZone": "Europe/Madrid", "language": "es"});
    lucia.put("/health-profile", profile).await;
    let received = socket.frame().await;
    assert_eq!((received.kind.as_str(), received.seq), ("healthProfileUpdated", Some(10)));
    assert_eq!(received.epoch.as_deref(), Some(server.app().store.epoch()));
}

#[tokio::test]
async fn a_refused_change_uses_up_no_number() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    lucia.log_food("a").await;
    lucia.post("/food-logs", json!({})).await;
    lucia.delete("/food-logs/none").await;
    lucia.log_food("b").await;
    assert_eq!(socket.up_to_pong().await, (vec![1, 2], Some(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_event_arrives_once_and_in_order_while_sockets_come_and_go() {
    const WRITERS: usize = 4;
    const EACH: usize = 60;
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let lucia = lucia.clone();
            tokio::spawn(async move { log(&lucia, EACH).await })
        })
        .collect();

    let total = (WRITERS * EACH) as u64;
    let reader = async |reconnect_after: u64| {
        let (mut seen, mut last) = (Vec::new(), 0);
        while last < total {
            let mut socket = open(&server, &lucia).await;
            let welcome = socket.hello(Some(position(&server, last))).await;
            assert_eq!(welcome.mode, WelcomeMode::Resumed);
            let until = total.min(last + reconnect_after);
            while last < until {
                last = socket.event_seq().await;
                seen.push(last);
            }
            socket.vanish();
        }
        assert_eq!(seen, (1..=total).collect::<Vec<_>>());
    };
    tokio::join!(reader(1), reader(7), reader(50), reader(u64::MAX / 2));
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hello_in_the_middle_of_a_burst_neither_loses_nor_repeats() {
    let server = Server::start_with(|settings| settings.limits.queue_length = 10_000).await;
    let lucia = server.person("lucia@example.org").await;
    let writing = tokio::spawn({
        let lucia = lucia.clone();
        async move { log(&lucia, 200).await }
    });
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    let mut last = socket.event_seq().await;
    while last < 200 {
        // Says again where it stands; everything behind that follows, once.
        let welcome = socket.hello(Some(position(&server, last))).await;
        assert_eq!(welcome.mode, WelcomeMode::Resumed);
        for _ in 0..20 {
            if last == 200 {
                break;
            }
            let next = socket.event_seq().await;
            assert_eq!(next, last + 1);
            last = next;
        }
    }
    writing.await.unwrap();
    assert_eq!(socket.up_to_pong().await, (vec![], Some(200)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_slow_reader_is_closed_and_resumes_without_loss() {
    let server = Server::start_with(|settings| {
        settings.limits.queue_length = 16;
        settings.limits.replay = u64::MAX;
    })
    .await;
    let lucia = server.person("lucia@example.org").await;
    let mut slow = open_narrow(&server, &lucia).await;
    slow.start().await;
    let mut quick = open(&server, &lucia).await;
    quick.start().await;

    // Nobody reads from `slow` until its queue and the network's buffers are full.
    let mut body = food("Cocido");
    body["notes"] = json!("\u{1}".repeat(2000));
    let mut count = 0;
    while server.app().hub.listening_sockets(&user(&lucia).await) == 2 {
        lucia.post("/food-logs", body.clone()).await;
        count += 1;
        assert_eq!(quick.event_seq().await, count);
        assert!(count < 5000, "the slow one is never closed");
    }

    let (frames, code) = slow.until_closed().await;
    let seen: Vec<_> = frames.iter().filter_map(|received| received.seq).collect();
    assert_eq!(code, Some(1013));
    assert_eq!(seen, (1..=seen.len() as u64).collect::<Vec<_>>(), "what did arrive is whole");

    let mut again = open(&server, &lucia).await;
    let welcome = again.hello(Some(position(&server, seen.len() as u64))).await;
    assert_eq!(welcome.mode, WelcomeMode::Resumed);
    assert_eq!(again.up_to_pong().await.0, (seen.len() as u64 + 1..=count).collect::<Vec<_>>());
}

async fn user(person: &Person) -> UserId {
    UserId::new(person.get("/session").await.body["user"]["id"].as_str().unwrap())
}

#[tokio::test]
async fn numbers_go_on_after_a_restart() {
    let server = Server::start().await;
    let mut lucia = server.person("lucia@example.org").await;
    log(&lucia, 2).await;
    let before = position(&server, 2);
    let server = server.restart().await;
    lucia.app = server.app().clone();
    lucia.log_food("later").await;
    let mut socket = open(&server, &lucia).await;
    assert_eq!(socket.hello(Some(before)).await.mode, WelcomeMode::Resumed);
    assert_eq!(socket.event_seq().await, 3);
}

#[tokio::test]
async fn a_new_database_has_a_new_epoch() {
    let (one, two) = (Server::start().await, Server::start().await);
    assert_ne!(one.app().store.epoch(), two.app().store.epoch());
}

#[tokio::test]
async fn a_job_that_panics_undoes_itself_and_harms_no_other() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let owner = user(&lucia).await;
    let panicked = server.app().store.write(move |write| -> Result<(), StoreError> {
        let profile = write.read().profile(&owner)?.unwrap();
        write.append(&owner, &Event::Profile(profile), support::epoch())?;
        panic!("on purpose");
    });
    assert!(matches!(panicked.await, Err(StoreError::Unavailable)));
    let mut socket = open(&server, &lucia).await;
    socket.start().await;
    lucia.log_food("Avena").await;
    assert_eq!(socket.up_to_pong().await, (vec![1], Some(1)));
}

#[tokio::test]
async fn a_log_holds_five_thousand_events_however_much_happens_in_a_day() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    append(&lucia, 5200).await;
    let user = user(&lucia).await;
    let reading = server.app().store.read(move |read| {
        let kept = |behind| Ok::<_, StoreError>(read.missed_since(&user, behind, u64::MAX)?.events.is_some());
        Ok::<_, StoreError>((kept(199)?, kept(200)?))
    });
    let kept: Result<_, StoreError> = reading.await;
    assert_eq!(kept.unwrap(), (false, true));
}
