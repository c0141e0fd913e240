//! What every store has to do. The suite runs against each implementation there is; a new one is one more
//! line in [`suite`].
#![allow(clippy::unwrap_used, reason = "these are tests, if not marked as such")]

mod support;

use std::sync::{Arc, Mutex, PoisonError};

use latido_domain::store::{
    EventSink, LoggedEvent, Owner, Slice, Store, StoreError, Stored,
    document::{Cursor, SortOrder},
};
use latido_protocol::{
    event::{Change, Event},
    food::FoodLogId,
    session::UserId,
    time::Timestamp,
};
use latido_store_sqlite::SqliteStore;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use support::memory_store::MemoryStore;

/// Remembers what was published.
#[derive(Default)]
struct Heard(Mutex<Vec<Arc<LoggedEvent>>>);

impl EventSink for Heard {
    fn publish(&self, event: &Arc<LoggedEvent>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(event));
    }
}

impl Heard {
    fn numbers(&self) -> Vec<(String, u64)> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().map(|event| (event.user.to_string(), event.seq)).collect()
    }
}

struct Subject {
    store: Arc<dyn Store>,
    heard: Arc<Heard>,
    /// Where the store lives, for as long as the test does.
    _home: tempfile::TempDir,
}

fn subject(open: impl FnOnce(&std::path::Path, Arc<dyn EventSink>) -> Arc<dyn Store>) -> Subject {
    let home = tempfile::tempdir().unwrap();
    let heard = Arc::new(Heard::default());
    Subject { store: open(home.path(), Arc::clone(&heard) as _), heard, _home: home }
}

fn sqlite() -> Subject {
    subject(|home, outlet| SqliteStore::open(&home.join("db"), outlet).unwrap())
}

fn memory() -> Subject {
    subject(|_, outlet| MemoryStore::open(outlet))
}

