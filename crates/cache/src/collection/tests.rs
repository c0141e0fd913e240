//! What a list shows, event by event and answer by answer.

use super::*;
use crate::{
    item::Period,
    sample::{Draft, Kind, Sample, at, sample},
};

mod deltas;
mod lag;
mod properties;

const FROM: i64 = 0;
const TO: i64 = 1_000;

fn empty() -> Collection<Sample> {
    Collection::new(Period { kind: Kind::Food, from: at(FROM), to: at(TO) }, 10_000)
}

fn holding(records: &[Sample]) -> Collection<Sample> {
    let mut list = empty();
    let mark = list.begin_fetch(at(0));
    assert!(list.apply_response(mark, records.to_vec()));
    list
}

fn rows(list: &Collection<Sample>) -> Vec<Sample> {
    list.rows().map(|row| (**row).clone()).collect()
}

fn moved(record: Sample, ms: i64) -> Sample {
    Sample { draft: Draft { at: at(ms), ..record.draft }, ..record }
}

#[test]
fn an_answer_may_name_its_records_in_any_order_and_twice() {
    let records =
        [sample("b", 1, "tea"), sample("a", 1, "soup"), sample("b", 2, "coffee"), sample("c", 1, "pie")];
    let list = holding(&records);
    assert_eq!(list.get("b"), Some(&sample("b", 2, "coffee")));
    assert_eq!(rows(&list).len(), 3);
    assert_eq!(rows(&list), rows(&holding(&rows(&list))));
}

#[test]
fn a_record_is_found_by_its_id_while_it_is_in_the_list() {
    let mut list = holding(&[sample("a", 1, "soup"), sample("b", 1, "tea")]);
    assert_eq!(list.get("a"), Some(&sample("a", 1, "soup")));
    list.put(moved(sample("a", 2, "soup"), TO));
    list.remove("b");
    assert_eq!([list.get("a"), list.get("b"), list.get("c")], [None; 3]);
}

#[test]
fn event_during_a_fetch_is_not_taken_back() {
    let mut list = holding(&[sample("a", 1, "soup")]);
    let mark = list.begin_fetch(at(0));
    assert!(list.put(sample("a", 2, "stew")));
    assert!(list.put(sample("b", 1, "tea")));
    assert!(!list.apply_response(mark, vec![sample("a", 1, "soup")]), "nothing that is shown changes");
    assert_eq!(rows(&list), [sample("b", 1, "tea"), sample("a", 2, "stew")]);
}

#[test]
fn record_that_a_conflict_moved_stays_away() {
    let mut list = holding(&[]);
    let mark = list.begin_fetch(at(0));
    list.put(sample("a", 2, "stew"));
    list.put(moved(sample("a", 5, "stew"), TO));
    assert!(!list.put(sample("a", 3, "stew")), "the event is older than the conflict's record");
    assert!(!list.apply_response(mark, vec![]));
    assert_eq!(rows(&list), []);
}

#[test]
fn deletion_during_a_fetch_is_not_taken_back() {
    let mut list = holding(&[sample("a", 1, "soup")]);
    let mark = list.begin_fetch(at(0));
    assert!(list.remove("a"));
    assert!(!list.apply_response(mark, vec![sample("a", 1, "soup")]));
    assert_eq!(rows(&list), []);
}

#[test]
fn event_during_the_first_fetch_is_not_lost() {
    let mut list = empty();
    let mark = list.begin_fetch(at(0));
    list.put(sample("a", 1, "soup"));
    list.remove("b");
    assert!(!list.is_known());
    assert!(list.apply_response(mark, vec![sample("b", 1, "tea")]));
    assert!(list.is_known());
    assert_eq!(rows(&list), [sample("a", 1, "soup")]);
}

#[test]
fn an_empty_first_answer_is_news() {
    let mut list = empty();
    let mark = list.begin_fetch(at(0));
    assert!(list.apply_response(mark, vec![]));
    assert!(list.is_known());
}

#[test]
fn a_deleted_record_does_not_come_back() {
    let mut list = holding(&[sample("a", 1, "soup")]);
    list.remove("a");
    assert!(!list.put(sample("a", 7, "late event")));
    let mark = list.begin_fetch(at(0));
    assert!(!list.apply_response(mark, vec![sample("a", 1, "from a replica that lags")]));
    assert_eq!(rows(&list), []);
}

#[test]
fn a_late_event_and_a_lagging_answer_do_not_undo_the_newer() {
    let mut list = holding(&[sample("a", 3, "new")]);
    assert!(!list.put(sample("a", 2, "old")));
    list.put(sample("a", 4, "newer"));
    let mark = list.begin_fetch(at(0));
    assert!(!list.apply_response(mark, vec![sample("a", 3, "new")]));
    assert_eq!(rows(&list), [sample("a", 4, "newer")]);
}

#[test]
fn the_same_event_twice_changes_nothing() {
    let mut list = holding(&[]);
    assert!(list.put(sample("a", 1, "soup")));
    assert!(!list.put(sample("a", 1, "soup")));
    assert!(list.remove("a"));
    assert!(!list.remove("a"));
}

#[test]
fn what_the_answer_lacks_is_gone() {
    let mut list = holding(&[sample("a", 1, "soup")]);
    list.put(sample("b", 1, "tea"));
    let mark = list.begin_fetch(at(0));
    assert!(list.apply_response(mark, vec![]));
    assert_eq!(rows(&list), []);
}

