//! From the queue to the answer.

use super::*;

#[test]
fn nothing_is_sent_before_it_is_saved() {
    let mut outbox = SampleOutbox::new();
    outbox.queue(create("l", "soup"), "k0".into(), NOW).unwrap();
    assert!(outbox.next(NOW) == Next::Nothing);
    assert_eq!(carry_out(&mut outbox), ["save k0"]);
    assert_eq!(send(&mut outbox), Some(create("l", "soup")));
}

#[test]
fn a_merge_waits_for_its_save_too() {
    let mut outbox = holding([create("l", "soup")]);
    outbox.queue(edit("l", 0, "stew"), "k1".into(), NOW).unwrap();
    assert!(outbox.next(NOW) == Next::Nothing);
    carry_out(&mut outbox);
    assert_eq!(send(&mut outbox), Some(create("l", "stew")));
}

#[test]
fn one_is_in_flight_and_the_next_follows_its_answer() {
    let mut outbox = holding([create("l", "soup"), create("m", "tea")]);
    assert_eq!(send(&mut outbox), Some(create("l", "soup")));
    assert!(outbox.next(NOW) == Next::Nothing);
    assert_eq!(answer(&mut outbox, "k0", done(sample("a", 1, "soup"))), ["confirmed a 1", "forget k0"]);
    assert_eq!(send(&mut outbox), Some(create("m", "tea")));
    answer(&mut outbox, "k1", done(sample("b", 1, "tea")));
    assert!(outbox.is_empty());
}

#[test]
fn what_follows_a_creation_learns_its_id_and_version() {
    let mut outbox = holding([create("l", "soup")]);
    send(&mut outbox);
    outbox.queue(edit("l", 0, "stew"), "k1".into(), NOW).unwrap();
    outbox.queue(create("m", "tea"), "k2".into(), NOW).unwrap();
    carry_out(&mut outbox);
    let story = answer(&mut outbox, "k0", done(sample("a", 1, "soup")));
    assert_eq!(story, ["confirmed a 1", "save k1", "forget k0"], "rewritten before it is forgotten");
    assert_eq!(waiting(&outbox), [edit("a", 1, "stew"), create("m", "tea")]);
}

#[test]
fn an_edit_behind_an_edit_learns_the_new_version() {
    let mut outbox = holding([edit("a", 1, "stew")]);
    send(&mut outbox);
    outbox.queue(edit("a", 1, "broth"), "k1".into(), NOW).unwrap();
    carry_out(&mut outbox);
    answer(&mut outbox, "k0", done(sample("a", 2, "stew")));
    assert_eq!(send(&mut outbox), Some(edit("a", 2, "broth")));
}

#[test]
fn an_edit_that_has_seen_a_newer_version_keeps_it() {
    let mut outbox = holding([edit("a", 1, "stew")]);
    send(&mut outbox);
    outbox.queue(edit("a", 3, "broth"), "k1".into(), NOW).unwrap();
    carry_out(&mut outbox);
    answer(&mut outbox, "k0", done(sample("a", 2, "stew")));
    assert_eq!(send(&mut outbox), Some(edit("a", 3, "broth")));
}

#[test]
fn a_form_opened_before_the_answer_finds_its_record() {
    let mut outbox = holding([create("l", "soup")]);
    send(&mut outbox);
    answer(&mut outbox, "k0", done(sample("a", 1, "soup")));
    outbox.queue(edit("l", 0, "stew"), "k1".into(), NOW).unwrap();
    carry_out(&mut outbox);
    assert_eq!(send(&mut outbox), Some(edit("a", 1, "stew")));
    answer(&mut outbox, "k1", done(sample("a", 2, "stew")));
    outbox.queue(edit("a", 1, "broth"), "k2".into(), NOW).unwrap();
    outbox.queue(delete("l"), "k3".into(), NOW).unwrap();
    carry_out(&mut outbox);
    assert_eq!(waiting(&outbox), [delete("a")], "both found it, and merged");
}

