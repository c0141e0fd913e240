use proptest::{prelude::*, sample::select};

use super::*;

fn message() -> Message {
    Message {
        id: MessageId::new("m1"),
        contact_id: ContactId::new("c1"),
        direction: Direction::Inbound,
        author: Author::Contact,
        text: MessageText::new("Hola").unwrap(),
        status: MessageStatus::Delivered,
        created_at: Timestamp::parse("2026-11-21T08:15:00Z").unwrap(),
    }
}

#[test]
fn events_are_spelled_as_the_contract_spells_them() {
    let new = ConversationEvent::New(message());
    assert_eq!(new.name(), "message:new");
    assert_eq!(
        new.data().unwrap().get(),
        r#"{"contactId":"c1","message":{"id":"m1","contactId":"c1","direction":"inbound","author":"contact","text":"Hola","status":"delivered","createdAt":"2026-11-21T08:15:00.000Z"}}"#
    );
    let status = ConversationEvent::Status {
        contact: ContactId::new("c1"),
        message: MessageId::new("m1"),
        status: MessageStatus::Read,
    };
    assert_eq!(status.name(), "message:status");
    assert_eq!(status.data().unwrap().get(), r#"{"contactId":"c1","messageId":"m1","status":"read"}"#);
    let typing = ConversationEvent::TypingStop(ContactId::new("c1"), Side::Team);
    assert_eq!(
        (typing.name(), typing.data().unwrap().get()),
        ("typing:stop", r#"{"contactId":"c1","by":"team"}"#)
    );
    let none =
        ConversationEvent::NoAnswerNeeded { contact: ContactId::new("c1"), message: MessageId::new("m1") };
    assert_eq!(none.name(), "conversation:updated");
    assert_eq!(none.data().unwrap().get(), r#"{"contactId":"c1","messageId":"m1","needsAnswer":false}"#);
}

#[test]
fn a_channel_names_its_conversation() {
    assert_eq!(contact_of(&channel_of(&ContactId::new("c1"))), Some(ContactId::new("c1")));
    for channel in ["", "conversation:", "device:c1", "c1"] {
        assert_eq!(contact_of(channel), None, "{channel}");
    }
}

#[test]
fn only_what_is_under_way_can_fail() {
    use MessageStatus::{Delivered, Failed, Queued, Read, Sent};
    assert_eq!(Queued.after(Failed), Some(Failed));
    assert_eq!(Sent.after(Failed), Some(Failed));
    assert_eq!(Delivered.after(Failed), None);
    assert_eq!(Read.after(Failed), None);
    assert_eq!(Failed.after(Sent), None, "a late report of sending does not revive it");
    assert_eq!(Delivered.after(Sent), None);
}

proptest! {
    #[test]
    fn reports_in_any_order_end_alike(
        reports in prop::collection::vec(select(MessageStatus::ALL), 0..12).prop_shuffle(),
    ) {
        let arrive = |reports: &[MessageStatus]| {
            let mut status = MessageStatus::Queued;
            for report in reports {
                let after = status.after(*report);
                prop_assert!(after.is_none_or(|after| after > status), "a status only moves forward");
                status = after.unwrap_or(status);
            }
            Ok(status)
        };
        let mut sorted = reports.clone();
        sorted.sort_unstable();
        prop_assert_eq!(arrive(&reports)?, arrive(&sorted)?);
    }
}
