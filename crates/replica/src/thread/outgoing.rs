//! What was written here and has no answer yet.
//!
//! A message is sent under an idempotency key, and under the same one again: whatever became of the first
//! try, the contact gets it once. Nothing is given up by itself: what got no answer is tried again with the
//! network, and what was refused stays until somebody decides.

use latido_protocol::{
    conversation::{Author, Message, MessageId, MessageText},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Line, Position, Standing, Thread};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The request's idempotency key, and the row's.
    pub key: String,
    pub text: MessageText,
    pub at: Timestamp,
    pub state: State,
    /// The newest message when it was written: it can only stand after that one.
    after: Option<Position>,
    /// Messages that say the same and were sent under other keys.
    others: Vec<MessageId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum State {
    Sending,
    Failed(Failure),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Failure {
    /// It may have arrived all the same.
    NoAnswer,
    /// The server said no, and why.
    Refused(String),
}

impl Outgoing {
    pub(super) fn line(&self) -> Line {
        Line {
            key: self.key.clone(),
            id: None,
            author: Author::Coach,
            text: self.text.clone(),
            at: self.at,
            standing: match &self.state {
                State::Sending => Standing::Sending,
                State::Failed(failure) => Standing::Unsent(failure.clone()),
            },
        }
    }

    fn may_have_arrived(&self) -> bool {
        match &self.state {
            State::Sending | State::Failed(Failure::NoAnswer) => true,
            State::Failed(Failure::Refused(_)) => false,
        }
    }

    fn is(&self, message: &Message) -> bool {
        message.author == Author::Coach
            && message.text == self.text
            && Some(Position::of(message)) > self.after
            && !self.others.contains(&message.id)
    }
}

/// Messages that are there though the answer that would name them is not, each with its key.
pub(super) fn arrived<'a>(
    outgoing: &'a [Outgoing],
    messages: &'a [Message],
    keys: &[(MessageId, String)],
) -> Vec<(&'a MessageId, &'a String)> {
    let mut arrived: Vec<(&MessageId, &String)> = Vec::new();
    for out in outgoing.iter().filter(|out| out.may_have_arrived()) {
        let its_own = messages.iter().find(|message| {
            let has_a_key = keys.iter().any(|(named, _)| *named == message.id);
            out.is(message) && !has_a_key && arrived.iter().all(|(taken, _)| **taken != message.id)
        });
        arrived.extend(its_own.map(|message| (&message.id, &out.key)));
    }
    arrived
}

impl Thread {
    /// Somebody wrote this.
    pub fn write(&mut self, key: String, text: MessageText, at: Timestamp) {
        let after = self.newest();
        self.outgoing.push(Outgoing { key, text, at, state: State::Sending, after, others: Vec::new() });
    }

    /// What an earlier life of the page has left unsent.
    pub fn restore(&mut self, left: Vec<Outgoing>) {
        let new = left.into_iter().filter(|left| self.outgoing.iter().all(|out| out.key != left.key));
        let new: Vec<Outgoing> = new.collect();
        self.outgoing.splice(0..0, new);
    }

    pub fn outgoing(&self) -> &[Outgoing] {
        &self.outgoing
    }

    /// What is to be sent next. One at a time: what was said first has to arrive first.
    pub fn to_send(&self) -> Option<&Outgoing> {
        self.outgoing.iter().find(|out| out.state == State::Sending)
    }

    /// The server has taken what was sent under this key.
    pub fn taken(&mut self, key: String, message: Message) {
        self.outgoing.retain(|out| out.key != key);
        for out in self.outgoing.iter_mut().filter(|out| out.text == message.text) {
            // Kept with it, since a reload forgets under which keys messages were sent.
            out.others.push(message.id.clone());
        }
        if self.keys.iter().all(|(id, _)| *id != message.id) {
            self.keys.push((message.id.clone(), key));
        }
        self.hear(message);
    }

    pub fn failed(&mut self, key: &str, failure: Failure) {
        self.set_state(key, State::Failed(failure));
    }

    /// The network is back: what got no answer is tried again. What was refused waits for somebody.
    pub fn retry_unanswered(&mut self) {
        for outgoing in &mut self.outgoing {
            if outgoing.state == State::Failed(Failure::NoAnswer) {
                outgoing.state = State::Sending;
            }
        }
    }

    pub fn retry(&mut self, key: &str) {
        self.set_state(key, State::Sending);
    }

    pub fn discard(&mut self, key: &str) {
        self.outgoing.retain(|out| out.key != key);
    }

    fn set_state(&mut self, key: &str, state: State) {
        if let Some(out) = self.outgoing.iter_mut().find(|out| out.key == key) {
            out.state = state;
        }
    }
}
