//! Messages: what is said, how far it has come, what is still to be read. Each runs inside one transaction
//! of the writer: the message, the conversation it is the last of, what is to be delivered, and what its
//! viewers are told are one.

use latido_protocol::{
    conversation::{
        Author, ConversationEvent, Direction, Message, MessageId, MessageStatus, MessageText, Side,
    },
    delivery::DeliveryKind,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    access,
    contact::{self, Contact},
    error::DomainError,
    fields::{Fields, Object, text},
    outbox,
    store::{Read, Slice, StoreError, Stored, Write},
};

/// A message as it is kept, with its conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredMessage {
    pub message: Message,
    /// By which the provider knows it, if it came from there.
    pub provider_id: Option<String>,
    /// The how manieth of its direction it is, as [`Contact::inbound`] and [`Contact::outbound`] count.
    #[serde(default)]
    pub number: i64,
}

/// The facet of an inbound message that nobody of the team has read.
pub const UNREAD: &str = "unread";
/// The facet of an outbound message that the contact's side has not read.
pub const UNSEEN: &str = "unseen";

impl Stored for StoredMessage {
    const COLLECTION: &'static str = "message";

    fn id(&self) -> &str {
        self.message.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.message.created_at
    }

    fn facet(&self) -> &'static str {
        match (self.message.status, self.message.direction) {
            (MessageStatus::Read, _) => "",
            (_, Direction::Inbound) => UNREAD,
            (_, Direction::Outbound) => UNSEEN,
        }
    }
}

/// Leads from a provider's id to the message, so that nothing is taken twice.
#[derive(Serialize, Deserialize)]
struct ProviderMessage {
    id: String,
    message: MessageId,
    at: Timestamp,
}

impl Stored for ProviderMessage {
    const COLLECTION: &'static str = "taken";

    fn id(&self) -> &str {
        &self.id
    }

    fn at(&self) -> Timestamp {
        self.at
    }
}

/// The text of a message that is to be sent.
pub fn draft(body: &Object) -> Result<MessageText, DomainError> {
    let mut fields = Fields::of(body);
    let text = fields.required("text", text(MessageText::new));
    fields.finish(text).map_err(DomainError::Invalid)
}

/// Somebody at the dashboard writes. What the team writes is queued to be delivered to the contact; what is
/// written on the contact's side is for the team, has arrived by being kept, and goes nowhere else.
pub fn send(
    write: &mut Write,
    contact: &mut Contact,
    side: Side,
    text: MessageText,
    now: Timestamp,
) -> Result<Message, StoreError> {
    let status = match side {
        Side::Team => MessageStatus::Queued,
        Side::Contact => MessageStatus::Delivered,
    };
    let message = new(contact, side.author(), text, status, now);
    add(write, contact, &message, None)?;
    if side == Side::Team {
        outbox::enqueue(write, &contact.id, &contact.person, DeliveryKind::Message, &message.id, now)?;
    }
    Ok(message)
}

/// A message has come from the provider: the contact's, or one that the assistant has sent to the contact.
/// One that has been taken before is not taken again. Gives the message's id, and whether it is new.
pub fn receive(
    write: &mut Write,
    contact: &mut Contact,
    provider_id: &str,
    author: Author,
    text: MessageText,
    now: Timestamp,
) -> Result<(MessageId, bool), StoreError> {
    if let Some(taken) = write.read().get::<ProviderMessage>(&contact.owner(), provider_id)? {
        return Ok((taken.message, false));
    }
    let status = if author == Author::Contact { MessageStatus::Delivered } else { MessageStatus::Sent };
    let message = new(contact, author, text, status, now);
    let taken = ProviderMessage { id: provider_id.to_owned(), message: message.id.clone(), at: now };
    write.put(&contact.owner(), &taken)?;
    add(write, contact, &message, Some(provider_id))?;
    Ok((message.id, true))
}

