//! The list of conversations: who was talked to last, how much of it is unread, and what needs an answer.
//!
//! The newest message orders the list and tells old copies from new ones. What a reader does (reading, needing no answer)
//! moves nothing: of two copies with the same newest message an event's counts, unless the fetch started behind it.

#[cfg(test)]
mod tests;

use std::{cmp::Reverse, rc::Rc};

use latido_protocol::{
    conversation::{
        Author, ContactId, Conversation, ConversationEvent, Conversations, Message, MessageId, MessageStatus,
    },
    event::Event,
    time::Timestamp,
};

use super::thread::Position;
use crate::{
    collection::{Collection, Entity, FetchMark},
    model::Model,
};

/// Conversations that are held.
const MOST: usize = 10_000;

impl Entity for Conversation {
    /// The one that was talked to last first.
    type SortKey = (Reverse<Timestamp>, String);
    /// The place of its newest message, and how far that has come.
    type Revision = Option<(Position, MessageStatus)>;
    type Scope = ();
    type Draft = ();

    fn id(&self) -> &str {
        self.contact_id.as_str()
    }

    fn sort_key(&self) -> Self::SortKey {
        (Reverse(self.updated_at), self.contact_id.as_str().to_owned())
    }

    fn revision(&self) -> Self::Revision {
        self.last_message.as_ref().map(|last| (Position::of(last), last.status))
    }

    fn is_in(&self, (): &()) -> bool {
        true
    }

    fn with_draft(&self, (): &()) -> Self {
        self.clone()
    }
}

/// The list of conversations. See the module.
pub struct Inbox {
    list: Collection<Conversation>,
    /// Messages that events have brought, for the announcer.
    news: Vec<Message>,
    /// An event spoke of a contact that is not in the list, or of more than is known of one that is.
    misses_something: bool,
}

impl Default for Inbox {
    fn default() -> Self {
        Self { list: Collection::new((), MOST), news: Vec::new(), misses_something: false }
    }
}

impl Inbox {
    /// Whether the first answer has come.
    pub fn is_known(&self) -> bool {
        self.list.is_known()
    }

    /// All conversations, the one with the newest message first.
    pub fn conversations(&self) -> impl Iterator<Item = &Rc<Conversation>> {
        self.list.rows()
    }

    /// The conversation with a contact, if it is in the list.
    pub fn find(&self, contact: &ContactId) -> Option<&Conversation> {
        self.list.get(contact.as_str())
    }

    /// The messages that events have brought since the last call, of contacts in the list.
    pub fn take_news(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.news)
    }

    /// Takes one conversation. Answers that were asked for before, or before `settles_at`, may not have it.
    pub fn put(&mut self, conversation: Conversation, settles_at: Timestamp) {
        self.list.put_until(conversation, settles_at);
    }

    /// Applies a message. Returns `false` if its contact is not in the list.
    pub fn hear(&mut self, message: &Message, settles_at: Timestamp) -> bool {
        let Some(known) = self.find(&message.contact_id) else { return false };
        let (there, new) = (known.last_message.as_ref().map(Position::of), Some(Position::of(message)));
        if new > there {
            let mut known = known.clone();
            known.unread += u32::from(message.direction == known.side.receives());
            known.needs_answer = match message.author {
                Author::Contact => true,
                Author::Coach => false,
                Author::Bot => known.needs_answer,
            };
            known.updated_at = known.updated_at.max(message.created_at);
            known.last_message = Some(message.clone());
            self.list.put_until(known, settles_at);
        } else if new == there {
            self.report(&message.contact_id, &message.id, message.status, settles_at);
        }
        true
    }

    /// Applies a report of how far a message has come.
    pub fn report(
        &mut self,
        contact: &ContactId,
        id: &MessageId,
        status: MessageStatus,
        settles_at: Timestamp,
    ) {
        let Some(mut known) = self.find(contact).cloned() else { return };
        let side = known.side;
        if let Some(last) = known.last_message.as_mut().filter(|last| last.id == *id) {
            last.status = last.status.max(status);
            if last.direction == side.receives() && last.status == MessageStatus::Read {
                known.unread = 0;
            }
            self.list.put_until(known, settles_at);
        } else if status == MessageStatus::Read {
            // Of what came since some may be read, too; the server counts it.
            self.misses_something = true;
        }
    }

    /// All that the other side has written so far has been read.
    pub fn read(&mut self, contact: &ContactId, settles_at: Timestamp) {
        if let Some(known) = self.find(contact) {
            self.list.put_until(Conversation { unread: 0, ..known.clone() }, settles_at);
        }
    }

    /// What this contact has written up to the message needs no answer. Something newer still does.
    pub fn need_no_answer(&mut self, contact: &ContactId, up_to: &MessageId, settles_at: Timestamp) {
        let Some(known) = self.find(contact) else { return };
        let last = known.last_message.as_ref();
        if last.is_none_or(|last| last.author != Author::Contact || last.id == *up_to) {
            self.list.put_until(Conversation { needs_answer: false, ..known.clone() }, settles_at);
        }
    }
}

impl Model for Inbox {
    type Page = Conversations;

    fn begin_fetch(&mut self, now: Timestamp) -> FetchMark {
        self.list.begin_fetch(now)
    }

    fn apply_first_page(&mut self, mark: FetchMark, page: Conversations, followed: bool) {
        let followed = followed && !self.misses_something;
        if self.list.apply_first_page(mark, page.conversations, page.next_cursor, followed).begins_anew {
            self.misses_something = false;
        }
    }

    fn apply_next_page(&mut self, mark: FetchMark, asked: &str, page: Conversations) -> bool {
        self.list.apply_next_page(mark, asked, page.conversations, page.next_cursor).applied
    }

    fn cursor(&self) -> Option<&str> {
        self.list.cursor()
    }

    fn is_in_doubt(&self) -> bool {
        self.list.is_in_doubt()
    }

    fn apply_event(&mut self, event: &Event, settles_at: Timestamp) -> bool {
        match ConversationEvent::read(event) {
            Some(ConversationEvent::New(message)) => {
                let is_listed = self.hear(&message, settles_at);
                if is_listed {
                    self.news.push(message);
                } else {
                    self.misses_something = true;
                }
                is_listed
            }
            Some(ConversationEvent::Status { contact, message, status }) => {
                self.report(&contact, &message, status, settles_at);
                true
            }
            Some(ConversationEvent::NoAnswerNeeded { contact, message }) => {
                self.need_no_answer(&contact, &message, settles_at);
                true
            }
            Some(ConversationEvent::TypingStart(..) | ConversationEvent::TypingStop(..)) | None => false,
        }
    }

    fn mark_stale(&mut self) {
        self.list.mark_stale();
    }

    fn matches_last_response(&self) -> bool {
        !self.misses_something && self.list.matches_last_response()
    }
}
