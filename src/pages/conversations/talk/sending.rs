//! What is written here and its way to the contact: in order, one at a time, kept until there is an answer.

use latido_protocol::conversation::{Message, MessageOne, MessageText};
use latido_replica::thread::Failure;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use super::Talk;
use crate::{
    api::{Answer, Call, Method, error::ApiError, json},
    browser::{clock, random_key},
};

impl Talk {
    pub fn send(&self, text: MessageText) {
        self.0.thread.borrow_mut().write(random_key(), text, clock::wall());
        self.show();
        self.0.scroll.go_to_the_end();
        self.keep();
        self.send_what_waits();
    }

    pub fn retry(&self, key: &str) {
        self.0.thread.borrow_mut().retry(key);
        self.show();
        self.keep();
        self.send_what_waits();
    }

    pub(super) fn network_is_back(&self) {
        self.0.thread.borrow_mut().retry_unanswered();
        self.show();
        self.keep();
        self.send_what_waits();
    }

    pub fn discard(&self, key: &str) {
        self.0.thread.borrow_mut().discard(key);
        self.show();
        self.keep();
    }

    /// What has no answer outlives a reload, unless its user has signed out.
    fn keep(&self) {
        if self.0.api.session().number() == self.0.session && !self.0.left.get() {
            self.0.whose.keep_unsent(self.0.thread.borrow().outgoing());
        }
    }

    pub(super) fn send_what_waits(&self) {
        if self.0.sending.replace(true) {
            return;
        }
        let talk = self.clone();
        spawn_local(async move {
            while let Some((key, text)) = talk.to_send() {
                let path = format!("{}/messages", talk.0.path);
                let answer = match json(&Body { text: &text }) {
                    Ok(body) => {
                        let call = Call::with(Method::Post, &body);
                        talk.0.api.send(Call { path: &path, key: Some(&key), ..call }).await
                    }
                    Err(error) => Err(error),
                };
                talk.answered(key, answer);
            }
            talk.0.sending.set(false);
        });
    }

    fn to_send(&self) -> Option<(String, MessageText)> {
        let thread = self.0.thread.borrow();
        thread.to_send().map(|out| (out.key.clone(), out.text.clone()))
    }

    fn answered(&self, key: String, answer: Result<Answer, ApiError>) {
        match answer.and_then(|answer| answer.parse::<MessageOne>()) {
            Ok(MessageOne { message }) => {
                self.0.whose.was_sent(&key);
                self.taken(key, message);
            }
            Err(error) => self.0.thread.borrow_mut().failed(&key, failure(error)),
        }
        self.show();
        self.keep();
    }

    fn taken(&self, key: String, message: Message) {
        self.0.contacts.hear(&message);
        self.0.thread.borrow_mut().taken(key, message);
    }
}

#[derive(Serialize)]
struct Body<'a> {
    text: &'a MessageText,
}

/// A server that is busy or broken has not refused the message.
fn failure(error: ApiError) -> Failure {
    match error {
        ApiError::Refused(problem) if problem.status < 500 && problem.status != 429 => {
            Failure::Refused(problem.errors.first().map_or(problem.detail, |error| error.detail.clone()))
        }
        ApiError::Refused(_)
        | ApiError::Unreachable
        | ApiError::TimedOut
        | ApiError::SignedOut
        | ApiError::Unreadable => Failure::NoAnswer,
    }
}
