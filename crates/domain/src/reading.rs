//! Who stands on which side of a conversation, and what each reader has read of it.
//!
//! The person whose contact it is stands on the contact's side: what the person writes in the dashboard and what
//! comes by `WhatsApp` are one voice. The coaches are the team. Every one of the team has a mark of their own, so
//! that what one has read stays unread for the others; the contact's side has read what is [`MessageStatus::Read`].

use std::cmp::Ordering;

use latido_protocol::{
    conversation::{Conversation, ConversationEvent, Direction, Message, MessageId, MessageStatus, Side},
    delivery::DeliveryKind,
    session::UserId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    access,
    account::Role,
    contact::{self, Contact},
    message::{StoredMessage, UNREAD, UNSEEN},
    outbox,
    store::{Read, Slice, StoreError, Stored, Write},
};

/// How many messages are read into memory at once.
const PAGE: usize = 100;

/// What somebody of the team has read of a conversation. Whoever has no mark has read what anybody of the team
/// has: so it is for a coach who is new, and so it was for everybody before there were marks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadMark {
    reader: UserId,
    /// What lies before this message has been read.
    at: Timestamp,
    message: String,
    /// And the message itself.
    inclusive: bool,
    /// [`Contact::inbound`] at that time.
    inbound: i64,
}

impl Stored for ReadMark {
    const COLLECTION: &'static str = "readMark";

    fn id(&self) -> &str {
        self.reader.as_str()
    }

    fn at(&self) -> Timestamp {
        self.at
    }
}

/// Somebody who may see conversations.
#[derive(Clone, Debug)]
pub struct Reader {
    user: UserId,
    /// The side in conversations of the user's own contacts. In those of others it is the team's.
    own: Side,
}

impl Reader {
    pub fn of(read: &Read, user: &UserId) -> Result<Self, StoreError> {
        // A coach whom no coach follows has no team but themselves, and speaks to the own contacts for it.
        let is_the_team = read.account(user)?.is_some_and(|account| account.role >= Role::Coach)
            && access::coaches_of(read, user)?.is_empty();
        Ok(Self { user: user.clone(), own: if is_the_team { Side::Team } else { Side::Contact } })
    }

    pub fn side(&self, contact: &Contact) -> Side {
        if self.user == contact.person { self.own } else { Side::Team }
    }

    /// The conversation as this reader is shown it.
    pub fn conversation(&self, read: &Read, contact: &Contact) -> Result<Conversation, StoreError> {
        let view = self.view(read, contact)?;
        Ok(Conversation {
            contact_id: contact.id.clone(),
            name: contact.name.clone(),
            channel: contact.channel,
            last_message: contact.last_message.clone().map(|message| view.show(message)),
            unread: view.unread(contact),
            side: view.side,
            needs_answer: contact.needs_answer(),
            updated_at: contact.updated_at,
        })
    }

    /// How this reader is shown the messages of a conversation.
    pub fn view(&self, read: &Read, contact: &Contact) -> Result<View, StoreError> {
        let side = self.side(contact);
        let mark = match side {
            Side::Team => read.get(&contact.owner(), self.user.as_str())?,
            Side::Contact => None,
        };
        Ok(View { side, mark })
    }
}

/// A conversation as one reader is shown it.
pub struct View {
    side: Side,
    mark: Option<ReadMark>,
}

impl View {
    /// A message of the contact is `read` for a reader of the team when that reader has read it.
    pub fn show(&self, mut message: Message) -> Message {
        if let Some(mark) = self.mark.as_ref().filter(|_| message.direction == Direction::Inbound) {
            let place = (message.created_at, message.id.as_str()).cmp(&(mark.at, mark.message.as_str()));
            let is_read = place == Ordering::Less || (place == Ordering::Equal && mark.inclusive);
            message.status = if is_read { MessageStatus::Read } else { MessageStatus::Delivered };
        }
        message
    }

    fn unread(&self, contact: &Contact) -> u32 {
        match (self.side, &self.mark) {
            (Side::Contact, _) => count(contact.outbound - contact.outbound_read),
            (Side::Team, Some(mark)) => count(contact.inbound - mark.inbound),
            (Side::Team, None) => contact.unread,
        }
    }
}

fn count(messages: i64) -> u32 {
    u32::try_from(messages.max(0)).unwrap_or(u32::MAX)
}

/// The reader has read everything that the other side has written.
pub fn read_all(
    write: &mut Write,
    contact: &mut Contact,
    reader: &Reader,
    now: Timestamp,
) -> Result<(), StoreError> {
    if reader.view(&write.read(), contact)?.unread(contact) == 0 {
        return Ok(());
    }
    match reader.side(contact) {
        Side::Team => read_by_team(write, contact, reader, now),
        Side::Contact => read_by_contact(write, contact, now),
    }
}