#[test]
fn answer_lost_edit_is_not_a_conflict() {
    let mut outbox = holding([edit("a", 1, "stew")]);
    send(&mut outbox);
    answer(&mut outbox, "k0", Answer::Later);
    outbox.wake();
    assert_eq!(send(&mut outbox), Some(edit("a", 1, "stew")));
    let story = answer(&mut outbox, "k0", Answer::Conflict(sample("a", 2, "stew")));
    assert_eq!(story, ["confirmed a 2", "forget k0"]);
    assert!(outbox.is_empty());
}

#[test]
fn an_edit_of_what_somebody_else_edited_is_refused_and_keeps_its_input() {
    let mut outbox = holding([edit("a", 1, "stew")]);
    send(&mut outbox);
    let story = answer(&mut outbox, "k0", Answer::Conflict(sample("a", 2, "curry")));
    assert_eq!(story, ["confirmed a 2", "save k0", "refused k0"]);
    assert_eq!(refusals(&outbox), [refused("k0", Refusal::Conflict)]);
    assert_eq!(outbox.entry("k0").unwrap().write, edit("a", 1, "stew"));
    assert!(outbox.next(NOW) == Next::Nothing);

    assert!(outbox.retry("k0", 2, "k1".into(), NOW));
    assert_eq!(carry_out(&mut outbox), ["save k1", "forget k0"], "never without either");
    assert_eq!(send(&mut outbox), Some(edit("a", 2, "stew")));
    assert!(!outbox.retry("k1", 3, "k2".into(), NOW), "it is under way");
}

#[test]
fn deleted_twice_is_deleted_and_edited_after_is_gone() {
    let mut outbox = holding([delete("a"), edit("b", 1, "stew")]);
    send(&mut outbox);
    assert_eq!(answer(&mut outbox, "k0", Answer::Gone), ["removed a", "forget k0"]);
    send(&mut outbox);
    assert_eq!(answer(&mut outbox, "k1", Answer::Gone), ["save k1", "refused k1"]);
    assert_eq!(refusals(&outbox), [refused("k1", Refusal::Gone)]);
}

#[test]
fn a_refused_creation_takes_along_what_waits_for_it_and_nothing_else() {
    let mut outbox = holding([create("l", "bad")]);
    send(&mut outbox);
    outbox.queue(edit("l", 0, "worse"), "k1".into(), NOW).unwrap();
    outbox.queue(create("m", "tea"), "k2".into(), NOW).unwrap();
    carry_out(&mut outbox);
    answer(&mut outbox, "k0", Answer::Refused("too sweet".into()));
    let orphan = refused("k1", Refusal::WaitedForRefused);
    assert_eq!(refusals(&outbox), [refused("k0", Refusal::Said("too sweet".into())), orphan]);
    assert_eq!(send(&mut outbox), Some(create("m", "tea")));

    outbox.queue(edit("l", 0, "from a form still open"), "k3".into(), NOW).unwrap();
    assert_eq!(carry_out(&mut outbox), ["save k3", "refused k3"]);
    assert!(!outbox.retry("k1", 0, "k4".into(), NOW), "there is still nothing to edit");
    outbox.dismiss("k0");
    outbox.dismiss("k2");
    assert_eq!(carry_out(&mut outbox), ["forget k0"], "only what was refused is dismissed");
}

#[test]
fn an_unreachable_server_is_asked_less_and_less_often() {
    let mut outbox = holding([create("l", "soup")]);
    let mut now = NOW;
    for pause in [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
        assert!(matches!(outbox.next(now), Next::Send(_)));
        outbox.started("k0");
        carry_out(&mut outbox);
        outbox.answered("k0", Answer::Later, now, 7);
        now = now.plus_ms(pause + 7);
        assert!(outbox.next(now.plus_ms(-1)) == Next::At(now));
    }
    outbox.wake();
    assert!(matches!(outbox.next(now.plus_ms(-1)), Next::Send(_)));
    outbox.started("k0");
    outbox.answered("k0", done(sample("a", 1, "soup")), now, 0);
    outbox.queue(create("m", "tea"), "k1".into(), now).unwrap();
    carry_out(&mut outbox);
    outbox.started("k1");
    outbox.answered("k1", Answer::Later, now, 0);
    carry_out(&mut outbox);
    assert!(outbox.next(now) == Next::At(now.plus_ms(1_000)), "an answer ends the row of failures");
}

