//! Answers from an index that lags behind its database.

use proptest::prelude::*;

use super::*;
use crate::lag::LAG_MS;

/// When what an event brings at `ms` settles.
fn settles(ms: i64) -> Timestamp {
    at(ms + LAG_MS)
}

#[test]
fn lagging_answer_does_not_remove_a_new_record() {
    let mut list = holding(&[]);
    list.put_until(sample("a", 1, "soup"), settles(100));
    let mark = list.begin_fetch(at(101));
    assert!(!list.apply_response(mark, vec![]));
    assert_eq!(rows(&list), [sample("a", 1, "soup")]);
    assert!(!list.matches_last_response(), "the next fetch asks for the whole list");
}

#[test]
fn lagging_answer_reverts_nothing_after_a_reset() {
    let mut list = holding(&[sample("a", 1, "soup"), sample("b", 1, "tea")]);
    list.put_until(sample("a", 2, "stew"), settles(100));
    list.remove_until("b", settles(100));
    list.mark_stale();
    let mark = list.begin_fetch(at(200));
    assert!(!list.apply_response(mark, vec![sample("a", 1, "soup"), sample("b", 1, "tea")]));
    assert_eq!(rows(&list), [sample("a", 2, "stew")]);
}

#[test]
fn lagging_answer_does_not_move_a_record_back() {
    let mut list = holding(&[sample("a", 1, "soup")]);
    list.put_until(moved(sample("a", 2, "soup"), TO), settles(100));
    list.mark_stale();
    let mark = list.begin_fetch(at(200));
    assert!(!list.apply_response(mark, vec![sample("a", 1, "soup")]));
    assert_eq!(rows(&list), []);
}

#[test]
fn fetch_after_the_lag_decides() {
    let mut list = holding(&[]);
    list.put_until(sample("a", 1, "soup"), settles(100));
    list.remove_until("b", settles(100));
    list.mark_stale();
    let mark = list.begin_fetch(settles(100));
    assert!(list.apply_response(mark, vec![sample("b", 1, "tea")]));
    assert_eq!(rows(&list), [sample("b", 1, "tea")]);
    assert!(list.matches_last_response());
}

#[test]
fn repeated_event_holds_a_record_that_an_answer_had_brought() {
    let mut list = holding(&[sample("a", 2, "stew")]);
    assert!(!list.put_until(sample("a", 1, "soup"), settles(100)), "it is older");
    let mark = list.begin_fetch(at(200));
    assert!(!list.apply_response(mark, vec![]), "this index lags further behind than the one before");
}

#[test]
fn clock_that_was_set_back_holds_no_record() {
    let mut list = holding(&[]);
    list.put_until(sample("a", 1, "soup"), settles(3_600_000));
    let mark = list.begin_fetch(at(0));
    assert!(list.apply_response(mark, vec![]));
    assert_eq!(rows(&list), []);
}

/// What happens, each so many milliseconds after the one before.
#[derive(Clone, Debug)]
enum Step {
    Write {
        id: u8,
        is_told: bool,
    },
    Delete {
        id: u8,
        is_told: bool,
    },
    MarkStale,
    /// Fetched and answered at once, by an index so many milliseconds behind.
    Fetch {
        lag: i64,
    },
}

fn step() -> impl Strategy<Value = (i64, Step)> {
    let step = prop_oneof![
        3 => (0..4_u8, prop::bool::weighted(0.8)).prop_map(|(id, is_told)| Step::Write { id, is_told }),
        1 => (0..4_u8, prop::bool::weighted(0.8)).prop_map(|(id, is_told)| Step::Delete { id, is_told }),
        1 => Just(Step::MarkStale),
        4 => (0..1_500_i64).prop_map(|lag| Step::Fetch { lag }),
    ];
    (0..1_200_i64, step)
}

proptest! {
    /// No answer removes, reverts or brings back what an event said within the lag, and a fetch after it shows
    /// the database.
    #[test]
    fn events_hold_until_the_index_has_them(steps in prop::collection::vec(step(), 0..60)) {
        let mut list = holding(&[]);
        let mut now = 10_000;
        // The database at a time, newest last. No id is used again.
        let mut history = vec![(0, Vec::<Sample>::new())];
        let mut born = 0_u32;
        let mut told = Vec::<(i64, Result<Sample, String>)>::new();
        for (ms, step) in steps {
            now += ms;
            let mut database = history.last().unwrap().1.clone();
            let place = |id: u8| database.iter().position(|record| record.id.starts_with(&format!("{id}-")));
            let event = match step {
                Step::Write { id, is_told } => {
                    let (id, version) = if let Some(place) = place(id) {
                        let before = database.remove(place);
                        (before.id, before.version + 1)
                    } else {
                        born += 1;
                        (format!("{id}-{born}"), 1)
                    };
                    let record = sample(&id, version, &now.to_string());
                    database.push(record.clone());
                    is_told.then_some(Ok(record))
                }
                Step::Delete { id, is_told } => {
                    let gone = place(id).map(|place| database.remove(place).id);
                    gone.filter(|_| is_told).map(Err)
                }
                Step::MarkStale => {
                    list.mark_stale();
                    None
                }
                Step::Fetch { lag } => {
                    let mark = list.begin_fetch(at(now));
                    let seen = history.iter().rev().find(|(since, _)| *since <= now - lag).unwrap().1.clone();
                    list.apply_response(mark, seen);
                    None
                }
            };
            history.push((now, database));
            match event {
                Some(Ok(record)) => {
                    list.put_until(record.clone(), settles(now));
                    told.push((now, Ok(record)));
                }
                Some(Err(id)) => {
                    list.remove_until(&id, settles(now));
                    told.push((now, Err(id)));
                }
                None => {}
            }
            told.retain(|(since, _)| now < since + LAG_MS);
            for (_, event) in &told {
                match event {
                    Ok(record) => {
                        let is_gone = told.iter().any(|(_, later)| *later == Err(record.id.clone()));
                        let shown = list.get(&record.id).map(|shown| shown.version);
                        prop_assert!(is_gone || shown >= Some(record.version), "{record:?} is {shown:?}");
                    }
                    Err(id) => prop_assert_eq!(list.get(id), None),
                }
            }
        }
        let mark = list.begin_fetch(settles(now));
        let database = history.pop().unwrap().1;
        list.mark_stale();
        list.apply_response(mark, database.clone());
        let mark = list.begin_fetch(settles(now));
        list.apply_response(mark, database.clone());
        prop_assert_eq!(rows(&list).len(), database.len());
        for record in &database {
            prop_assert_eq!(list.get(&record.id), Some(record));
        }
    }
}