#[test]
fn a_record_that_moves_to_another_day_leaves_and_may_return() {
    let mut list = holding(&[sample("a", 1, "soup")]);
    let mark = list.begin_fetch(at(0));
    assert!(list.put(moved(sample("a", 2, "soup"), TO)), "the end is outside");
    assert!(!list.apply_response(mark, vec![sample("a", 1, "soup")]), "it has moved since");
    assert!(!list.put(sample("a", 1, "soup")), "nor does a late event bring it back");
    assert_eq!(rows(&list), []);
    assert!(list.put(moved(sample("a", 3, "soup"), FROM)), "the beginning is inside");
    assert_eq!(rows(&list).len(), 1);
}

#[test]
fn a_record_of_another_kind_is_not_taken() {
    let mut list = holding(&[]);
    let mut metric = sample("a", 1, "72 kg");
    metric.draft.kind = Kind::Metric;
    assert!(!list.put(metric.clone()));
    let mark = list.begin_fetch(at(0));
    assert!(!list.apply_response(mark, vec![metric]));
    assert_eq!(rows(&list), []);
}

#[test]
fn rows_are_newest_first_and_then_by_id() {
    let (a, b) = (sample("a", 1, ""), sample("b", 1, ""));
    let c = moved(sample("c", 1, ""), 500);
    let d = moved(sample("d", 1, ""), 5);
    let list = holding(&[d.clone(), a.clone(), c.clone(), b.clone()]);
    assert_eq!(rows(&list), [c, b, a, d]);
}

#[test]
fn an_answer_that_was_overtaken_is_dropped() {
    let mut list = empty();
    let (first, second) = (list.begin_fetch(at(0)), list.begin_fetch(at(0)));
    assert!(list.apply_response(second, vec![sample("b", 1, "tea")]));
    assert!(!list.apply_response(first, vec![sample("a", 1, "soup")]));
    assert!(!list.apply_response(second, vec![]), "nor is one taken twice");
    assert_eq!(rows(&list), [sample("b", 1, "tea")]);
}

#[test]
fn after_a_restore_the_older_revision_wins() {
    let mut list = holding(&[sample("a", 5, "lost"), sample("b", 5, "lost")]);
    list.remove("c");
    list.mark_stale();
    assert_eq!(rows(&list).len(), 2, "what is there stays until something newer is");
    let mark = list.begin_fetch(at(0));
    assert!(list.apply_response(mark, vec![sample("a", 2, "restored"), sample("c", 1, "restored")]));
    assert_eq!(rows(&list), [sample("c", 1, "restored"), sample("a", 2, "restored")]);
}

#[test]
fn after_a_restore_an_event_wins_over_what_was_and_over_the_fetch_before_it() {
    let mut list = holding(&[sample("a", 5, "lost")]);
    list.remove("b");
    let before = list.begin_fetch(at(0));
    list.mark_stale();
    assert!(list.put(sample("a", 2, "restored")));
    assert!(list.put(sample("b", 1, "restored")));
    assert!(!list.apply_response(before, vec![sample("a", 5, "lost")]), "its fetch began before");
    assert_eq!(rows(&list), [sample("b", 1, "restored"), sample("a", 2, "restored")]);
    let mark = list.begin_fetch(at(0));
    list.put(sample("a", 3, "edited"));
    list.remove("b");
    list.apply_response(mark, vec![sample("a", 2, "restored"), sample("b", 1, "restored")]);
    assert_eq!(rows(&list), [sample("a", 3, "edited")]);
}

#[test]
fn tombstones_are_bounded_and_the_oldest_go() {
    let mut list = holding(&[]);
    for number in 0..=MOST_ABSENT {
        list.remove(&number.to_string());
    }
    assert_eq!(list.absent.len(), MOST_ABSENT);
    assert!(list.put(sample("0", 1, "forgotten")));
    assert!(!list.put(sample("1", 1, "remembered")));
}

#[test]
fn a_list_agrees_with_its_answer_until_an_event_changes_it() {
    let mut list = empty();
    assert!(!list.matches_last_response());
    list = holding(&[sample("a", 1, "soup")]);
    assert!(list.matches_last_response());
    list.put(sample("a", 1, "soup"));
    assert!(list.matches_last_response(), "the event said what the answer says");
    list.put(sample("b", 1, "tea"));
    assert!(!list.matches_last_response());
    let mark = list.begin_fetch(at(0));
    list.apply_response(mark, vec![sample("a", 1, "soup"), sample("b", 1, "tea")]);
    assert!(list.matches_last_response());
    list.remove("b");
    assert!(!list.matches_last_response());
}

#[test]
fn a_list_does_not_agree_with_an_answer_that_an_event_overrules() {
    let mut list = holding(&[sample("a", 1, "soup"), sample("b", 1, "tea")]);
    for overrule in [
        |list: &mut Collection<Sample>| list.put(sample("a", 2, "stew")),
        |list: &mut Collection<Sample>| list.put(sample("c", 1, "rice")),
        |list: &mut Collection<Sample>| list.remove("b"),
    ] {
        let mark = list.begin_fetch(at(0));
        overrule(&mut list);
        list.apply_response(mark, vec![sample("a", 1, "soup"), sample("b", 1, "tea")]);
        assert!(!list.matches_last_response());
    }
    let mark = list.begin_fetch(at(0));
    list.apply_response(mark, vec![sample("a", 2, "stew"), sample("c", 1, "rice")]);
    assert!(list.matches_last_response());
}

#[test]
fn stale_list_matches_its_response_until_an_event() {
    let mut list = holding(&[sample("a", 1, "soup")]);
    list.mark_stale();
    assert!(list.matches_last_response());
    list.put(sample("a", 1, "stew"));
    assert!(!list.matches_last_response());
}
