#![allow(clippy::unwrap_used)]

mod properties;

use latido_protocol::conversation::ContactId;

use super::*;

pub(super) fn message(number: i64, author: Author, text: &str, status: MessageStatus) -> Message {
    Message {
        id: MessageId::new(format!("m{number:03}")),
        contact_id: ContactId::new("c1"),
        direction: if author == Author::Contact { Direction::Inbound } else { Direction::Outbound },
        author,
        text: MessageText::new(text).unwrap(),
        status,
        created_at: Timestamp::from_unix_ms(number * 1_000),
    }
}

fn said(number: i64) -> Message {
    message(number, Author::Contact, "Hola", MessageStatus::Delivered)
}

fn sent(number: i64, text: &str) -> Message {
    message(number, Author::Coach, text, MessageStatus::Queued)
}

const NOW: Timestamp = Timestamp::EPOCH;

fn empty() -> Thread {
    Thread::new(ContactId::new("c1"))
}

/// Applies a page asked for now: the newest, or the one that `asked` leads to.
fn page(thread: &mut Thread, asked: Option<&str>, messages: Vec<Message>, next_cursor: Option<String>) {
    let mark = thread.begin_fetch(NOW);
    let page = Messages { messages, next_cursor };
    match asked {
        None => thread.apply_first_page(mark, page, true),
        Some(asked) => drop(thread.apply_next_page(mark, asked, page)),
    }
}

fn report(thread: &mut Thread, id: &str, status: MessageStatus) {
    thread.report(&MessageId::new(id), status, NOW);
}

fn written(thread: &mut Thread, key: &str, text: &str) {
    thread.write(key.to_owned(), MessageText::new(text).unwrap(), Timestamp::from_unix_ms(9_999));
}

fn keys(thread: &Thread) -> Vec<String> {
    thread.lines().into_iter().map(|line| line.key).collect()
}

#[allow(clippy::unnecessary_wraps)]
fn cursor(cursor: &str) -> Option<String> {
    Some(cursor.to_owned())
}

#[test]
fn older_pages_are_put_before_what_is_there() {
    let mut thread = empty();
    assert!(!thread.is_loaded());
    page(&mut thread, None, vec![said(4), said(3)], cursor("3"));
    assert_eq!((keys(&thread), thread.cursor()), (vec!["m003".into(), "m004".into()], Some("3")));
    page(&mut thread, Some("3"), vec![said(2), said(1)], None);
    assert_eq!((keys(&thread).len(), thread.cursor()), (4, None));
}

#[test]
fn after_a_long_absence_the_hole_is_not_papered_over() {
    let mut thread = empty();
    page(&mut thread, None, vec![said(2), said(1)], None);
    thread.mark_stale();
    thread.hear(said(9), NOW);
    page(&mut thread, None, vec![said(9), said(8)], cursor("8"));
    assert_eq!((keys(&thread), thread.cursor()), (vec!["m008".into(), "m009".into()], Some("8")));
    page(&mut thread, Some("8"), vec![said(7), said(2)], cursor("2"));
    assert_eq!(keys(&thread).len(), 4);
    page(&mut thread, Some("2"), vec![said(1)], None);
    assert_eq!((keys(&thread).len(), thread.cursor()), (5, None));
}

#[test]
fn newest_page_that_touches_keeps_older_ones() {
    let mut thread = empty();
    page(&mut thread, None, vec![said(4), said(3)], cursor("3"));
    page(&mut thread, Some("3"), vec![said(2), said(1)], None);
    thread.mark_stale();
    assert!(!thread.is_in_doubt());
    page(&mut thread, None, vec![said(5), said(4)], cursor("4"));
    assert_eq!((keys(&thread).len(), thread.cursor()), (5, Some("4")), "a thread only grows");
    assert!(thread.is_in_doubt(), "a status may have changed");
    page(&mut thread, Some("4"), vec![said(3), said(2)], cursor("2"));
    assert!(thread.is_in_doubt());
    page(&mut thread, Some("2"), vec![said(1)], None);
    assert!(!thread.is_in_doubt() && keys(&thread).len() == 5);
}

#[test]
fn an_old_answer_takes_nothing_back() {
    let mut thread = empty();
    page(&mut thread, None, vec![said(1)], None);
    let mark = thread.begin_fetch(NOW);
    thread.hear(said(2), NOW);
    report(&mut thread, "m002", MessageStatus::Read);
    thread.apply_first_page(mark, Messages { messages: vec![said(1)], next_cursor: None }, true);
    page(&mut thread, None, vec![said(2), said(1)], None);
    let standings: Vec<_> = thread.lines().into_iter().map(|line| line.standing).collect();
    assert_eq!(standings, vec![Standing::Known(MessageStatus::Read); 2], "reading the newest reads all");
}

