//! The list of conversations: who was talked to last, how much of it is unread, and what needs an answer.
//!
//! The newest message orders the list and tells old responses from new ones. Reading moves nothing, so of what
//! was read a mark is kept: an answer from before it does not make it unread again. So it is with what needs no
//! answer.

#[cfg(test)]
mod tests;

use latido_protocol::conversation::{Author, ContactId, Conversation, Message, MessageId, MessageStatus};

use crate::thread::Position;

/// The list of conversations. See the module.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    /// The one that was talked to last first.
    conversations: Vec<Conversation>,
    /// Up to where contacts have been read.
    reads: Vec<(ContactId, Option<Position>)>,
    /// Up to where contacts need no answer.
    answered: Vec<(ContactId, Option<Position>)>,
    /// Since when conversations are known that no whole answer has named yet.
    unlisted: Vec<(ContactId, u64)>,
}

impl Inbox {
    /// All conversations, the one with the newest message first.
    pub fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    /// The conversation with a contact, if it is in the list.
    pub fn find(&self, contact: &ContactId) -> Option<&Conversation> {
        self.conversations.iter().find(|known| known.contact_id == *contact)
    }

    /// Takes an answer's page. One that is `whole_as_of` a moment names all there were then; what became known later
    /// may not be in it.
    pub fn page(&mut self, page: Vec<Conversation>, whole_as_of: Option<u64>) {
        let is_named = |contact: &ContactId| page.iter().any(|named| named.contact_id == *contact);
        if let Some(begun) = whole_as_of {
            self.unlisted.retain(|(contact, since)| *since > begun && !is_named(contact));
            let is_newer = |contact: &ContactId| self.unlisted.iter().any(|(newer, _)| newer == contact);
            self.conversations.retain(|known| is_named(&known.contact_id) || is_newer(&known.contact_id));
        }
        for conversation in page {
            self.join(conversation);
        }
        self.sort();
    }

    /// Takes one conversation, which became known at this moment.
    pub fn put(&mut self, conversation: Conversation, since: u64) {
        self.unlisted.retain(|(contact, _)| *contact != conversation.contact_id);
        self.unlisted.push((conversation.contact_id.clone(), since));
        self.join(conversation);
        self.sort();
    }

    /// Applies a message. Returns `false` if its contact is not in the list.
    pub fn hear(&mut self, message: &Message) -> bool {
        let Some(known) = self.conversations.iter_mut().find(|known| known.contact_id == message.contact_id)
        else {
            return false;
        };
        let (there, new) = (last(known), Some(Position::of(message)));
        if new > there {
            known.unread += u32::from(message.direction == known.side.receives());
            known.needs_answer = match message.author {
                Author::Contact => true,
                Author::Coach => false,
                Author::Bot => known.needs_answer,
            };
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
            if last.direction == known.side.receives() && last.status == MessageStatus::Read {
                self.read(contact);
            }
        }
    }

    /// All that the other side has written so far has been read.
    pub fn read(&mut self, contact: &ContactId) {
        if let Some(known) = self.conversations.iter_mut().find(|known| known.contact_id == *contact) {
            known.unread = 0;
            mark(&mut self.reads, known);
        }
    }

    /// What this contact has written so far needs no answer.
    pub fn need_no_answer(&mut self, contact: &ContactId) {
        if let Some(known) = self.conversations.iter_mut().find(|known| known.contact_id == *contact) {
            known.needs_answer = false;
            mark(&mut self.answered, known);
        }
    }

    fn join(&mut self, mut new: Conversation) {
        if is_before(&self.reads, &new) {
            new.unread = 0;
        }
        if is_before(&self.answered, &new) {
            new.needs_answer = false;
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

/// Notes the place in a conversation where it stands now.
fn mark(marks: &mut Vec<(ContactId, Option<Position>)>, known: &Conversation) {
    marks.retain(|(contact, _)| *contact != known.contact_id);
    marks.push((known.contact_id.clone(), last(known)));
}

/// Whether no message came since the position that was noted.
fn is_before(marks: &[(ContactId, Option<Position>)], conversation: &Conversation) -> bool {
    let noted = marks.iter().find(|(contact, _)| *contact == conversation.contact_id);
    noted.is_some_and(|(_, up_to)| last(conversation) <= *up_to)
}
