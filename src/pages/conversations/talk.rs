//! One open conversation: pages, events and answers flow into a [`Thread`], rows follow it, and what is
//! written is sent in order, one at a time.

mod sending;

use std::cell::{Cell, RefCell};

use latido_protocol::{
    conversation::{ContactId, ConversationOne, Messages},
    event::{Event, Family},
};
use latido_replica::thread::{Position, Thread};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::{
    announcer::Announcer,
    contacts::Contacts,
    kept::Whose,
    rows::{Row, reconcile},
    scroll::Scroll,
    strings::Strings,
    told::{NewMessage, StatusReport},
};
use crate::{
    api::{Api, Call, Method},
    browser::{Shared, is_visible, shared},
    queries::{Health, Polling, Queries, document::reads, frames::Frames},
    realtime::use_realtime_optional,
};

/// As the contract has it for an open conversation.
const POLLING: Polling = Polling { while_live: Some(30_000), otherwise: 5_000 };

/// What lies before the first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Older {
    Nothing,
    There,
    Loading,
    Failed,
}

#[derive(Clone)]
pub struct Talk(Shared<Inner>);

struct Inner {
    api: Api,
    queries: Queries,
    /// Of the session in which this was opened.
    session: u32,
    whose: Whose,
    path: String,
    contacts: Contacts,
    announcer: Announcer,
    strings: &'static Strings,
    thread: RefCell<Thread>,
    frames: Frames,
    scroll: Scroll,
    rows: ArcRwSignal<Option<Vec<Row>>>,
    older: ArcRwSignal<Older>,
    /// What others have said below what is seen; and whether the end is out of sight.
    unseen: ArcRwSignal<usize>,
    away: ArcRwSignal<bool>,
    health: ArcRwSignal<Health>,
    seen: RefCell<Option<Position>>,
    announced: RefCell<Option<Position>>,
    read: RefCell<Option<Position>>,
    reading: Cell<bool>,
    sending: Cell<bool>,
    /// Another view may have this conversation by now, and keeps what is written there.
    left: Cell<bool>,
}

impl Talk {
    /// Opens a conversation for as long as the current owner lives.
    pub fn open(
        whose: Whose,
        contacts: Contacts,
        announcer: Announcer,
        strings: &'static Strings,
        scroll: Scroll,
    ) -> Self {
        let (api, queries): (Api, Queries) = (expect_context(), expect_context());
        let path = path_of(&whose.contact);
        let document = queries.document(
            &format!("{path}/messages?limit=50"),
            Family::Message,
            POLLING,
            reads::<Messages>,
        );
        let mut thread = Thread::default();
        thread.restore(whose.unsent());
        let talk = Self(shared(Inner {
            session: api.session().number(),
            api,
            queries,
            whose,
            path,
            contacts,
            announcer,
            strings,
            thread: RefCell::new(thread),
            frames: Frames::default(),
            scroll,
            rows: ArcRwSignal::default(),
            older: ArcRwSignal::new(Older::Nothing),
            unseen: ArcRwSignal::default(),
            away: ArcRwSignal::default(),
            health: document.health.clone(),
            seen: RefCell::default(),
            announced: RefCell::default(),
            read: RefCell::default(),
            reading: Cell::default(),
            sending: Cell::default(),
            left: Cell::default(),
        }));
        let answered = talk.clone();
        Effect::new(move |_| {
            if let Some(page) = document.read::<Messages>() {
                answered.0.thread.borrow_mut().page(None, page.messages, page.next_cursor);
                answered.show();
            }
        });
        talk.listen();
        let left = SendWrapper::new(talk.clone());
        on_cleanup(move || left.0.left.set(true));
        talk.send_what_waits();
        talk
    }

    fn listen(&self) {
        if let Some(realtime) = use_realtime_optional() {
            let status = realtime.status();
            let back = self.clone();
            Effect::new(move |before: Option<bool>| {
                let is_live = status.get().is_live();
                if is_live && before == Some(false) {
                    back.network_is_back();
                }
                is_live
            });
            let room = realtime.join(latido_protocol::conversation::channel_of(&self.0.whose.contact));
            let heard = self.clone();
            let subscription = realtime.subscribe(Family::Message, move |event| heard.hear(event));
            let both = SendWrapper::new((room, subscription));
            on_cleanup(move || drop(both));
        }
        let came_back = self.clone();
        let listener = window_event_listener_untyped("visibilitychange", move |_| came_back.look());
        on_cleanup(move || listener.remove());
    }

    pub fn rows(&self) -> ArcReadSignal<Option<Vec<Row>>> {
        self.0.rows.read_only()
    }

    pub fn older(&self) -> ArcReadSignal<Older> {
        self.0.older.read_only()
    }

    pub fn unseen(&self) -> ArcReadSignal<usize> {
        self.0.unseen.read_only()
    }

    pub fn is_away(&self) -> ArcReadSignal<bool> {
        self.0.away.read_only()
    }

    pub fn health(&self) -> ArcRwSignal<Health> {
        self.0.health.clone()
    }