#[test]
fn what_waited_for_a_week_is_refused_and_not_sent() {
    let mut outbox = holding([create("l", "soup")]);
    let week = NOW.plus_ms(OLDEST_MS);
    outbox.queue(create("m", "tea"), "k1".into(), week).unwrap();
    carry_out(&mut outbox);
    assert!(matches!(outbox.next(week), Next::Send(entry) if entry.key == "k0"));
    assert!(matches!(outbox.next(week.plus_ms(1)), Next::Send(entry) if entry.key == "k1"));
    assert_eq!(carry_out(&mut outbox), ["save k0", "refused k0"]);
    assert_eq!(refusals(&outbox), [refused("k0", Refusal::TooOld)]);
}

#[test]
fn the_outbox_is_bounded_and_says_so() {
    let mut outbox = holding((0..MOST_ENTRIES).map(|number| create(&format!("l{number}"), "soup")));
    assert_eq!(outbox.queue(create("m", "tea"), "k".into(), NOW), Err(Full));
    assert_eq!(outbox.queue(edit("l3", 0, "stew"), "k".into(), NOW), Ok(()), "a merge needs no room");
    assert_eq!(outbox.queue(delete("l4"), "k".into(), NOW), Ok(()));
    assert_eq!(outbox.queue(create("m", "tea"), "k".into(), NOW), Ok(()));
}

#[test]
fn an_answer_that_comes_twice_does_no_harm() {
    let mut outbox = holding([create("l", "soup"), create("m", "tea")]);
    send(&mut outbox);
    answer(&mut outbox, "k0", done(sample("a", 1, "soup")));
    send(&mut outbox);
    assert_eq!(answer(&mut outbox, "k0", done(sample("a", 1, "soup"))), ["confirmed a 1"]);
    assert_eq!(answer(&mut outbox, "k0", Answer::Refused("no".into())), [""; 0]);
    assert!(outbox.next(NOW) == Next::Nothing, "the other is still in flight");
    assert_eq!(waiting(&outbox), [create("m", "tea")]);
}

#[test]
fn what_waited_for_a_refused_creation_can_follow_its_retry() {
    let mut outbox = holding([create("l", "soup")]);
    send(&mut outbox);
    outbox.queue(edit("l", 0, "stew"), "k1".into(), NOW).unwrap();
    answer(&mut outbox, "k0", Answer::Refused("not now".into()));
    assert!(outbox.retry("k0", 0, "k2".into(), NOW));
    carry_out(&mut outbox);
    assert_eq!(send(&mut outbox), Some(create("l", "soup")));
    answer(&mut outbox, "k2", done(sample("a", 1, "soup")));
    assert!(outbox.retry("k1", 3, "k3".into(), NOW), "the person has seen what others made of it");
    carry_out(&mut outbox);
    assert_eq!(send(&mut outbox), Some(edit("a", 3, "stew")));
}

fn look(outbox: &mut SampleOutbox, now: Timestamp) -> bool {
    let Next::Look(entry) = outbox.next(now) else { return false };
    outbox.started(&entry.key);
    carry_out(outbox);
    true
}

