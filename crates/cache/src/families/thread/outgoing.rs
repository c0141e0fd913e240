//! What was written here and has no answer yet.
//!
//! A message is sent under an idempotency key, and under the same one again: whatever became of the first
//! try, the contact gets it once. Nothing is given up by itself: what got no answer is tried again with the
//! network, and what was refused stays until the user decides. So does what was taken without a name: a backend may
//! know no idempotency keys, and the contact would get it twice. It is done once a message that says the same is heard.
//!
//! Messages have to arrive in the order in which they were written. So a message waits behind one that got no answer, whose sending may
//! still succeed; behind one that was refused it does not wait, since that one is not sent by itself any more.

use latido_protocol::{
    conversation::{Message, MessageId, MessageText, Side},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Line, Position, Standing, Thread};

/// A message that the server has not confirmed. Survives a reload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The request's idempotency key, and the row's.
    pub key: String,
    /// What it says.
    pub text: MessageText,
    /// When it was written.
    pub at: Timestamp,
    /// Whether it is under way or has failed.
    pub state: State,
    /// The newest message when it was written: it can only stand after that one.
    after: Option<Position>,
    /// Messages that say the same and were sent under other keys.
    others: Vec<MessageId>,
}

/// Whether a message is under way or has failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum State {
    /// Waits for its turn, or for its response.
    Sending,
    /// Was not taken, and why.
    Failed(Failure),
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Failure {
    /// It may have arrived all the same.
    NoAnswer,
    /// The server took it, and did not say which message it is.
    Unconfirmed,
    /// The server refused it, with the reason.
    Refused(String),
}

impl Outgoing {
    /// `waits` says that one before it has no answer.
    pub(super) fn line(&self, side: Side, waits: bool) -> Line {
        Line {
            key: self.key.clone(),
            id: None,
            author: side.author(),
            ours: true,
            text: self.text.clone(),
            at: self.at,
            standing: match &self.state {
                State::Sending if waits => Standing::Waiting,
                State::Sending => Standing::Sending,
                State::Failed(failure) => Standing::Unsent(failure.clone()),
            },
        }
    }

    pub(super) fn is_unanswered(&self) -> bool {
        self.state == State::Failed(Failure::NoAnswer)
    }

    fn is_unconfirmed(&self) -> bool {
        self.state == State::Failed(Failure::Unconfirmed)
    }

    fn may_have_arrived(&self) -> bool {
        match &self.state {
            State::Sending | State::Failed(Failure::NoAnswer | Failure::Unconfirmed) => true,
            State::Failed(Failure::Refused(_)) => false,
        }
    }

    fn is(&self, message: &Message, side: Side) -> bool {
        message.author == side.author()
            && message.text == self.text
            && Some(Position::of(message)) > self.after
            && !self.others.contains(&message.id)
    }
}

impl Thread {
    /// Messages that are there though the answer that would name them is not, each with its key.
    pub(super) fn arrived(&self) -> Vec<(&Message, &String)> {
        let mut waiting = self.outgoing.iter().filter(|out| out.may_have_arrived()).peekable();
        if waiting.peek().is_none() {
            return Vec::new();
        }
        let mut messages: Vec<&Message> = self.messages.rows().map(|message| &**message).collect();
        messages.reverse();
        let mut arrived: Vec<(&Message, &String)> = Vec::new();
        for out in waiting {
            let its_own = messages.iter().copied().find(|message| {
                let has_a_key = self.keys.iter().any(|(named, _)| *named == message.id);
                out.is(message, self.side)
                    && !has_a_key
                    && arrived.iter().all(|(taken, _)| taken.id != message.id)
            });
            arrived.extend(its_own.map(|message| (message, &out.key)));
        }
        arrived
    }

    /// Queues a message of the user's. What has no answer is tried again before it.
    pub fn write(&mut self, key: String, text: MessageText, at: Timestamp) {
        self.retry_unanswered();
        let after = self.newest();
        self.outgoing.push(Outgoing { key, text, at, state: State::Sending, after, others: Vec::new() });
    }

    /// What an earlier life of the page has left unsent.
    pub fn restore(&mut self, left: Vec<Outgoing>) {
        let new = left.into_iter().filter(|left| self.outgoing.iter().all(|out| out.key != left.key));
        let new: Vec<Outgoing> = new.collect();
        self.outgoing.splice(0..0, new);
    }

    /// What is on its way, in the order in which it was written.
    pub fn outgoing(&self) -> &[Outgoing] {
        &self.outgoing
    }

    /// What is to be sent next. One at a time, and nothing before one that has no answer.
    pub fn to_send(&self) -> Option<&Outgoing> {
        let mut queue = self.outgoing.iter().filter(|out| out.may_have_arrived() && !out.is_unconfirmed());
        queue.next().filter(|out| out.state == State::Sending)
    }

    /// The server has taken what was sent under this key. Fetches that start before `settles_at` may lack it.
    pub fn taken(&mut self, key: String, message: Message, settles_at: Timestamp) {
        self.name(key, &message);
        if self.holds(&message.id) {
            // What was sent twice is answered as it was the first time, however far it has come since.
            self.report(&message.id, message.status, settles_at);
        } else {
            self.hear(message, settles_at);
        }
    }

    /// The message of this key has its name.
    fn name(&mut self, key: String, message: &Message) {
        self.outgoing.retain(|out| out.key != key);
        for out in self.outgoing.iter_mut().filter(|out| out.text == message.text) {
            // Kept with it, since a reload forgets under which keys messages were sent.
            out.others.push(message.id.clone());
        }
        if self.keys.iter().all(|(id, _)| *id != message.id) {
            self.keys.push((message.id.clone(), key));
        }
    }

    /// A message of this key was not taken, or not named.
    pub fn failed(&mut self, key: &str, failure: Failure) {
        self.set_state(key, State::Failed(failure));
        self.confirm_arrived();
    }

    /// Takes the messages that were heard for the answers that did not name them.
    pub(super) fn confirm_arrived(&mut self) {
        if !self.outgoing.iter().any(Outgoing::is_unconfirmed) {
            return;
        }
        let is_unconfirmed =
            |key: &str| self.outgoing.iter().any(|out| out.key == key && out.is_unconfirmed());
        let arrived = self.arrived().into_iter().filter(|(_, key)| is_unconfirmed(key));
        let arrived: Vec<_> = arrived.map(|(message, key)| (message.clone(), key.clone())).collect();
        for (message, key) in arrived {
            self.name(key, &message);
        }
    }

    /// The network is back: what got no answer is tried again. What was refused waits for the user.
    pub fn retry_unanswered(&mut self) {
        for outgoing in &mut self.outgoing {
            if outgoing.state == State::Failed(Failure::NoAnswer) {
                outgoing.state = State::Sending;
            }
        }
    }

    /// Tries one again, and before it those that have no answer.
    pub fn retry(&mut self, key: &str) {
        self.set_state(key, State::Sending);
        self.retry_unanswered();
    }

    /// Drops a message that was not taken.
    pub fn discard(&mut self, key: &str) {
        self.outgoing.retain(|out| out.key != key);
    }

    fn set_state(&mut self, key: &str, state: State) {
        if let Some(out) = self.outgoing.iter_mut().find(|out| out.key == key) {
            out.state = state;
        }
    }
}
