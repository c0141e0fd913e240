//! The outgoing queue of a conversation: in order, one at a time, stored until the server has responded.
//!
//! A queue outlives its view: a message is sent even if the conversation was left, and a second queue of the same
//! conversation could overtake the first. So there is one per conversation, and a view that opens it again reuses it.
//! A queue that has nothing to send and no view is dropped.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use latido_cache::families::thread::{Failure, Thread};
use latido_protocol::conversation::{Message, MessageOne, MessageText};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use super::{contacts::path_of, drafts::DraftKey};
use crate::{
    api::{Api, ApiResponse, Call, Method, error::ApiError, json},
    browser::{LocalRc, clock, local_rc, random_key},
    data::queries::Queries,
    realtime::{Realtime, use_realtime_optional},
};

thread_local! {
    static QUEUES: RefCell<Vec<Queue>> = const { RefCell::new(Vec::new()) };
}

/// What has changed in the thread.
pub enum ThreadChange {
    /// The server has taken this message.
    Taken(Message),
    /// The server has taken a message and did not say which.
    Unconfirmed,
    Other,
}

type OnThreadChanged = Rc<dyn Fn(ThreadChange)>;

#[derive(Clone)]
pub struct Queue(LocalRc<QueueInner>);

struct QueueInner {
    api: Api,
    queries: Queries,
    /// The session in which it was written. In another one nothing of it is sent.
    session: u32,
    key: DraftKey,
    thread: Rc<RefCell<Thread>>,
    sending: Cell<bool>,
    /// The view that shows it, with its number: a view that has gone must not take away the next one.
    view: RefCell<Option<(u32, OnThreadChanged)>>,
    views: Cell<u32>,
    /// Of what follows the network.
    owner: RefCell<Option<Owner>>,
}

impl Queue {
    /// The queue of this conversation that is not done yet.
    pub fn find(api: &Api, key: &DraftKey) -> Option<Self> {
        QUEUES.with_borrow_mut(|queues| {
            queues.retain(Queue::is_alive);
            queues.iter().find(|queue| queue.0.api.is(api) && queue.0.key == *key).cloned()
        })
    }

    /// A new queue around a thread, with what an earlier life of the page has left unsent.
    pub fn begin(api: &Api, queries: &Queries, key: &DraftKey, thread: Rc<RefCell<Thread>>) -> Self {
        thread.borrow_mut().restore(key.unsent());
        let queue = Self(local_rc(QueueInner {
            api: api.clone(),
            queries: queries.clone(),
            session: api.session().number(),
            key: key.clone(),
            thread,
            sending: Cell::default(),
            view: RefCell::default(),
            views: Cell::default(),
            owner: RefCell::default(),
        }));
        queue.follow_network(use_realtime_optional());
        QUEUES.with_borrow_mut(|queues| queues.push(queue.clone()));
        queue
    }

    pub fn thread(&self) -> &Rc<RefCell<Thread>> {
        &self.0.thread
    }

    /// Shows it from now on. Gives the number by which [`leave`](Self::leave) knows the view.
    pub fn show_in(&self, changed: impl Fn(ThreadChange) + 'static) -> u32 {
        let number = self.0.views.get() + 1;
        self.0.views.set(number);
        self.0.view.replace(Some((number, Rc::new(changed))));
        number
    }

    /// The view has gone.
    pub fn leave(&self, view: u32) {
        let is_shown_there = self.0.view.borrow().as_ref().is_some_and(|(number, _)| *number == view);
        if is_shown_there {
            self.0.view.replace(None);
            self.drop_if_done();
        }
    }

    pub fn write(&self, text: MessageText) {
        self.0.thread.borrow_mut().write(random_key(), text, clock::wall());
        self.go_on();
    }

    pub fn retry(&self, key: &str) {
        self.0.thread.borrow_mut().retry(key);
        self.go_on();
    }

    pub fn discard(&self, key: &str) {
        self.0.thread.borrow_mut().discard(key);
        self.go_on();
    }

    fn network_is_back(&self) {
        self.0.thread.borrow_mut().retry_unanswered();
        self.go_on();
    }

    /// Keeps and shows what has changed, and sends what waits.
    pub fn go_on(&self) {
        self.keep();
        self.changed(ThreadChange::Other);
        self.send_what_waits();
    }

