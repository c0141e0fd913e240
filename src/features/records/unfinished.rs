//! Unfinished forms: how the texts of a form that was left are stored, and the note that offers them again.

use latido_protocol::time::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::editing::Editing;
use crate::{
    api::json,
    data::queries::record::{AnyRecord, RecordKind},
    i18n::use_locale,
    ui::{
        lazy::lazy_view,
        typed::{FieldTexts, FormStore},
        view::{click, reactive},
    },
};

lazy_view! { pub unfinished_note: UnfinishedNote in daily }

/// A form as it was left.
#[derive(Serialize, Deserialize)]
pub struct KeptForm {
    /// The instant that the time field was filled from.
    at: Timestamp,
    /// The record that is changed, as it was then; a new one has none.
    record: Option<AnyRecord>,
    texts: Vec<(String, String)>,
}

impl KeptForm {
    pub fn new(at: Timestamp, record: Option<&AnyRecord>, texts: &FieldTexts) -> Self {
        let texts = texts.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        Self { at, record: record.cloned(), texts }
    }

    /// What another version of the page kept may not be readable.
    pub fn read(store: &FormStore) -> Option<Self> {
        serde_json::from_str(&store.read()?).ok()
    }

    pub fn write(&self, store: &FormStore) {
        if let Ok(text) = json(self) {
            store.write(&text);
        }
    }

    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The fields that there are, with what was typed into them.
    pub fn over(&self, mut fresh: FieldTexts) -> FieldTexts {
        for (name, text) in &mut fresh {
            if let Some((_, typed)) = self.texts.iter().find(|(kept, _)| kept == name) {
                text.clone_from(typed);
            }
        }
        fresh
    }

    fn subject(self, kind: RecordKind) -> Editing {
        match self.record {
            None => Editing::New { kind, at: self.at },
            Some(record) => Editing::InDialog { record },
        }
    }
}

/// Whether any field differs.
pub fn differs(texts: &FieldTexts, fresh: &FieldTexts) -> bool {
    fresh.iter().any(|field| !texts.contains(field))
}

/// Where the texts of a form about this are kept.
pub fn store_of(subject: &Editing) -> FormStore {
    match subject {
        Editing::New { kind, .. } => new_store(*kind),
        Editing::InRow { record, .. } | Editing::InDialog { record } => {
            FormStore::of(&[record.kind().path(), ".", record.id()].concat())
        }
        Editing::Again(refused) => FormStore::of(&refused.key),
    }
}

/// Where the texts of a new record's form are kept.
fn new_store(kind: RecordKind) -> FormStore {
    FormStore::of(&[kind.path(), ".new"].concat())
}

/// The kept texts of all forms about records of this kind.
fn all_stores(kind: RecordKind) -> Vec<FormStore> {
    FormStore::all_that_begin_with(&[kind.path(), "."].concat())
}

/// Whether any form about a record of this kind was left before it was saved.
pub fn is_any_unfinished(kind: RecordKind) -> bool {
    !all_stores(kind).is_empty()
}

/// What the note is about: it finds this where it has been put.
#[derive(Clone, Copy)]
pub struct UnfinishedOf {
    pub kind: RecordKind,
    pub editing: RwSignal<Option<Editing>>,
}

/// What was typed and not saved on this page, with the way on and the way to let it go.
#[component]
pub fn UnfinishedNote() -> impl IntoView {
    let UnfinishedOf { kind, editing } = expect_context();
    let locale = use_locale();
    let deferred = locale.deferred();
    let discarded = Trigger::new();
    let note = move |store: FormStore| {
        let kept = KeptForm::read(&store);
        let Some(subject) = kept.map(|kept| kept.subject(kind)) else {
            store.clear();
            return None;
        };
        let what = match &subject {
            Editing::InDialog { record } => record.describe(locale).0,
            _ => kind.form_title(locale, false).to_owned(),
        };
        // Several notes have the same buttons.
        let named = |verb: &str| [verb, ": ", &what].concat();
        let (go_on_label, discard_label) = (named(deferred.go_on), named(deferred.discard));
        let go_on = click(move || editing.set(Some(subject.clone())));
        let discard = click(move || {
            store.clear();
            discarded.notify();
        });
        Some(view! {
            <div class="note news" data-testid="unfinished">
                <span role="status"><strong>{what}</strong> ": " {deferred.unfinished}</span>
                <button
                    type="button"
                    class="button small"
                    data-testid="go-on"
                    aria-label=go_on_label
                    on:click=go_on
                >
                    {deferred.go_on}
                </button>
                <button
                    type="button"
                    class="button small"
                    data-testid="discard-typed"
                    aria-label=discard_label
                    on:click=discard
                >
                    {deferred.discard}
                </button>
            </div>
        })
    };
    reactive(move || {
        discarded.track();
        all_stores(kind).into_iter().filter_map(note).collect_view().into_any()
    })
}
