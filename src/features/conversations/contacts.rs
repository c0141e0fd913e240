//! The list of conversations as rows, and what the open one tells of it.

use std::cell::RefCell;

use latido_cache::{families::inbox::Inbox, model::Model};
use latido_protocol::{
    conversation::{ContactId, Conversation, Message, MessageId},
    event::Family,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::announcer::MessageAnnouncer;
use crate::{
    browser::{LocalRc, local_rc},
    data::queries::{
        FetchStatus, Polling, Queries, Query,
        rows::{Row, Rows},
    },
};

/// The first page; the badge beside the section looks at the same answer.
pub const PATH: &str = "/conversations?limit=200";

/// The path of a conversation, of the page and below the API.
pub fn path_of(contact: &ContactId) -> String {
    format!("/conversations/{}", String::from(js_sys::encode_uri_component(contact.as_str())))
}

/// The conversation with one contact, under the contact's id.
pub type ConversationRow = Row<Conversation>;

/// Follows the list for as long as the current owner lives.
pub fn follow(queries: &Queries) -> Query<Inbox> {
    queries.query(PATH, Family::Message, Polling::LISTS, Inbox::default)
}

#[derive(Clone)]
pub struct Contacts(LocalRc<ContactsInner>);

struct ContactsInner {
    inbox: Query<Inbox>,
    announcer: MessageAnnouncer,
    /// Whose thread is open; it speaks for itself.
    open: RefCell<Option<ContactId>>,
    rows: Rows<Conversation>,
    /// They were asked for, and did not come.
    more_failed: ArcRwSignal<bool>,
}

impl Contacts {
    /// Follows answers and events for as long as the current owner lives.
    pub fn follow(announcer: MessageAnnouncer) -> Self {
        let contacts = Self(local_rc(ContactsInner {
            inbox: follow(&expect_context()),
            announcer,
            open: RefCell::default(),
            rows: Rows::default(),
            more_failed: ArcRwSignal::default(),
        }));
        contacts.0.inbox.reread_doubtful(PATH.to_owned());
        let changed = contacts.clone();
        Effect::new(move |_| {
            changed.0.inbox.track();
            changed.announce();
            changed.show();
        });
        contacts
    }

    /// `None` until the first answer.
    pub fn rows(&self) -> ArcReadSignal<Option<Vec<ConversationRow>>> {
        self.0.rows.all()
    }

    /// Whether there are some behind the last. Tracked.
    pub fn has_more(&self) -> bool {
        self.0.inbox.get().cursor().is_some()
    }

    /// Whether those behind the last were asked for in vain.
    pub fn more_failed(&self) -> ArcReadSignal<bool> {
        self.0.more_failed.read_only()
    }

    pub fn fetch_status(&self) -> ArcRwSignal<FetchStatus> {
        self.0.inbox.fetch_status.clone()
    }

    pub fn set_open(&self, contact: Option<ContactId>) {
        self.0.open.replace(contact);
    }

    /// The conversation as it is known; tracked.
    pub fn get(&self, contact: &ContactId) -> Option<Conversation> {
        self.0.rows.value_of(contact.as_str())
    }

    pub fn name_untracked(&self, contact: &ContactId) -> Option<String> {
        Some(self.0.inbox.get_untracked().find(contact)?.name.as_str().to_owned())
    }

    pub fn put(&self, conversation: Conversation) {
        self.0.inbox.update(|inbox, settles_at| inbox.put(conversation, settles_at));
    }

    pub fn apply_message(&self, message: &Message) {
        self.0.inbox.update(|inbox, settles_at| inbox.hear(message, settles_at));
    }

    pub fn read(&self, contact: &ContactId) {
        self.0.inbox.update(|inbox, settles_at| inbox.read(contact, settles_at));
    }

    /// What this contact has written up to the message needs no answer.
    pub fn need_no_answer(&self, contact: &ContactId, message: &MessageId) {
        self.0.inbox.update(|inbox, settles_at| inbox.need_no_answer(contact, message, settles_at));
    }

    /// Asks for those behind the last.
    pub fn load_more(&self) {
        let contacts = self.clone();
        spawn_local(async move {
            // Where it did not work the button stays.
            let outcome = contacts.0.inbox.load_next(PATH).await;
            contacts.0.more_failed.set(outcome.is_err());
        });
    }

    /// Says what was written to the reader in conversations that are not open.
    fn announce(&self) {
        let news = self.0.inbox.take(Inbox::take_news);
        let inbox = self.0.inbox.get_untracked();
        for message in news.iter().filter(|message| *self.0.open.borrow() != Some(message.contact_id.clone()))
        {
            if let Some(known) = inbox.find(&message.contact_id)
                && message.direction == known.side.receives()
            {
                self.0.announcer.queue(known.name.as_str(), message.text.as_str());
            }
        }
    }

    fn show(&self) {
        let inbox = self.0.inbox.get_untracked();
        if inbox.is_known() {
            let row = |known: &std::rc::Rc<Conversation>| {
                (known.contact_id.as_str().to_owned(), Conversation::clone(known))
            };
            self.0.rows.show(inbox.conversations().map(row));
        }
    }
}
