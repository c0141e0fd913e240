//! The form of a record. Saving closes it: the record shows at once, and what was typed is kept until the server has it.
//! Should the server refuse it, the dialog opens with the same input, see [`crate::shell::outbox`].

use latido_cache::{EntryState, Full, Refusal, Write};
use latido_protocol::{record::FIRST_DATE, time::Timestamp, values::Invalid};
use leptos::{html, prelude::*};
use web_sys::{KeyboardEvent, SubmitEvent};

use super::{
    editing::{Editing, OpenForm},
    suggestions::Suggestions,
    unfinished::{KeptForm, differs, store_of},
    unusual::{question, recent},
};
use crate::{
    browser::{back::closes_on_back, clock, composition::is_composition, day::Day, focus, format, zone},
    data::{
        mutations::{Refused, Writes, problem_of},
        queries::{
            Queries,
            record::{AnyRecord, RecordKind},
        },
    },
    i18n::{Locale, use_locale, values},
    ui::{
        form::{Form, go_to_what_is_wrong},
        icon::Icon,
        lazy::lazy_view,
        typed::FieldTexts,
        view::{click, derived_bool, text},
    },
};

lazy_view! { pub record_form: RecordForm in daily }

/// What a form is about.
struct Subject {
    kind: RecordKind,
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
            Editing::New { kind, at } => {
                let at = at.min(clock::wall());
                Self { kind, shown: None, at, base: None, again: None }
            }
            Editing::InRow { record, .. } | Editing::InDialog { record } => {
                Self::showing(record.clone(), Some(record), None)
            }
            Editing::Again(refused) => {
                let (shown, base) = match &refused.write {
                    Write::Create { draft, .. } => (Some(draft.record().clone()), None),
                    Write::Edit { draft, .. } if is_gone(&refused) => (Some(draft.record().clone()), None),
                    // Another client has changed it since: the typed values go over the current record.
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
                        kind: RecordKind::Food,
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
    let OpenForm { subject, editing } = expect_context();
    let locale = use_locale();
    let (strings, deferred) = (locale.strings, locale.deferred());
    let writes: Writes = expect_context();
    let in_row = !subject.wants_dialog();
    let store = store_of(&subject);
    let kept = KeptForm::read(&store);
    let Subject { kind, shown, at, base, again } = Subject::of(subject, &expect_context(), &writes);
    // The time proposed for a new record when its form was first filled.
    let at = kept.as_ref().filter(|_| shown.is_none()).map_or(at, KeptForm::at);
    let fresh = kind.texts(shown.as_ref(), at, locale.language);
    let texts = kept.map_or_else(|| fresh.clone(), |kept| kept.over(fresh.clone()));
    let form = Form::new(locale, texts).filled_from(at);
    {
        let (store, record) = (store.clone(), shown.clone().filter(|_| again.is_none()));
        Effect::new(move |_| {
            let texts = form.texts();
            if differs(&texts, &fresh) {
                KeptForm::new(at, record.as_ref(), &texts).write(&store);
            } else {
                store.clear();
            }
        });
    }
    if !in_row {
        closes_on_back(move || editing.set(None));
    }
    let failure = RwSignal::new(String::new());
    let queries: Queries = expect_context();
    let (recent, profile) = (recent(&queries, kind, base.is_none()), queries.profile(None));
    // The question that was asked, and about which texts.
    let asked = RwSignal::new(None::<(String, FieldTexts)>);
    let open_question = move || {
        let texts = form.texts();
        asked.with(|asked| match asked {
            Some((question, about)) if *about == texts => question.clone(),
            _ => String::new(),
        })
    };
    let title = kind.form_title(locale, base.is_some());
    let suggestions = shown.is_none().then(|| view! { <Suggestions kind form/> });
    if let Some(problem) = again.as_ref().and_then(problem_of) {
        form.refused_by_server(&problem);
    }

    let save_anyway = values::strings(locale).save_anyway;
    let element = NodeRef::<html::Form>::new();
    // The keyboard goes on where it was; a dialog does this by itself. What is typed is kept.
    let leave = move || {
        let row = element.get_untracked().filter(|_| in_row).and_then(|form| form.closest(".row").ok()?);
        let edit = row.and_then(|row| row.query_selector("[data-testid=edit]").ok()?);
        editing.set(None);
        request_animation_frame(move || focus(edit));
    };
    let discard = {
        let store = store.clone();
        move || {
            store.clear();
            leave();
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.clear_errors();
        let Some(draft) = kind.draft(form, shown.as_ref()).filter(|_| !form.has_errors()) else {
            return go_to_what_is_wrong("record-form");
        };
        let at = draft.record().at();
        let birth_date = profile.with_untracked(|profile| profile.as_ref()?.birth_date.clone());
        if shown.as_ref().is_none_or(|shown| shown.at() != at)
            && let Err(invalid) = check_day(at, birth_date.as_deref(), locale)
        {
            form.refuse(kind.time_field(), (deferred.invalid)(&invalid));
            return go_to_what_is_wrong("record-form");
        }
        if let Some(question) = question(draft.record(), base.as_ref(), recent.as_ref(), locale)
            && untrack(open_question).is_empty()
        {
            return asked.set(Some((question, untrack(|| form.texts()))));
        }
        let queued = match &base {
            Some(record) => writes.edit(record, draft),
            None => writes.create(draft),
        };
        match queued {
            Ok(()) => {
                if let Some(again) = &again {
                    writes.dismiss(&again.key);
                }
                store.clear();
                leave();
            }
            Err(Full) => failure.set(strings.outbox_full.to_owned()),
        }
    };
    // Typing begins at once. In the next frame: a dialog that opens gives the focus to its first button.
    Effect::new(move |_| {
        let Some(form) = element.get() else { return };
        request_animation_frame(move || {
            // Who is quicker than a frame is where they want to be.
            let in_field = form.query_selector(":is(input, select, textarea):focus");
            if !matches!(in_field, Ok(Some(_))) {
                focus(form.query_selector("input, select").ok().flatten());
            }
        });
    });
    let escape = move |event: KeyboardEvent| {
        // Of an input method it closes the candidates.
        if in_row && event.key() == "Escape" && !is_composition(&event) {
            leave();
        }
    };
    let elsewhere = zone::differs_from_device(at).then(|| {
        view! { <p class="quiet hint" data-testid="other-zone">{(deferred.times_of)(&zone::city(&zone::name()))}</p> }
    });
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
                    on:click=click(discard.clone())
                >
                    <Icon name="close"/>
                </button>
            </div>
            {suggestions}
            <div class="fields">{kind.fields(form)}</div>
            {elsewhere}
            <p class="note error" role="alert" hidden=derived_bool(move || failure.with(String::is_empty))>
                {text(move || failure.get())}
            </p>
            <p class="note" role="alert" data-testid="far" hidden=derived_bool(move || open_question().is_empty())>
                {text(open_question)}
            </p>
            <div class="form-end">
                <button type="button" class="button" on:click=click(discard)>
                    {strings.cancel}
                </button>
                <button type="submit" class="button primary">
                    {text(move || if open_question().is_empty() { deferred.save } else { save_anyway }.to_owned())}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// From the day of birth to tomorrow, as the reader's calendar has them.
fn check_day(at: Timestamp, birth_date: Option<&str>, locale: Locale) -> Result<(), Invalid> {
    let first = birth_date.and_then(Day::from_input).or_else(|| Day::from_input(FIRST_DATE));
    if let Some(first) = first.filter(|first| at < first.start()) {
        return Err(Invalid::TooEarly { first: format::full_day(locale.language, first) });
    }
    if at < Day::today().plus(2).start() { Ok(()) } else { Err(Invalid::TooLate) }
}

/// What a time field shows.
pub fn time_text(at: Timestamp) -> String {
    crate::browser::day::local_input(at)
}