    /// A session that is over has no queue.
    fn is_alive(&self) -> bool {
        self.0.api.session().number() == self.0.session
    }

    /// What has no answer outlives a reload, unless its user has signed out.
    pub fn keep(&self) {
        if self.is_alive() {
            self.0.key.keep_unsent(self.0.thread.borrow().outgoing());
        }
    }

    fn changed(&self, change: ThreadChange) {
        let view = self.0.view.borrow().as_ref().map(|(_, changed)| changed.clone());
        if let Some(changed) = view {
            changed(change);
        }
    }

    fn send_what_waits(&self) {
        if self.0.sending.replace(true) {
            return;
        }
        let queue = self.clone();
        spawn_local(async move {
            while let Some((key, text)) = queue.to_send() {
                let path = format!("{}/messages", path_of(&queue.0.key.contact));
                let answer = match json(&MessageBody { text: &text }) {
                    Ok(body) => {
                        let call = Call::with(Method::Post, &body);
                        queue.0.api.send(Call { path: &path, key: Some(&key), ..call }).await
                    }
                    Err(error) => Err(error),
                };
                queue.answered(key, answer);
            }
            queue.0.sending.set(false);
            queue.drop_if_done();
        });
    }

    fn to_send(&self) -> Option<(String, MessageText)> {
        let thread = self.0.thread.borrow();
        thread.to_send().filter(|_| self.is_alive()).map(|out| (out.key.clone(), out.text.clone()))
    }

    fn answered(&self, key: String, answer: Result<ApiResponse, ApiError>) {
        let change = match answer.map(|answer| answer.parse::<MessageOne>()) {
            Ok(Ok(MessageOne { message })) => {
                let settles_at = self.0.queries.settles_at();
                self.0.thread.borrow_mut().taken(key, message.clone(), settles_at);
                ThreadChange::Taken(message)
            }
            Ok(Err(_)) => {
                self.0.thread.borrow_mut().failed(&key, Failure::Unconfirmed);
                ThreadChange::Unconfirmed
            }
            Err(error) => {
                self.0.thread.borrow_mut().failed(&key, failure(error));
                ThreadChange::Other
            }
        };
        self.keep();
        self.changed(change);
    }

    fn drop_if_done(&self) {
        let is_done = self.0.view.borrow().is_none() && self.0.thread.borrow().outgoing().is_empty();
        if is_done {
            QUEUES.with_borrow_mut(|queues| queues.retain(|queue| !Rc::ptr_eq(&queue.0, &self.0)));
        }
    }

    /// What got no answer is tried again with the network, whatever page is shown then.
    fn follow_network(&self, realtime: Option<Realtime>) {
        let weak = SendWrapper::new(Rc::downgrade(&self.0));
        let back = move || {
            if let Some(inner) = Weak::upgrade(&weak) {
                Self(SendWrapper::new(inner)).network_is_back();
            }
        };
        let before = Owner::current();
        let owner = Owner::new_root(None);
        owner.with(|| {
            let online = back.clone();
            let listener = window_event_listener_untyped("online", move |_| online());
            on_cleanup(move || listener.remove());
            if let Some(realtime) = realtime {
                let status = realtime.status();
                Effect::new(move |before: Option<bool>| {
                    let is_live = status.get().is_live();
                    if is_live && before == Some(false) {
                        back();
                    }
                    is_live
                });
            }
        });
        // Making a root makes it the current one, too.
        if let Some(before) = before {
            before.set();
        }
        self.0.owner.replace(Some(owner));
    }
}

#[derive(Serialize)]
struct MessageBody<'a> {
    text: &'a MessageText,
}

/// A server that is busy or broken has not refused the message.
fn failure(error: ApiError) -> Failure {
    match error {
        ApiError::Refused(problem) if problem.status < 500 && problem.status != 429 => {
            // The whole problem, so that it can be shown in any language.
            Failure::Refused(json(&problem).unwrap_or(problem.detail))
        }
        ApiError::Refused(_)
        | ApiError::Unreachable
        | ApiError::TimedOut
        | ApiError::SignedOut
        | ApiError::Unreadable
        | ApiError::Intercepted { .. } => Failure::NoAnswer,
    }
}
