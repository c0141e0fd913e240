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

const NOW: Timestamp = Timestamp::EPOCH;

/// Applies a whole answer, asked for now.
fn answer(inbox: &mut Inbox, conversations: Vec<Conversation>) {
    let mark = inbox.begin_fetch(NOW);
    answer_to(inbox, mark, conversations, None);
}

fn answer_to(inbox: &mut Inbox, mark: FetchMark, conversations: Vec<Conversation>, more: Option<&str>) {
    inbox.apply_first_page(mark, Conversations { conversations, next_cursor: more.map(str::to_owned) }, true);
}

fn hear(inbox: &mut Inbox, message: &Message) -> bool {
    inbox.hear(message, NOW)
}

fn report_read(inbox: &mut Inbox, id: &str) {
    inbox.report(&contact(1), &MessageId::new(id), MessageStatus::Read, NOW);
}

fn order(inbox: &Inbox) -> Vec<(&str, u32)> {
    let shown = inbox.conversations();
    shown.map(|conversation| (conversation.contact_id.as_str(), conversation.unread)).collect()
}

#[test]
fn who_spoke_last_stands_first() {
    let mut inbox = Inbox::default();
    answer(&mut inbox, vec![conversation(1, Some(inbound(1, 5)), 0), conversation(2, None, 0)]);
    assert!(hear(&mut inbox, &inbound(2, 7)));
    assert_eq!(order(&inbox), [("c2", 1), ("c1", 0)]);
    assert!(hear(&mut inbox, &inbound(2, 7)), "told twice");
    assert_eq!(order(&inbox), [("c2", 1), ("c1", 0)]);
    assert!(!hear(&mut inbox, &inbound(3, 8)), "somebody new has to be asked for");
}

#[test]
fn answer_from_before_an_event_does_not_undo_it() {
    let mut inbox = Inbox::default();
    let before = conversation(1, Some(inbound(1, 5)), 1);
    answer(&mut inbox, vec![before.clone()]);
    let mark = inbox.begin_fetch(NOW);
    hear(&mut inbox, &inbound(1, 6));
    answer_to(&mut inbox, mark, vec![before], None);
    assert_eq!(order(&inbox), [("c1", 2)]);
    answer(&mut inbox, vec![conversation(1, Some(inbound(1, 6)), 1)]);
    assert_eq!(order(&inbox), [("c1", 1)], "asked for behind the event the server knows better");
}

#[test]
fn answer_from_before_the_reading_makes_nothing_unread() {
    let mut inbox = Inbox::default();
    let before = conversation(1, Some(inbound(1, 5)), 3);
    answer(&mut inbox, vec![before.clone()]);
    let mark = inbox.begin_fetch(NOW);
    report_read(&mut inbox, "m005");
    assert_eq!(order(&inbox), [("c1", 0)]);
    answer_to(&mut inbox, mark, vec![before], None);
    assert_eq!(order(&inbox), [("c1", 0)]);
    hear(&mut inbox, &inbound(1, 8));
    assert_eq!(order(&inbox), [("c1", 1)]);
}

#[test]
fn lagging_answer_does_not_undo_the_reading() {
    let mut inbox = Inbox::default();
    let before = conversation(1, Some(inbound(1, 5)), 3);
    answer(&mut inbox, vec![before.clone()]);
    inbox.read(&contact(1), NOW.plus_ms(3_000));
    let mark = inbox.begin_fetch(NOW.plus_ms(1_000));
    answer_to(&mut inbox, mark, vec![before.clone()], None);
    assert_eq!(order(&inbox), [("c1", 0)], "the index may not know of it yet");
    let mark = inbox.begin_fetch(NOW.plus_ms(3_000));
    answer_to(&mut inbox, mark, vec![before], None);
    assert_eq!(order(&inbox), [("c1", 3)]);
}

fn needs_answer(inbox: &Inbox) -> bool {
    inbox.find(&contact(1)).is_some_and(|known| known.needs_answer)
}

