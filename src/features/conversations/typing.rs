//! Typing indicators: ours, published a few times at most; and the others', until they stop or time out.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use latido_protocol::{
    conversation::{ContactId, ConversationEvent, Side},
    event::{Event, Family},
    time::Timestamp,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::Deserialize;

use crate::{
    browser::{LocalRc, clock, local_rc},
    realtime::{Realtime, use_realtime_optional},
};

/// Others show it for 10 s after the last event, so it is published again before that.
const REPUBLISH_AFTER_MS: i64 = 4_000;
/// A pause of this length counts as stopped.
const PAUSE_MS: u32 = 5_000;
/// Without another word on it the others have stopped.
const OVER_MS: u32 = 10_000;

/// `typing:start` and `typing:stop`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypingEvent {
    contact_id: ContactId,
    /// Whose side types; plain backends do not say.
    #[serde(default)]
    by: Option<Side>,
}

/// The publisher of our own typing.
#[derive(Clone)]
pub struct OurTyping(LocalRc<Ours>);

struct Ours {
    realtime: Option<Realtime>,
    contact: ContactId,
    published_at: Cell<Option<Timestamp>>,
    pause: RefCell<Option<Timeout>>,
}

impl OurTyping {
    /// Until the current owner is gone.
    pub fn to(contact: ContactId) -> Self {
        let realtime = use_realtime_optional();
        let ours = Self(local_rc(Ours {
            realtime,
            contact,
            published_at: Cell::default(),
            pause: RefCell::default(),
        }));
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
        if self.0.published_at.get().is_none_or(|said| now >= said.plus_ms(REPUBLISH_AFTER_MS)) {
            self.0.published_at.set(Some(now));
            self.publish(true);
        }
        let ours = self.clone();
        self.0.pause.replace(Some(Timeout::new(PAUSE_MS, move || ours.stopped())));
    }

    /// Sent, emptied, left or forgotten.
    pub fn stopped(&self) {
        self.0.pause.take();
        if self.0.published_at.take().is_some() {
            self.publish(false);
        }
    }

    fn publish(&self, typing: bool) {
        if let Some(realtime) = &self.0.realtime {
            realtime.typing(self.0.contact.to_string(), typing);
        }
    }
}

/// Whether another participant is typing, for as long as the current owner lives. Ends with a stop, a message, a lost
/// connection, or a timeout. The user's own telephone does not count.
pub fn their_typing(contact: ContactId, side: Memo<Side>) -> ReadSignal<bool> {
    let (typing, set) = signal(false);
    let Some(realtime) = use_realtime_optional() else { return typing };
    let timer = SendWrapper::new(std::rc::Rc::new(RefCell::new(None::<Timeout>)));
    let now = {
        let timer = timer.clone();
        move |on: bool| {
            let over = move || {
                set.try_set(false);
            };
            timer.replace(on.then(|| Timeout::new(OVER_MS, over)));
            set.try_set(on);
        }
    };
    let (heard, said, lost) = (now.clone(), now.clone(), now);
    let of = contact.clone();
    let words = realtime.subscribe(Family::Typing, move |event| {
        if let Event::Opaque(opaque) = event
            && let Ok(typing) = opaque.read::<TypingEvent>()
            && typing.contact_id == of
            && (typing.by, side.get_untracked()) != (Some(Side::Contact), Side::Contact)
        {
            heard(opaque.name == "typing:start");
        }
    });
    let messages = realtime.subscribe(Family::Message, move |event| {
        if let Some(ConversationEvent::New(message)) = ConversationEvent::read(event)
            && message.contact_id == contact
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
        timer.take();
    });
    typing
}