/// Makes a module of tests for every implementation.
macro_rules! suite {
    ($($name:ident),* $(,)?) => {
        mod sqlite_store { $(#[tokio::test] async fn $name() { super::$name(super::sqlite()).await; })* }
        mod memory_store { $(#[tokio::test] async fn $name() { super::$name(super::memory()).await; })* }
    };
}

suite![
    what_was_put_is_read_back,
    a_list_is_cut_as_it_is_asked_for,
    an_error_undoes_everything_and_tells_nobody,
    a_panic_undoes_everything_and_harms_no_other_job,
    a_transaction_sees_its_own_writes,
    events_are_numbered_without_a_hole_for_each_user,
    events_are_published_before_the_writer_is_answered,
    racing_writers_never_share_a_number,
    what_is_forgotten_is_gone_and_nothing_else_is,
    events_about_somebody_leave_a_hole_and_their_numbers,
    purging_takes_nothing_that_is_there,
    old_documents_are_trimmed,
    a_closed_store_says_so,
];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    id: String,
    at: Timestamp,
    red: bool,
}

impl Stored for Note {
    const COLLECTION: &'static str = "note";

    fn id(&self) -> &str {
        &self.id
    }

    fn at(&self) -> Timestamp {
        self.at
    }

    fn facet(&self) -> &'static str {
        if self.red { "red" } else { "" }
    }
}

fn note(id: &str, at: i64) -> Note {
    Note { id: id.to_owned(), at: Timestamp::from_unix_ms(at), red: false }
}

fn red(id: &str, at: i64) -> Note {
    Note { red: true, ..note(id, at) }
}

fn somebody() -> Owner {
    Owner::user(&UserId::new("somebody"))
}

fn user(name: &str) -> UserId {
    UserId::new(name)
}

fn event() -> Event {
    Event::Food(Change::Deleted(FoodLogId::new("food")))
}

async fn put(store: &dyn Store, owner: Owner, notes: Vec<Note>) {
    let put = store.write(move |write| notes.iter().try_for_each(|note| write.put(&owner, note)));
    Result::<_, StoreError>::unwrap(put.await);
}

async fn append(store: &dyn Store, name: &str) {
    let name = user(name);
    let appended = store.write(move |write| write.append(&name, &event(), Timestamp::EPOCH));
    Result::<_, StoreError>::unwrap(appended.await);
}

async fn ids(store: &dyn Store, owner: Owner, slice: Slice) -> Vec<String> {
    let notes = store.read(move |read| read.list::<Note>(&owner, &slice)).await;
    let notes: Vec<Note> = Result::<_, StoreError>::unwrap(notes);
    notes.into_iter().map(|note| note.id).collect()
}

async fn what_was_put_is_read_back(subject: Subject) {
    put(&*subject.store, somebody(), vec![note("a", 1), note("a", 2), red("b", 3)]).await;
    let read = subject.store.read(|read| {
        let other = Owner::user(&UserId::new("other"));
        Ok::<_, StoreError>((
            read.get::<Note>(&somebody(), "a")?,
            read.get::<Note>(&other, "a")?,
            read.count::<Note>(&somebody(), None)?,
            read.count::<Note>(&somebody(), Some("red"))?,
        ))
    });
    assert_eq!(read.await.unwrap(), (Some(note("a", 2)), None, 2, 1));
}

async fn a_list_is_cut_as_it_is_asked_for(subject: Subject) {
    put(&*subject.store, somebody(), vec![note("a", 1), red("b", 2), note("c", 2), red("d", 3)]).await;
    let at = |ms| Some(Timestamp::from_unix_ms(ms));
    let place = |ms, id: &str| Some(Cursor { at: Timestamp::from_unix_ms(ms), id: id.to_owned() });
    let cases = [
        (Slice::default(), vec!["d", "c", "b", "a"]),
        (Slice { order: SortOrder::OldestFirst, ..Slice::default() }, vec!["a", "b", "c", "d"]),
        (Slice { from: at(2), to: at(3), ..Slice::default() }, vec!["c", "b"]),
        (Slice { limit: 1, ..Slice::default() }, vec!["d"]),
        (Slice { facet: Some("red"), ..Slice::default() }, vec!["d", "b"]),
        (Slice { behind: place(2, "c"), ..Slice::default() }, vec!["b", "a"]),
        (Slice { behind: place(2, "b"), order: SortOrder::OldestFirst, ..Slice::default() }, vec!["c", "d"]),
    ];
    for (slice, expected) in cases {
        assert_eq!(ids(&*subject.store, somebody(), slice.clone()).await, expected, "{slice:?}");
    }
}

async fn an_error_undoes_everything_and_tells_nobody(subject: Subject) {
    let refused = subject.store.write(|write| {
        write.put(&somebody(), &note("a", 1))?;
        write.append(&user("somebody"), &event(), Timestamp::EPOCH)?;
        Err::<(), _>(StoreError::Overloaded)
    });
    assert!(matches!(refused.await, Err(StoreError::Overloaded)));
    assert!(ids(&*subject.store, somebody(), Slice::default()).await.is_empty());
    append(&*subject.store, "somebody").await;
    assert_eq!(subject.heard.numbers(), [("somebody".to_owned(), 1)], "the number was not used up");
}

async fn a_panic_undoes_everything_and_harms_no_other_job(subject: Subject) {
    let panicked = subject.store.write(|write| -> Result<(), StoreError> {
        write.put(&somebody(), &note("a", 1))?;
        panic!("on purpose");
    });
    assert!(matches!(panicked.await, Err(StoreError::Unavailable)));
    put(&*subject.store, somebody(), vec![note("b", 1)]).await;
    assert_eq!(ids(&*subject.store, somebody(), Slice::default()).await, ["b"]);
}

async fn a_transaction_sees_its_own_writes(subject: Subject) {
    let seen = subject.store.write(|write| {
        write.put(&somebody(), &note("a", 1))?;
        write.append(&user("somebody"), &event(), Timestamp::EPOCH)?;
        let read = write.read();
        let seen = (read.get::<Note>(&somebody(), "a")?.is_some(), read.head(&user("somebody"))?);
        let removed = (write.remove::<Note>(&somebody(), "a")?, write.remove::<Note>(&somebody(), "a")?);
        Ok::<_, StoreError>((seen, removed))
    });
    assert_eq!(seen.await.unwrap(), ((true, 1), (true, false)));
}

async fn events_are_numbered_without_a_hole_for_each_user(subject: Subject) {
    for name in ["one", "two", "one", "one", "two"] {
        append(&*subject.store, name).await;
    }
    let missed = |name, seq| {
        subject.store.read(move |read| {
            let missed = read.missed_since(&user(name), seq, 300)?;
            let numbers = missed.events.map(|events| events.iter().map(|(seq, _)| *seq).collect::<Vec<_>>());
            Ok::<_, StoreError>((missed.head, numbers))
        })
    };
    assert_eq!(missed("one", 1).await.unwrap(), (3, Some(vec![2, 3])));
    assert_eq!(missed("two", 2).await.unwrap(), (2, Some(vec![])));
    assert_eq!(missed("two", 5).await.unwrap(), (2, None), "ahead of the head");
    assert_eq!(missed("nobody", 0).await.unwrap(), (0, Some(vec![])));
    let frame = subject.store.read(|read| read.missed_since(&user("one"), 2, 300)).await;
    let frame = Result::<_, StoreError>::unwrap(frame).events.unwrap().remove(0).1;
    let frame: serde_json::Value = serde_json::from_str(&frame).unwrap();
    assert_eq!((frame["seq"].as_u64(), frame["epoch"].as_str()), (Some(3), Some(subject.store.epoch())));
}

async fn events_are_published_before_the_writer_is_answered(subject: Subject) {
    for number in 1..=20 {
        append(&*subject.store, "somebody").await;
        assert_eq!(subject.heard.numbers().len(), number);
    }
}

async fn racing_writers_never_share_a_number(subject: Subject) {
    let racing = (0..40).map(|number| {
        let store = Arc::clone(&subject.store);
        tokio::spawn(async move { append(&*store, if number % 2 == 0 { "even" } else { "odd" }).await })
    });
    for racer in racing.collect::<Vec<_>>() {
        racer.await.unwrap();
    }
    for name in ["even", "odd"] {
        let numbers: Vec<u64> = subject
            .heard
            .numbers()
            .into_iter()
            .filter(|(user, _)| user == name)
            .map(|(_, seq)| seq)
            .collect();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>(), "published in the order of the numbers");
    }
}

async fn what_is_forgotten_is_gone_and_nothing_else_is(subject: Subject) {
    let other = Owner::user(&user("other"));
    put(&*subject.store, somebody(), vec![note("a", 1)]).await;
    put(&*subject.store, other.clone(), vec![note("b", 1)]).await;
    append(&*subject.store, "somebody").await;
    append(&*subject.store, "other").await;
    let forgotten = subject.store.write(|write| {
        write.forget(&somebody())?;
        write.forget_events(&user("somebody"))
    });
    Result::<_, StoreError>::unwrap(forgotten.await);
    assert!(ids(&*subject.store, somebody(), Slice::default()).await.is_empty());
    assert_eq!(ids(&*subject.store, other, Slice::default()).await, ["b"]);
    let heads = subject.store.read(|read| Ok((read.head(&user("somebody"))?, read.head(&user("other"))?)));
    assert_eq!(Result::<_, StoreError>::unwrap(heads.await), (0, 1));
}

async fn events_about_somebody_leave_a_hole_and_their_numbers(subject: Subject) {
    append(&*subject.store, "somebody").await;
    append(&*subject.store, "other").await;
    let forgetting = subject.store.write(|write| {
        let looked_at = std::cell::Cell::new(0);
        write.forget_events_where(&user("somebody"), &|_| {
            looked_at.set(looked_at.get() + 1);
            false
        })?;
        write.forget_events_where(&user("other"), &|frame| frame.contains("{\"id\":\"food\"}"))?;
        Ok(looked_at.get())
    });
    assert_eq!(Result::<_, StoreError>::unwrap(forgetting.await), 1, "each event is looked at once");
    let missed = subject.store.read(|read| {
        Ok((read.missed_since(&user("somebody"), 0, 10)?, read.missed_since(&user("other"), 0, 10)?))
    });
    let (whole, holed) = Result::<_, StoreError>::unwrap(missed.await);
    assert_eq!((whole.head, whole.events.map(|events| events.len())), (1, Some(1)));
    assert_eq!((holed.head, holed.events), (1, None), "the number is not given out again");
}

async fn purging_takes_nothing_that_is_there(subject: Subject) {
    put(&*subject.store, somebody(), vec![note("a", 1), note("b", 2)]).await;
    Result::<_, StoreError>::unwrap(
        subject.store.write(|write| write.remove::<Note>(&somebody(), "a").map(drop)).await,
    );
    subject.store.purge().await.unwrap();
    assert_eq!(ids(&*subject.store, somebody(), Slice::default()).await, ["b"]);
    put(&*subject.store, somebody(), vec![note("c", 3)]).await;
    assert_eq!(ids(&*subject.store, somebody(), Slice::default()).await, ["c", "b"]);
}

async fn old_documents_are_trimmed(subject: Subject) {
    put(&*subject.store, somebody(), vec![note("a", 1), note("b", 2), note("c", 3)]).await;
    let trimmed = subject.store.write(|write| write.trim::<Note>(&somebody(), Timestamp::from_unix_ms(2)));
    assert_eq!(Result::<_, StoreError>::unwrap(trimmed.await), 1);
    assert_eq!(ids(&*subject.store, somebody(), Slice::default()).await, ["c", "b"]);
}

async fn a_closed_store_says_so(subject: Subject) {
    subject.store.close();
    let write = subject.store.write(|write| write.put(&somebody(), &note("a", 1))).await;
    assert!(matches!(write, Err(StoreError::Unavailable)));
}

#[derive(Clone, Debug)]
enum Step {
    Put { id: u8, at: i64, red: bool },
    Remove { id: u8 },
    Trim { before: i64 },
    Append { user: u8 },
    PutThenFail { id: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_u8, 0..20_i64, any::<bool>()).prop_map(|(id, at, red)| Step::Put { id, at, red }),
        1 => (0..6_u8).prop_map(|id| Step::Remove { id }),
        1 => (0..20_i64).prop_map(|before| Step::Trim { before }),
        2 => (0..2_u8).prop_map(|user| Step::Append { user }),
        1 => (0..6_u8).prop_map(|id| Step::PutThenFail { id }),
    ]
}

