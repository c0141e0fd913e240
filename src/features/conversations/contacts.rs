//! The list of conversations as signals: responses and events flow into one [`Inbox`], and rows follow it.

use std::cell::RefCell;

use latido_cache::inbox::Inbox;
use latido_protocol::{
    conversation::{Author, ContactId, Conversation, Conversations, Message, MessageId},
    event::{Event, Family},
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::{
    announcer::MessageAnnouncer,
    events::{NewMessage, StatusReport, Updated},
};
use crate::{
    api::{Api, Call},
    browser::{LocalRc, local_rc},
    data::queries::{
        FetchStatus, Polling, Queries,
        document::{Document, reads},
        frame_batcher::FrameBatcher,
    },
    realtime::use_realtime_optional,
};

/// The first page; the badge beside the section looks at the same answer.
pub const PATH: &str = "/conversations?limit=200";

/// The path of a conversation, of the page and below the API.
pub fn path_of(contact: &ContactId) -> String {
    format!("/conversations/{}", String::from(js_sys::encode_uri_component(contact.as_str())))
}

#[derive(Clone)]
pub struct ConversationRow {
    pub contact: ContactId,
    pub conversation: ArcRwSignal<Conversation>,
}

#[derive(Clone)]
pub struct Contacts(LocalRc<ContactsInner>);

struct ContactsInner {
    api: Api,
    document: Document,
    inbox: RefCell<Inbox>,
    frames: FrameBatcher,
    /// Whose thread is open; it speaks for itself.
    open: RefCell<Option<ContactId>>,
    /// `None` until the first answer.
    rows: ArcRwSignal<Option<Vec<ConversationRow>>>,
    /// Where more are asked for.
    more: ArcRwSignal<Option<String>>,
    /// They were asked for, and did not come.
    more_failed: ArcRwSignal<bool>,
    fetch_status: ArcRwSignal<FetchStatus>,
}

impl Contacts {
    /// Follows answers and events for as long as the current owner lives.
    pub fn follow(announcer: MessageAnnouncer) -> Self {
        let queries: Queries = expect_context();
        let document = queries.document(PATH, Family::Message, Polling::LISTS, reads::<Conversations>);
        let contacts = Self(local_rc(ContactsInner {
            api: expect_context(),
            document: document.clone(),
            inbox: RefCell::default(),
            frames: FrameBatcher::default(),
            open: RefCell::default(),
            rows: ArcRwSignal::default(),
            more: ArcRwSignal::default(),
            more_failed: ArcRwSignal::default(),
            fetch_status: document.fetch_status.clone(),
        }));
        let answered = contacts.clone();
        Effect::new(move |_| {
            if let Some(answer) = document.read::<Conversations>() {
                answered.apply_page(answer, true);
            }
        });
        if let Some(realtime) = use_realtime_optional() {
            let listening = contacts.clone();
            let subscription =
                realtime.subscribe(Family::Message, move |event| listening.apply_event(event, &announcer));
            let subscription = SendWrapper::new(subscription);
            on_cleanup(move || drop(subscription));
        }
        contacts
    }

    pub fn rows(&self) -> ArcReadSignal<Option<Vec<ConversationRow>>> {
        self.0.rows.read_only()
    }

    pub fn has_more(&self) -> ArcReadSignal<Option<String>> {
        self.0.more.read_only()
    }

    /// Whether those behind the last were asked for in vain.
    pub fn more_failed(&self) -> ArcReadSignal<bool> {
        self.0.more_failed.read_only()
    }

    pub fn fetch_status(&self) -> ArcRwSignal<FetchStatus> {
        self.0.fetch_status.clone()
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
        self.0.inbox.borrow_mut().put(conversation, self.0.document.overtaken());
        self.show_soon();
    }

    pub fn apply_message(&self, message: &Message) {
        self.0.inbox.borrow_mut().hear(message);
        self.show_soon();
    }

    pub fn read(&self, contact: &ContactId) {
        self.0.inbox.borrow_mut().read(contact);
        self.show_soon();
    }

    /// What this contact has written up to the message needs no answer. Something newer still does.
    pub fn need_no_answer(&self, contact: &ContactId, message: &MessageId) {
        let mut inbox = self.0.inbox.borrow_mut();
        let last = inbox.find(contact).and_then(|known| known.last_message.as_ref());
        if last.is_none_or(|last| last.author != Author::Contact || last.id == *message) {
            inbox.need_no_answer(contact);
        }
        drop(inbox);
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
                contacts.apply_page(answer, false);
            }
        });
    }

    fn apply_page(&self, answer: Conversations, first: bool) {
        let is_whole = first && answer.next_cursor.is_none();
        if first && self.0.rows.with_untracked(Option::is_none) {
            self.0.more.set(answer.next_cursor);
        }
        let whole_as_of = is_whole.then(|| self.0.document.fetch().begun);
        self.0.inbox.borrow_mut().page(answer.conversations, whole_as_of);
        self.show(true);
    }

    fn apply_event(&self, event: &Event, announcer: &MessageAnnouncer) {
        let Event::Opaque(opaque) = event else { return };
        if let Ok(NewMessage { message }) = opaque.read() {
            if *self.0.open.borrow() != Some(message.contact_id.clone())
                && let Some(known) = self.0.inbox.borrow().find(&message.contact_id)
                && message.direction == known.side.receives()
            {
                announcer.queue(known.name.as_str(), message.text.as_str());
            }
            self.apply_message(&message);
        } else if let Ok(report) = opaque.read::<StatusReport>() {
            self.0.inbox.borrow_mut().report(&report.contact_id, &report.message_id, report.status);
            self.show_soon();
        } else if let Ok(Updated { contact_id, message_id, needs_answer: false }) = opaque.read() {
            self.need_no_answer(&contact_id, &message_id);
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
            ConversationRow { contact, conversation: ArcRwSignal::new(conversation.clone()) }
        });
        let rows: Vec<ConversationRow> = rows.collect();
        drop(inbox);
        self.0.rows.set(Some(rows));
    }
}
