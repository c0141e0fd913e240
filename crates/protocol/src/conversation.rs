//! Conversations: a contact on `WhatsApp` or the web, and the messages that went to and fro.
//!
//! A message's status is a rung on a ladder, and a report that arrives late never takes it down again.
//! So whatever order a provider's reports arrive in, all sides end with the same status.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    event::{Event, WireEvent},
    id::Id,
    phone::PhoneNumber,
    time::Timestamp,
    values::{Invalid, bounded_text, words},
};

/// The path of the list, below the API's base. One conversation's messages are at
/// `/conversations/{contactId}/messages`.
pub const PATH: &str = "/conversations";

/// Names the kind of a [`ContactId`]. Has no values.
pub enum ContactKind {}
/// The id of a contact, and so of the conversation with it.
pub type ContactId = Id<ContactKind>;
/// The id of a message.
pub type MessageId = Id<Message>;

bounded_text!(
    /// The name under which a contact is shown.
    ContactName, 100
);
bounded_text!(
    /// The address of a contact on its channel: an E.164 number with a leading plus on `WhatsApp`, on the web the
    /// text that identifies a visitor. Made from outside input by [`Address::on`], so that one number has one spelling.
    Address, 100
);

impl Address {
    /// Parses an address as people write it. On `WhatsApp` it is kept as E.164, with a leading plus.
    ///
    /// # Errors
    ///
    /// On `WhatsApp` those of [`PhoneNumber::new`], on the web those of [`Address::new`].
    pub fn on(channel: Channel, text: &str) -> Result<Self, Invalid> {
        match channel {
            Channel::WhatsApp => PhoneNumber::new(text).map(Self::from),
            Channel::Web => Self::new(text),
        }
    }

    /// Parses an address as a provider writes it, whose telephone numbers may lack the plus.
    ///
    /// # Errors
    ///
    /// On `WhatsApp` those of [`PhoneNumber::of_provider`], on the web those of [`Address::new`].
    pub fn of_provider(channel: Channel, text: &str) -> Result<Self, Invalid> {
        match channel {
            Channel::WhatsApp => PhoneNumber::of_provider(text).map(Self::from),
            Channel::Web => Self::new(text),
        }
    }
}

impl From<PhoneNumber> for Address {
    fn from(number: PhoneNumber) -> Self {
        Self(number.to_string())
    }
}
bounded_text!(
    /// The text of a message.
    MessageText, 4096
);
words!(
    /// The service over which a contact writes. It decides what an [`Address`] is.
    Channel {
        /// `WhatsApp`, by telephone number.
        WhatsApp = "whatsapp",
        /// The web, as a visitor.
        Web = "web",
    }
);
words!(
    /// The direction of a message, seen from the team, for readers on either side.
    Direction {
        /// From the contact's side, also if the person wrote it in the dashboard.
        Inbound = "inbound",
        /// From the team's side to the contact.
        Outbound = "outbound",
    }
);
words!(
    /// The writer of a message.
    Author {
        /// The contact, or the person whose contact it is, in the dashboard.
        Contact = "contact",
        /// The assistant.
        Bot = "bot",
        /// A member of the team, in the dashboard.
        Coach = "coach",
    }
);
words!(
    /// The side of a conversation that a user is on.
    Side {
        /// The contact, and the person whose contact it is: one voice.
        Contact = "contact",
        /// The person's coaches and the assistant.
        Team = "team",
    }
);
words!(
    /// The progress of a message, from the lowest rung to the highest. `Failed` stands below `Delivered`: a
    /// message that was given up and arrives all the same has arrived, and one that has arrived cannot fail.
    MessageStatus {
        /// Waits for the provider to take it.
        Queued = "queued",
        /// Taken by the provider.
        Sent = "sent",
        /// Given up: not delivered.
        Failed = "failed",
        /// Arrived at the receiver. An inbound message begins here.
        Delivered = "delivered",
        /// Read. For a reader of the team an inbound message is read once this reader has read it.
        Read = "read",
    }
);

/// [`Side::Team`], for a backend without the field serves the team only.
impl Default for Side {
    fn default() -> Self {
        Self::Team
    }
}

impl Side {
    /// Whether a message of this author was written on this side. The assistant belongs to the team.
    pub fn wrote(self, author: Author) -> bool {
        (self == Self::Contact) == (author == Author::Contact)
    }

    /// The direction of the messages that this side receives.
    pub fn receives(self) -> Direction {
        match self {
            Self::Contact => Direction::Outbound,
            Self::Team => Direction::Inbound,
        }
    }

    /// The author of messages written in the dashboard on this side.
    pub fn author(self) -> Author {
        match self {
            Self::Contact => Author::Contact,
            Self::Team => Author::Coach,
        }
    }
}

impl MessageStatus {
    /// The status after a report of `reported`; `None` if the report brings no higher rung.
    pub fn after(self, reported: Self) -> Option<Self> {
        (reported > self).then_some(reported)
    }
}

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The server's id.
    pub id: MessageId,
    /// The contact of the conversation.
    pub contact_id: ContactId,
    /// From the contact's side or to it.
    pub direction: Direction,
    /// The writer.
    pub author: Author,
    /// The text, 1 to 4,096 characters.
    pub text: MessageText,
    /// The highest rung reached so far.
    pub status: MessageStatus,
    /// When the backend stored it. Lists are ordered by it.
    pub created_at: Timestamp,
}

