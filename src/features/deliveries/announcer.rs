//! Announces new deliveries to screen readers: politely, some seconds' worth at a time.

use std::cell::Cell;

use leptos::prelude::*;

use crate::browser::timer::after;
use crate::browser::{LocalRc, local_rc};

/// Deliveries within this time share one sentence.
const GATHER_MS: u32 = 4_000;

/// How many have arrived since the last announcement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Come {
    pub created: u64,
    pub failed: u64,
}

#[derive(Clone)]
pub struct DeliveryAnnouncer(LocalRc<AnnouncerInner>);

struct AnnouncerInner {
    come: Cell<Come>,
    is_gathering: Cell<bool>,
    words: fn(Come) -> String,
    said: ArcRwSignal<String>,
}

impl DeliveryAnnouncer {
    pub fn new(words: fn(Come) -> String) -> Self {
        let said = ArcRwSignal::default();
        Self(local_rc(AnnouncerInner { come: Cell::default(), is_gathering: Cell::default(), words, said }))
    }

    /// For an element that is a `status`.
    pub fn said(&self) -> ArcRwSignal<String> {
        self.0.said.clone()
    }

    pub fn add(&self, more: Come) {
        if more == Come::default() {
            return;
        }
        let come = self.0.come.get();
        self.0.come.set(Come { created: come.created + more.created, failed: come.failed + more.failed });
        if !self.0.is_gathering.replace(true) {
            let announcer = self.clone();
            after(GATHER_MS, move || announcer.say());
        }
    }

    fn say(&self) {
        self.0.is_gathering.set(false);
        self.0.said.set((self.0.words)(self.0.come.take()));
    }
}