#[test]
fn an_answer_clears_what_reading_does_not() {
    let mut inbox = Inbox::default();
    answer(&mut inbox, vec![conversation(1, None, 0)]);
    hear(&mut inbox, &inbound(1, 5));
    inbox.read(&contact(1), NOW);
    assert!(needs_answer(&inbox));
    hear(&mut inbox, &Message { author: Author::Bot, ..message(1, 6, Direction::Outbound) });
    assert!(needs_answer(&inbox), "the assistant's answer is none");
    hear(&mut inbox, &message(1, 7, Direction::Outbound));
    assert!(!needs_answer(&inbox));
}

#[test]
fn late_answer_does_not_ask_for_a_reply_again() {
    let mut inbox = Inbox::default();
    let before = conversation(1, Some(inbound(1, 5)), 0);
    answer(&mut inbox, vec![before.clone()]);
    let mark = inbox.begin_fetch(NOW);
    inbox.need_no_answer(&contact(1), &MessageId::new("m005"), NOW);
    answer_to(&mut inbox, mark, vec![before], None);
    assert!(!needs_answer(&inbox));
    hear(&mut inbox, &inbound(1, 8));
    assert!(needs_answer(&inbox), "what comes later is asked anew");
    inbox.need_no_answer(&contact(1), &MessageId::new("m005"), NOW);
    assert!(needs_answer(&inbox), "something newer came");
}

#[test]
fn on_the_contacts_side_the_teams_messages_are_unread() {
    let mut inbox = Inbox::default();
    answer(&mut inbox, vec![Conversation { side: Side::Contact, ..conversation(1, None, 0) }]);
    hear(&mut inbox, &inbound(1, 5));
    assert_eq!(order(&inbox), [("c1", 0)]);
    hear(&mut inbox, &message(1, 6, Direction::Outbound));
    hear(&mut inbox, &inbound(1, 7));
    assert_eq!(order(&inbox), [("c1", 1)]);
    report_read(&mut inbox, "m007");
    assert_eq!(order(&inbox), [("c1", 1)], "the team has read hers; she has not read theirs");
    hear(&mut inbox, &message(1, 8, Direction::Outbound));
    report_read(&mut inbox, "m008");
    assert_eq!(order(&inbox), [("c1", 0)]);
}

#[test]
fn whole_answer_ends_what_it_does_not_name() {
    let mut inbox = Inbox::default();
    let at = |number, second| conversation(number, Some(inbound(number, second)), 0);
    answer(&mut inbox, vec![at(2, 2), at(1, 1)]);
    let mark = inbox.begin_fetch(NOW);
    answer_to(&mut inbox, mark, vec![at(2, 2)], Some("more"));
    assert_eq!(order(&inbox).len(), 2, "a page says nothing of those behind it");
    answer(&mut inbox, vec![at(2, 2)]);
    assert_eq!(order(&inbox), [("c2", 0)]);
}

#[test]
fn older_answer_keeps_a_newer_conversation() {
    let mut inbox = Inbox::default();
    answer(&mut inbox, vec![conversation(1, None, 0)]);
    let mark = inbox.begin_fetch(NOW);
    inbox.put(conversation(2, Some(inbound(2, 5)), 1), NOW);
    answer_to(&mut inbox, mark, vec![conversation(1, None, 0)], None);
    assert_eq!(order(&inbox), [("c2", 1), ("c1", 0)]);
    answer(&mut inbox, vec![conversation(1, None, 0)]);
    assert_eq!(order(&inbox), [("c1", 0)], "the answer is newer");
}

proptest! {
    #[test]
    fn the_newest_message_stays_whatever_comes_late(
        seconds in prop::collection::vec((1..40_i64, any::<bool>()), 1..20),
    ) {
        let mut inbox = Inbox::default();
        answer(&mut inbox, vec![conversation(1, None, 0)]);
        let mut newest = 0;
        for (second, by_event) in seconds {
            let message = inbound(1, second);
            if by_event {
                hear(&mut inbox, &message);
            } else {
                answer(&mut inbox, vec![conversation(1, Some(message), 1)]);
            }
            newest = newest.max(second);
            let shown = inbox.find(&contact(1)).and_then(|shown| shown.last_message.clone());
            prop_assert_eq!(shown, Some(inbound(1, newest)));
        }
    }
}
