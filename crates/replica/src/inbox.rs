//! The list of conversations: who was talked to last, and how much of it is unread.
//!
//! What was said last orders the list and tells old answers from new ones. Reading moves nothing, so of what
//! was read a mark is kept: an answer from before it does not make it unread again.

#[cfg(test)]
mod tests;

use latido_protocol::conversation::{ContactId, Conversation, Direction, Message, MessageId, MessageStatus};

use crate::thread::Position;

#[derive(Clone, Debug, Default)]
pub struct Inbox {
    /// The one that was talked to last first.
    conversations: Vec<Conversation>,
    /// Up to where contacts have been read.
    reads: Vec<(ContactId, Option<Position>)>,
}

impl Inbox {
    pub fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    pub fn find(&self, contact: &ContactId) -> Option<&Conversation> {
        self.conversations.iter().find(|known| known.contact_id == *contact)
    }

    /// Takes an answer's page. A `whole` one names all there are.
    pub fn page(&mut self, page: Vec<Conversation>, whole: bool) {
        if whole {
            self.conversations.retain(|known| page.iter().any(|named| named.contact_id == known.contact_id));
        }
        for conversation in page {
            self.join(conversation);
        }
        self.sort();
    }

    /// Takes one conversation.
    pub fn put(&mut self, conversation: Conversation) {
        self.join(conversation);
        self.sort();
    }

    /// Something was said. `false` if this is nobody's known here.
    pub fn hear(&mut self, message: &Message) -> bool {
        let Some(known) = self.conversations.iter_mut().find(|known| known.contact_id == message.contact_id)
        else {
            return false;
        };
        let (there, new) = (last(known), Some(Position::of(message)));
        if new > there {
            known.unread += u32::from(message.direction == Direction::Inbound);
            known.updated_at = known.updated_at.max(message.created_at);
            known.last_message = Some(message.clone());
            self.sort();
        } else if new == there {
            self.report(&message.contact_id, &message.id, message.status);
        }
        true
    }

    /// How far a message has come.
    pub fn report(&mut self, contact: &ContactId, id: &MessageId, status: MessageStatus) {
        let Some(known) = self.conversations.iter_mut().find(|known| known.contact_id == *contact) else {
            return;
        };
        if let Some(last) = known.last_message.as_mut().filter(|last| last.id == *id) {
            last.status = last.status.max(status);
            if last.direction == Direction::Inbound && last.status == MessageStatus::Read {
                self.read(contact);
            }
        }
    }

    /// All that this contact has written so far has been read.
    pub fn read(&mut self, contact: &ContactId) {
        if let Some(known) = self.conversations.iter_mut().find(|known| known.contact_id == *contact) {
            known.unread = 0;
            let up_to = last(known);
            self.reads.retain(|(read, _)| read != contact);
            self.reads.push((contact.clone(), up_to));
        }
    }

    fn join(&mut self, mut new: Conversation) {
        let read = self.reads.iter().find(|(contact, _)| *contact == new.contact_id);
        if read.is_some_and(|(_, up_to)| last(&new) <= *up_to) {
            new.unread = 0;
        }
        match self.conversations.iter_mut().find(|known| known.contact_id == new.contact_id) {
            None => self.conversations.push(new),
            Some(known) if last(&new) < last(known) => {}
            Some(known) => {
                if let (Some(new), Some(known)) = (&mut new.last_message, &known.last_message)
                    && new.id == known.id
                {
                    new.status = new.status.max(known.status);
                }
                *known = new;
            }
        }
    }

    fn sort(&mut self) {
        self.conversations.sort_by(|one, other| {
            other.updated_at.cmp(&one.updated_at).then_with(|| one.contact_id.cmp(&other.contact_id))
        });
    }
}

fn last(conversation: &Conversation) -> Option<Position> {
    conversation.last_message.as_ref().map(Position::of)
}
