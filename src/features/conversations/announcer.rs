//! Announces new messages to screen readers: politely, and those within a second in one sentence.

use std::cell::RefCell;

use leptos::prelude::*;

use super::strings::ConversationsStrings;
use crate::{
    browser::{LocalRc, local_rc, timer::after},
    ui::view::text,
};

const MOMENT_MS: u32 = 1_000;

#[derive(Clone)]
pub struct MessageAnnouncer(LocalRc<MessageAnnouncerInner>);

struct MessageAnnouncerInner {
    strings: &'static ConversationsStrings,
    waiting: RefCell<Vec<String>>,
    announced: ArcRwSignal<String>,
}

impl MessageAnnouncer {
    pub fn new(strings: &'static ConversationsStrings) -> Self {
        Self(local_rc(MessageAnnouncerInner {
            strings,
            waiting: RefCell::default(),
            announced: ArcRwSignal::default(),
        }))
    }

    /// Queues an announcement.
    pub fn queue(&self, who: &str, what: &str) {
        let mut waiting = self.0.waiting.borrow_mut();
        waiting.push(format!("{who}: {what}"));
        if waiting.len() == 1 {
            let announcer = self.clone();
            after(MOMENT_MS, move || announcer.flush());
        }
    }

    fn flush(&self) {
        let mut waiting = self.0.waiting.take();
        let count = waiting.len();
        let only = if count == 1 { waiting.pop() } else { None };
        self.0.announced.set(only.unwrap_or_else(|| (self.0.strings.new_messages)(count)));
    }

    /// The region that is read out.
    pub fn region(&self) -> AnyView {
        let announced = self.0.announced.clone();
        view! { <p class="sr-only" role="status" data-testid="announcer">{text(move || announced.get())}</p> }
            .into_any()
    }
}
