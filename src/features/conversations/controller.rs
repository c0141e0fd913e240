//! The controller of an open conversation: pages, events and responses flow into a
//! [`Thread`](latido_cache::thread::Thread), and rows follow it. Written messages go into its [`Queue`].

mod requests;

use std::cell::{Cell, RefCell};

use latido_cache::thread::Position;
use latido_protocol::{
    conversation::{MessageId, MessageText, Messages, Side},
    event::{Event, Family},
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{
    announcer::MessageAnnouncer,
    contacts::{Contacts, path_of},
    drafts::DraftKey,
    events::{NewMessage, StatusReport},
    queue::{Queue, ThreadChange},
    rows::{ThreadRow, reconcile},
    scroll::Scroll,
    strings::ConversationsStrings,
};
use crate::{
    api::Api,
    browser::{LocalRc, is_visible, local_rc},
    data::queries::{FetchStatus, Polling, Queries, document::reads, frame_batcher::FrameBatcher},
    realtime::use_realtime_optional,
};

/// As the contract has it for an open conversation.
const POLLING: Polling = Polling { while_live: Some(30_000), otherwise: 5_000 };

/// What lies before the first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OlderMessages {
    Nothing,
    There,
    Loading,
    Failed,
}

#[derive(Clone)]
pub struct ConversationController(LocalRc<ControllerInner>);

struct ControllerInner {
    api: Api,
    queries: Queries,
    key: DraftKey,
    path: String,
    contacts: Contacts,
    announcer: MessageAnnouncer,
    strings: &'static ConversationsStrings,
    queue: Queue,
    frames: FrameBatcher,
    scroll: Scroll,
    rows: ArcRwSignal<Option<Vec<ThreadRow>>>,
    older: ArcRwSignal<OlderMessages>,
    /// The number of unseen messages of others below the visible ones; and whether the end is out of sight.
    unseen: ArcRwSignal<usize>,
    away: ArcRwSignal<bool>,
    fetch_status: ArcRwSignal<FetchStatus>,
    seen: RefCell<Option<Position>>,
    announced: RefCell<Option<Position>>,
    read: RefCell<Option<Position>>,
    reading: Cell<bool>,
}

impl ConversationController {
    /// Opens a conversation for as long as the current owner lives.
    pub fn open(
        key: DraftKey,
        contacts: Contacts,
        announcer: MessageAnnouncer,
        strings: &'static ConversationsStrings,
        scroll: Scroll,
    ) -> Self {
        let (api, queries): (Api, Queries) = (expect_context(), expect_context());
        let path = path_of(&key.contact);
        let document = queries.document(
            &format!("{path}/messages?limit=50"),
            Family::Message,
            POLLING,
            reads::<Messages>,
        );
        let controller = Self(local_rc(ControllerInner {
            queue: Queue::of(&api, &key),
            api,
            queries,
            key,
            path,
            contacts,
            announcer,
            strings,
            frames: FrameBatcher::default(),
            scroll,
            rows: ArcRwSignal::default(),
            older: ArcRwSignal::new(OlderMessages::Nothing),
            unseen: ArcRwSignal::default(),
            away: ArcRwSignal::default(),
            fetch_status: document.fetch_status.clone(),
            seen: RefCell::default(),
            announced: RefCell::default(),
            read: RefCell::default(),
            reading: Cell::default(),
        }));
        let answered = controller.clone();
        Effect::new(move |_| {
            if let Some(page) = document.read::<Messages>() {
                answered.0.queue.thread().borrow_mut().page(None, page.messages, page.next_cursor);
                answered.0.queue.keep();
                answered.show();
            }
        });
        controller.listen();
        let (shown, queue) = (controller.clone(), controller.0.queue.clone());
        let view = queue.show_in(move |change| {
            match change {
                ThreadChange::Taken(message) => shown.0.contacts.apply_message(&message),
                ThreadChange::Unconfirmed => shown.0.queries.refetch_family(Family::Message),
                ThreadChange::Other => {}
            }
            shown.show();
        });
        on_cleanup(move || queue.leave(view));
        controller.0.queue.go_on();
        controller
    }

