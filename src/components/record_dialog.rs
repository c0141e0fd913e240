//! The form in which a record is made or changed: a record that is there in its row, all else in a dialog.
//! Saving closes it: the record shows at once, and what was typed is kept until the server has it. Should the
//! server refuse it, the dialog opens with the same input, see [`super::outbox`].

use std::sync::{Arc, Mutex};

use latido_protocol::time::Timestamp;
use latido_replica::{EntryState, Full, Refusal, Write};
use leptos::{html, prelude::*};
use web_sys::{KeyboardEvent, SubmitEvent};

use super::{
    form::Form,
    icon::Icon,
    lazy::lazy_with,
    outbox::problem,
    rows::Skeleton,
    suggestions::Suggestions,
    view::{click, dynamic, flag, text},
};
use crate::{
    browser::{clock, focus},
    i18n::use_locale,
    parts,
    queries::{
        Queries,
        draft::Draft,
        record::{AnyRecord, Kind},
    },
    writes::{Refused, Writes},
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

    fn wants_dialog(&self) -> bool {
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
type Typed = Arc<Mutex<Option<Texts>>>;

/// What was typed for a new record of this kind.
type Left = Arc<Mutex<Option<(Kind, Texts)>>>;

fn take<T>(from: &Mutex<Option<T>>) -> Option<T> {
    from.lock().ok().and_then(|mut held| held.take())
}

/// What an open form is about, and what closes it.
#[derive(Clone)]
struct OpenForm {
    subject: Editing,
    editing: RwSignal<Option<Editing>>,
    /// What was typed before it opened.
    before: Option<Texts>,
    /// For who has to go on elsewhere.
    typed: Typed,
}

/// What a form is about.
struct Subject {
    kind: Kind,
    /// What its fields show at first.
    shown: Option<AnyRecord>,
    at: Timestamp,
    /// The record that is changed; without one, one is made.
    base: Option<AnyRecord>,
    /// The refused write that this is another go at.
    again: Option<Refused>,
}

impl Subject {
    fn of(editing: Editing, queries: &Queries, writes: &Writes) -> Self {
        match editing {
            Editing::New { kind, at } => Self { kind, shown: None, at, base: None, again: None },
            Editing::InRow { record, .. } | Editing::InDialog { record, .. } => {
                Self::showing(record.clone(), Some(record), None)
            }
            Editing::Again(refused) => {
                let (shown, base) = match &refused.write {
                    Write::Create { draft, .. } => (Some(draft.record().clone()), None),
                    Write::Edit { draft, .. } if is_gone(&refused) => (Some(draft.record().clone()), None),
                    // Somebody has changed it since: what is typed goes over what is there now.
                    Write::Edit { id, version, draft } => {
                        let newest = writes.version_of(id).unwrap_or(0).max(*version);
                        let base = queries.find(id).unwrap_or_else(|| draft.as_record(id, newest));
                        (Some(draft.record().clone()), Some(base))
                    }
                    Write::Delete { id, .. } => (queries.find(id), queries.find(id)),
                };
                match shown {
                    Some(shown) => Self::showing(shown, base, Some(refused)),
                    None => Self {
                        kind: Kind::Food,
                        shown: None,
                        at: clock::wall(),
                        base: None,
                        again: Some(refused),
                    },
                }
            }
        }
    }

    fn showing(shown: AnyRecord, base: Option<AnyRecord>, again: Option<Refused>) -> Self {
        Self { kind: shown.kind(), at: shown.at(), shown: Some(shown), base, again }
    }
}

/// There is nothing left to change, so what was typed makes a new record.
fn is_gone(refused: &Refused) -> bool {
    matches!(refused.state, EntryState::Refused(Refusal::Gone | Refusal::WaitedForRefused))
}

/// Loaded when it is needed; it finds its [`OpenForm`] where the dialog has put it.
#[component]
pub fn RecordForm() -> impl IntoView {
    let OpenForm { subject, editing, before, typed } = expect_context();
    let locale = use_locale();
    let (strings, later) = (locale.strings, locale.later());
    let writes: Writes = expect_context();
    let in_row = !subject.wants_dialog();
    let Subject { kind, shown, at, base, again } = Subject::of(subject, &expect_context(), &writes);
    let fresh = kind.texts(shown.as_ref(), at);
    let form = Form::new(locale, before.unwrap_or_else(|| fresh.clone()));
    Effect::new(move |_| {
        let texts = form.texts();
        if let Ok(mut typed) = typed.lock() {
            *typed = (texts != fresh).then_some(texts);
        }
    });
    let failure = RwSignal::new(String::new());
    let title = kind.form_title(locale, base.is_some());
    let suggestions = shown.is_none().then(|| view! { <Suggestions kind form/> });
    if let Some(problem) = again.as_ref().and_then(problem) {
        form.refused_by_server(&problem);
    }

    let element = NodeRef::<html::Form>::new();
    // The keyboard goes on where it was; a dialog does this by itself.
    let close = move || {
        let row = element.get_untracked().filter(|_| in_row).and_then(|form| form.closest(".row").ok()?);
        let edit = row.and_then(|row| row.query_selector("[data-testid=edit]").ok()?);
        editing.set(None);
        request_animation_frame(move || focus(edit));
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.clear_errors();
        let Some(body) = kind.draft(form, shown.as_ref()).filter(|_| !form.has_errors()) else {
            // What is wrong is marked by then.
            return request_animation_frame(|| {
                let wrong = "[data-testid=record-form] [aria-invalid=true]";
                focus(document().query_selector(wrong).ok().flatten());
            });
        };
        let draft = match Draft::new(kind, body) {
            Ok(draft) => draft,
            Err(error) => return failure.set((strings.error)(&error)),
        };
        let queued = match &base {
            Some(record) => writes.edit(record, draft),
            None => writes.create(draft),
        };
        match queued {
            Ok(()) => {
                if let Some(again) = &again {
                    writes.dismiss(&again.key);
                }
                close();
            }
            Err(Full) => failure.set(strings.outbox_full.to_owned()),
        }
    };
    // Typing begins at once. In the next frame: a dialog that opens gives the focus to its first button.
    Effect::new(move |_| {
        let Some(form) = element.get() else { return };
        request_animation_frame(move || {
            // Who is quicker than a frame is where they want to be.
            let is_in_a_field = matches!(form.query_selector(":is(input, select):focus"), Ok(Some(_)));
            if !is_in_a_field {
                focus(form.query_selector("input, select").ok().flatten());
            }
        });
    });
    let escape = move |event: KeyboardEvent| {
        if in_row && event.key() == "Escape" {
            close();
        }
    };
    view! {
        <form
            class="form"
            data-testid="record-form"
            novalidate
            node_ref=element
            on:submit=submit
            on:keydown=escape
        >
            <div class="form-head">
                <h2>{title}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=strings.cancel
                    on:click=click(close)
                >
                    <Icon name="close"/>
                </button>
            </div>
            {suggestions}
            <div class="fields">{kind.fields(form)}</div>
            <p class="note error" role="alert" hidden=flag(move || failure.with(String::is_empty))>
                {text(move || failure.get())}
            </p>
            <div class="form-end">
                <button type="button" class="button" on:click=click(close)>
                    {strings.cancel}
                </button>
                <button type="submit" class="button primary">{later.save}</button>
            </div>
        </form>
    }
    .into_any()
}

/// What a new record's time field shows.
pub fn time_text(at: Timestamp) -> String {
    crate::browser::day::local_input(at.min(clock::wall()))
}