#[test]
fn accepted_without_its_record_is_shown_and_not_sent_again() {
    let mut outbox = holding([create("l", "soup"), edit("a", 1, "stew")]);
    send(&mut outbox);
    assert_eq!(answer(&mut outbox, "k0", Answer::Accepted), ["save k0"]);
    assert_eq!(rows(&mut list(&[sample("a", 1, "tea")]), &outbox).len(), 2, "it stays over the rows");
    assert!(outbox.next(NOW) == Next::At(NOW.plus_ms(1_000)));
    assert!(look(&mut outbox, NOW.plus_ms(1_000)));

    // Nor by the page that comes after a crash.
    let mut page = SampleOutbox::new();
    let stored = serde_json::to_string(outbox.entry("k0").unwrap()).unwrap();
    page.load(vec![serde_json::from_str(&stored).unwrap()]);
    assert!(look(&mut page, NOW));

    let story = answer(&mut outbox, "k0", done(sample("b", 1, "soup")));
    assert_eq!(story, ["confirmed b 1", "forget k0"]);
    assert_eq!(send(&mut outbox), Some(edit("a", 1, "stew")));
}

#[test]
fn what_follows_an_accepted_creation_waits_for_its_id() {
    let mut outbox = holding([create("l", "soup")]);
    send(&mut outbox);
    answer(&mut outbox, "k0", Answer::Accepted);
    outbox.queue(edit("l", 0, "stew"), "k1".into(), NOW).unwrap();
    carry_out(&mut outbox);
    assert!(look(&mut outbox, NOW.plus_ms(1_000)));
    answer(&mut outbox, "k0", done(sample("b", 1, "soup")));
    assert_eq!(send(&mut outbox), Some(edit("b", 1, "stew")));
}

#[test]
fn accepted_and_never_listed_is_refused_with_its_input() {
    let mut outbox = holding([create("l", "soup")]);
    send(&mut outbox);
    answer(&mut outbox, "k0", Answer::Accepted);
    outbox.queue(edit("l", 0, "stew"), "k1".into(), NOW).unwrap();
    carry_out(&mut outbox);
    let mut now = NOW;
    for pause in [1_000, 2_000, 4_000, 8_000, 16_000] {
        assert!(outbox.next(now) == Next::At(now.plus_ms(pause)));
        outbox.wake();
        assert!(outbox.next(now) == Next::At(now.plus_ms(pause)), "waking makes no index faster");
        now = now.plus_ms(pause);
        assert!(look(&mut outbox, now));
        outbox.answered("k0", Answer::Accepted, now, 0);
        carry_out(&mut outbox);
    }
    assert_eq!(
        refusals(&outbox),
        [refused("k0", Refusal::NotShown), refused("k1", Refusal::WaitedForRefused)]
    );
    assert!(outbox.next(now) == Next::Nothing);
}

#[test]
fn a_look_without_network_is_no_look() {
    let mut outbox = holding([create("l", "soup")]);
    send(&mut outbox);
    answer(&mut outbox, "k0", Answer::Accepted);
    let mut now = NOW;
    for _ in 0..20 {
        now = now.plus_ms(60_000);
        assert!(look(&mut outbox, now));
        outbox.answered("k0", Answer::Later, now, 0);
    }
    assert_eq!(refusals(&outbox), []);
    assert!(look(&mut outbox, NOW.plus_ms(2 * OLDEST_MS)), "it is done, however old");
}

#[test]
fn a_missing_route_is_not_a_deleted_record() {
    for write in [create("l", "soup"), edit("a", 1, "stew"), delete("a")] {
        let mut outbox = holding([write]);
        send(&mut outbox);
        answer(&mut outbox, "k0", Answer::NoRoute);
        assert_eq!(refusals(&outbox), [refused("k0", Refusal::NoRoute)]);
    }
}

#[test]
fn the_page_knows_whether_what_waits_is_stored() {
    let mut outbox = SampleOutbox::new();
    outbox.queue(create("l", "soup"), "k0".into(), NOW).unwrap();
    while outbox.poll().is_some() {}
    outbox.saved("k0", false);
    assert!(outbox.holds_unstored());
    send(&mut outbox);
    answer(&mut outbox, "k0", done(sample("a", 1, "soup")));
    assert!(!outbox.holds_unstored());
}
