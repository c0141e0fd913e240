//! The rows of a list, each with what can be done to it.

use latido_replica::Full;
use leptos::prelude::*;

use super::{
    day_page::Editing,
    icon::Icon,
    view::{click, dynamic, text},
};
use crate::{
    browser::format,
    i18n::use_locale,
    queries::{
        list::{List, Row},
        record::{AnyRecord, Kind},
    },
    writes::Writes,
};

#[component]
pub fn Rows(kind: Kind, list: List, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let locale = use_locale();
    let count = {
        let rows = list.rows.clone();
        Memo::new(move |_| rows.with(|rows| rows.as_ref().map(Vec::len)))
    };
    let instead_of_rows = dynamic(move || match count.get() {
        None => view! { <Skeleton/> }.into_any(),
        Some(0) => view! {
            <div class="empty">
                <p><strong>{kind.empty(locale)}</strong></p>
                <p class="quiet">{locale.strings.log_hint}</p>
            </div>
        }
        .into_any(),
        Some(_) => ().into_any(),
    });
    let rows = list.rows;
    view! {
        {instead_of_rows}
        <ul class="rows" data-testid=format!("{}-list", kind.test_id())>
            <For each=move || rows.get().unwrap_or_default() key=|row| row.key.clone() let(row)>
                <RowView kind row editing/>
            </For>
        </ul>
    }
    .into_any()
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
    .into_any()
}

#[component]
fn RowView(kind: Kind, row: Row, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let (record, pending) = (row.record, row.pending);
    let id = text({
        let record = record.clone();
        move || record.with(|record| record.id().to_owned())
    });
    let confirming = RwSignal::new(false);
    let content = {
        let record = record.clone();
        dynamic(move || {
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
                    <small>{(strings.source)(record.source())}</small>
                </div>
            }
            .into_any()
        })
    };
    let actions = dynamic(move || {
        if confirming.get() {
            return view! { <ConfirmDelete record=record.clone() confirming/> }.into_any();
        }
        let record = record.clone();
        let edit = click(move || editing.set(Some(Editing::Existing(record.get_untracked()))));
        let delete = click(move || confirming.set(true));
        view! {
            <button type="button" class="icon-button" data-testid="edit" aria-label=strings.edit on:click=edit>
                <Icon name="edit"/>
            </button>
            <button
                type="button"
                class="icon-button"
                data-testid="delete"
                aria-label=strings.delete
                on:click=delete
            >
                <Icon name="delete"/>
            </button>
        }
        .into_any()
    });
    view! {
        <li
            class="row"
            data-testid=format!("{}-row", kind.test_id())
            data-id=id
            data-pending=text(move || pending.get().to_string())
        >
            {content}
            <div class="row-actions">{actions}</div>
        </li>
    }
    .into_any()
}

#[component]
fn ConfirmDelete(record: ArcRwSignal<AnyRecord>, confirming: RwSignal<bool>) -> impl IntoView {
    let strings = use_locale().strings;
    let writes: Writes = expect_context();
    let failure = RwSignal::new(String::new());
    let delete = click(move || {
        if let Err(Full) = writes.delete(&record.get_untracked()) {
            failure.set(strings.outbox_full.to_owned());
        }
    });
    view! {
        <div class="confirm" role="group" aria-label=strings.really_delete>
            <span class="error" role="alert">{text(move || failure.get())}</span>
            <button type="button" class="button small danger" data-testid="confirm-delete" on:click=delete>
                {strings.really_delete}
            </button>
            <button type="button" class="button small" on:click=click(move || confirming.set(false))>
                {strings.keep}
            </button>
        </div>
    }
    .into_any()
}