    fn hear(&self, event: &Event) {
        let Event::Told(told) = event else { return };
        let contact = &self.0.whose.contact;
        if let Ok(NewMessage { message }) = told.read() {
            if message.contact_id == *contact {
                self.0.thread.borrow_mut().hear(message);
                self.show_soon();
            }
        } else if let Ok(report) = told.read::<StatusReport>()
            && report.contact_id == *contact
        {
            self.0.thread.borrow_mut().report(&report.message_id, report.status);
            self.show_soon();
        }
    }

    fn show_soon(&self) {
        let talk = self.clone();
        self.0.frames.request(move || talk.show());
    }

    /// Brings the thread to the rows.
    fn show(&self) {
        let thread = self.0.thread.borrow();
        if !thread.is_loaded() && thread.outgoing().is_empty() {
            return;
        }
        let first_time = self.0.rows.with_untracked(Option::is_none);
        let before = self.0.rows.get_untracked().unwrap_or_default();
        let rows = reconcile(&before, thread.lines());
        let older = match (thread.older(), self.0.older.get_untracked()) {
            (None, _) => Older::Nothing,
            (Some(_), Older::Nothing) => Older::There,
            (Some(_), older) => older,
        };
        if first_time {
            self.0.seen.replace(thread.newest());
            self.0.announced.replace(thread.newest());
        }
        drop(thread);
        self.0.scroll.keep(|| {
            self.0.rows.set(Some(rows));
            self.0.older.set(older);
        });
        self.announce();
        self.look();
    }

    fn announce(&self) {
        let thread = self.0.thread.borrow();
        let announced = self.0.announced.replace(thread.newest());
        for message in thread.heard_after(announced.as_ref()) {
            let name = (self.0.strings.author)(message.author).map(str::to_owned);
            let contact = || self.0.contacts.name_untracked(&message.contact_id);
            self.0.announcer.tell(&name.or_else(contact).unwrap_or_default(), message.text.as_str());
        }
    }

    /// Something moved: what is in sight has been seen, and where it runs out more is loaded.
    pub fn look(&self) {
        let at_the_end = self.0.scroll.is_at_the_end();
        set_if_other(&self.0.away, !at_the_end);
        let thread = self.0.thread.borrow();
        if at_the_end && is_visible() {
            self.0.seen.replace(thread.newest());
        }
        let unseen = if at_the_end { 0 } else { thread.heard_after(self.0.seen.borrow().as_ref()).count() };
        set_if_other(&self.0.unseen, unseen);
        let unread = thread.unread().filter(|unread| Some(unread) > self.0.read.borrow().as_ref());
        drop(thread);
        if let Some(unread) = unread
            && at_the_end
            && is_visible()
        {
            self.mark_read(unread);
        }
        if self.0.older.get_untracked() == Older::There && self.0.scroll.is_near_the_beginning() {
            self.load_older();
        }
    }

    fn mark_read(&self, up_to: Position) {
        if self.0.reading.replace(true) {
            return;
        }
        let talk = self.clone();
        spawn_local(async move {
            let path = format!("{}/read", talk.0.path);
            let answer = talk.0.api.send(Call { method: Method::Post, ..Call::get(&path) }).await;
            talk.0.reading.set(false);
            // What did not work is tried again when something moves.
            if answer.is_ok() {
                talk.0.read.replace(Some(up_to));
                talk.0.contacts.read(&talk.0.whose.contact);
                talk.0.queries.refetch_family(Family::Message);
                // More may have come meanwhile.
                talk.look();
            }
        });
    }

    pub fn load_older(&self) {
        let cursor = self.0.thread.borrow().older().map(str::to_owned);
        let Some(cursor) = cursor.filter(|_| self.0.older.get_untracked() != Older::Loading) else { return };
        self.0.older.set(Older::Loading);
        let talk = self.clone();
        spawn_local(async move {
            let encoded: String = js_sys::encode_uri_component(&cursor).into();
            let path = format!("{}/messages?limit=50&cursor={encoded}", talk.0.path);
            match talk.0.api.send(Call::get(&path)).await.and_then(|answer| answer.parse::<Messages>()) {
                Ok(page) => {
                    talk.0.thread.borrow_mut().page(Some(&cursor), page.messages, page.next_cursor);
                    talk.0.older.set(Older::There);
                    talk.show();
                    // A page may be lower than the pane.
                    let more = talk.clone();
                    request_animation_frame(move || more.look());
                }
                Err(_) => talk.0.older.set(Older::Failed),
            }
        });
    }

    /// Asks who this is, where the list does not say.
    pub fn ask_who(&self) {
        let talk = self.clone();
        spawn_local(async move {
            let answer = talk.0.api.send(Call::get(&talk.0.path)).await;
            // If it is nobody, the messages' own answer says so.
            if let Ok(one) = answer.and_then(|answer| answer.parse::<ConversationOne>()) {
                talk.0.contacts.put(one.conversation);
            }
        });
    }
}

pub fn path_of(contact: &ContactId) -> String {
    format!("/conversations/{}", String::from(js_sys::encode_uri_component(contact.as_str())))
}

fn set_if_other<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|before| *before != value) {
        signal.set(value);
    }
}