#[test]
fn repeated_answer_does_not_lower_a_status() {
    let mut thread = empty();
    page(&mut thread, None, vec![], None);
    written(&mut thread, "k1", "Uno");
    thread.hear(message(1, Author::Coach, "Uno", MessageStatus::Read), NOW);
    thread.mark_stale();
    thread.taken("k1".into(), sent(1, "Uno"), NOW);
    assert_eq!(thread.lines()[0].standing, Standing::Known(MessageStatus::Read));
}

#[test]
fn report_before_its_message_waits_for_it() {
    let mut thread = empty();
    page(&mut thread, None, vec![], None);
    report(&mut thread, "m001", MessageStatus::Read);
    report(&mut thread, "m001", MessageStatus::Delivered);
    thread.hear(sent(1, "Hola"), NOW);
    assert_eq!(thread.lines()[0].standing, Standing::Known(MessageStatus::Read));
}

#[test]
fn a_row_keeps_its_key_when_the_server_names_it() {
    let mut thread = empty();
    page(&mut thread, None, vec![said(1)], None);
    written(&mut thread, "k1", "Buenas");
    assert_eq!(keys(&thread), ["m001", "k1"]);
    thread.hear(sent(2, "Buenas"), NOW);
    assert_eq!(keys(&thread), ["m001", "k1"], "the event came before the answer");
    thread.taken("k1".into(), sent(2, "Buenas"), NOW);
    page(&mut thread, None, vec![sent(2, "Buenas"), said(1)], None);
    assert_eq!(keys(&thread), ["m001", "k1"]);
    assert_eq!(thread.lines()[1].id, Some(MessageId::new("m002")));
    assert!(thread.outgoing().is_empty());
}

#[test]
fn what_was_said_before_it_was_written_is_something_else() {
    let mut thread = empty();
    page(&mut thread, None, vec![sent(1, "Vale")], None);
    written(&mut thread, "k1", "Vale");
    assert_eq!(keys(&thread), ["m001", "k1"]);
}

#[test]
fn of_two_alike_each_becomes_one_message() {
    let mut thread = empty();
    page(&mut thread, None, vec![], None);
    written(&mut thread, "k1", "Vale");
    written(&mut thread, "k2", "Vale");
    thread.hear(sent(1, "Vale"), NOW);
    assert_eq!(keys(&thread), ["k1", "k2"]);
    thread.taken("k1".into(), sent(1, "Vale"), NOW);
    assert_eq!(keys(&thread), ["k1", "k2"]);
    assert_eq!(thread.to_send().unwrap().key, "k2");
    thread.taken("k2".into(), sent(2, "Vale"), NOW);
    assert_eq!(keys(&thread), ["k1", "k2"]);
}

#[test]
fn what_failed_stays_until_somebody_decides() {
    let mut thread = empty();
    page(&mut thread, None, vec![], None);
    written(&mut thread, "k1", "Uno");
    written(&mut thread, "k2", "Dos");
    thread.failed("k1", Failure::NoAnswer);
    assert_eq!(thread.to_send(), None, "the others wait behind it");
    let standings: Vec<_> = thread.lines().into_iter().map(|line| line.standing).collect();
    assert_eq!(standings, [Standing::Unsent(Failure::NoAnswer), Standing::Waiting]);

    let mut reloaded = empty();
    let stored = serde_json::to_string(thread.outgoing()).unwrap();
    reloaded.restore(serde_json::from_str(&stored).unwrap());
    assert_eq!(reloaded.outgoing(), thread.outgoing());
    reloaded.retry("k1");
    assert_eq!(reloaded.to_send().unwrap().key, "k1");
    reloaded.discard("k1");
    assert_eq!(keys(&reloaded), ["k2"]);
}

#[test]
fn what_failed_without_an_answer_and_is_there_is_not_shown_twice() {
    let mut thread = empty();
    page(&mut thread, None, vec![said(1)], None);
    written(&mut thread, "k1", "Uno");
    thread.failed("k1", Failure::NoAnswer);
    thread.hear(sent(2, "Uno"), NOW);
    assert_eq!(keys(&thread), ["m001", "k1"]);
    thread.failed("k1", Failure::Refused("no".into()));
    assert_eq!(keys(&thread), ["m001", "m002", "k1"], "what was refused is not there");
}

#[test]
fn after_a_reload_a_like_message_of_before_is_not_taken_for_the_failed_one() {
    let mut thread = empty();
    page(&mut thread, None, vec![], None);
    written(&mut thread, "k1", "Vale");
    written(&mut thread, "k2", "Vale");
    thread.taken("k1".into(), sent(1, "Vale"), NOW);
    thread.failed("k2", Failure::NoAnswer);

    let mut reloaded = empty();
    reloaded.restore(thread.outgoing().to_vec());
    page(&mut reloaded, None, vec![sent(1, "Vale")], None);
    assert_eq!(keys(&reloaded), ["m001", "k2"]);
}

