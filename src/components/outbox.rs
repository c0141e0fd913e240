//! What waits for the server, and what the server refused.
//!
//! Waiting is normal and quiet: a count in the header, and only when it lasts. A refusal is neither: it is
//! said on every page until the person has changed the input, or let it go.

use std::time::Duration;

use latido_protocol::problem::Problem;
use latido_replica::{EntryState, Refusal, Write};
use leptos::prelude::*;

use super::{
    lazy::lazy_small,
    record_dialog::Editing,
    record_dialog::RecordDialog,
    view::{click, dynamic, text, when},
};
use crate::{
    i18n::{Locale, use_locale},
    parts,
    queries::Queries,
    writes::{Refused, Writes},
};

/// A write that is confirmed within this time was never seen to wait.
const GRACE: Duration = Duration::from_secs(1);

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
            if let Ok(timer) = set_timeout_with_handle(confirm, GRACE) {
                on_cleanup(move || timer.clear());
            }
        }
    });
    lasts
}

/// On every page, and seldom anything.
#[component]
pub fn RefusedWrites() -> impl IntoView {
    let refused = expect_context::<Writes>().refused();
    when(move || refused.with(|refused| !refused.is_empty()), || lazy_small(parts::refused_notes))
}

/// What was refused, and a dialog to mend it in.
#[component]
pub fn RefusedNotes() -> impl IntoView {
    let editing = RwSignal::new(None::<Editing>);
    let refused = expect_context::<Writes>().refused();
    let notes = dynamic(move || {
        let note = |refused: Refused| view! { <RefusedNote refused editing/> };
        refused.get().into_iter().map(note).collect_view().into_any()
    });
    view! {
        <div class="refused">{notes}</div>
        <RecordDialog editing/>
    }
    .into_any()
}

#[component]
fn RefusedNote(refused: Refused, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let locale = use_locale();
    let later = locale.later();
    let writes: Writes = expect_context();
    let what = describe(&refused, locale, &expect_context());
    let why = why(&refused, locale);
    let again = match &refused.write {
        Write::Delete { .. } => ().into_any(),
        Write::Create { .. } | Write::Edit { .. } => {
            let refused = refused.clone();
            let open = click(move || editing.set(Some(Editing::Again(refused.clone()))));
            view! {
                <button type="button" class="button small" data-testid="write-again" on:click=open>
                    {later.edit_again}
                </button>
            }
            .into_any()
        }
    };
    let dismiss = click(move || writes.dismiss(&refused.key));
    view! {
        <div class="note error" role="alert" data-testid="refused-write">
            <span><strong>{what}</strong> " " {why}</span>
            {again}
            <button type="button" class="button small" data-testid="dismiss-write" on:click=dismiss>
                {later.discard}
            </button>
        </div>
    }
    .into_any()
}

/// The record in a few words.
fn describe(refused: &Refused, locale: Locale, queries: &Queries) -> String {
    let record = match &refused.write {
        Write::Create { draft, .. } | Write::Edit { draft, .. } => Some(draft.record().clone()),
        Write::Delete { id, .. } => queries.find(id),
    };
    let name = record.map(|record| format!("{}:", record.describe(locale).0));
    name.unwrap_or_else(|| locale.later().a_deletion.to_owned())
}

/// What happened, what was kept, and what to do.
fn why(refused: &Refused, locale: Locale) -> String {
    let later = locale.later();
    let EntryState::Refused(refusal) = &refused.state else { return String::new() };
    let kept = match &refused.write {
        Write::Delete { .. } => later.nothing_deleted,
        Write::Create { .. } | Write::Edit { .. } => later.typed_is_kept,
    };
    let why = match refusal {
        Refusal::Conflict => later.refused_conflict.to_owned(),
        Refusal::Gone => later.refused_gone.to_owned(),
        Refusal::TooOld => later.refused_too_old.to_owned(),
        Refusal::WaitedForRefused => later.refused_with_other.to_owned(),
        Refusal::Said(words) => {
            let detail = problem(refused).map_or_else(|| words.clone(), |problem| problem.detail);
            (later.refused_said)(&detail)
        }
    };
    format!("{why} {kept}")
}

/// What the server said in full, for the fields of a form.
pub fn problem(refused: &Refused) -> Option<Problem> {
    match &refused.state {
        EntryState::Refused(Refusal::Said(words)) => latido_protocol::json::parse(words).ok(),
        EntryState::Refused(_) | EntryState::Waiting => None,
    }
}
