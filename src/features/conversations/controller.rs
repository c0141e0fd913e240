//! The controller of an open conversation: pages, events and responses flow into a
//! [`Thread`](latido_cache::families::thread::Thread), and rows follow it. Written messages go into its [`Queue`].

mod requests;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_cache::{
    families::thread::{Position, Thread},
    model::Model,
};
use latido_protocol::{
    conversation::{MessageId, MessageText, Side},
    event::Family,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{
    announcer::MessageAnnouncer,
    contacts::{Contacts, path_of},
    drafts::DraftKey,
    queue::{Queue, ThreadChange},
    rows::{ThreadLine, ThreadRow, in_days},
    scroll::Scroll,
    strings::ConversationsStrings,
};
use crate::{
    api::Api,
    browser::{LocalRc, is_visible, local_rc},
    data::queries::{FetchStatus, Polling, Queries, Query, rows::Rows},
    realtime::use_realtime_optional,
};

/// As the contract has it for an open conversation.
const POLLING: Polling = Polling { while_live: Some(30_000), otherwise: 5_000 };

/// One page of messages, below the conversation's path.
const PAGE: &str = "messages?limit=50";

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
    thread: Query<Thread>,
    scroll: Scroll,
    rows: Rows<ThreadLine>,
    older: ArcRwSignal<OlderMessages>,
    /// The number of unseen messages of others below the visible ones; and whether the end is out of sight.
    unseen: ArcRwSignal<usize>,
    away: ArcRwSignal<bool>,
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
        // A queue that is not done and the cached messages share one thread, whichever was there first.
        let known = Queue::find(&api, &key);
        let thread = queries.query_shared(&format!("{path}/{PAGE}"), Family::Message, POLLING, || {
            let new = || Rc::new(RefCell::new(Thread::new(key.contact.clone())));
            known.as_ref().map_or_else(new, |queue| queue.thread().clone())
        });
        let queue = known.unwrap_or_else(|| Queue::begin(&api, &queries, &key, thread.shared()));
        let controller = Self(local_rc(ControllerInner {
            queue,
            thread,
            api,
            queries,
            key,
            path,
            contacts,
            announcer,
            strings,
            scroll,
            rows: Rows::default(),
            older: ArcRwSignal::new(OlderMessages::Nothing),
            unseen: ArcRwSignal::default(),
            away: ArcRwSignal::default(),
            seen: RefCell::default(),
            announced: RefCell::default(),
            read: RefCell::default(),
            reading: Cell::default(),
        }));
        controller.0.thread.reread_doubtful(format!("{}/{PAGE}", controller.0.path));
        let changed = controller.clone();
        Effect::new(move |_| {
            changed.0.thread.track();
            changed.0.queue.keep();
            changed.show();
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
            let room = SendWrapper::new(room);
            on_cleanup(move || drop(room));
        }
        let came_back = self.clone();
        let listener = window_event_listener_untyped("visibilitychange", move |_| came_back.look());
        on_cleanup(move || listener.remove());
    }

    pub fn rows(&self) -> ArcReadSignal<Option<Vec<ThreadRow>>> {
        self.0.rows.all()
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
        self.0.thread.fetch_status.clone()
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

    /// Brings the thread to the rows.
    fn show(&self) {
        let thread = self.0.queue.thread().borrow();
        if !thread.is_loaded() && thread.outgoing().is_empty() {
            return;
        }
        let first_time = self.0.rows.all().with_untracked(Option::is_none);
        let lines = thread.lines();
        let older = match (thread.cursor(), self.0.older.get_untracked()) {
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
            self.0.rows.show(in_days(lines));
            set_if_other(&self.0.older, older);
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