/// A conversation, as its list shows it to the caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    /// The contact, which identifies the conversation.
    pub contact_id: ContactId,
    /// The contact's name.
    pub name: ContactName,
    /// The service over which the contact writes.
    pub channel: Channel,
    /// The newest message; absent in a conversation without messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Message>,
    /// Messages of the other side that the caller has not read. Others have their own number.
    pub unread: u32,
    /// The caller's side.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub side: Side,
    /// Whether the team has not answered the contact's newest message. Reading does not change it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub needs_answer: bool,
    /// When the contact was created or the newest message came. Reading does not change it.
    pub updated_at: Timestamp,
}

/// The response of `GET /conversations`, newest `updatedAt` first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Conversations {
    /// The conversations of this page.
    pub conversations: Vec<Conversation>,
    /// The `cursor` of the next page; `null` or absent on the last one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// The response to a request for one conversation, `{"conversation":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationOne {
    /// The conversation asked for.
    pub conversation: Conversation,
}

/// The response of `GET /conversations/{contactId}/messages`, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Messages {
    /// The messages of this page.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub messages: Vec<Message>,
    /// The `cursor` of the next page of older messages; `null` or absent on the last one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// The response to a request for one message, `{"message":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageOne {
    /// The message asked for, or just created.
    pub message: Message,
}

/// Events about conversations. The first three are numbered like every change of a record; typing is
/// gone a moment later, carries no number, and reaches only those who have the conversation open.
#[derive(Clone, Debug, PartialEq)]
pub enum ConversationEvent {
    /// A new message: `message:new`.
    New(Message),
    /// A message's new status: `message:status`.
    ///
    /// `Read` of an inbound message means that everything the contact wrote up to it has been read: by the
    /// receiver, if the receiver is of the team, else by a member of the team.
    Status {
        /// The contact of the conversation; `contactId` on the wire.
        contact: ContactId,
        /// The message; `messageId` on the wire.
        message: MessageId,
        /// The new status.
        status: MessageStatus,
    },
    /// A member of the team has marked that the contact's messages up to `message` need no answer:
    /// `conversation:updated`, with `"needsAnswer":false`.
    NoAnswerNeeded {
        /// The contact of the conversation; `contactId` on the wire.
        contact: ContactId,
        /// The newest message that needs no answer; `messageId` on the wire.
        message: MessageId,
    },
    /// Typing began or goes on, on this side (`by` on the wire): `typing:start`.
    TypingStart(ContactId, Side),
    /// Typing ended, on this side (`by` on the wire): `typing:stop`.
    TypingStop(ContactId, Side),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewData<'a> {
    /// Written for clients that route by it. The message says it too.
    #[serde(default)]
    contact_id: Option<Cow<'a, ContactId>>,
    message: Cow<'a, Message>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatusData<'a> {
    contact_id: Cow<'a, ContactId>,
    message_id: Cow<'a, MessageId>,
    status: MessageStatus,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NoAnswerData<'a> {
    contact_id: Cow<'a, ContactId>,
    message_id: Cow<'a, MessageId>,
    needs_answer: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypingData<'a> {
    contact_id: &'a ContactId,
    by: Side,
}

impl WireEvent for ConversationEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::New(_) => "message:new",
            Self::Status { .. } => "message:status",
            Self::NoAnswerNeeded { .. } => "conversation:updated",
            Self::TypingStart(..) => "typing:start",
            Self::TypingStop(..) => "typing:stop",
        }
    }

    fn data(&self) -> serde_json::Result<Box<RawValue>> {
        use serde_json::value::to_raw_value;
        match self {
            Self::New(message) => to_raw_value(&NewData {
                contact_id: Some(Cow::Borrowed(&message.contact_id)),
                message: Cow::Borrowed(message),
            }),
            Self::Status { contact, message, status } => to_raw_value(&StatusData {
                contact_id: Cow::Borrowed(contact),
                message_id: Cow::Borrowed(message),
                status: *status,
            }),
            Self::NoAnswerNeeded { contact, message } => to_raw_value(&NoAnswerData {
                contact_id: Cow::Borrowed(contact),
                message_id: Cow::Borrowed(message),
                needs_answer: false,
            }),
            Self::TypingStart(contact_id, by) | Self::TypingStop(contact_id, by) => {
                to_raw_value(&TypingData { contact_id, by: *by })
            }
        }
    }
}

impl ConversationEvent {
    /// The event as a client reads it. `None` for any other event, for typing, which plain backends spell without a
    /// side, and for data that cannot be read.
    pub fn read(event: &Event) -> Option<Self> {
        if let Some(NewData { message, .. }) = event.read("message:new") {
            return Some(Self::New(message.into_owned()));
        }
        if let Some(StatusData { contact_id, message_id, status }) = event.read("message:status") {
            let (contact, message) = (contact_id.into_owned(), message_id.into_owned());
            return Some(Self::Status { contact, message, status });
        }
        match event.read("conversation:updated")? {
            NoAnswerData { contact_id, message_id, needs_answer: false } => {
                let (contact, message) = (contact_id.into_owned(), message_id.into_owned());
                Some(Self::NoAnswerNeeded { contact, message })
            }
            NoAnswerData { .. } => None,
        }
    }
}

/// The room of a conversation, as `subscribe` spells it: `conversation:<contactId>`.
pub fn channel_of(contact: &ContactId) -> String {
    format!("{ROOM_PREFIX}{contact}")
}

/// The contact of a room, read from a channel of `subscribe`; `None` if the channel is no `conversation:<contactId>`.
pub fn contact_of(channel: &str) -> Option<ContactId> {
    channel.strip_prefix(ROOM_PREFIX).filter(|id| !id.is_empty()).map(ContactId::new)
}

const ROOM_PREFIX: &str = "conversation:";

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
