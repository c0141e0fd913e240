//! A power cut may leave any part of the write-ahead log on the disk. Whatever is left of it, the server
//! opens, and shows what it held after one of its commits: never half of one, never a record without its
//! event.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use fastrand::Rng;
use latido_protocol::frame::{Position, WelcomeMode};
use latido_server::clock::ManualClock;
use serde_json::{Value, json};
use support::{Person, Server, epoch, food, launch, socket::open};
use tempfile::TempDir;

const CHANGES: usize = 60;
/// Logs that are cut short, and logs of which a byte is wrong.
const EACH: usize = 40;
/// What SQLite writes before the first page, and before every page.
const HEADER: usize = 32;
const FRAME: usize = 24 + 4096;

/// The foods as they are listed.
async fn foods(person: &Person) -> Value {
    let mut answer = person.get("/food-logs?limit=200").await;
    answer.body["foodLogs"].take()
}

#[tokio::test]
async fn a_torn_log_shows_the_state_after_one_of_the_commits() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);

    let server = Server::start().await;
    let mut lucia = server.person("lucia@example.org").await;
    // Closing folds the log into the database, so that the account is there whatever is torn.
    let server = server.restart().await;
    lucia.app = server.app().clone();
    let log_epoch = server.app().store.epoch().to_owned();

    // What is listed after so many commits.
    let mut states = vec![foods(&lucia).await];
    let mut ids = Vec::new();
    while states.len() <= CHANGES {
        match (rng.u32(..4), ids.len()) {
            (2, 1..) => {
                let id: &String = &ids[rng.usize(..ids.len())];
                let path = format!("/food-logs/{id}");
                assert_eq!(lucia.patch(&path, json!({"calories": states.len()})).await.status, 200);
            }
            (3, 1..) => {
                let id = ids.swap_remove(rng.usize(..ids.len()));
                assert_eq!(lucia.delete(&format!("/food-logs/{id}")).await.status, 204);
            }
            _ => ids.push(lucia.log_food(&format!("f{}", states.len())).await),
        }
        states.push(foods(&lucia).await);
    }

    let data = server.data.path().join("data");
    let log = fs::read(data.join("latido.db-wal")).unwrap();
    assert!(log.len() > HEADER + CHANGES * FRAME, "the log was folded in, so there is nothing to tear");
    // Before the first page, between two pages, and anywhere.
    let ends = (0..=(log.len() - HEADER) / FRAME).map(|frames| HEADER + frames * FRAME);
    let mut cuts = rng.choose_multiple(ends, EACH);
    cuts.extend([0, 1, HEADER - 1]);
    cuts.extend(std::iter::repeat_with(|| rng.usize(..log.len())).take(EACH));
    let mut images: Vec<_> = cuts.into_iter().map(|cut| log[..cut].to_vec()).collect();
    for _ in 0..EACH {
        let mut spoiled = log.clone();
        let at = rng.usize(..log.len());
        spoiled[at] ^= 1 << rng.u32(..8);
        images.push(spoiled);
    }

    let mut shown = BTreeSet::new();
    for image in images {
        let head = check(&data, &image, &lucia, &log_epoch, &states).await;
        shown.insert(head);
    }
    assert!(shown.len() > EACH / 4, "the cuts were all in the same place: {shown:?}");
}

/// Opens a copy of the data with this log, compares, and gives how many commits it shows.
async fn check(data: &Path, log: &[u8], lucia: &Person, log_epoch: &str, states: &[Value]) -> u64 {
    let copy = tempfile::tempdir().unwrap();
    let server = open_image(copy, data, log).await;
    let lucia = Person { app: server.app().clone(), ..lucia.clone() };
    let mut socket = open(&server, &lucia).await;
    let welcome = socket.hello(Some(Position { epoch: log_epoch.to_owned(), seq: 0 })).await;
    assert_eq!(welcome.mode, WelcomeMode::Resumed);
    let every = (1..=welcome.head).collect::<Vec<_>>();
    assert_eq!(socket.up_to_pong().await, (every, Some(welcome.head)));
    let state = &states[usize::try_from(welcome.head).unwrap()];
    assert_eq!(foods(&lucia).await, *state, "after {} commits, a log of {} bytes", welcome.head, log.len());

    // And it goes on from there.
    assert_eq!(lucia.post("/food-logs", food("after")).await.status, 201);
    assert_eq!(socket.event_seq().await, welcome.head + 1);
    welcome.head
}

async fn open_image(copy: TempDir, data: &Path, log: &[u8]) -> Server {
    let directory = copy.path().join("data");
    fs::create_dir(&directory).unwrap();
    for file in fs::read_dir(data).unwrap() {
        let file = file.unwrap();
        // The index of the log lives in shared memory and does not outlive the machine.
        if file.file_name() != "latido.db-shm" {
            fs::copy(file.path(), directory.join(file.file_name())).unwrap();
        }
    }
    fs::write(directory.join("latido.db-wal"), log).unwrap();
    let clock = Arc::new(ManualClock::at(epoch()));
    let running = launch(&copy, clock.clone(), |_| {}).await;
    Server { running, clock, data: copy }
}