    fn listen(&self) {
        if let Some(realtime) = use_realtime_optional() {
            let room = realtime.join(latido_protocol::conversation::channel_of(&self.0.key.contact));
            let heard = self.clone();
            let subscription = realtime.subscribe(Family::Message, move |event| heard.hear(event));
            let both = SendWrapper::new((room, subscription));
            on_cleanup(move || drop(both));
        }
        let came_back = self.clone();
        let listener = window_event_listener_untyped("visibilitychange", move |_| came_back.look());
        on_cleanup(move || listener.remove());
    }

    pub fn rows(&self) -> ArcReadSignal<Option<Vec<ThreadRow>>> {
        self.0.rows.read_only()
    }

    pub fn older(&self) -> ArcReadSignal<OlderMessages> {
        self.0.older.read_only()
    }

    pub fn unseen(&self) -> ArcReadSignal<usize> {
        self.0.unseen.read_only()
    }

    pub fn is_away(&self) -> ArcReadSignal<bool> {
        self.0.away.read_only()
    }

    pub fn fetch_status(&self) -> ArcRwSignal<FetchStatus> {
        self.0.fetch_status.clone()
    }

    /// The reader's side of the conversation, from the list.
    pub fn set_side(&self, side: Side) {
        let is_other = self.0.queue.thread().borrow().side() != side;
        if is_other {
            self.0.queue.thread().borrow_mut().set_side(side);
            self.show();
        }
    }

    pub fn newest_inbound(&self) -> Option<MessageId> {
        self.0.queue.thread().borrow().newest_inbound().cloned()
    }

    pub fn send(&self, text: MessageText) {
        self.0.queue.write(text);
        self.0.scroll.go_to_the_end();
    }

    pub fn retry(&self, key: &str) {
        self.0.queue.retry(key);
    }

    pub fn discard(&self, key: &str) {
        self.0.queue.discard(key);
    }

    fn hear(&self, event: &Event) {
        let Event::Opaque(opaque) = event else { return };
        let contact = &self.0.key.contact;
        if let Ok(NewMessage { message }) = opaque.read() {
            if message.contact_id == *contact {
                self.0.queue.thread().borrow_mut().hear(message);
                self.0.queue.keep();
                self.show_soon();
            }
        } else if let Ok(report) = opaque.read::<StatusReport>()
            && report.contact_id == *contact
        {
            self.0.queue.thread().borrow_mut().report(&report.message_id, report.status);
            self.show_soon();
        }
    }

    fn show_soon(&self) {
        let controller = self.clone();
        self.0.frames.request(move || controller.show());
    }

    /// Brings the thread to the rows.
    fn show(&self) {
        let thread = self.0.queue.thread().borrow();
        if !thread.is_loaded() && thread.outgoing().is_empty() {
            return;
        }
        let first_time = self.0.rows.with_untracked(Option::is_none);
        let before = self.0.rows.get_untracked().unwrap_or_default();
        let rows = reconcile(&before, thread.lines());
        let older = match (thread.older(), self.0.older.get_untracked()) {
            (None, _) => OlderMessages::Nothing,
            (Some(_), OlderMessages::Nothing) => OlderMessages::There,
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
        let thread = self.0.queue.thread().borrow();
        let announced = self.0.announced.replace(thread.newest());
        for message in thread.heard_after(announced.as_ref()) {
            let name = (self.0.strings.author)(message.author).map(str::to_owned);
            let contact = || self.0.contacts.name_untracked(&message.contact_id);
            self.0.announcer.queue(&name.or_else(contact).unwrap_or_default(), message.text.as_str());
        }
    }

    /// Something moved: what is in sight has been seen, and where it runs out more is loaded.
    pub fn look(&self) {
        let at_the_end = self.0.scroll.is_at_the_end();
        set_if_other(&self.0.away, !at_the_end);
        let thread = self.0.queue.thread().borrow();
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
        if self.0.older.get_untracked() == OlderMessages::There && self.0.scroll.is_near_the_beginning() {
            self.load_older();
        }
    }
}

fn set_if_other<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|before| *before != value) {
        signal.set(value);
    }
}
