//! New messages, for those who hear the page: politely, and what comes within a moment in one sentence.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::*;

use super::strings::Strings;
use crate::{
    browser::{Shared, shared},
    components::view::text,
};

const MOMENT: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub struct Announcer(Shared<Inner>);

struct Inner {
    strings: &'static Strings,
    waiting: RefCell<Vec<String>>,
    said: ArcRwSignal<String>,
}

impl Announcer {
    pub fn new(strings: &'static Strings) -> Self {
        Self(shared(Inner { strings, waiting: RefCell::default(), said: ArcRwSignal::default() }))
    }

    /// Somebody said something.
    pub fn tell(&self, who: &str, what: &str) {
        let mut waiting = self.0.waiting.borrow_mut();
        waiting.push(format!("{who}: {what}"));
        if waiting.len() == 1 {
            let announcer = self.clone();
            set_timeout(move || announcer.say(), MOMENT);
        }
    }

    fn say(&self) {
        let mut waiting = self.0.waiting.take();
        let count = waiting.len();
        let only = if count == 1 { waiting.pop() } else { None };
        self.0.said.set(only.unwrap_or_else(|| (self.0.strings.new_messages)(count)));
    }

    /// The region that is read out.
    pub fn region(&self) -> AnyView {
        let said = self.0.said.clone();
        view! { <p class="sr-only" role="status" data-testid="announcer">{text(move || said.get())}</p> }
            .into_any()
    }
}
