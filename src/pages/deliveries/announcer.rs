//! Tells people who do not see the list what has come: politely, and some seconds' worth at a time.

use std::{cell::Cell, time::Duration};

use leptos::prelude::*;

use crate::browser::{Shared, shared};

/// What comes within this time is said in one sentence.
const GATHER: Duration = Duration::from_secs(4);

/// How much has come since it was last said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Come {
    pub created: u64,
    pub failed: u64,
}

#[derive(Clone)]
pub struct Announcer(Shared<Inner>);

struct Inner {
    come: Cell<Come>,
    is_gathering: Cell<bool>,
    words: fn(Come) -> String,
    said: ArcRwSignal<String>,
}

impl Announcer {
    pub fn new(words: fn(Come) -> String) -> Self {
        let said = ArcRwSignal::default();
        Self(shared(Inner { come: Cell::default(), is_gathering: Cell::default(), words, said }))
    }

    /// For an element that is a `status`.
    pub fn said(&self) -> ArcRwSignal<String> {
        self.0.said.clone()
    }

    pub fn created(&self, count: u64) {
        if count > 0 {
            let come = self.0.come.get();
            self.come(Come { created: come.created + count, ..come });
        }
    }

    pub fn failed(&self) {
        let come = self.0.come.get();
        self.come(Come { failed: come.failed + 1, ..come });
    }

    fn come(&self, come: Come) {
        self.0.come.set(come);
        if !self.0.is_gathering.replace(true) {
            let announcer = self.clone();
            set_timeout(move || announcer.say(), GATHER);
        }
    }

    fn say(&self) {
        self.0.is_gathering.set(false);
        self.0.said.set((self.0.words)(self.0.come.take()));
    }
}
