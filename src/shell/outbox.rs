//! Notices of the outbox: writes that wait for the server, and writes that it refused.
//!
//! Waiting is normal and quiet: a count in the header, and only when it lasts. A refusal is neither: it is shown on
//! every page until the user has changed the input or discarded it.

use gloo_timers::callback::Timeout;
use latido_cache::{EntryState, Refusal, Write};
use leptos::prelude::*;

use crate::{
    browser::timer::while_owned,
    data::{
        mutations::{
            Refused, Writes,
            problem::{NotStored, OutboxProblem},
            problem_of,
        },
        queries::Queries,
    },
    features::records::{editing::Editing, record_dialog::RecordDialog},
    i18n::{Locale, reasons, use_locale},
    ui::{
        lazy::{lazy_small, lazy_view},
        typed::FormStore,
        view::{click, reactive, text, when},
    },
};

lazy_view! { pub refused_notes: RefusedNotes in daily }

/// A write that is confirmed within this time was never seen to wait.
const GRACE_MS: u32 = 1_000;

#[component]
pub fn OutboxStatus() -> impl IntoView {
    let strings = use_locale().strings;
    let waiting = expect_context::<Writes>().waiting();
    let count = text({
        let waiting = waiting.clone();
        move || waiting.get().to_string()
    });
    let lasts = lasting(move || waiting.get() > 0);
    when(
        move || lasts.get(),
        move || {
            let words = text(move || (strings.waiting)(&count.get()));
            view! {
                <span class="badge waiting" role="status" data-testid="outbox-status" data-count=count>
                    {words}
                </span>
            }
            .into_any()
        },
    )
}

/// True once the condition has held for the grace period.
fn lasting(condition: impl Fn() -> bool + Send + Sync + 'static) -> ReadSignal<bool> {
    let (lasts, set) = signal(false);
    let condition = Memo::new(move |_| condition());
    Effect::new(move |_| {
        set.set(false);
        if condition.get() {
            let confirm = move || {
                set.try_set(true);
            };
            while_owned(Timeout::new(GRACE_MS, confirm));
        }
    });
    lasts
}

/// On every page, and seldom anything.
#[component]
pub fn RefusedWrites() -> impl IntoView {
    let writes: Writes = expect_context();
    let (refused, problem) = (writes.refused(), writes.problem());
    let is_wrong =
        move || refused.with(|refused| !refused.is_empty()) || problem.get() != OutboxProblem::default();
    when(is_wrong, || lazy_small(refused_notes))
}

/// What was refused, and a dialog to mend it in.
#[component]
pub fn RefusedNotes() -> impl IntoView {
    let editing = RwSignal::new(None::<Editing>);
    let writes: Writes = expect_context();
    let refused = writes.refused();
    let notes = reactive(move || {
        let note = |refused: Refused| view! { <RefusedNote refused editing/> };
        refused.get().into_iter().map(note).collect_view().into_any()
    });
    view! {
        <div class="refused">{problems(writes.problem())}{notes}</div>
        <RecordDialog editing/>
    }
    .into_any()
}

/// What is wrong with all of them: what happened, what is kept, what to do.
fn problems(problem: ArcReadSignal<OutboxProblem>) -> AnyView {
    let deferred = use_locale().deferred();
    reactive(move || {
        let OutboxProblem { not_stored, intercepted } = problem.get();
        let not_stored = not_stored.map(|why| match why {
            NotStored::Full => deferred.not_kept_full.to_owned(),
            NotStored::Unavailable => deferred.not_kept_away.to_owned(),
        });
        let intercepted = intercepted.map(deferred.intercepted);
        let note = |(name, words): (&'static str, String)| {
            view! { <p class="note warn" role="status" data-testid=name>{words}</p> }
        };
        let notes =
            [not_stored.map(|words| ("not-kept", words)), intercepted.map(|words| ("intercepted", words))];
        notes.into_iter().flatten().map(note).collect_view().into_any()
    })
}

#[component]
fn RefusedNote(refused: Refused, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let locale = use_locale();
    let deferred = locale.deferred();
    let writes: Writes = expect_context();
    let name = name_of(&refused, locale, &expect_context());
    let what = name.as_ref().map_or_else(|| deferred.a_deletion.to_owned(), |name| format!("{name}:"));
    // Several notes have the same buttons.
    let named = |verb: &str| [verb, " ", name.as_deref().unwrap_or_default()].concat().trim_end().to_owned();
    let why = why(&refused, locale);
    let again = match &refused.write {
        Write::Delete { .. } => ().into_any(),
        Write::Create { .. } | Write::Edit { .. } => {
            let refused = refused.clone();
            let open = click(move || editing.set(Some(Editing::Again(refused.clone()))));
            view! {
                <button
                    type="button"
                    class="button small"
                    data-testid="write-again"
                    aria-label=named(deferred.edit_again)
                    on:click=open
                >
                    {deferred.edit_again}
                </button>
            }
            .into_any()
        }
    };
    let typed = FormStore::of(&refused.key);
    let dismiss = click(move || {
        typed.clear();
        writes.dismiss(&refused.key);
    });
    view! {
        <div class="note error" role="alert" data-testid="refused-write">
            <span><strong>{what}</strong> " " {why}</span>
            {again}
            <button
                type="button"
                class="button small"
                data-testid="dismiss-write"
                aria-label=named(deferred.discard)
                on:click=dismiss
            >
                {deferred.discard}
            </button>
        </div>
    }
    .into_any()
}

/// The record's name; `None` if it was deleted and is not cached.
fn name_of(refused: &Refused, locale: Locale, queries: &Queries) -> Option<String> {
    let record = match &refused.write {
        Write::Create { draft, .. } | Write::Edit { draft, .. } => Some(draft.record().clone()),
        Write::Delete { id, .. } => queries.find(id),
    };
    record.map(|record| record.describe(locale).0)
}

/// What happened, what was kept, and what to do.
fn why(refused: &Refused, locale: Locale) -> String {
    let deferred = locale.deferred();
    let EntryState::Refused(refusal) = &refused.state else { return String::new() };
    let kept = match &refused.write {
        Write::Delete { .. } => deferred.nothing_deleted,
        Write::Create { .. } | Write::Edit { .. } => deferred.typed_is_kept,
    };
    let why = match refusal {
        Refusal::Conflict => deferred.refused_conflict.to_owned(),
        Refusal::Gone => deferred.refused_gone.to_owned(),
        Refusal::NoRoute => deferred.refused_no_route.to_owned(),
        Refusal::NotShown => deferred.refused_not_shown.to_owned(),
        Refusal::TooOld => deferred.refused_too_old.to_owned(),
        Refusal::WaitedForRefused => deferred.refused_with_other.to_owned(),
        Refusal::Said(words) => {
            let detail = problem_of(refused)
                .map_or_else(|| words.clone(), |problem| reasons::problem(locale, &problem));
            (deferred.refused_said)(detail.trim_end_matches('.'))
        }
    };
    format!("{why} {kept}")
}
