//! The server is killed at random moments, over and over, while several people write and one watches.
//! What was acknowledged has to be there, and whoever resumes has to be told of all of it, once.
//!
//! `LATIDO_CRASH_KILLS` says how often it is killed (200), `LATIDO_CRASH_SEED` repeats the moments and
//! the writes of an earlier run. How the machine shares out its time is not repeated.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "the helpers of tests are tests too")]

#[path = "../support/mod.rs"]
mod support;

mod stage;
mod viewer;
mod writer;

use std::{
    collections::BTreeMap, env, net::SocketAddr, path::Path, process::Child, sync::mpsc, thread,
    time::Duration,
};

use fastrand::Rng;
use serde_json::{Value, json};

use self::{
    stage::{Alarm, Life, Phase, Stage, stop_quietly},
    support::{
        PASSWORD,
        process::{listening_at, run, serve},
        rest::Rest,
    },
    viewer::{CURTAIN, Seen, Viewer},
    writer::{FAMILIES, Writer, Written},
};

const EMAIL: &str = "lucia@example.org";
const WRITERS: usize = 6;
/// A life under load ends within so many milliseconds ...
const LIFE_MS: u64 = 400;
/// ... and one in so many ends before it listens.
const STILLBORN: u64 = 10;
const STARTING_MS: u64 = 30;

#[test]
fn nothing_acknowledged_is_lost_and_nothing_comes_twice_over_many_crashes() {
    let number = |name| env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let seed = number("LATIDO_CRASH_SEED").unwrap_or_else(|| fastrand::u64(..));
    let kills = number("LATIDO_CRASH_KILLS").unwrap_or(200);
    println!("LATIDO_CRASH_SEED={seed}");

    let directory = tempfile::tempdir().unwrap();
    let data = directory.path();
    let added = ["user", "add", EMAIL, "--name", "Lucía", "--password", PASSWORD];
    let (ok, _, said) = run(&[&added[..], &["--data", data.to_str().unwrap()]].concat());
    assert!(ok, "{said}");

    let mut rng = Rng::with_seed(seed);
    let (child, address) = start(data);
    let rest = Rest::sign_in(address, EMAIL, PASSWORD);
    let (stage, viewer_rng) = (Stage::new(), rng.fork());
    let (written, viewed, _child, address) = thread::scope(|scope| {
        let _alarm = Alarm(&stage);
        let (welcomed, first_welcome) = mpsc::channel();
        let watching = scope.spawn(|| {
            let _alarm = Alarm(&stage);
            let token = rest.token.clone();
            let viewer =
                Viewer { stage: &stage, token, rng: viewer_rng, position: None, seen: Seen::default() };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let begun = move || {
                // Only the first welcome is waited for.
                let _ = welcomed.send(());
            };
            runtime.block_on(viewer.watch(begun))
        });
        stage.set(Phase::Killing, Some(Life { number: 0, address }));
        // It has to know where it stands before anything is written.
        first_welcome.recv().unwrap();
        let writing: Vec<_> = (0..WRITERS)
            .map(|number| {
                let writer = Writer {
                    name: format!("w{number}"),
                    family: &FAMILIES[number % FAMILIES.len()],
                    stage: &stage,
                    rest: rest.clone(),
                    rng: rng.fork(),
                    written: Written::default(),
                    count: 0,
                };
                let stage = &stage;
                scope.spawn(move || {
                    let _alarm = Alarm(stage);
                    writer.write_until_the_end()
                })
            })
            .collect();

        let (mut child, mut address) = (child, address);
        for kill in 1..=kills {
            if stage.phase() == Phase::Failed {
                stop_quietly();
            }
            thread::sleep(Duration::from_millis(rng.u64(..LIFE_MS)));
            stage.set(Phase::Killing, None);
            drop(child);
            if rng.u64(..STILLBORN) == 0 {
                let _starting = Mortal(spawn(data));
                thread::sleep(Duration::from_millis(rng.u64(..STARTING_MS)));
            }
            (child, address) = start(data);
            let phase = if kill == kills { Phase::Finishing } else { Phase::Killing };
            stage.set(phase, Some(Life { number: usize::try_from(kill).unwrap(), address }));
        }
        let written: Vec<_> = writing.into_iter().map(|writer| writer.join().unwrap()).collect();
        let curtain = json!({"name": CURTAIN, "meal": "dinner", "calories": 0});
        assert_eq!(rest.send(address, "POST", "/food-logs", None, Some(&curtain)).unwrap().0, 201);
        (written, watching.join().unwrap(), child, address)
    });

    assert_same(&rest, address, written, viewed);
}

/// Compares what was acknowledged, what the server has and what the viewer holds.
fn assert_same(rest: &Rest, address: SocketAddr, written: Vec<Written>, mut seen: Seen) {
    let unanswered: usize = written.iter().map(|written| written.unanswered).sum();
    let done: usize = written.iter().map(|written| written.done_unanswered).sum();
    let (mut acknowledged, mut changes) = (BTreeMap::new(), Vec::new());
    for written in written {
        acknowledged.extend(written.records);
        changes.extend(written.changes);
    }
    println!(
        "{} writes, {} records left; {unanswered} without an answer, of which {done} had been done; \
         {} resumes replayed {} events",
        changes.len(),
        acknowledged.len(),
        seen.resumed,
        seen.replayed,
    );

    let mut stored = BTreeMap::new();
    for family in &FAMILIES {
        for record in rest.list(address, family.path, family.plural) {
            let id = record["id"].as_str().unwrap().to_owned();
            assert!(stored.insert(id, record.clone()).is_none(), "listed twice: {record}");
        }
    }
    assert_equal("the server and the viewer", &stored, &seen.records);
    stored.retain(|_, record| record["name"] != CURTAIN);
    assert_equal("the server and what it acknowledged", &stored, &acknowledged);

    seen.changes.pop();
    seen.changes.sort_unstable();
    changes.sort_unstable();
    assert!(seen.changes == changes, "the events are not the changes");
    assert!(unanswered > 0 && seen.resumed > 0, "no kill came in between, so nothing was tested");
}

fn assert_equal(who: &str, one: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>) {
    let differing = |id: &&String| one.get(*id) != other.get(*id);
    let ids: Vec<_> = one.keys().chain(other.keys()).filter(differing).take(5).collect();
    let pairs: Vec<_> = ids.iter().map(|id| (one.get(*id), other.get(*id))).collect();
    assert!(ids.is_empty(), "{who} differ: {pairs:#?}");
}

/// A server that is killed when this is dropped, by `SIGKILL`: nothing is finished, nothing is closed.
struct Mortal(Child);

impl Drop for Mortal {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn start(data: &Path) -> (Mortal, SocketAddr) {
    let mut child = Mortal(spawn(data));
    let address = listening_at(&mut child.0).expect("it does not start after a crash");
    (child, address)
}

fn spawn(data: &Path) -> Child {
    // The longest that a token may last, since a run may take longer than an hour's token.
    serve(data, &["--access-token-seconds", "86400"]).env("LATIDO_LOG", "error").spawn().unwrap()
}