/// An outbound message has come so far. A report that says nothing new changes nothing.
pub fn report(
    write: &mut Write,
    contact: &mut Contact,
    id: &MessageId,
    reported: MessageStatus,
    now: Timestamp,
) -> Result<(), DomainError> {
    let stored: Option<StoredMessage> = write.read().get(&contact.owner(), id.as_str())?;
    let mut stored = stored
        .filter(|stored| stored.message.direction == Direction::Outbound)
        .ok_or(DomainError::NotFound)?;
    let Some(status) = stored.message.status.after(reported) else { return Ok(()) };
    stored.message.status = status;
    write.put(&contact.owner(), &stored)?;
    if status == MessageStatus::Read {
        // Who has read a message has read those before it.
        contact.outbound_read = contact.outbound_read.max(stored.number);
    }
    if let Some(last) = contact.last_message.as_mut().filter(|last| last.id == *id) {
        last.status = status;
    }
    contact::put(write, contact)?;
    tell(write, contact, &status_event(contact, id, status), now)?;
    Ok(())
}

/// The team says that what the contact wrote needs no answer: everything up to `message`, if that is named.
/// Something that came after it is not meant, and still needs one.
pub fn need_no_answer(
    write: &mut Write,
    contact: &mut Contact,
    message: Option<&MessageId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(newest) = contact.newest_inbound().cloned().filter(|_| contact.needs_answer()) else {
        return Ok(());
    };
    if message.is_some_and(|message| *message != newest) {
        return Ok(());
    }
    contact.answer_due = Some(false);
    contact::put(write, contact)?;
    let event = ConversationEvent::NoAnswerNeeded { contact: contact.id.clone(), message: newest };
    tell(write, contact, &event, now)
}

/// A page of the conversation, newest first, and whether there is another.
pub fn page(
    read: &Read,
    contact: &Contact,
    mut slice: Slice,
) -> Result<(Vec<StoredMessage>, bool), StoreError> {
    let limit = slice.limit;
    slice.limit += 1;
    let mut messages: Vec<StoredMessage> = read.list(&contact.owner(), &slice)?;
    let more = messages.len() > limit;
    messages.truncate(limit);
    Ok((messages, more))
}

pub fn find(read: &Read, contact: &Contact, id: &MessageId) -> Result<Option<StoredMessage>, StoreError> {
    read.get(&contact.owner(), id.as_str())
}

/// A message that is written now.
pub fn new(
    contact: &Contact,
    author: Author,
    text: MessageText,
    status: MessageStatus,
    now: Timestamp,
) -> Message {
    let direction = match author {
        Author::Contact => Direction::Inbound,
        Author::Bot | Author::Coach => Direction::Outbound,
    };
    Message {
        id: MessageId::new(uuid::Uuid::now_v7().to_string()),
        contact_id: contact.id.clone(),
        direction,
        author,
        text,
        status,
        created_at: now,
    }
}

fn add(
    write: &mut Write,
    contact: &mut Contact,
    message: &Message,
    provider_id: Option<&str>,
) -> Result<(), StoreError> {
    keep(write, contact, message, provider_id)?;
    tell(write, contact, &ConversationEvent::New(message.clone()), message.created_at)
}

/// Writes the newest message of a conversation, and tells nobody.
pub fn keep(
    write: &mut Write,
    contact: &mut Contact,
    message: &Message,
    provider_id: Option<&str>,
) -> Result<(), StoreError> {
    let is_read = message.status == MessageStatus::Read;
    let number = match message.direction {
        Direction::Inbound => {
            contact.inbound += 1;
            contact.unread += u32::from(!is_read);
            contact.newest_inbound = Some(message.id.clone());
            contact.inbound
        }
        Direction::Outbound => {
            contact.outbound += 1;
            if is_read {
                contact.outbound_read = contact.outbound;
            }
            contact.outbound
        }
    };
    contact.answer_due = Some(match message.author {
        Author::Contact => true,
        Author::Coach => false,
        Author::Bot => contact.needs_answer(),
    });
    let provider_id = provider_id.map(str::to_owned);
    write.put(&contact.owner(), &StoredMessage { message: message.clone(), provider_id, number })?;
    contact.last_message = Some(message.clone());
    contact.updated_at = message.created_at;
    contact::put(write, contact)
}

fn status_event(contact: &Contact, id: &MessageId, status: MessageStatus) -> ConversationEvent {
    ConversationEvent::Status { contact: contact.id.clone(), message: id.clone(), status }
}

fn tell(
    write: &mut Write,
    contact: &Contact,
    event: &ConversationEvent,
    now: Timestamp,
) -> Result<(), StoreError> {
    for viewer in access::viewers_of_person(&write.read(), &contact.person)? {
        write.append(&viewer, event, now)?;
    }
    Ok(())
}
