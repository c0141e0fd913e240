//! The messages of one conversation, as far as they are loaded, and those on their way.
//!
//! Messages are never taken back and a status only climbs, so everything that is heard is *joined* to what is
//! known: pages, events and answers may come in any order, twice or late, and the end is the same. Two things
//! need more than that:
//!
//! - **Gaps.** After a long absence the newest page need not touch what was read before. Each page covers a
//!   [`Span`]; spans that touch become one, and only the newest is shown, with the cursor of what lies before.
//! - **Our own messages.** One that was just sent has no id. Its row keeps the key it was sent under when the
//!   server names it; and if the event comes before the answer, its text says which row it belongs to.

mod outgoing;
mod span;

#[cfg(test)]
mod tests;

use latido_protocol::{
    conversation::{Author, Direction, Message, MessageId, MessageStatus, MessageText, Side},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

pub use outgoing::{Failure, Outgoing, State};
use span::Span;

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

/// The messages of one conversation, and those on their way. See the module.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// On which side of the conversation the reader stands.
    side: Side,
    /// Oldest first.
    messages: Vec<Message>,
    /// Reports on messages that have not arrived yet.
    early: Vec<(MessageId, MessageStatus)>,
    /// What pages have covered, oldest first; between two of them lies what is not known.
    spans: Vec<Span>,
    /// In the order in which they were written.
    outgoing: Vec<Outgoing>,
    /// Under which key a message was sent from here.
    keys: Vec<(MessageId, String)>,
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
    /// On which side of the conversation the reader stands.
    pub fn side(&self) -> Side {
        self.side
    }

    /// The list of conversations says on which side the reader stands.
    pub fn set_side(&mut self, side: Side) {
        self.side = side;
    }

    /// Takes a page: the newest one, or the one that `asked` led to.
    pub fn page(&mut self, asked: Option<&str>, messages: Vec<Message>, older: Option<String>) {
        let positions = || messages.iter().map(Position::of);
        let before = asked.and_then(|asked| {
            let asking = self.spans.iter().find(|span| span.older.as_deref() == Some(asked))?;
            asking.from.clone()
        });
        let from = if older.is_some() { positions().min() } else { None };
        // A page that was asked for as what comes before a message reaches up to it.
        let to = before.max(positions().max());
        span::cover(&mut self.spans, Span { from, to, older });
        for message in messages {
            self.hear(message);
        }
    }

    /// Applies a message, from a page, an event or a response.
    pub fn hear(&mut self, mut message: Message) {
        if let Some(place) = self.early.iter().position(|(id, _)| *id == message.id) {
            let (_, reported) = self.early.swap_remove(place);
            message.status = message.status.max(reported);
        }
        let position = Position::of(&message);
        match self.messages.binary_search_by(|known| Position::of(known).cmp(&position)) {
            Ok(place) => {
                let known = &mut self.messages[place];
                known.status = known.status.max(message.status);
            }
            Err(place) => self.messages.insert(place, message),
        }
        self.confirm_arrived();
    }

    /// How far a message has come.
    pub fn report(&mut self, id: &MessageId, status: MessageStatus) {
        if let Some(known) = self.messages.iter_mut().rev().find(|known| known.id == *id) {
            known.status = known.status.max(status);
        } else if let Some((_, known)) = self.early.iter_mut().find(|(early, _)| early == id) {
            *known = status.max(*known);
        } else {
            self.early.push((id.clone(), status));
        }
    }

    /// Whether any page has come.
    pub fn is_loaded(&self) -> bool {
        !self.spans.is_empty()
    }

    /// Where what lies before the first row is asked for; `None` when there is nothing.
    pub fn older(&self) -> Option<&str> {
        self.spans.last()?.older.as_deref()
    }

    /// The messages without a gap between them and the present.
    fn shown(&self) -> &[Message] {
        let Some(span) = self.spans.last() else { return &[] };
        let first = self.messages.partition_point(|message| Some(Position::of(message)) < span.from);
        &self.messages[first..]
    }

    /// The position of the newest message, if any is loaded.
    pub fn newest(&self) -> Option<Position> {
        self.shown().last().map(Position::of)
    }

    /// The other authors' messages after `position`, oldest first.
    pub fn heard_after(&self, position: Option<&Position>) -> impl Iterator<Item = &Message> {
        let first = self.shown().partition_point(|message| Some(&Position::of(message)) <= position);
        self.shown()[first..].iter().filter(|message| message.author != self.side.author())
    }

    /// The newest of the other side's messages, if the reader has not read it. Reading it reads all before it.
    pub fn unread(&self) -> Option<Position> {
        let receives = self.side.receives();
        let newest = self.shown().iter().rev().find(|message| message.direction == receives)?;
        (newest.status != MessageStatus::Read).then(|| Position::of(newest))
    }

    /// The newest message of the contact's side.
    pub fn newest_inbound(&self) -> Option<&MessageId> {
        let newest = self.shown().iter().rev().find(|message| message.direction == Direction::Inbound);
        newest.map(|message| &message.id)
    }

    /// Every row, oldest first; what is on its way stands at the end.
    pub fn lines(&self) -> Vec<Line> {
        let arrived = outgoing::arrived(&self.outgoing, &self.messages, &self.keys, self.side);
        let key_of = |id: &MessageId| {
            let sent = self.keys.iter().find(|(named, _)| named == id).map(|(_, key)| key);
            sent.or_else(|| arrived.iter().find(|(there, _)| *there == id).map(|(_, key)| *key))
        };
        let mut lines: Vec<Line> = self
            .shown()
            .iter()
            .map(|message| Line {
                key: key_of(&message.id).map_or_else(|| message.id.to_string(), String::clone),
                id: Some(message.id.clone()),
                author: message.author,
                ours: self.side.wrote(message.author),
                text: message.text.clone(),
                at: message.created_at,
                standing: Standing::Known(message.status),
            })
            .collect();
        // Reading a message of the contact's reads all before it.
        let inbound = self.shown().iter().map(|message| message.direction == Direction::Inbound);
        let mut read = false;
        for (line, _) in lines.iter_mut().zip(inbound).rev().filter(|(_, inbound)| *inbound) {
            read |= line.standing == Standing::Known(MessageStatus::Read);
            if read {
                line.standing = Standing::Known(MessageStatus::Read);
            }
        }
        let mut waits = false;
        for out in &self.outgoing {
            if arrived.iter().all(|(_, key)| **key != out.key) {
                lines.push(out.line(self.side, waits));
            }
            waits |= out.is_unanswered();
        }
        lines
    }
}
