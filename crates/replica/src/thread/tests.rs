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
    let mut thread = Thread::default();
    assert!(!thread.is_loaded());
    thread.page(None, vec![said(4), said(3)], cursor("3"));
    assert_eq!((keys(&thread), thread.older()), (vec!["m003".into(), "m004".into()], Some("3")));
    thread.page(Some("3"), vec![said(2), said(1)], None);
    assert_eq!((keys(&thread).len(), thread.older()), (4, None));
}

#[test]
fn after_a_long_absence_the_hole_is_not_papered_over() {
    let mut thread = Thread::default();
    thread.page(None, vec![said(2), said(1)], None);
    thread.hear(said(9));
    thread.page(None, vec![said(9), said(8)], cursor("8"));
    assert_eq!((keys(&thread), thread.older()), (vec!["m008".into(), "m009".into()], Some("8")));
    thread.page(Some("8"), vec![said(7), said(2)], cursor("2"));
    assert_eq!((keys(&thread).len(), thread.older()), (5, None), "it touches what was read before");
}

#[test]
fn an_old_answer_takes_nothing_back() {
    let mut thread = Thread::default();
    thread.page(None, vec![said(1)], None);
    thread.hear(said(2));
    thread.report(&MessageId::new("m002"), MessageStatus::Read);
    thread.page(None, vec![said(1)], None);
    thread.page(None, vec![said(2), said(1)], None);
    let standings: Vec<_> = thread.lines().into_iter().map(|line| line.standing).collect();
    assert_eq!(standings, vec![Standing::Known(MessageStatus::Read); 2], "reading the newest reads all");
}

#[test]
fn a_row_keeps_its_key_when_the_server_names_it() {
    let mut thread = Thread::default();
    thread.page(None, vec![said(1)], None);
    written(&mut thread, "k1", "Buenas");
    assert_eq!(keys(&thread), ["m001", "k1"]);
    thread.hear(sent(2, "Buenas"));
    assert_eq!(keys(&thread), ["m001", "k1"], "the event came before the answer");
    thread.taken("k1".into(), sent(2, "Buenas"));
    thread.page(None, vec![sent(2, "Buenas"), said(1)], None);
    assert_eq!(keys(&thread), ["m001", "k1"]);
    assert_eq!(thread.lines()[1].id, Some(MessageId::new("m002")));
    assert!(thread.outgoing().is_empty());
}

#[test]
fn what_was_said_before_it_was_written_is_something_else() {
    let mut thread = Thread::default();
    thread.page(None, vec![sent(1, "Vale")], None);
    written(&mut thread, "k1", "Vale");
    assert_eq!(keys(&thread), ["m001", "k1"]);
}

#[test]
fn of_two_alike_each_becomes_one_message() {
    let mut thread = Thread::default();
    thread.page(None, vec![], None);
    written(&mut thread, "k1", "Vale");
    written(&mut thread, "k2", "Vale");
    thread.hear(sent(1, "Vale"));
    assert_eq!(keys(&thread), ["k1", "k2"]);
    thread.taken("k1".into(), sent(1, "Vale"));
    assert_eq!(keys(&thread), ["k1", "k2"]);
    assert_eq!(thread.to_send().unwrap().key, "k2");
    thread.taken("k2".into(), sent(2, "Vale"));
    assert_eq!(keys(&thread), ["k1", "k2"]);
}

#[test]
fn what_failed_stays_until_somebody_decides() {
    let mut thread = Thread::default();
    thread.page(None, vec![], None);
    written(&mut thread, "k1", "Uno");
    written(&mut thread, "k2", "Dos");
    thread.failed("k1", Failure::NoAnswer);
    assert_eq!(thread.to_send().unwrap().key, "k2", "the others do not wait for it");
    assert_eq!(thread.lines()[0].standing, Standing::Unsent(Failure::NoAnswer));

    let mut reloaded = Thread::default();
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
    let mut thread = Thread::default();
    thread.page(None, vec![said(1)], None);
    written(&mut thread, "k1", "Uno");
    thread.failed("k1", Failure::NoAnswer);
    thread.hear(sent(2, "Uno"));
    assert_eq!(keys(&thread), ["m001", "k1"]);
    thread.failed("k1", Failure::Refused("no".into()));
    assert_eq!(keys(&thread), ["m001", "m002", "k1"], "what was refused is not there");
}

#[test]
fn after_a_reload_a_like_message_of_before_is_not_taken_for_the_failed_one() {
    let mut thread = Thread::default();
    thread.page(None, vec![], None);
    written(&mut thread, "k1", "Vale");
    written(&mut thread, "k2", "Vale");
    thread.taken("k1".into(), sent(1, "Vale"));
    thread.failed("k2", Failure::NoAnswer);

    let mut reloaded = Thread::default();
    reloaded.restore(thread.outgoing().to_vec());
    reloaded.page(None, vec![sent(1, "Vale")], None);
    assert_eq!(keys(&reloaded), ["m001", "k2"]);
}

#[test]
fn unread_is_what_the_contact_said_last() {
    let mut thread = Thread::default();
    assert_eq!(thread.unread(), None);
    thread.page(None, vec![sent(2, "Sí"), said(1)], None);
    assert_eq!(thread.unread(), Some(Position::of(&said(1))));
    thread.report(&MessageId::new("m001"), MessageStatus::Read);
    assert_eq!(thread.unread(), None);
    let seen = thread.newest();
    thread.hear(said(3));
    thread.hear(sent(4, "Ya"));
    assert_eq!(thread.heard_after(seen.as_ref()).count(), 1, "one's own words are no news");
}

#[test]
fn with_the_network_what_got_no_answer_goes_out_and_what_was_refused_waits() {
    let mut thread = Thread::default();
    written(&mut thread, "k1", "Uno");
    written(&mut thread, "k2", "Dos");
    thread.failed("k1", Failure::Refused("too long".to_owned()));
    thread.failed("k2", Failure::NoAnswer);
    assert!(thread.to_send().is_none());
    thread.retry_unanswered();
    assert_eq!(thread.to_send().map(|out| out.key.as_str()), Some("k2"));
    assert_eq!(thread.lines()[0].standing, Standing::Unsent(Failure::Refused("too long".to_owned())));
}
