//! The messages of one conversation, as far as they are loaded, and those on their way.
//!
//! Messages are never taken back and a status only climbs, so pages, events and answers may come in any order, twice or
//! late, and the end is the same. After a long absence the newest page need not touch what was read before: then the
//! thread begins there, and older messages are loaded again. Two things need more than a collection:
//!
//! - **Reports** of a status may come before their message. They wait for it.
//! - **Our own messages.** One that was just sent has no id. Its row keeps the key it was sent under when the
//!   server names it; and if the event comes before the answer, its text says which row it belongs to.

mod outgoing;
#[cfg(test)]
mod tests;

use std::{cmp::Reverse, rc::Rc};

use latido_protocol::{
    conversation::{
        Author, ContactId, ConversationEvent, Direction, Message, MessageId, MessageStatus, MessageText,
        Messages, Side,
    },
    event::Event,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    collection::{Collection, Entity, FetchMark},
    model::Model,
};

pub use outgoing::{Failure, Outgoing, State};

/// Messages that are held when more come by themselves.
const MOST: usize = 10_000;

/// Where a message stands among the others: by time, and by id within a millisecond.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    at: Timestamp,
    id: MessageId,
}

impl Position {
    /// The position of a message.
    pub fn of(message: &Message) -> Self {
        Self { at: message.created_at, id: message.id.clone() }
    }
}

impl Entity for Message {
    /// The newest first, as pages come.
    type SortKey = Reverse<Position>;
    /// How far it has come.
    type Revision = MessageStatus;
    /// The contact of the conversation.
    type Scope = ContactId;
    type Draft = ();

    const ONLY_GROWS: bool = true;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn sort_key(&self) -> Reverse<Position> {
        Reverse(Position::of(self))
    }

    fn revision(&self) -> MessageStatus {
        self.status
    }

    fn is_in(&self, contact: &ContactId) -> bool {
        self.contact_id == *contact
    }

    fn with_draft(&self, (): &()) -> Self {
        self.clone()
    }
}

/// The messages of one conversation, and those on their way. See the module.
pub struct Thread {
    /// On which side of the conversation the reader stands.
    side: Side,
    messages: Collection<Message>,
    /// Reports on messages that have not arrived yet.
    early: Vec<EarlyReport>,
    /// In the order in which they were written.
    outgoing: Vec<Outgoing>,
    /// Under which key a message was sent from here.
    keys: Vec<(MessageId, String)>,
}

/// How far a message has come that has not arrived yet.
#[derive(Clone, Debug)]
struct EarlyReport {
    id: MessageId,
    status: MessageStatus,
    settles_at: Timestamp,
}

/// One row of the thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Stays the same when the server names the message.
    pub key: String,
    /// `None` until the server has named it.
    pub id: Option<MessageId>,
    /// Who wrote it.
    pub author: Author,
    /// Written on the reader's side.
    pub ours: bool,
    /// What it says.
    pub text: MessageText,
    /// When it was written.
    pub at: Timestamp,
    /// How far it has come.
    pub standing: Standing,
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// The server has it, and it has come this far.
    Known(MessageStatus),
    /// Under way to the server.
    Sending,
    /// Behind one that has no answer: messages have to arrive in the order in which they were written.
    Waiting,
    /// The server has not taken it; the user decides whether it is tried again.
    Unsent(Failure),
}