/// The reader's own tabs are told. When the reader is the first of the team, the contact's side is told, too;
/// the other coaches are not: what they have read is their own.
fn read_by_team(
    write: &mut Write,
    contact: &mut Contact,
    reader: &Reader,
    now: Timestamp,
) -> Result<(), StoreError> {
    let news = set_read(write, contact, UNREAD)?;
    if let Some(news) = &news {
        keep_unread_for_others(write, contact, reader, &news.oldest)?;
        contact.unread = 0;
        mark_last(contact, Direction::Inbound);
    }
    let message = contact.last_message.as_ref().map(|last| last.id.to_string()).unwrap_or_default();
    let (user, at, inbound) = (reader.user.clone(), contact.updated_at, contact.inbound);
    write.put(&contact.owner(), &ReadMark { reader: user, at, message, inclusive: true, inbound })?;
    contact::put(write, contact)?;

    let newest = news.as_ref().map(|news| &news.newest).or_else(|| contact.newest_inbound());
    if let Some(newest) = newest {
        write.append(&reader.user, &read_event(contact, newest), now)?;
    }
    let Some(news) = news else { return Ok(()) };
    let person = Reader::of(&write.read(), &contact.person)?;
    if person.side(contact) == Side::Contact {
        write.append(&person.user, &read_event(contact, &news.newest), now)?;
    }
    match &news.provided {
        Some(provided) => {
            outbox::enqueue(write, &contact.id, &contact.person, DeliveryKind::ReadReceipt, provided, now)
        }
        None => Ok(()),
    }
}

/// The contact's side has read what the team wrote, which everybody may know.
fn read_by_contact(write: &mut Write, contact: &mut Contact, now: Timestamp) -> Result<(), StoreError> {
    let news = set_read(write, contact, UNSEEN)?;
    contact.outbound_read = contact.outbound;
    mark_last(contact, Direction::Outbound);
    contact::put(write, contact)?;
    let Some(news) = news else { return Ok(()) };
    let event = read_event(contact, &news.newest);
    for viewer in access::viewers_of_person(&write.read(), &contact.person)? {
        write.append(&viewer, &event, now)?;
    }
    Ok(())
}

/// What was unread until now.
struct News {
    newest: MessageId,
    oldest: Message,
    /// The newest that has come by the provider. What was written in the dashboard is not the provider's.
    provided: Option<MessageId>,
}

/// Sets the messages of a facet to read; `None` when there are none.
fn set_read(write: &mut Write, contact: &Contact, facet: &'static str) -> Result<Option<News>, StoreError> {
    let slice = Slice { facet: Some(facet), limit: PAGE, ..Slice::default() };
    let mut news: Option<News> = None;
    loop {
        let page: Vec<StoredMessage> = write.read().list(&contact.owner(), &slice)?;
        let is_last = page.len() < PAGE;
        for mut stored in page {
            let message = &stored.message;
            let news = news.get_or_insert_with(|| News {
                newest: message.id.clone(),
                oldest: message.clone(),
                provided: None,
            });
            news.oldest = message.clone();
            if news.provided.is_none() && stored.provider_id.is_some() {
                news.provided = Some(message.id.clone());
            }
            stored.message.status = MessageStatus::Read;
            write.put(&contact.owner(), &stored)?;
        }
        if is_last {
            return Ok(news);
        }
    }
}

/// Gives those of the team a mark who have none: they have read what the team had, up to the oldest message that
/// nobody had.
fn keep_unread_for_others(
    write: &mut Write,
    contact: &Contact,
    reader: &Reader,
    oldest: &Message,
) -> Result<(), StoreError> {
    for user in access::coaches_of(&write.read(), &contact.person)? {
        let has_mark = write.read().get::<ReadMark>(&contact.owner(), user.as_str())?.is_some();
        if user != reader.user && !has_mark {
            let inbound = contact.inbound - i64::from(contact.unread);
            let (at, message) = (oldest.created_at, oldest.id.to_string());
            let mark = ReadMark { reader: user, at, message, inclusive: false, inbound };
            write.put(&contact.owner(), &mark)?;
        }
    }
    Ok(())
}

fn mark_last(contact: &mut Contact, direction: Direction) {
    if let Some(last) = contact.last_message.as_mut().filter(|last| last.direction == direction) {
        last.status = MessageStatus::Read;
    }
}

fn read_event(contact: &Contact, message: &MessageId) -> ConversationEvent {
    ConversationEvent::Status {
        contact: contact.id.clone(),
        message: message.clone(),
        status: MessageStatus::Read,
    }
}

/// Forgets what somebody has read of a person's conversations.
pub fn forget_reader(write: &mut Write, person: &UserId, reader: &UserId) -> Result<(), StoreError> {
    for contact in contact::of_person(&write.read(), person)? {
        write.remove::<ReadMark>(&contact.owner(), reader.as_str())?;
    }
    Ok(())
}
