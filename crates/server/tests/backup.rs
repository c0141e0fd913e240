//! A copy of the database while it is in use, and a copy brought back.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use latido_protocol::frame::{Position, WelcomeMode};
use support::{Person, Server, launch, process::run, socket::open};
use tempfile::TempDir;

fn backup(data: &Path, file: &Path) -> (bool, String, String) {
    run(&["backup", file.to_str().unwrap(), "--data", data.to_str().unwrap()])
}

fn restore(file: &Path, data: &Path, more: &[&str]) -> (bool, String, String) {
    let args = ["restore", file.to_str().unwrap(), "--data", data.to_str().unwrap()];
    run(&[&args[..], more].concat())
}

/// Brings a file back into a directory of its own and starts a server on it.
async fn restored(file: &Path, like: &Server) -> Server {
    let data = TempDir::new().unwrap();
    let (done, out, err) = restore(file, &data.path().join("data"), &[]);
    assert!(done, "{out}{err}");
    let running = launch(&data, like.clock.clone(), |_| {}).await;
    Server { running, clock: like.clock.clone(), data }
}

fn data_of(server: &Server) -> std::path::PathBuf {
    server.data.path().join("data")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_write_load_has_everything_acknowledged_before_it_and_nothing_by_halves() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    let (acknowledged, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let writing = tokio::spawn({
        let (lucia, acknowledged, stop) = (lucia.clone(), acknowledged.clone(), stop.clone());
        async move {
            while !stop.load(Ordering::Relaxed) {
                lucia.log_food("Avena").await;
                acknowledged.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    while acknowledged.load(Ordering::Relaxed) < 20 {
        tokio::task::yield_now().await;
    }
    let files = TempDir::new().unwrap();
    let file = files.path().join("latido.backup");
    let before = acknowledged.load(Ordering::Relaxed);
    let (done, out, err) = tokio::task::block_in_place(|| backup(&data_of(&server), &file));
    assert!(done && out.contains("checked"), "{out}{err}");
    stop.store(true, Ordering::Relaxed);
    writing.await.unwrap();

    let copy = restored(&file, &server).await;
    let there = copy.sign_in("lucia@example.org").await;
    let foods = all_foods(&there).await;
    assert!(foods >= before, "{foods} of {before}");
    // Every food is there together with its event, and no event without its food.
    let mut socket = open(&copy, &there).await;
    assert_eq!(socket.start().await.head, foods as u64);
}

async fn all_foods(person: &Person) -> usize {
    let (mut count, mut page) = (0, person.get("/food-logs?limit=200").await);
    loop {
        count += page.body["foodLogs"].as_array().unwrap().len();
        let Some(cursor) = page.body["nextCursor"].as_str() else { return count };
        page = person.get(&format!("/food-logs?limit=200&cursor={cursor}")).await;
    }
}

#[tokio::test]
async fn a_client_that_knows_more_than_the_restored_database_is_told_to_fetch_all() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    lucia.log_food("Avena").await;
    let files = TempDir::new().unwrap();
    let file = files.path().join("latido.backup");
    assert!(backup(&data_of(&server), &file).0);
    lucia.log_food("Comida").await;
    let mut socket = open(&server, &lucia).await;
    let welcome = socket.start().await;
    let position = Position { epoch: welcome.epoch, seq: welcome.head };

    let copy = restored(&file, &server).await;
    let there = copy.sign_in("lucia@example.org").await;
    assert_eq!(there.food_names().await, ["Avena"]);
    // The number that the client knows is given out again, for something else.
    there.log_food("Cena").await;
    let mut socket = open(&copy, &there).await;
    let welcome = socket.hello(Some(position.clone())).await;
    assert_eq!(welcome.mode, WelcomeMode::Reset);
    assert_eq!(welcome.head, position.seq, "the control: the head alone would not have told");
}

#[tokio::test]
async fn a_backup_is_for_its_owner_and_takes_no_name_that_is_taken() {
    let server = Server::start().await;
    let files = TempDir::new().unwrap();
    let file = files.path().join("latido.backup");
    assert!(backup(&data_of(&server), &file).0);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&fs::metadata(&file).unwrap()) & 0o777, 0o600);

    fs::write(&file, "precious").unwrap();
    let (done, _, err) = backup(&data_of(&server), &file);
    assert!(!done && err.contains("exists already"), "{err}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    let left: Vec<_> = fs::read_dir(files.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no half copy stays behind: {left:?}");

    let (done, _, err) = backup(files.path(), &files.path().join("other"));
    assert!(!done && err.contains("there is no database"), "{err}");
}

#[tokio::test]
async fn restoring_keeps_what_was_there_and_waits_for_the_server_to_end() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    lucia.log_food("Avena").await;
    let files = TempDir::new().unwrap();
    let file = files.path().join("latido.backup");
    assert!(backup(&data_of(&server), &file).0);
    lucia.log_food("Comida").await;

    let data = data_of(&server);
    let (done, _, err) = restore(&file, &data, &["--replace"]);
    assert!(!done && err.contains("another server"), "{err}");
    let Server { running, clock, data: directory } = server;
    running.stop().await;
    let (done, _, err) = restore(&file, &data, &[]);
    assert!(!done && err.contains("--replace"), "{err}");
    let (done, out, err) = restore(&file, &data, &["--replace"]);
    assert!(done, "{err}");
    let kept = out.lines().find_map(|line| line.strip_prefix("What was there before is kept as "));
    let kept = Path::new(kept.unwrap().trim_end_matches('.')).to_owned();

    let running = launch(&directory, clock.clone(), |_| {}).await;
    let server = Server { running, clock, data: directory };
    assert_eq!(server.sign_in("lucia@example.org").await.food_names().await, ["Avena"]);
    let before = restored(&kept, &server).await;
    assert_eq!(before.sign_in("lucia@example.org").await.food_names().await, ["Comida", "Avena"]);
}

#[tokio::test]
async fn what_is_damaged_or_foreign_is_not_restored() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    for _ in 0..50 {
        lucia.log_food(&"Avena".repeat(30)).await;
    }
    let files = TempDir::new().unwrap();
    let file = files.path().join("latido.backup");
    assert!(backup(&data_of(&server), &file).0);
    let target = files.path().join("data");

    let whole = fs::read(&file).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4096].fill(0x55);
    for bytes in [&damaged[..], &whole[..whole.len() / 2], b"no database at all", b""] {
        fs::write(&file, bytes).unwrap();
        let (done, _, err) = restore(&file, &target, &[]);
        assert!(!done && err.contains("nothing was restored"), "{err}");
        assert!(!target.join("latido.db").exists());
    }
}

