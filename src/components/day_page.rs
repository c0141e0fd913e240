//! A page that shows the records of one day: the same frame for food, exercise and metrics, each
//! of which says only how a row, a summary and a form look (see `pages::kinds`).

use latido_protocol::time::Timestamp;
use leptos::prelude::*;

use super::{
    day_nav::DayNav,
    icon::Icon,
    record_dialog::RecordDialog,
    rows::Rows,
    view::{click, dynamic, when},
};
use crate::{
    browser::day::Day,
    i18n::use_locale,
    queries::{
        Health, Queries,
        record::{AnyRecord, Kind},
    },
    writes::Refused,
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
pub fn DayPage(kind: Kind) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let day = RwSignal::new(Day::today());
    let editing = RwSignal::new(None::<Editing>);
    let add = click(move || {
        editing.set(Some(Editing::New { kind, at: day.get_untracked().at_this_time() }));
    });
    // A list per day, made where the day is read: another day starts with its own rows or none,
    // never with those of the day before.
    let list_of_day = dynamic(move || {
        let list = queries.list(kind, day.get().start(), day.get().end());
        let totals = {
            let list = list.clone();
            dynamic(move || {
                let total = |(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
                kind.totals(&list, locale).into_iter().map(total).collect_view().into_any()
            })
        };
        view! {
            <dl class="totals">{totals}</dl>
            <StaleNote health=list.health.clone()/>
            <Rows kind list editing/>
        }
        .into_any()
    });
    view! {
        <div class="page-head">
            <h1>{kind.title(locale)}</h1>
            <DayNav day/>
            <button type="button" class="button primary" data-testid="add" on:click=add>
                <Icon name="add"/>
                <span>{locale.strings.add}</span>
            </button>
        </div>
        {list_of_day}
        <RecordDialog editing/>
    }
    .into_any()
}

/// Says that what is shown may be old, and that it is being tried again.
#[component]
pub fn StaleNote(health: ArcRwSignal<Health>) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let failed = {
        let health = health.clone();
        move || health.with(|health| health.error.is_some())
    };
    when(failed, move || {
        let queries = queries.clone();
        let error = health.with(|health| health.error.as_ref().map(locale.strings.error));
        view! {
            <p class="note warn" role="status">
                <span>{error} " " {locale.strings.stale}</span>
                <button type="button" class="button small" on:click=click(move || queries.refresh())>
                    {locale.strings.try_again}
                </button>
            </p>
        }
        .into_any()
    })
}
