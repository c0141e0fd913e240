//! What becomes of a write about a record that another write waits for.

use super::*;

fn queue(outbox: &mut SampleOutbox, write: SampleWrite) -> Vec<String> {
    outbox.queue(write, "new".into(), NOW).unwrap();
    carry_out(outbox)
}

#[test]
fn an_edit_folds_into_an_unsent_creation() {
    let mut outbox = holding([create("l", "soup")]);
    assert_eq!(queue(&mut outbox, edit("l", 0, "stew")), ["save k0"]);
    assert_eq!(waiting(&outbox), [create("l", "stew")]);
}

#[test]
fn a_deletion_and_an_unsent_creation_cancel_out() {
    let mut outbox = holding([create("l", "soup")]);
    assert_eq!(queue(&mut outbox, delete("l")), ["forget k0"]);
    assert!(outbox.is_empty());
}

#[test]
fn an_edit_folds_into_an_unsent_edit_and_keeps_its_version() {
    let mut outbox = holding([edit("a", 1, "stew"), edit("b", 1, "tea")]);
    queue(&mut outbox, edit("a", 4, "broth"));
    assert_eq!(waiting(&outbox), [edit("a", 1, "broth"), edit("b", 1, "tea")]);
}

#[test]
fn a_deletion_replaces_an_unsent_edit() {
    let mut outbox = holding([edit("a", 1, "stew")]);
    assert_eq!(queue(&mut outbox, delete("a")), ["save k0"]);
    assert_eq!(queue(&mut outbox, delete("a")), ["save k0"], "twice is once");
    assert_eq!(waiting(&outbox), [delete("a")]);
}

#[test]
fn nothing_merges_into_what_was_sent() {
    let mut outbox = holding([create("l", "soup")]);
    send(&mut outbox);
    answer(&mut outbox, "k0", Answer::Later);
    assert_eq!(queue(&mut outbox, edit("l", 0, "stew")), ["save new"]);
    outbox.queue(delete("l"), "newer".into(), NOW).unwrap();
    assert_eq!(waiting(&outbox), [create("l", "soup"), delete("l")], "but into what was not");
}

#[test]
fn nothing_merges_into_what_was_refused() {
    let mut outbox = holding([edit("a", 1, "stew")]);
    send(&mut outbox);
    answer(&mut outbox, "k0", Answer::Conflict(sample("a", 2, "curry")));
    queue(&mut outbox, edit("a", 2, "broth"));
    assert_eq!(waiting(&outbox), [edit("a", 2, "broth")]);
    assert_eq!(outbox.entry("k0").unwrap().write, edit("a", 1, "stew"));
}

#[test]
fn a_tab_that_does_not_send_merges_nothing() {
    let mut outbox = holding([create("l", "soup")]);
    outbox.set_sender(false);
    assert_eq!(queue(&mut outbox, delete("l")), ["save new"]);
    assert_eq!(waiting(&outbox), [create("l", "soup"), delete("l")]);
}

#[test]
fn while_a_record_goes_by_two_names_the_newest_edit_stays_last() {
    let mut outbox = holding([create("l", "soup"), edit("a", 1, "stew")]);
    send(&mut outbox);
    queue(&mut outbox, edit("l", 0, "broth"));
    outbox.queue(edit("a", 1, "curry"), "newest".into(), NOW).unwrap();
    assert_eq!(waiting(&outbox).last(), Some(&edit("a", 1, "curry")));
}