/// Whether the directory has a file whose name begins like this.
fn has(directory: &Path, beginning: &str) -> bool {
    let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter_map(|name| name.into_string().ok()).any(|name| name.starts_with(beginning))
}

#[tokio::test]
async fn a_restore_that_is_killed_starts_with_old_or_new() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    lucia.log_food("Avena").await;
    let files = TempDir::new().unwrap();
    let file = files.path().join("latido.backup");
    assert!(backup(&data_of(&server), &file).0);
    lucia.log_food("Comida").await;
    let data = data_of(&server);
    let Server { running, clock, data: directory } = server;
    running.stop().await;
    for reached in ["restore-under-way", ".latido-copy-", "replaced-"] {
        let mut restoring = std::process::Command::new(support::process::PROGRAM)
            .args(["restore", file.to_str().unwrap(), "--data", data.to_str().unwrap(), "--replace"])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while !has(&data, reached) && restoring.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = restoring.kill();
        restoring.wait().unwrap();
        let running = launch(&directory, clock.clone(), |_| {}).await;
        let server = Server { running, clock: clock.clone(), data: TempDir::new().unwrap() };
        let foods = server.sign_in("lucia@example.org").await.food_names().await;
        assert!(foods == ["Avena"] || foods == ["Comida", "Avena"], "{reached}: {foods:?}");
        assert!(!has(&data, ".latido-copy-"), "{reached}: no copy stays behind");
        server.running.stop().await;
    }
}

#[tokio::test]
async fn a_first_restore_that_was_killed_is_not_started_empty() {
    let server = Server::start().await;
    let lucia = server.person("lucia@example.org").await;
    lucia.log_food("Avena").await;
    let files = TempDir::new().unwrap();
    let file = files.path().join("latido.backup");
    assert!(backup(&data_of(&server), &file).0);
    // As a kill before the last step leaves it.
    let data = files.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("restore-under-way"), format!("\n{}\n", file.display())).unwrap();
    for command in [&["serve", "--port", "0"][..], &["user", "delete", "lucia@example.org"]] {
        let (done, _, err) = run(&[command, &["--data", data.to_str().unwrap()]].concat());
        assert!(!done && err.to_lowercase().contains("run it again"), "{err}");
        assert!(!data.join("latido.db").exists());
    }
    let (done, _, err) = restore(&file, &data, &[]);
    assert!(done, "{err}");
    assert!(data.join("latido.db").exists() && !data.join("restore-under-way").exists());
}

#[tokio::test]
async fn what_a_killed_backup_left_is_removed_by_the_next() {
    let server = Server::start().await;
    let files = TempDir::new().unwrap();
    fs::write(files.path().join(".latido-copy-abc123"), "health data").unwrap();
    assert!(backup(&data_of(&server), &files.path().join("latido.backup")).0);
    assert!(!has(files.path(), ".latido-copy-"));
}
