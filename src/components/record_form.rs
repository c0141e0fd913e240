//! The form of a record. Saving closes it: the record shows at once, and what was typed is kept until the server has it.
//! Should the server refuse it, the dialog opens with the same input, see [`super::outbox`].

use latido_protocol::time::Timestamp;
use latido_replica::{EntryState, Full, Refusal, Write};
use leptos::{html, prelude::*};
use web_sys::{KeyboardEvent, SubmitEvent};

use super::{
    form::{Form, go_to_what_is_wrong},
    icon::Icon,
    outbox::problem,
    record_dialog::{Editing, OpenForm},
    suggestions::Suggestions,
    view::{click, flag, text},
};
use crate::{
    browser::{clock, focus},
    i18n::use_locale,
    queries::{
        Queries,
        draft::Draft,
        record::{AnyRecord, Kind},
    },
    writes::{Refused, Writes},
};

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

/// Loaded when it is needed; it finds its [`OpenForm`] where that has been put.
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
            return go_to_what_is_wrong("record-form");
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
