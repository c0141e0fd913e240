//! The form's state: the profile it was filled from, what is typed over it, and what somebody else has saved
//! meanwhile. It outlives the page: choosing a language builds the page anew, and a look at another page
//! should cost nobody what they typed.

use std::cell::RefCell;

use latido_protocol::{profile::HealthProfile, values::Units};
use leptos::prelude::*;

use super::fields::{Merged, Texts, differs, in_units, merge, text_of, texts};
use crate::{components::form::Form, i18n::Locale};

#[derive(Clone, Copy)]
pub struct Sheet {
    form: Form,
    /// The saved profile that the fields were filled from last.
    base: RwSignal<HealthProfile>,
    /// Those that the fields are written in.
    units: RwSignal<Units>,
    clashes: RwSignal<Vec<&'static str>>,
}

/// What the page leaves behind for when it comes back.
struct Kept {
    /// Of the session: nobody finds what somebody else has typed.
    session: u32,
    base: HealthProfile,
    units: Units,
    shown: Texts,
    clashes: Vec<&'static str>,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

impl Sheet {
    /// Filled from the profile, under what was typed before in this session.
    pub fn open(locale: Locale, profile: HealthProfile, session: u32) -> Self {
        let kept = KEPT.take().filter(|kept| kept.session == session);
        let kept = kept.unwrap_or_else(|| Kept {
            session,
            units: profile.units,
            shown: texts(&profile, profile.units),
            base: profile.clone(),
            clashes: Vec::new(),
        });
        let sheet = Self {
            form: Form::new(locale, kept.shown),
            base: RwSignal::new(kept.base),
            units: RwSignal::new(kept.units),
            clashes: RwSignal::new(kept.clashes),
        };
        sheet.receive(&profile);
        sheet
    }

    /// Leaves what is typed behind for the next time that the page is opened in this session.
    pub fn keep(self, session: u32) {
        Effect::new(move |_| {
            let (base, units, clashes) = (self.base.get(), self.units.get(), self.clashes.get());
            KEPT.set(Some(Kept { session, base, units, shown: self.form.texts(), clashes }));
        });
    }

    /// Tracks the units.
    pub fn units(self) -> Units {
        self.units.get()
    }

    /// As it is to be read now; what it shows follows by itself.
    pub fn form(self) -> Form {
        self.form.in_units(self.units.get_untracked())
    }

    pub fn base(self) -> HealthProfile {
        self.base.get_untracked()
    }

    pub fn shown(self) -> Texts {
        untrack(|| self.form.texts())
    }

    /// Tracks everything.
    pub fn is_changed(self) -> bool {
        differs(&self.base.with(|base| texts(base, self.units.get())), &self.form.texts())
    }

    /// Somebody has saved: fields that nobody has touched here say so, the others stay as they were typed.
    pub fn receive(self, saved: &HealthProfile) {
        let (from, into) = (self.units.get_untracked(), saved.units);
        let (before, filled) = self.base.with_untracked(|base| (texts(base, from), texts(base, into)));
        let shown = self.shown();
        // What is untouched is filled anew, not converted: nothing is rounded twice.
        let converted = in_units(&shown, from, into);
        let read = |(name, text): &(&'static str, String)| {
            let untouched = *text == text_of(&before, name);
            (*name, text_of(if untouched { &filled } else { &converted }, name))
        };
        let shown = shown.iter().map(read).collect();
        let clashes = self.clashes.get_untracked();
        let Merged { shown, clashes } = merge(&filled, &shown, &texts(saved, into), &clashes);
        self.units.set(into);
        self.base.set(saved.clone());
        self.fill(shown);
        self.clashes.set(clashes);
    }

    /// What was sent is saved. Fields that were typed in since keep what they have.
    pub fn saved(self, sent: &Texts, saved: &HealthProfile) {
        let now = texts(saved, self.units.get_untracked());
        let shown = self.shown();
        let is_sent = |(name, text): &&(&'static str, String)| *text == text_of(sent, name);
        self.fill(shown.iter().filter(is_sent).map(|(name, _)| (*name, text_of(&now, name))).collect());
        self.base.set(saved.clone());
    }

    /// As it is saved.
    pub fn discard(self) {
        let saved = self.base.with_untracked(|base| texts(base, self.units.get_untracked()));
        self.fill(saved);
        self.clashes.set(Vec::new());
        self.form.clear_errors();
    }

    /// Tracks whether there is a field to decide about.
    pub fn has_clashes(self) -> bool {
        self.clashes.with(|clashes| !clashes.is_empty())
    }

    /// What somebody else has saved in a field that was typed in here. Tracks it.
    pub fn clash(self, name: &str) -> Option<String> {
        let clashes = self.clashes.with(|clashes| clashes.contains(&name));
        clashes.then(|| text_of(&self.base.with(|base| texts(base, self.units.get())), name))
    }

    pub fn take_theirs(self, name: &'static str) {
        let theirs = untrack(|| self.clash(name));
        self.fill(theirs.map(|theirs| (name, theirs)).into_iter().collect());
        self.keep_mine(name);
    }

    pub fn keep_mine(self, name: &str) {
        self.clashes.update(|clashes| clashes.retain(|clash| *clash != name));
    }

    /// Leaves alone what says so already, and with it the caret.
    fn fill(self, texts: Texts) {
        let shown = self.shown();
        for (name, text) in texts.into_iter().filter(|(name, text)| text_of(&shown, name) != *text) {
            self.form.set(name, text);
        }
    }
}
