#![allow(clippy::unwrap_used)]

use latido_protocol::{
    conversation::{Author, Channel, ContactName, MessageText},
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
        last_message: last,
        unread,
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
    inbox.page(vec![conversation(1, Some(inbound(1, 5)), 0), conversation(2, None, 0)], true);
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
    inbox.page(vec![before.clone()], true);
    inbox.hear(&inbound(1, 6));
    inbox.page(vec![before], true);
    assert_eq!(order(&inbox), [("c1", 2)]);
    inbox.page(vec![conversation(1, Some(inbound(1, 6)), 1)], true);
    assert_eq!(order(&inbox), [("c1", 1)], "of the same moment the server knows better");
}

#[test]
fn an_answer_from_before_the_reading_does_not_make_it_unread() {
    let mut inbox = Inbox::default();
    let before = conversation(1, Some(inbound(1, 5)), 3);
    inbox.page(vec![before.clone()], true);
    inbox.report(&contact(1), &MessageId::new("m005"), MessageStatus::Read);
    assert_eq!(order(&inbox), [("c1", 0)]);
    inbox.page(vec![before], true);
    assert_eq!(order(&inbox), [("c1", 0)]);
    inbox.hear(&inbound(1, 8));
    assert_eq!(order(&inbox), [("c1", 1)]);
    inbox.page(vec![conversation(1, Some(inbound(1, 8)), 1)], true);
    assert_eq!(order(&inbox), [("c1", 1)]);
}

#[test]
fn a_whole_answer_ends_what_it_does_not_name() {
    let mut inbox = Inbox::default();
    inbox.page(vec![conversation(1, None, 0), conversation(2, None, 0)], true);
    inbox.page(vec![conversation(2, None, 0)], false);
    assert_eq!(order(&inbox).len(), 2, "a page of many says nothing of the others");
    inbox.page(vec![conversation(2, None, 0)], true);
    assert_eq!(order(&inbox), [("c2", 0)]);
}

proptest! {
    #[test]
    fn the_newest_message_stays_whatever_comes_late(
        seconds in prop::collection::vec((1..40_i64, any::<bool>()), 1..20),
    ) {
        let mut inbox = Inbox::default();
        inbox.page(vec![conversation(1, None, 0)], true);
        let mut newest = 0;
        for (second, by_event) in seconds {
            let message = inbound(1, second);
            if by_event {
                inbox.hear(&message);
            } else {
                inbox.page(vec![conversation(1, Some(message), 1)], true);
            }
            newest = newest.max(second);
            let shown = inbox.find(&contact(1)).and_then(|shown| shown.last_message.clone());
            prop_assert_eq!(shown, Some(inbound(1, newest)));
        }
    }
}
