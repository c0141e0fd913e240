//! Where a record is made or changed: a record that is there in its row, all else in a dialog. The form itself is
//! [`super::record_form`].

use std::sync::{Arc, Mutex};

use latido_protocol::time::Timestamp;
use leptos::{html, prelude::*};

use super::{
    lazy::lazy_with,
    rows::Skeleton,
    view::{click, dynamic},
};
use crate::{
    browser::focus,
    i18n::use_locale,
    parts,
    queries::record::{AnyRecord, Kind},
    writes::Refused,
};

/// Every field of a form with what is in it.
pub type Texts = Vec<(&'static str, String)>;

/// What a form is open for.
#[derive(Clone, PartialEq)]
pub enum Editing {
    New {
        kind: Kind,
        at: Timestamp,
    },
    /// In the row of this key.
    InRow {
        key: String,
        record: AnyRecord,
    },
    /// Of a long list, whose rows come and go as it is scrolled; or of a row that went while somebody typed.
    InDialog {
        record: AnyRecord,
        typed: Option<Texts>,
    },
    /// A write that was refused, with what was typed.
    Again(Refused),
}

impl Editing {
    fn is_in(&self, row: &str) -> bool {
        matches!(self, Self::InRow { key, .. } if key == row)
    }

    pub(super) fn wants_dialog(&self) -> bool {
        !matches!(self, Self::InRow { .. })
    }
}

#[component]
pub fn RecordDialog(editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = editing.with(|editing| editing.as_ref().is_some_and(Editing::wants_dialog));
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            } else if !open {
                dialog.close();
            }
        }
    });
    // Escape is pressed by accident too: what was typed for a new record is there when the dialog opens again.
    let left: Left = Arc::default();
    let typed = Typed::default();
    let form = dynamic({
        let (left, typed) = (left.clone(), typed.clone());
        move || {
            let Some(subject) = editing.get().filter(Editing::wants_dialog) else { return ().into_any() };
            let before = match &subject {
                Editing::New { kind, .. } => take(&left).filter(|(of, _)| of == kind).map(|(_, texts)| texts),
                Editing::InDialog { typed, .. } => typed.clone(),
                Editing::InRow { .. } | Editing::Again(_) => None,
            };
            // Of the form before.
            take(&typed);
            open_form(OpenForm { subject, editing, before, typed: typed.clone() })
        }
    });
    let closed = move |_| {
        let Some(subject) = editing.get_untracked().filter(Editing::wants_dialog) else { return };
        if let (Editing::New { kind, .. }, Ok(mut left)) = (subject, left.lock()) {
            *left = take(&typed).map(|texts| (kind, texts));
        }
        editing.set(None);
    };
    view! { <dialog class="dialog" node_ref=dialog on:close=closed>{form}</dialog> }.into_any()
}

/// Opens a form, unless one is open in a row: what is typed there comes first.
pub fn begin(editing: RwSignal<Option<Editing>>, subject: Editing) -> bool {
    let is_free = editing.with_untracked(Option::is_none);
    if is_free {
        editing.set(Some(subject));
    } else {
        focus(document().query_selector(".row > form :is(input, select)").ok().flatten());
    }
    is_free
}

/// The form of a row that says it is `open`. Should the row go while somebody types, the dialog takes it over.
///
/// Only a row whose form is open follows `editing`: signals keep a note of everyone who ever followed them
/// (`reactive_graph` 0.2), and rows come and go by the thousand.
pub fn form_in_row(open: RwSignal<bool>, editing: RwSignal<Option<Editing>>) -> AnyView {
    dynamic(move || {
        let subject = if open.get() { editing.get_untracked() } else { None };
        let Some(Editing::InRow { key, record }) = subject else { return ().into_any() };
        let typed = Typed::default();
        let subject = Editing::InRow { key: key.clone(), record: record.clone() };
        let row = key.clone();
        Effect::new(move |_| {
            if editing.with(|editing| !editing.as_ref().is_some_and(|editing| editing.is_in(&row))) {
                open.set(false);
            }
        });
        on_cleanup({
            let typed = typed.clone();
            move || {
                let is_still_open = editing.try_with_untracked(|editing| {
                    editing.as_ref().is_some_and(|editing| editing.is_in(&key))
                });
                if is_still_open == Some(true) {
                    editing.set(Some(Editing::InDialog { record, typed: take(&typed) }));
                }
            }
        });
        open_form(OpenForm { subject, editing, before: None, typed })
    })
}

fn open_form(form: OpenForm) -> AnyView {
    provide_context(form);
    lazy_with(
        parts::record_form,
        || view! { <Skeleton/> }.into_any(),
        || {
            let OpenForm { editing, .. } = expect_context();
            let cancel = click(move || editing.set(None));
            let cancelled = use_locale().strings.cancel;
            view! { <button type="button" class="button small" on:click=cancel>{cancelled}</button> }
                .into_any()
        },
    )
}

/// What is in a form that differs from what it showed at first. Nothing follows it: it is looked at once.
pub(super) type Typed = Arc<Mutex<Option<Texts>>>;

/// What was typed for a new record of this kind.
type Left = Arc<Mutex<Option<(Kind, Texts)>>>;

fn take<T>(from: &Mutex<Option<T>>) -> Option<T> {
    from.lock().ok().and_then(|mut held| held.take())
}

/// What an open form is about, and what closes it.
#[derive(Clone)]
pub(super) struct OpenForm {
    pub subject: Editing,
    pub editing: RwSignal<Option<Editing>>,
    /// What was typed before it opened.
    pub before: Option<Texts>,
    /// For who has to go on elsewhere.
    pub typed: Typed,
}
