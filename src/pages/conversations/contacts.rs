//! The list of conversations as it is shown: answers and events flow into one [`Inbox`], and rows follow it.

use std::cell::RefCell;

use latido_protocol::{
    conversation::{ContactId, Conversation, Conversations, Direction, Message},
    event::{Event, Family},
};
use latido_replica::inbox::Inbox;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::{
    announcer::Announcer,
    told::{NewMessage, StatusReport},
};
use crate::{
    api::{Api, Call},
    browser::{Shared, shared},
    queries::{Health, Polling, Queries, document::reads, frames::Frames},
    realtime::use_realtime_optional,
};

/// The first page; the badge beside the section looks at the same answer.
pub const PATH: &str = "/conversations?limit=200";

#[derive(Clone)]
pub struct Row {
    pub contact: ContactId,
    pub conversation: ArcRwSignal<Conversation>,
}

#[derive(Clone)]
pub struct Contacts(Shared<Inner>);

struct Inner {
    api: Api,
    inbox: RefCell<Inbox>,
    frames: Frames,
    /// Whose thread is open; it speaks for itself.
    open: RefCell<Option<ContactId>>,
    /// `None` until the first answer.
    rows: ArcRwSignal<Option<Vec<Row>>>,
    /// Where more are asked for.
    more: ArcRwSignal<Option<String>>,
    /// They were asked for, and did not come.
    more_failed: ArcRwSignal<bool>,
    health: ArcRwSignal<Health>,
}

impl Contacts {
    /// Follows answers and events for as long as the current owner lives.
    pub fn follow(announcer: Announcer) -> Self {
        let queries: Queries = expect_context();
        let document = queries.document(PATH, Family::Message, Polling::LISTS, reads::<Conversations>);
        let contacts = Self(shared(Inner {
            api: expect_context(),
            inbox: RefCell::default(),
            frames: Frames::default(),
            open: RefCell::default(),
            rows: ArcRwSignal::default(),
            more: ArcRwSignal::default(),
            more_failed: ArcRwSignal::default(),
            health: document.health.clone(),
        }));
        let answered = contacts.clone();
        Effect::new(move |_| {
            if let Some(answer) = document.read::<Conversations>() {
                answered.take(answer, true);
            }
        });
        if let Some(realtime) = use_realtime_optional() {
            let heard = contacts.clone();
            let subscription =
                realtime.subscribe(Family::Message, move |event| heard.hear_event(event, &announcer));
            let subscription = SendWrapper::new(subscription);
            on_cleanup(move || drop(subscription));
        }
        contacts
    }

    pub fn rows(&self) -> ArcReadSignal<Option<Vec<Row>>> {
        self.0.rows.read_only()
    }

    pub fn has_more(&self) -> ArcReadSignal<Option<String>> {
        self.0.more.read_only()
    }

    /// Whether those behind the last were asked for in vain.
    pub fn more_failed(&self) -> ArcReadSignal<bool> {
        self.0.more_failed.read_only()
    }

    pub fn health(&self) -> ArcRwSignal<Health> {
        self.0.health.clone()
    }

    pub fn set_open(&self, contact: Option<ContactId>) {
        self.0.open.replace(contact);
    }

    /// The conversation as it is known; tracked.
    pub fn get(&self, contact: &ContactId) -> Option<Conversation> {
        self.0.rows.with(|rows| {
            let row = rows.as_ref()?.iter().find(|row| row.contact == *contact)?;
            Some(row.conversation.get())
        })
    }

    pub fn name_untracked(&self, contact: &ContactId) -> Option<String> {
        Some(self.0.inbox.borrow().find(contact)?.name.as_str().to_owned())
    }

    pub fn put(&self, conversation: Conversation) {
        self.0.inbox.borrow_mut().put(conversation);
        self.show_soon();
    }

    pub fn hear(&self, message: &Message) {
        self.0.inbox.borrow_mut().hear(message);
        self.show_soon();
    }

    pub fn read(&self, contact: &ContactId) {
        self.0.inbox.borrow_mut().read(contact);
        self.show_soon();
    }

    /// Asks for those behind the last.
    pub fn load_more(&self) {
        let Some(cursor) = self.0.more.get_untracked() else { return };
        let contacts = self.clone();
        spawn_local(async move {
            let cursor: String = js_sys::encode_uri_component(&cursor).into();
            let answer = contacts.0.api.send(Call::get(&format!("{PATH}&cursor={cursor}"))).await;
            let answer = answer.and_then(|answer| answer.parse::<Conversations>());
            contacts.0.more_failed.set(answer.is_err());
            // Where it did not work the button stays.
            if let Ok(answer) = answer {
                contacts.0.more.set(answer.next_cursor.clone());
                contacts.take(answer, false);
            }
        });
    }

    fn take(&self, answer: Conversations, first: bool) {
        let whole = first && answer.next_cursor.is_none();
        if first && self.0.rows.with_untracked(Option::is_none) {
            self.0.more.set(answer.next_cursor);
        }
        self.0.inbox.borrow_mut().page(answer.conversations, whole);
        self.show(true);
    }

    fn hear_event(&self, event: &Event, announcer: &Announcer) {
        let Event::Told(told) = event else { return };
        if let Ok(NewMessage { message }) = told.read() {
            if message.direction == Direction::Inbound
                && *self.0.open.borrow() != Some(message.contact_id.clone())
                && let Some(known) = self.0.inbox.borrow().find(&message.contact_id)
            {
                announcer.tell(known.name.as_str(), message.text.as_str());
            }
            self.hear(&message);
        } else if let Ok(report) = told.read::<StatusReport>() {
            self.0.inbox.borrow_mut().report(&report.contact_id, &report.message_id, report.status);
            self.show_soon();
        }
    }

    fn show_soon(&self) {
        let contacts = self.clone();
        self.0.frames.request(move || contacts.show(false));
    }

    /// Brings the inbox to the rows; those that stay keep their signals, and with them their elements.
    fn show(&self, answered: bool) {
        let before = self.0.rows.get_untracked();
        if before.is_none() && !answered {
            return;
        }
        let before = before.unwrap_or_default();
        let inbox = self.0.inbox.borrow();
        let rows = inbox.conversations().iter().map(|conversation| {
            let known = before.iter().find(|row| row.contact == conversation.contact_id);
            if let Some(row) = known {
                if row.conversation.with_untracked(|shown| shown != conversation) {
                    row.conversation.set(conversation.clone());
                }
                return row.clone();
            }
            let contact = conversation.contact_id.clone();
            Row { contact, conversation: ArcRwSignal::new(conversation.clone()) }
        });
        let rows: Vec<Row> = rows.collect();
        drop(inbox);
        self.0.rows.set(Some(rows));
    }
}
