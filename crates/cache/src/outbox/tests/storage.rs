//! Reloads of the page, and other tabs.

use super::*;

fn stored(outbox: &SampleOutbox) -> Vec<EntryOf<Sample>> {
    // Backwards, since storage has an order of its own; and through JSON, as it is stored.
    let entries: Vec<_> = outbox.entries.iter().rev().map(|held| held.entry.clone()).collect();
    serde_json::from_str(&serde_json::to_string(&entries).unwrap()).unwrap()
}

fn reopened(outbox: &SampleOutbox) -> SampleOutbox {
    let mut page = SampleOutbox::new();
    page.load(stored(outbox));
    page
}

#[test]
fn a_reload_keeps_everything_in_order() {
    let mut before = holding([create("l", "soup"), edit("a", 1, "stew"), delete("b"), create("m", "bad")]);
    send(&mut before);
    answer(&mut before, "k0", Answer::Refused("no".into()));
    send(&mut before);
    let mut page = reopened(&before);
    assert_eq!(refusals(&page), [refused("k0", Refusal::Said("no".into()))]);
    assert_eq!(waiting(&page), waiting(&before));
    assert!(page.entry("k1").unwrap().sent, "the server may have it");
    page.queue(edit("a", 1, "broth"), "k9".into(), NOW).unwrap();
    assert_eq!(page.waiting().last().unwrap().key, "k9", "so nothing merges into it");
    assert_eq!(carry_out(&mut page), ["save k9"]);
}

#[test]
fn the_format_of_the_storage_stays_as_it_is() {
    let outbox = holding([create("l", "soup")]);
    let json = serde_json::to_string(&outbox.entries[0].entry).unwrap();
    assert_eq!(
        json,
        r#"{"key":"k0","number":1,"queuedAt":"1970-01-01T00:00:00.000Z","write":{"create":{"id":"l","draft":{"kind":"Food","at":"1970-01-01T00:00:00.100Z","text":"soup"}}},"sent":false,"state":"waiting"}"#
    );
}

#[test]
fn what_was_queued_before_the_storage_was_read_goes_behind() {
    let before = holding([edit("a", 1, "stew"), edit("b", 1, "tea")]);
    let mut page = SampleOutbox::new();
    page.queue(delete("a"), "new".into(), NOW).unwrap();
    page.load(stored(&before));
    assert_eq!(waiting(&page), [edit("a", 1, "stew"), edit("b", 1, "tea"), delete("a")]);
    assert_eq!(carry_out(&mut page), ["save new", "save new"]);
    assert_eq!(page.entry("new").unwrap().number, 3);
    assert_eq!(send(&mut page), Some(edit("a", 1, "stew")));
}

#[test]
fn a_tab_that_gets_the_lock_sees_what_the_other_did() {
    let mut first = holding([create("l", "soup"), create("m", "tea")]);
    let mut second = reopened(&first);
    second.set_sender(false);
    assert!(second.next(NOW) == Next::Nothing);
    second.queue(edit("m", 0, "coffee"), "s0".into(), NOW).unwrap();
    carry_out(&mut second);

    send(&mut first);
    answer(&mut first, "k0", done(sample("a", 1, "soup")));
    let mut storage = stored(&first);
    storage.push(second.entry("s0").unwrap().clone());
    second.load(storage);
    second.set_sender(true);
    assert_eq!(waiting(&second), [create("m", "tea"), edit("m", 0, "coffee")]);
    assert_eq!(send(&mut second), Some(create("m", "tea")));
    answer(&mut second, "k1", done(sample("b", 1, "tea")));
    assert_eq!(send(&mut second), Some(edit("b", 1, "coffee")));
}

#[test]
fn what_another_tab_sent_is_confirmed_and_what_follows_finds_it() {
    let mut sender = holding([create("l", "soup")]);
    let mut other = reopened(&sender);
    other.set_sender(false);
    other.queue(edit("l", 0, "stew"), "s0".into(), NOW).unwrap();
    carry_out(&mut other);
    let from_other = other.entry("s0").unwrap().clone();
    send(&mut sender);
    answer(&mut sender, "k0", done(sample("a", 1, "soup")));

    other.confirmed_elsewhere("k0", Some(sample("a", 1, "soup")));
    let story = carry_out(&mut other);
    assert!(!story.iter().any(|effect| effect.starts_with("save")), "the sender saves: {story:?}");
    assert_eq!(waiting(&other), [edit("a", 1, "stew")]);

    sender.load(vec![from_other]);
    assert_eq!(waiting(&sender), [edit("a", 1, "stew")], "it was written when nobody had an id");
    carry_out(&mut sender);
    assert_eq!(send(&mut sender), Some(edit("a", 1, "stew")));
}

#[test]
fn the_event_of_another_tabs_creation_makes_no_double_row() {
    let mut list = list(&[]);
    let mut outbox = reopened(&holding([create("l", "soup")]));
    outbox.set_sender(false);
    list.put(sample("a", 1, "soup"));
    assert_eq!(rows(&mut list, &outbox), [sample("a", 1, "soup")]);
}

#[test]
fn what_was_saved_and_is_not_stored_any_more_is_done() {
    let mut outbox = holding([create("l", "soup")]);
    outbox.queue(create("m", "tea"), "unsaved".into(), NOW).unwrap();
    outbox.load(vec![]);
    assert_eq!(waiting(&outbox), [create("m", "tea")]);
}

#[test]
fn a_page_that_dies_in_a_retry_leaves_one_write() {
    let mut before = holding([create("l", "soup")]);
    send(&mut before);
    answer(&mut before, "k0", Answer::Refused("not now".into()));
    let mut storage = stored(&before);
    before.retry("k0", 0, "k1".into(), NOW);
    storage.extend(stored(&before));
    let mut page = SampleOutbox::new();
    page.load(storage);
    assert_eq!(waiting(&page), [create("l", "soup")]);
    assert_eq!(refusals(&page), []);
    assert_eq!(carry_out(&mut page), ["forget k0"]);
}

#[test]
fn what_could_not_be_stored_waits_in_the_page_and_is_sent() {
    let mut outbox = SampleOutbox::new();
    outbox.queue(create("l", "soup"), "k0".into(), NOW).unwrap();
    while outbox.poll().is_some() {}
    outbox.saved("k0", false);
    outbox.load(vec![]);
    assert_eq!(waiting(&outbox), [create("l", "soup")]);
    assert!(matches!(outbox.next(NOW), Next::Send(_)));
}
