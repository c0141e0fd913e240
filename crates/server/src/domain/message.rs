//! Messages: what is said, how far it has come, what is still to be read. Each runs inside one transaction
//! of the writer: the message, the conversation it is the last of, what is to be delivered, and what its
//! viewers are told are one.

use latido_protocol::{
    conversation::{Author, ConversationEvent, Direction, Message, MessageId, MessageStatus, MessageText},
    delivery::DeliveryKind,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    Refused,
    contact::{self, Contact},
    fields::{Fields, Object, text},
    scope,
};
use crate::{
    store::{Read, Slice, StoreError, Stored, Write},
    webhook::outbox,
};

/// A message as it is kept, with its conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredMessage {
    pub message: Message,
    /// By which the provider knows it, if it came from there.
    pub provider_id: Option<String>,
}

/// The facet of an inbound message that has not been read.
const UNREAD: &str = "unread";
/// How many of them are read into memory at once.
const PAGE: usize = 100;

impl Stored for StoredMessage {
    const COLLECTION: &'static str = "message";

    fn id(&self) -> &str {
        self.message.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.message.created_at
    }

    fn facet(&self) -> &'static str {
        let unread =
            self.message.direction == Direction::Inbound && self.message.status < MessageStatus::Read;
        if unread { UNREAD } else { "" }
    }
}

/// Leads from a provider's id to the message, so that nothing is taken twice.
#[derive(Serialize, Deserialize)]
struct Taken {
    id: String,
    message: MessageId,
    at: Timestamp,
}

impl Stored for Taken {
    const COLLECTION: &'static str = "taken";

    fn id(&self) -> &str {
        &self.id
    }

    fn at(&self) -> Timestamp {
        self.at
    }
}

/// The text of a message that is to be sent.
pub fn draft(body: &Object) -> Result<MessageText, Refused> {
    let mut fields = Fields::of(body);
    let text = fields.required("text", text(MessageText::new));
    fields.finish(text).map_err(Refused::Invalid)
}

/// Somebody at the dashboard writes to the contact: the message is kept, and queued to be delivered.
pub fn send(
    write: &mut Write,
    contact: &mut Contact,
    text: MessageText,
    now: Timestamp,
) -> Result<Message, StoreError> {
    let message = new(contact, Author::Coach, text, MessageStatus::Queued, now);
    add(write, contact, &message, None)?;
    outbox::enqueue(write, contact, DeliveryKind::Message, &message.id, now)?;
    Ok(message)
}

/// A message has come from the provider: the contact's, or one that the assistant has sent to the contact.
/// One that has been taken before is not taken again. Gives the message's id, and whether it is new.
pub fn take(
    write: &mut Write,
    contact: &mut Contact,
    provider_id: &str,
    author: Author,
    text: MessageText,
    now: Timestamp,
) -> Result<(MessageId, bool), StoreError> {
    if let Some(taken) = write.read().get::<Taken>(&contact.owner(), provider_id)? {
        return Ok((taken.message, false));
    }
    let status = if author == Author::Contact { MessageStatus::Delivered } else { MessageStatus::Sent };
    let message = new(contact, author, text, status, now);
    let taken = Taken { id: provider_id.to_owned(), message: message.id.clone(), at: now };
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
) -> Result<(), Refused> {
    let stored: Option<StoredMessage> = write.read().get(&contact.owner(), id.as_str())?;
    let mut stored =
        stored.filter(|stored| stored.message.direction == Direction::Outbound).ok_or(Refused::NotFound)?;
    let Some(status) = stored.message.status.after(reported) else { return Ok(()) };
    stored.message.status = status;
    write.put(&contact.owner(), &stored)?;
    if let Some(last) = contact.last_message.as_mut().filter(|last| last.id == *id) {
        last.status = status;
        contact::put(write, contact)?;
    }
    tell(write, contact, &status_event(contact, id, status), now)?;
    Ok(())
}

/// Everything that the contact wrote has been read. Viewers are told so of the newest message, which stands
/// for those before it, and so is the provider.
pub fn read_all(write: &mut Write, contact: &mut Contact, now: Timestamp) -> Result<(), StoreError> {
    let unread = Slice { facet: Some(UNREAD), limit: PAGE, ..Slice::default() };
    let mut newest = None;
    loop {
        let page: Vec<StoredMessage> = write.read().list(&contact.owner(), &unread)?;
        newest = newest.or_else(|| page.first().map(|stored| stored.message.id.clone()));
        for mut stored in page.iter().cloned() {
            stored.message.status = MessageStatus::Read;
            write.put(&contact.owner(), &stored)?;
        }
        if page.len() < PAGE {
            break;
        }
    }
    let Some(newest) = newest else { return Ok(()) };
    contact.unread = 0;
    if let Some(last) = contact.last_message.as_mut().filter(|last| last.direction == Direction::Inbound) {
        last.status = MessageStatus::Read;
    }
    contact::put(write, contact)?;
    tell(write, contact, &status_event(contact, &newest, MessageStatus::Read), now)?;
    outbox::enqueue(write, contact, DeliveryKind::ReadReceipt, &newest, now)
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
    let stored = StoredMessage { message: message.clone(), provider_id: provider_id.map(str::to_owned) };
    keep(write, contact, &stored)?;
    tell(write, contact, &ConversationEvent::New(message.clone()), message.created_at)
}

/// Writes the newest message of a conversation, and tells nobody.
pub fn keep(write: &mut Write, contact: &mut Contact, stored: &StoredMessage) -> Result<(), StoreError> {
    write.put(&contact.owner(), stored)?;
    contact.last_message = Some(stored.message.clone());
    contact.updated_at = stored.message.created_at;
    contact.unread += u32::from(stored.facet() == UNREAD);
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
    for viewer in scope::viewers_of_person(&write.read(), &contact.person)? {
        write.append(&viewer, event, now)?;
    }
    Ok(())
}
