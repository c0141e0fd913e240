//! Conversations: a contact on `WhatsApp` or the web, and the messages that went to and fro.
//!
//! A message's status is a rung on a ladder, and a report that arrives late never takes it down again.
//! So whatever order a provider's reports arrive in, all sides end with the same status.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    event::Announce,
    id::Id,
    time::Timestamp,
    values::{bounded_text, words},
};

pub const PATH: &str = "/conversations";

/// Names the kind of a [`ContactId`].
pub enum ContactKind {}
pub type ContactId = Id<ContactKind>;
pub type MessageId = Id<Message>;

bounded_text!(
    /// How a contact is called.
    ContactName, 100
);
bounded_text!(
    /// Where a contact is reached: a telephone number on `WhatsApp`, whatever identifies a visitor on the web.
    Address, 100
);
bounded_text!(
    /// What a message says.
    MessageText, 4096
);
words!(
    /// By which way a contact writes.
    Channel { WhatsApp = "whatsapp", Web = "web" }
);
words!(
    /// Seen from here: inbound messages come from the contact.
    Direction { Inbound = "inbound", Outbound = "outbound" }
);
words!(
    /// Who wrote a message: the contact, the assistant, or a person at the dashboard.
    Author { Contact = "contact", Bot = "bot", Coach = "coach" }
);
words!(
    /// How far a message has come, from the lowest rung to the highest. `Failed` stands below `Delivered`: a
    /// message that was given up and arrives all the same has arrived, and one that has arrived cannot fail.
    MessageStatus {
        Queued = "queued", Sent = "sent", Failed = "failed", Delivered = "delivered", Read = "read"
    }
);

impl MessageStatus {
    /// The status after a report of `reported`; `None` when the report says nothing new.
    pub fn after(self, reported: Self) -> Option<Self> {
        (reported > self).then_some(reported)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub id: MessageId,
    pub contact_id: ContactId,
    pub direction: Direction,
    pub author: Author,
    pub text: MessageText,
    pub status: MessageStatus,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    pub contact_id: ContactId,
    pub name: ContactName,
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Message>,
    /// Inbound messages that nobody here has read.
    pub unread: u32,
    /// When the contact was created or something was last said. Reading does not change it.
    pub updated_at: Timestamp,
}

/// The answer to a list request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conversations {
    pub conversations: Vec<Conversation>,
    #[serde(default)]
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConversationOne {
    pub conversation: Conversation,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Messages {
    pub messages: Vec<Message>,
    #[serde(default)]
    pub next_cursor: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageOne {
    pub message: Message,
}

/// What is told about conversations. The first two are numbered like every change of a record; typing is
/// gone a moment later, carries no number, and reaches only those who have the conversation open.
#[derive(Clone, Debug, PartialEq)]
pub enum ConversationEvent {
    New(Message),
    /// `Read` of an inbound message says that everything the contact wrote up to it has been read.
    Status {
        contact: ContactId,
        message: MessageId,
        status: MessageStatus,
    },
    TypingStart(ContactId),
    TypingStop(ContactId),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewData<'a> {
    contact_id: &'a ContactId,
    message: &'a Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusData<'a> {
    contact_id: &'a ContactId,
    message_id: &'a MessageId,
    status: MessageStatus,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypingData<'a> {
    contact_id: &'a ContactId,
}

impl Announce for ConversationEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::New(_) => "message:new",
            Self::Status { .. } => "message:status",
            Self::TypingStart(_) => "typing:start",
            Self::TypingStop(_) => "typing:stop",
        }
    }

    fn data(&self) -> serde_json::Result<Box<RawValue>> {
        use serde_json::value::to_raw_value;
        match self {
            Self::New(message) => to_raw_value(&NewData { contact_id: &message.contact_id, message }),
            Self::Status { contact, message, status } => {
                to_raw_value(&StatusData { contact_id: contact, message_id: message, status: *status })
            }
            Self::TypingStart(contact_id) | Self::TypingStop(contact_id) => {
                to_raw_value(&TypingData { contact_id })
            }
        }
    }
}

/// The room of a conversation, as `subscribe` spells it: `conversation:<contactId>`.
pub fn channel_of(contact: &ContactId) -> String {
    format!("{ROOM_PREFIX}{contact}")
}

/// The conversation that a channel of `subscribe` names.
pub fn contact_of(channel: &str) -> Option<ContactId> {
    channel.strip_prefix(ROOM_PREFIX).filter(|id| !id.is_empty()).map(ContactId::new)
}

const ROOM_PREFIX: &str = "conversation:";

#[cfg(test)]
mod tests {
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
        let typing = ConversationEvent::TypingStop(ContactId::new("c1"));
        assert_eq!((typing.name(), typing.data().unwrap().get()), ("typing:stop", r#"{"contactId":"c1"}"#));
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
}
