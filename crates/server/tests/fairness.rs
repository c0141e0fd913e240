//! One who asks much waits for that, and nobody else does.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering::Relaxed},
    mpsc,
};

use latido_domain::store::{Flow, Store, StoreError, log::NullSink};
use latido_protocol::session::UserId;
use latido_store_sqlite::SqliteStore;
use serde_json::json;
use support::{Server, food};
use tokio::sync::oneshot;

fn store(data: &tempfile::TempDir) -> Arc<dyn Store> {
    SqliteStore::open(&data.path().join("latido.db"), Arc::new(NullSink)).unwrap()
}

fn of(user: &str) -> Flow {
    Flow::user(&UserId::new(user))
}

/// Keeps the writer busy until the sender is dropped. It is busy when this returns.
async fn keep_busy(store: &Arc<dyn Store>) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel();
    let (start, begun) = oneshot::channel();
    let store = Arc::clone(store);
    tokio::spawn(async move {
        let busy = store.write(move |_| {
            let _ = start.send(());
            let _ = released.recv();
            Ok::<_, StoreError>(())
        });
        busy.await
    });
    begun.await.unwrap();
    release
}

/// Waits until so many have asked the store. The runtime of a test has one thread, so they have done it when they
/// have said that they are about to.
async fn until(asked: &AtomicUsize, count: usize) {
    while asked.load(Relaxed) < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_write_waits_for_one_of_somebody_with_many() {
    let data = tempfile::tempdir().unwrap();
    let store = store(&data);
    let release = keep_busy(&store).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::new(AtomicUsize::new(0));
    let mut writes = Vec::new();
    for user in std::iter::repeat_n("lucia", 300).chain(["marta"]) {
        let (store, order, asked) = (Arc::clone(&store), Arc::clone(&order), Arc::clone(&asked));
        writes.push(tokio::spawn(of(user).scope(async move {
            asked.fetch_add(1, Relaxed);
            let write = store.write(move |_| {
                order.lock().unwrap().push(user);
                Ok::<_, StoreError>(())
            });
            write.await.unwrap();
        })));
    }
    until(&asked, 301).await;
    drop(release);
    for write in writes {
        write.await.unwrap();
    }
    let order = order.lock().unwrap();
    let place = order.iter().position(|user| *user == "marta").unwrap();
    assert!(place <= 1, "it came after {place} of the other's");
    assert_eq!(order.len(), 301);
}

#[tokio::test]
async fn a_read_is_not_held_up_by_the_reads_of_another() {
    let data = tempfile::tempdir().unwrap();
    let store = store(&data);
    let (release, released) = mpsc::channel::<()>();
    let (released, asked) = (Arc::new(Mutex::new(released)), Arc::new(AtomicUsize::new(0)));
    let long: Vec<_> = (0..100)
        .map(|_| {
            let (store, released, asked) = (Arc::clone(&store), Arc::clone(&released), Arc::clone(&asked));
            tokio::spawn(of("lucia").scope(async move {
                asked.fetch_add(1, Relaxed);
                let read = store.read(move |_| {
                    let _ = released.lock().unwrap().recv();
                    Ok::<_, StoreError>(())
                });
                read.await.unwrap();
            }))
        })
        .collect();
    until(&asked, 100).await;
    let read = store.read(|read| read.head(&UserId::new("marta")));
    let read = of("marta").scope(read);
    let head: Result<_, StoreError> =
        tokio::time::timeout(support::socket::PATIENCE, read).await.expect("it waits for the others");
    assert_eq!(head.unwrap(), 0);
    drop(release);
    for read in long {
        read.await.unwrap();
    }
}

#[test]
fn reading_needs_none_of_the_threads_for_blocking_work() {
    let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    let data = tempfile::tempdir().unwrap();
    let store = store(&data);
    let (release, released) = mpsc::channel::<()>();
    runtime.spawn_blocking(move || released.recv());
    let head: Result<u64, StoreError> = runtime.block_on(store.read(|read| read.head(&UserId::new("lucia"))));
    assert_eq!(head.unwrap(), 0);
    drop(release);
}

#[tokio::test]
async fn a_user_has_so_many_requests_under_way_and_others_theirs() {
    let server = Server::start().await;
    let (lucia, marta) = (server.person("lucia@example.org").await, server.person("marta@example.org").await);
    let release = keep_busy(&server.app().store).await;
    let many: Vec<_> = (0..100)
        .map(|_| {
            let lucia = lucia.clone();
            tokio::spawn(async move {
                let answer = lucia.post("/food-logs", food("Avena")).await;
                (answer.status.as_u16(), answer.header("retry-after").to_owned())
            })
        })
        .collect();
    // What does not even find room to wait is refused while the others still wait.
    while many.iter().filter(|request| request.is_finished()).count() < 28 {
        tokio::task::yield_now().await;
    }
    assert_eq!(marta.get("/food-logs").await.status, 200);
    drop(release);
    let (mut kept, mut refused) = (0, 0);
    for request in many {
        match request.await.unwrap() {
            (201, _) => kept += 1,
            (429, retry_after) => {
                assert_eq!(retry_after, "1");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((kept, refused), (72, 28));
    let again = lucia.post("/food-logs", json!({"name": "Té", "meal": "breakfast", "calories": 1})).await;
    assert_eq!(again.status, 201, "nothing of it is left");
    server.running.stop().await;
}
