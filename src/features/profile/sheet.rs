//! The form's state: the profile it was filled from, what is typed over it, and what another client has saved
//! meanwhile. It outlives the page and a reload: choosing a language rebuilds the page, and neither that nor a look at
//! another page may lose what was typed.

use latido_protocol::{
    profile::{HealthProfile, HealthProfileOne},
    values::{Language, Units},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::fields::{Merged, ProfileTexts, Written, differs, merge, rewritten, text_of, texts};
use crate::{
    api::json,
    data::queries::profile::read_profile,
    i18n::Locale,
    ui::{form::Form, typed::FormStore},
};

#[derive(Clone, Copy)]
pub struct Sheet {
    form: Form,
    /// The saved profile that the fields were filled from last.
    base: RwSignal<HealthProfile>,
    /// Those that the fields are written in.
    units: RwSignal<Units>,
    clashes: RwSignal<Vec<&'static str>>,
}

/// What the page leaves behind for when it comes back, as it is stored.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The saved profile, as an answer that holds it.
    base: String,
    units: String,
    language: String,
    shown: Vec<(String, String)>,
    clashes: Vec<String>,
}

/// The same, read.
struct Left {
    base: HealthProfile,
    written: Written,
    shown: ProfileTexts,
    clashes: Vec<&'static str>,
}

impl Left {
    /// `None` where nothing is kept that this version of the page can read.
    fn read(store: &FormStore) -> Option<Self> {
        let kept: Kept = serde_json::from_str(&store.read()?).ok()?;
        let base = read_profile(&kept.base).ok()?;
        let written = Written {
            units: Units::parse(&kept.units).ok()?,
            language: Language::parse(&kept.language).ok()?,
        };
        let mut shown = texts(&base, written);
        for (name, text) in &mut shown {
            if let Some((_, typed)) = kept.shown.iter().find(|(field, _)| field == name) {
                text.clone_from(typed);
            }
        }
        let names = shown.iter().map(|(name, _)| *name);
        let clashes = names.filter(|name| kept.clashes.iter().any(|clash| clash == name)).collect();
        Some(Self { base, written, shown, clashes })
    }
}

impl Sheet {
    /// Filled from the profile, under what was typed before and is kept in `store`.
    pub fn open(locale: Locale, profile: HealthProfile, store: &FormStore) -> Self {
        let written = Written { units: profile.units, language: locale.language };
        let kept = Left::read(store).unwrap_or_else(|| Left {
            written,
            shown: texts(&profile, written),
            base: profile.clone(),
            clashes: Vec::new(),
        });
        let units = kept.written.units;
        // Another language may have been chosen since.
        let shown = reread(&kept.shown, &kept.base, kept.written, Written { units, ..written });
        let sheet = Self {
            form: Form::new(locale, shown),
            base: RwSignal::new(kept.base),
            units: RwSignal::new(units),
            clashes: RwSignal::new(kept.clashes),
        };
        sheet.receive(&profile);
        sheet
    }

    /// Leaves what is typed behind for the next time that the page is opened, until it is saved or discarded.
    pub fn keep(self, store: FormStore) {
        Effect::new(move |_| {
            if !self.is_changed() {
                return store.clear();
            }
            let owned = |(name, text): (&str, String)| (name.to_owned(), text);
            let kept = Kept {
                base: self
                    .base
                    .with(|base| json(&HealthProfileOne { health_profile: base.clone() }))
                    .unwrap_or_default(),
                units: self.units.get().as_str().to_owned(),
                language: self.form.locale.language.as_str().to_owned(),
                shown: self.form.texts().into_iter().map(owned).collect(),
                clashes: self.clashes.get().into_iter().map(str::to_owned).collect(),
            };
            if let Ok(text) = json(&kept) {
                store.write(&text);
            }
        });
    }

    /// Tracks the units.
    pub fn units(self) -> Units {
        self.units.get()
    }

    /// Tracks the units; another language builds the page anew.
    fn written(self) -> Written {
        Written { units: self.units.get(), language: self.form.locale.language }
    }

    /// As it is to be read now; what it shows follows by itself.
    pub fn form(self) -> Form {
        self.form.in_units(self.units.get_untracked())
    }

    pub fn base(self) -> HealthProfile {
        self.base.get_untracked()
    }

    pub fn shown(self) -> ProfileTexts {
        untrack(|| self.form.texts())
    }

    /// Tracks everything.
    pub fn is_changed(self) -> bool {
        differs(&self.base.with(|base| texts(base, self.written())), &self.form.texts())
    }

    /// Applies a saved profile: untouched fields show it, the others stay as they were typed.
    pub fn receive(self, saved: &HealthProfile) {
        let from = untrack(|| self.written());
        let into = Written { units: saved.units, ..from };
        let (filled, shown) =
            self.base.with_untracked(|base| (texts(base, into), reread(&self.shown(), base, from, into)));
        let clashes = self.clashes.get_untracked();
        let Merged { shown, clashes } = merge(&filled, &shown, &texts(saved, into), &clashes);
        self.units.set(into.units);
        self.base.set(saved.clone());
        self.fill(shown);
        self.clashes.set(clashes);
    }

    /// What was sent is saved. Fields that were typed in since keep what they have.
    pub fn saved(self, sent: &ProfileTexts, saved: &HealthProfile) {
        let now = texts(saved, untrack(|| self.written()));
        let shown = self.shown();
        let is_sent = |(name, text): &&(&'static str, String)| *text == text_of(sent, name);
        self.fill(shown.iter().filter(is_sent).map(|(name, _)| (*name, text_of(&now, name))).collect());
        self.base.set(saved.clone());
    }

    /// As it is saved.
    pub fn discard(self) {
        let saved = self.base.with_untracked(|base| texts(base, untrack(|| self.written())));
        self.fill(saved);
        self.clashes.set(Vec::new());
        self.form.clear_errors();
    }

    /// Tracks whether there is a field to decide about.
    pub fn has_clashes(self) -> bool {
        self.clashes.with(|clashes| !clashes.is_empty())
    }

    /// What another client has saved in a field that was typed in here. Tracked.
    pub fn clash(self, name: &str) -> Option<String> {
        let clashes = self.clashes.with(|clashes| clashes.contains(&name));
        clashes.then(|| text_of(&self.base.with(|base| texts(base, self.written())), name))
    }

    pub fn take_theirs(self, name: &'static str) {
        let theirs = untrack(|| self.clash(name));
        self.fill(theirs.map(|theirs| (name, theirs)).into_iter().collect());
        self.keep_mine(name);
    }

    pub fn keep_mine(self, name: &str) {
        self.clashes.update(|clashes| clashes.retain(|clash| *clash != name));
    }

    /// Leaves equal fields alone, and with them the caret.
    fn fill(self, texts: ProfileTexts) {
        let shown = self.shown();
        for (name, text) in texts.into_iter().filter(|(name, text)| text_of(&shown, name) != *text) {
            self.form.set(name, text);
        }
    }
}

/// What the fields show of `base` and of what was typed over it, written otherwise. What is untouched is filled anew,
/// not converted: nothing is rounded twice.
fn reread(shown: &ProfileTexts, base: &HealthProfile, from: Written, into: Written) -> ProfileTexts {
    let (before, filled, converted) = (texts(base, from), texts(base, into), rewritten(shown, from, into));
    let read = |(name, text): &(&'static str, String)| {
        let untouched = *text == text_of(&before, name);
        (*name, text_of(if untouched { &filled } else { &converted }, name))
    };
    shown.iter().map(read).collect()
}
