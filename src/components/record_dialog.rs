//! The dialog in which a record is made or changed. Saving closes it: the record shows at once, and what
//! was typed is kept until the server has it. Should the server refuse it, the same dialog opens again with
//! the same input, see [`super::outbox`].

use latido_protocol::time::Timestamp;
use latido_replica::{EntryState, Full, Refusal, Write};
use leptos::{html, prelude::*};
use web_sys::SubmitEvent;

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
    browser::clock,
    i18n::use_locale,
    parts,
    queries::{
        Queries,
        draft::Draft,
        record::{AnyRecord, Kind},
    },
    writes::{Refused, Writes},
};

/// What the dialog is open for.
#[derive(Clone, PartialEq)]
pub enum Editing {
    New {
        kind: Kind,
        at: Timestamp,
    },
    Existing(AnyRecord),
    /// A write that was refused, with what was typed.
    Again(Refused),
}

#[component]
pub fn RecordDialog(editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = editing.with(Option::is_some);
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            } else if !open {
                dialog.close();
            }
        }
    });
    let form = dynamic(move || match editing.get() {
        Some(subject) => {
            provide_context(OpenForm { subject, editing });
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
        None => ().into_any(),
    });
    view! {
        <dialog class="dialog" node_ref=dialog on:close=move |_| editing.set(None)>
            {form}
        </dialog>
    }
    .into_any()
}

/// What the form in the dialog is about, and what closes it.
#[derive(Clone)]
struct OpenForm {
    subject: Editing,
    editing: RwSignal<Option<Editing>>,
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
            Editing::Existing(record) => Self::showing(record.clone(), Some(record), None),
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
    let OpenForm { subject, editing } = expect_context();
    let locale = use_locale();
    let (strings, later) = (locale.strings, locale.later());
    let writes: Writes = expect_context();
    let Subject { kind, shown, at, base, again } = Subject::of(subject, &expect_context(), &writes);
    let form = Form::new(locale, kind.texts(shown.as_ref(), at));
    let failure = RwSignal::new(String::new());
    let title = kind.form_title(locale, base.is_some());
    let suggestions = shown.is_none().then(|| view! { <Suggestions kind form/> });
    if let Some(problem) = again.as_ref().and_then(problem) {
        form.refused_by_server(&problem);
    }

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.clear_errors();
        let Some(body) = kind.draft(form, shown.as_ref()).filter(|_| !form.has_errors()) else { return };
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
                editing.set(None);
            }
            Err(Full) => failure.set(strings.outbox_full.to_owned()),
        }
    };
    view! {
        <form class="form" data-testid="record-form" novalidate on:submit=submit>
            <div class="form-head">
                <h2>{title}</h2>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=strings.cancel
                    on:click=click(move || editing.set(None))
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
                <button type="button" class="button" on:click=click(move || editing.set(None))>
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