async fn take(store: &dyn Store, step: Step) {
    let done = store.write(move |write| match step {
        Step::Put { id, at, red } => {
            write.put(&somebody(), &Note { red, ..note(&id.to_string(), at) }).map(|()| 0)
        }
        Step::Remove { id } => write.remove::<Note>(&somebody(), &id.to_string()).map(u64::from),
        Step::Trim { before } => write.trim::<Note>(&somebody(), Timestamp::from_unix_ms(before)),
        Step::Append { user: number } => {
            write.append(&user(&number.to_string()), &event(), Timestamp::EPOCH).map(|()| 0)
        }
        Step::PutThenFail { id } => {
            write.put(&somebody(), &note(&id.to_string(), 5))?;
            Err(StoreError::Overloaded)
        }
    });
    // Whether a step is refused is the same for all stores, or the comparison below fails.
    let _: Result<u64, StoreError> = done.await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn two_stores_that_are_told_the_same_hold_the_same(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (one, two) = (sqlite(), memory());
            for step in steps {
                take(&*one.store, step.clone()).await;
                take(&*two.store, step).await;
            }
            for slice in [
                Slice::default(),
                Slice { facet: Some("red"), ..Slice::default() },
                Slice { order: SortOrder::OldestFirst, limit: 3, ..Slice::default() },
            ] {
                let expected = ids(&*two.store, somebody(), slice.clone()).await;
                assert_eq!(ids(&*one.store, somebody(), slice).await, expected);
            }
            assert_eq!(one.heard.numbers(), two.heard.numbers());
        });
    }
}