#[test]
fn taken_message_without_name_is_not_resent() {
    let mut thread = empty();
    page(&mut thread, None, vec![], None);
    written(&mut thread, "k1", "Uno");
    thread.failed("k1", Failure::Unconfirmed);
    assert_eq!(thread.to_send(), None);
    thread.retry_unanswered();
    written(&mut thread, "k2", "Dos");
    assert_eq!(thread.to_send().unwrap().key, "k2", "the server has the first");
    thread.taken("k2".into(), sent(2, "Dos"), NOW);
    assert_eq!(thread.outgoing().len(), 1);
    page(&mut thread, None, vec![sent(2, "Dos"), sent(1, "Uno")], None);
    assert_eq!((keys(&thread), thread.outgoing().len()), (vec!["k1".to_owned(), "k2".to_owned()], 0));
}

#[test]
fn unnamed_answer_after_the_event_ends_it() {
    let mut thread = empty();
    page(&mut thread, None, vec![], None);
    written(&mut thread, "k1", "Uno");
    thread.hear(sent(1, "Uno"), NOW);
    thread.failed("k1", Failure::Unconfirmed);
    assert_eq!((keys(&thread), thread.outgoing().len()), (vec!["k1".to_owned()], 0));
}

#[test]
fn unread_is_what_the_contact_said_last() {
    let mut thread = empty();
    assert_eq!(thread.unread(), None);
    page(&mut thread, None, vec![sent(2, "Sí"), said(1)], None);
    assert_eq!(thread.unread(), Some(Position::of(&said(1))));
    report(&mut thread, "m001", MessageStatus::Read);
    assert_eq!(thread.unread(), None);
    let seen = thread.newest();
    thread.hear(said(3), NOW);
    thread.hear(sent(4, "Ya"), NOW);
    assert_eq!(thread.heard_after(seen.as_ref()).count(), 1, "one's own words are no news");
}

#[test]
fn a_message_written_after_a_failed_one_goes_behind_it() {
    let mut thread = empty();
    page(&mut thread, None, vec![], None);
    written(&mut thread, "a", "Toma 50 mg");
    thread.failed("a", Failure::NoAnswer);
    written(&mut thread, "b", "No, perdona, 5 mg");
    assert_eq!(thread.to_send().unwrap().key, "a");
    thread.taken("a".into(), sent(1, "Toma 50 mg"), NOW);
    assert_eq!(thread.to_send().unwrap().key, "b");
}

#[test]
fn behind_a_refused_message_the_others_go_on() {
    let mut thread = empty();
    written(&mut thread, "a", "Uno");
    written(&mut thread, "b", "Dos");
    thread.failed("a", Failure::Refused("no".into()));
    assert_eq!(thread.to_send().unwrap().key, "b");
}

#[test]
fn trying_one_again_tries_those_before_it() {
    let mut thread = empty();
    written(&mut thread, "a", "Uno");
    thread.failed("a", Failure::Refused("no".into()));
    written(&mut thread, "b", "Dos");
    thread.failed("b", Failure::NoAnswer);
    thread.retry("a");
    assert_eq!(thread.to_send().unwrap().key, "a");
    thread.discard("a");
    assert_eq!(thread.to_send().unwrap().key, "b");
}

#[test]
fn on_the_contacts_side_the_teams_words_are_news() {
    let mut thread = empty();
    thread.set_side(Side::Contact);
    page(&mut thread, None, vec![said(1)], None);
    assert_eq!(thread.unread(), None, "one's own words");
    written(&mut thread, "k1", "Me he mareado");
    thread.hear(message(2, Author::Contact, "Me he mareado", MessageStatus::Delivered), NOW);
    thread.hear(sent(3, "¿Dónde estás?"), NOW);
    thread.hear(message(4, Author::Bot, "Apuntado", MessageStatus::Sent), NOW);
    let lines: Vec<_> = thread.lines().into_iter().map(|line| (line.key, line.ours)).collect();
    let expected = [("m001", true), ("k1", true), ("m003", false), ("m004", false)];
    assert_eq!(lines, expected.map(|(key, ours)| (key.to_owned(), ours)));
    assert_eq!(thread.heard_after(None).count(), 2);
    assert_eq!(thread.unread().map(|unread| unread.id), Some(MessageId::new("m004")));
    report(&mut thread, "m004", MessageStatus::Read);
    assert_eq!(thread.unread(), None);
}

#[test]
fn with_the_network_what_got_no_answer_goes_out_and_what_was_refused_waits() {
    let mut thread = empty();
    written(&mut thread, "k1", "Uno");
    written(&mut thread, "k2", "Dos");
    thread.failed("k1", Failure::Refused("too long".to_owned()));
    thread.failed("k2", Failure::NoAnswer);
    assert!(thread.to_send().is_none());
    thread.retry_unanswered();
    assert_eq!(thread.to_send().map(|out| out.key.as_str()), Some("k2"));
    assert_eq!(thread.lines()[0].standing, Standing::Unsent(Failure::Refused("too long".to_owned())));
}
