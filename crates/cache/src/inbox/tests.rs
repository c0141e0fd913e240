#![allow(clippy::unwrap_used)]

use latido_protocol::{
    conversation::{Author, Channel, ContactName, Direction, MessageText, Side},
    time::Timestamp,
};
use proptest::prelude::*;

use super::*;

fn contact(number: u8) -> ContactId {
    ContactId::new(format!("c{number}"))
}

fn message(number: u8, second: i64, direction: Direction) -> Message {
    Message {
        id: MessageId::new(format!("m{second:03}")),
        contact_id: contact(number),
        direction,
        author: if direction == Direction::Inbound { Author::Contact } else { Author::Coach },
        text: MessageText::new("Hola").unwrap(),
        status: MessageStatus::Delivered,
        created_at: Timestamp::from_unix_ms(second * 1_000),
    }
}

fn conversation(number: u8, last: Option<Message>, unread: u32) -> Conversation {
    Conversation {
        contact_id: contact(number),
        name: ContactName::new("Ana").unwrap(),
        channel: Channel::Web,
        updated_at: last.as_ref().map_or(Timestamp::from_unix_ms(0), |last| last.created_at),
        needs_answer: last.as_ref().is_some_and(|last| last.direction == Direction::Inbound),
        last_message: last,
        unread,
        side: Side::Team,
    }
}

fn inbound(number: u8, second: i64) -> Message {
    message(number, second, Direction::Inbound)
}

fn order(inbox: &Inbox) -> Vec<(&str, u32)> {
    let shown = inbox.conversations().iter();
    shown.map(|conversation| (conversation.contact_id.as_str(), conversation.unread)).collect()
}

#[test]
fn who_spoke_last_stands_first() {
    let mut inbox = Inbox::default();
    inbox.page(vec![conversation(1, Some(inbound(1, 5)), 0), conversation(2, None, 0)], Some(1));
    assert!(inbox.hear(&inbound(2, 7)));
    assert_eq!(order(&inbox), [("c2", 1), ("c1", 0)]);
    assert!(inbox.hear(&inbound(2, 7)), "told twice");
    assert_eq!(order(&inbox), [("c2", 1), ("c1", 0)]);
    assert!(!inbox.hear(&inbound(3, 8)), "somebody new has to be asked for");
}

#[test]
fn an_answer_from_before_an_event_does_not_undo_it() {
    let mut inbox = Inbox::default();
    let before = conversation(1, Some(inbound(1, 5)), 1);
    inbox.page(vec![before.clone()], Some(1));
    inbox.hear(&inbound(1, 6));
    inbox.page(vec![before], Some(1));
    assert_eq!(order(&inbox), [("c1", 2)]);
    inbox.page(vec![conversation(1, Some(inbound(1, 6)), 1)], Some(1));
    assert_eq!(order(&inbox), [("c1", 1)], "of the same moment the server knows better");
}

#[test]
fn an_answer_from_before_the_reading_does_not_make_it_unread() {
    let mut inbox = Inbox::default();
    let before = conversation(1, Some(inbound(1, 5)), 3);
    inbox.page(vec![before.clone()], Some(1));
    inbox.report(&contact(1), &MessageId::new("m005"), MessageStatus::Read);
    assert_eq!(order(&inbox), [("c1", 0)]);
    inbox.page(vec![before], Some(1));
    assert_eq!(order(&inbox), [("c1", 0)]);
    inbox.hear(&inbound(1, 8));
    assert_eq!(order(&inbox), [("c1", 1)]);
    inbox.page(vec![conversation(1, Some(inbound(1, 8)), 1)], Some(1));
    assert_eq!(order(&inbox), [("c1", 1)]);
}

fn needs_answer(inbox: &Inbox) -> bool {
    inbox.find(&contact(1)).is_some_and(|known| known.needs_answer)
}

#[test]
fn an_answer_clears_what_reading_does_not() {
    let mut inbox = Inbox::default();
    inbox.page(vec![conversation(1, None, 0)], Some(1));
    inbox.hear(&inbound(1, 5));
    inbox.read(&contact(1));
    assert!(needs_answer(&inbox));
    inbox.hear(&Message { author: Author::Bot, ..message(1, 6, Direction::Outbound) });
    assert!(needs_answer(&inbox), "the assistant's answer is none");
    inbox.hear(&message(1, 7, Direction::Outbound));
    assert!(!needs_answer(&inbox));
}

#[test]
fn a_late_page_does_not_ask_for_an_answer_again() {
    let mut inbox = Inbox::default();
    let before = conversation(1, Some(inbound(1, 5)), 0);
    inbox.page(vec![before.clone()], Some(1));
    inbox.need_no_answer(&contact(1));
    inbox.page(vec![before], Some(1));
    assert!(!needs_answer(&inbox));
    inbox.hear(&inbound(1, 8));
    assert!(needs_answer(&inbox), "what comes later is asked anew");
}

#[test]
fn on_the_contacts_side_the_teams_messages_are_unread() {
    let mut inbox = Inbox::default();
    inbox.page(vec![Conversation { side: Side::Contact, ..conversation(1, None, 0) }], Some(1));
    inbox.hear(&inbound(1, 5));
    assert_eq!(order(&inbox), [("c1", 0)]);
    inbox.hear(&message(1, 6, Direction::Outbound));
    inbox.hear(&inbound(1, 7));
    assert_eq!(order(&inbox), [("c1", 1)]);
    inbox.report(&contact(1), &MessageId::new("m007"), MessageStatus::Read);
    assert_eq!(order(&inbox), [("c1", 1)], "the team has read hers; she has not read theirs");
    inbox.hear(&message(1, 8, Direction::Outbound));
    inbox.report(&contact(1), &MessageId::new("m008"), MessageStatus::Read);
    assert_eq!(order(&inbox), [("c1", 0)]);
}

#[test]
fn a_whole_answer_ends_what_it_does_not_name() {
    let mut inbox = Inbox::default();
    inbox.page(vec![conversation(1, None, 0), conversation(2, None, 0)], Some(1));
    inbox.page(vec![conversation(2, None, 0)], None);
    assert_eq!(order(&inbox).len(), 2, "a page of many says nothing of the others");
    inbox.page(vec![conversation(2, None, 0)], Some(1));
    assert_eq!(order(&inbox), [("c2", 0)]);
}

#[test]
fn an_older_answer_keeps_a_newer_conversation() {
    let mut inbox = Inbox::default();
    inbox.page(vec![conversation(1, None, 0)], Some(1));
    inbox.put(conversation(2, Some(inbound(2, 5)), 1), 3);
    inbox.page(vec![conversation(1, None, 0)], Some(2));
    assert_eq!(order(&inbox), [("c2", 1), ("c1", 0)]);
    inbox.page(vec![conversation(1, None, 0)], Some(4));
    assert_eq!(order(&inbox), [("c1", 0)], "the answer is newer");
}

proptest! {
    #[test]
    fn the_newest_message_stays_whatever_comes_late(
        seconds in prop::collection::vec((1..40_i64, any::<bool>()), 1..20),
    ) {
        let mut inbox = Inbox::default();
        inbox.page(vec![conversation(1, None, 0)], Some(1));
        let mut newest = 0;
        for (second, by_event) in seconds {
            let message = inbound(1, second);
            if by_event {
                inbox.hear(&message);
            } else {
                inbox.page(vec![conversation(1, Some(message), 1)], Some(1));
            }
            newest = newest.max(second);
            let shown = inbox.find(&contact(1)).and_then(|shown| shown.last_message.clone());
            prop_assert_eq!(shown, Some(inbound(1, newest)));
        }
    }
}