impl Thread {
    /// The thread with a contact, without a response yet.
    pub fn new(contact: ContactId) -> Self {
        Self {
            side: Side::default(),
            messages: Collection::new(contact, MOST),
            early: Vec::new(),
            outgoing: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// On which side of the conversation the reader stands.
    pub fn side(&self) -> Side {
        self.side
    }

    /// The list of conversations says on which side the reader stands.
    pub fn set_side(&mut self, side: Side) {
        self.side = side;
    }

    /// Applies a message from an event or a response to a write.
    pub fn hear(&mut self, message: Message, settles_at: Timestamp) -> bool {
        let changed = self.messages.put_until(message, settles_at);
        self.join();
        changed
    }

    /// Applies a report of how far a message has come.
    pub fn report(&mut self, id: &MessageId, status: MessageStatus, settles_at: Timestamp) -> bool {
        if let Some(known) = self.messages.get(id.as_str()) {
            let status = status.max(known.status);
            return self.messages.put_until(Message { status, ..known.clone() }, settles_at);
        }
        match self.early.iter_mut().find(|early| early.id == *id) {
            Some(early) => early.status = status.max(early.status),
            None => self.early.push(EarlyReport { id: id.clone(), status, settles_at }),
        }
        false
    }

    /// Whether the message has arrived here.
    pub(super) fn holds(&self, id: &MessageId) -> bool {
        self.messages.get(id.as_str()).is_some()
    }

    /// Whether any page has come.
    pub fn is_loaded(&self) -> bool {
        self.messages.is_known()
    }

    /// The messages without a gap between them and the present, the newest first.
    fn shown(&self) -> impl Iterator<Item = &Rc<Message>> {
        self.messages.rows().take(self.messages.shown_rows())
    }

    /// The position of the newest message, if any is loaded.
    pub fn newest(&self) -> Option<Position> {
        self.shown().next().map(|newest| Position::of(newest))
    }

    /// The other authors' messages after `position`, oldest first.
    pub fn heard_after(&self, position: Option<&Position>) -> impl Iterator<Item = &Message> {
        let after = self.shown().take_while(|message| Some(&Position::of(message)) > position);
        let heard: Vec<&Message> =
            after.map(|message| &**message).filter(|message| message.author != self.side.author()).collect();
        heard.into_iter().rev()
    }

    /// The newest of the other side's messages, if the reader has not read it. Reading it reads all before it.
    pub fn unread(&self) -> Option<Position> {
        let receives = self.side.receives();
        let newest = self.shown().find(|message| message.direction == receives)?;
        (newest.status != MessageStatus::Read).then(|| Position::of(newest))
    }

    /// The newest message of the contact's side.
    pub fn newest_inbound(&self) -> Option<&MessageId> {
        let newest = self.shown().find(|message| message.direction == Direction::Inbound);
        newest.map(|message| &message.id)
    }

    /// Every row, oldest first; what is on its way stands at the end.
    pub fn lines(&self) -> Vec<Line> {
        let arrived = self.arrived();
        let key_of = |id: &MessageId| {
            let sent = self.keys.iter().find(|(named, _)| named == id).map(|(_, key)| key);
            sent.or_else(|| arrived.iter().find(|(there, _)| there.id == *id).map(|(_, key)| *key))
        };
        // Reading a message of the contact's reads all before it.
        let mut read = false;
        let mut standing = |message: &Message| {
            if message.direction == Direction::Inbound {
                read |= message.status == MessageStatus::Read;
                if read {
                    return Standing::Known(MessageStatus::Read);
                }
            }
            Standing::Known(message.status)
        };
        let mut lines: Vec<Line> = self
            .shown()
            .map(|message| Line {
                key: key_of(&message.id).map_or_else(|| message.id.to_string(), String::clone),
                id: Some(message.id.clone()),
                author: message.author,
                ours: self.side.wrote(message.author),
                text: message.text.clone(),
                at: message.created_at,
                standing: standing(message),
            })
            .collect();
        lines.reverse();
        let mut waits = false;
        for out in &self.outgoing {
            if arrived.iter().all(|(_, key)| **key != out.key) {
                lines.push(out.line(self.side, waits));
            }
            waits |= out.is_unanswered();
        }
        lines
    }

    /// Messages have come: those that reports and answers have waited for find them.
    fn join(&mut self) {
        let (arrived, early) = std::mem::take(&mut self.early)
            .into_iter()
            .partition(|early| self.messages.get(early.id.as_str()).is_some());
        self.early = early;
        for EarlyReport { id, status, settles_at } in arrived {
            self.report(&id, status, settles_at);
        }
        self.confirm_arrived();
    }
}

impl Model for Thread {
    type Page = Messages;

    fn begin_fetch(&mut self, now: Timestamp) -> FetchMark {
        self.messages.begin_fetch(now)
    }

    fn apply_first_page(&mut self, mark: FetchMark, page: Messages, followed: bool) {
        self.messages.apply_first_page(mark, page.messages, page.next_cursor, followed);
        self.join();
    }

    fn apply_next_page(&mut self, mark: FetchMark, asked: &str, page: Messages) -> bool {
        let applied = self.messages.apply_next_page(mark, asked, page.messages, page.next_cursor).applied;
        self.join();
        applied
    }

    fn cursor(&self) -> Option<&str> {
        self.messages.cursor()
    }

    fn is_in_doubt(&self) -> bool {
        self.messages.is_in_doubt()
    }

    fn apply_event(&mut self, event: &Event, settles_at: Timestamp) -> bool {
        match ConversationEvent::read(event) {
            Some(ConversationEvent::New(message)) if message.is_in(self.messages.scope()) => {
                self.hear(message, settles_at)
            }
            Some(ConversationEvent::Status { contact, message, status })
                if contact == *self.messages.scope() =>
            {
                self.report(&message, status, settles_at)
            }
            Some(_) | None => false,
        }
    }

    fn mark_stale(&mut self) {
        self.messages.mark_stale();
    }

    fn matches_last_response(&self) -> bool {
        self.messages.matches_last_response()
    }
}
