//! Who is typing: we, told to the room a few times at most; and the others, as long as they say so.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use latido_protocol::{
    conversation::ContactId,
    event::{Event, Family},
    time::Timestamp,
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use send_wrapper::SendWrapper;

use super::told::{NewMessage, Typing as Told};
use crate::{
    browser::{Shared, clock, shared},
    realtime::{Realtime, use_realtime_optional},
};

/// Others take it for over 10 s after the last word on it, so it is said again in time.
const SAID_AGAIN_AFTER_MS: i64 = 4_000;
/// Whoever pauses for so long has stopped.
const PAUSE: Duration = Duration::from_secs(5);
/// Without another word on it the others have stopped.
const OVER: Duration = Duration::from_secs(10);

/// What we tell.
#[derive(Clone)]
pub struct OurTyping(Shared<Ours>);

struct Ours {
    realtime: Option<Realtime>,
    contact: ContactId,
    said_at: Cell<Option<Timestamp>>,
    pause: RefCell<Option<TimeoutHandle>>,
}

impl OurTyping {
    /// Until the current owner is gone.
    pub fn to(contact: ContactId) -> Self {
        let realtime = use_realtime_optional();
        let ours =
            Self(shared(Ours { realtime, contact, said_at: Cell::default(), pause: RefCell::default() }));
        let leaving = ours.clone();
        on_cleanup(move || leaving.stopped());
        ours
    }

    /// The field holds this now.
    pub fn typed(&self, text: &str) {
        if text.trim().is_empty() {
            return self.stopped();
        }
        let now = clock::wall();
        if self.0.said_at.get().is_none_or(|said| now >= said.plus_ms(SAID_AGAIN_AFTER_MS)) {
            self.0.said_at.set(Some(now));
            self.say(true);
        }
        let ours = self.clone();
        self.wait(set_timeout_with_handle(move || ours.stopped(), PAUSE).ok());
    }

    /// Sent, emptied, left or forgotten.
    pub fn stopped(&self) {
        self.wait(None);
        if self.0.said_at.take().is_some() {
            self.say(false);
        }
    }

    fn say(&self, typing: bool) {
        if let Some(realtime) = &self.0.realtime {
            realtime.typing(self.0.contact.to_string(), typing);
        }
    }

    fn wait(&self, timer: Option<TimeoutHandle>) {
        if let Some(before) = self.0.pause.replace(timer) {
            before.clear();
        }
    }
}

/// Whether somebody else types, for as long as the current owner lives. Over with a stop, a message, the
/// connection, or time.
pub fn their_typing(contact: ContactId) -> ReadSignal<bool> {
    let (typing, set) = signal(false);
    let Some(realtime) = use_realtime_optional() else { return typing };
    let timer = SendWrapper::new(std::rc::Rc::new(RefCell::new(None::<TimeoutHandle>)));
    let now = {
        let timer = timer.clone();
        move |on: bool| {
            let over = move || {
                set.try_set(false);
            };
            let next = if on { set_timeout_with_handle(over, OVER).ok() } else { None };
            let before = timer.replace(next);
            if let Some(before) = before {
                before.clear();
            }
            set.try_set(on);
        }
    };
    let (heard, said, lost) = (now.clone(), now.clone(), now);
    let of = contact.clone();
    let words = realtime.subscribe(Family::Typing, move |event| {
        if let Event::Told(told) = event
            && told.read::<Told>().is_ok_and(|typing| typing.contact_id == of)
        {
            heard(told.name == "typing:start");
        }
    });
    let messages = realtime.subscribe(Family::Message, move |event| {
        if let Event::Told(told) = event
            && told.read::<NewMessage>().is_ok_and(|new| new.message.contact_id == contact)
        {
            said(false);
        }
    });
    let status = realtime.status();
    Effect::new(move |_| {
        if !status.with(|status| status.is_live()) {
            lost(false);
        }
    });
    let subscriptions = SendWrapper::new((words, messages));
    on_cleanup(move || {
        drop(subscriptions);
        if let Some(timer) = timer.borrow_mut().take() {
            timer.clear();
        }
    });
    typing
}
