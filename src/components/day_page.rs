//! A page that shows the records of one day: the same frame for food, exercise and metrics, each
//! of which says only how a row, a summary and a form look.

use latido_protocol::time::Timestamp;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{day_nav::DayNav, icon::Icon, record_dialog::RecordDialog};
use crate::{
    api::Api,
    browser::{day::Day, format},
    i18n::use_locale,
    queries::{
        Health, Queries,
        list::Row,
        record::{AnyRecord, Kind},
    },
};

/// What the dialog is open for.
#[derive(Clone, PartialEq)]
pub enum Editing {
    New { kind: Kind, at: Timestamp },
    Existing(AnyRecord),
}

#[component]
pub fn DayPage(kind: Kind) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let day = RwSignal::new(Day::today());
    let editing = RwSignal::new(None::<Editing>);
    let add = move |_| editing.set(Some(Editing::New { kind, at: day.get_untracked().at_this_time() }));
    view! {
        <div class="page-head">
            <h1>{kind.title(locale)}</h1>
            <DayNav day/>
            <button type="button" class="button primary" data-testid="add" on:click=add>
                <Icon name="add"/>
                <span>{locale.strings.add}</span>
            </button>
        </div>
        {move || {
            let list = queries.list(kind, day.get().start(), day.get().end());
            let totals = {
                let list = list.clone();
                Memo::new(move |_| kind.totals(&list, locale))
            };
            view! {
                <dl class="totals">
                    <For each=move || totals.get() key=|total| total.clone() let((label, value))>
                        <div><dt>{label}</dt><dd>{value}</dd></div>
                    </For>
                </dl>
                <StaleNote health=list.health.clone()/>
                <Rows kind rows=list.rows editing/>
            }
        }}
        <RecordDialog editing/>
    }
}

/// Says that what is shown may be old, and that it is being tried again.
#[component]
pub fn StaleNote(health: ArcRwSignal<Health>) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    move || {
        let queries = queries.clone();
        health.get().error.map(|error| {
            view! {
                <p class="note warn" role="status">
                    {(locale.strings.error)(&error)} " " {locale.strings.stale}
                    <button type="button" class="button small" on:click=move |_| queries.refresh()>
                        {locale.strings.try_again}
                    </button>
                </p>
            }
        })
    }
}

#[component]
fn Rows(
    kind: Kind,
    rows: ArcRwSignal<Option<Vec<Row>>>,
    editing: RwSignal<Option<Editing>>,
) -> impl IntoView {
    let locale = use_locale();
    let count = {
        let rows = rows.clone();
        Memo::new(move |_| rows.with(|rows| rows.as_ref().map(Vec::len)))
    };
    let each = move || rows.get().unwrap_or_default();
    view! {
        {move || match count.get() {
            None => Some(view! { <Skeleton/> }.into_any()),
            Some(0) => Some(view! {
                <div class="empty">
                    <p><strong>{kind.empty(locale)}</strong></p>
                    <p class="quiet">{locale.strings.log_hint}</p>
                </div>
            }.into_any()),
            Some(_) => None,
        }}
        <ul class="rows" data-testid=format!("{}-list", kind.test_id())>
            <For each key=|row| row.id.clone() let(row)>
                <RowView kind row editing/>
            </For>
        </ul>
    }
}

/// The shape of rows to come, so that nothing jumps when they do.
#[component]
pub fn Skeleton() -> impl IntoView {
    let strings = use_locale().strings;
    view! {
        <div class="skeleton" role="status">
            <span class="sr-only">{strings.loading}</span>
            <div></div>
            <div></div>
            <div></div>
        </div>
    }
}

#[component]
fn RowView(kind: Kind, row: Row, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let locale = use_locale();
    let record = row.record;
    let confirming = RwSignal::new(false);
    let edit = {
        let record = record.clone();
        move |_| editing.set(Some(Editing::Existing(record.get_untracked())))
    };
    let content = {
        let record = record.clone();
        move || {
            let record = record.get();
            let (name, below) = record.describe(locale);
            let (amount, unit) = record.amount(locale);
            view! {
                <div class="row-main">
                    <span class="row-name">{name}</span>
                    <span class="row-below">{below}</span>
                </div>
                <div class="row-amount"><strong>{amount}</strong> " " <small>{unit}</small></div>
                <div class="row-when">
                    <time>{format::time(locale.language, record.at())}</time>
                    <small>{(locale.strings.source)(record.source())}</small>
                </div>
            }
        }
    };
    view! {
        <li class="row" data-testid=format!("{}-row", kind.test_id()) data-id=row.id>
            {content}
            <div class="row-actions">
                {move || if confirming.get() {
                    view! { <ConfirmDelete record=record.clone() confirming/> }.into_any()
                } else {
                    view! {
                        <button
                            type="button"
                            class="icon-button"
                            data-testid="edit"
                            aria-label=locale.strings.edit
                            on:click=edit.clone()
                        >
                            <Icon name="edit"/>
                        </button>
                        <button
                            type="button"
                            class="icon-button"
                            data-testid="delete"
                            aria-label=locale.strings.delete
                            on:click=move |_| confirming.set(true)
                        >
                            <Icon name="delete"/>
                        </button>
                    }.into_any()
                }}
            </div>
        </li>
    }
}

#[component]
fn ConfirmDelete(record: ArcRwSignal<AnyRecord>, confirming: RwSignal<bool>) -> impl IntoView {
    let strings = use_locale().strings;
    let api: Api = expect_context();
    let queries: Queries = expect_context();
    let failure = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let delete = move |_| {
        let (api, queries, record) = (api.clone(), queries.clone(), record.get_untracked());
        busy.set(true);
        spawn_local(async move {
            match api.delete(&record).await {
                Ok(()) => queries.changed(record.kind().family()),
                Err(error) => {
                    busy.try_set(false);
                    failure.try_set(Some(format!("{} {}", strings.not_deleted, (strings.error)(&error))));
                }
            }
        });
    };
    view! {
        <div class="confirm" role="group" aria-label=strings.really_delete>
            <Show when=move || failure.get().is_some()>
                <span class="error" role="alert">{move || failure.get()}</span>
            </Show>
            <button
                type="button"
                class="button small danger"
                data-testid="confirm-delete"
                disabled=busy
                autofocus
                on:click=delete
            >
                {strings.really_delete}
            </button>
            <button type="button" class="button small" on:click=move |_| confirming.set(false)>
                {strings.keep}
            </button>
        </div>
    }
}
