//! A page of records: the same frame for food, exercise and metrics, which differ only in row, summary and form (see
//! [`super::kinds`]).

use std::{cell::RefCell, ops::Range};

use latido_protocol::time::Timestamp;
use leptos::prelude::*;

use super::{
    editing::{Editing, begin},
    filter::{FilterBar, RecordFilter},
    period_nav::PeriodNav,
    record_dialog::RecordDialog,
    record_form::record_form,
    rows::Rows,
    shown::ShownRecords,
    totals::total_terms,
    unfinished::{UnfinishedOf, is_any_unfinished, unfinished_note},
};
use crate::{
    browser::{
        day::Day,
        period::{Period, Span},
        timer::after,
        units,
    },
    data::queries::{
        Queries,
        list::{Extent, List},
        record::RecordKind,
    },
    features::{
        people::SelectedPerson,
        trends::{TrendOf, trend_charts},
    },
    i18n::{records, use_locale},
    ui::{
        icon::Icon,
        lazy::{lazy_small, lazy_with, load_ahead},
        stale::StaleNote,
        view::{click, reactive, when},
    },
};

const BEHIND_THE_ROWS_MS: u32 = 300;

/// The span, and the day unless it was today.
type LookedAt = (Span, Option<Day>);

thread_local! {
    /// The span and day shown last on each page, restored when the user comes back.
    static LOOKED_AT: RefCell<Vec<(RecordKind, LookedAt)>> = const { RefCell::new(Vec::new()) };
}

#[component]
pub fn RecordPage(kind: RecordKind) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let viewing: SelectedPerson = expect_context();
    let looked_at = LOOKED_AT.with_borrow(|all| all.iter().find(|(of, _)| *of == kind).map(|(_, at)| *at));
    let (span, day) = looked_at.unwrap_or((first_span(kind), None));
    let period = RwSignal::new(Period { span, last: day.unwrap_or_else(Day::today) });
    Effect::new(move |_| {
        let Period { span, last } = period.get();
        let looked_at = (span, (last != untrack(Day::today)).then_some(last));
        LOOKED_AT.with_borrow_mut(|all| {
            all.retain(|(of, _)| *of != kind);
            all.push((kind, looked_at));
        });
    });
    // At midnight, a page that shows today goes on with the new day; one that was looked up stays. What is
    // typed goes on in the dialog, which knows its own time.
    Effect::new(move |before: Option<Day>| {
        let today = Day::today();
        if before.is_some_and(|before| before != today && period.get_untracked().last == before) {
            period.update(|period| period.last = today);
        }
        today
    });
    let filter = RwSignal::new(RecordFilter::default());
    let editing = RwSignal::new(None::<Editing>);
    let add = move || {
        if viewing.is_oneself() {
            begin(editing, Editing::New { kind, at: period.get_untracked().last.at_this_time() });
        }
    };
    // A list per period, made where the period is read: another one starts with its own rows or none, never
    // with those of the one before.
    let list_of_period = reactive(move || {
        let period = period.get();
        let person = viewing.person_id();
        // Rows say everything in the reader's units and follow no change of them.
        units::follow();
        let list = queries.list(person.as_deref(), kind, period.start(), period.end());
        let rows = list.rows.clone();
        let answered = Memo::new(move |_| rows.with(Option::is_some));
        // The form is what one wants next, with or without a network; but the rows have to be on the screen first.
        Effect::new(move |_| {
            if answered.get() {
                after(BEHIND_THE_ROWS_MS, || load_ahead(record_form));
            }
        });
        let shown = ShownRecords { kind, period, filter, editing, can_change: person.is_none() };
        view! {
            <Totals kind period list=list.clone() filter/>
            <StaleNote fetch_status=list.fetch_status.clone()/>
            {trends(TrendOf { kind, period, list: list.clone(), filter, profile: queries.profile(person.as_deref()), locale })}
            <Rows shown list=list.clone()/>
            <CutNote list/>
        }
        .into_any()
    });
    let add_button = when(
        move || viewing.is_oneself(),
        move || {
            view! {
                <button
                    type="button"
                    class="button primary"
                    data-testid="add"
                    aria-keyshortcuts="n"
                    on:click=click(add)
                >
                    <Icon name="add"/>
                    <span>{locale.strings.add}</span>
                </button>
            }
            .into_any()
        },
    );
    provide_context(UnfinishedOf { kind, editing });
    let unfinished = when(
        move || editing.with(Option::is_none) && viewing.is_oneself() && is_any_unfinished(kind),
        || lazy_small(unfinished_note),
    );
    view! {
        <div class="page-head">
            <h1>{kind.title(locale)}</h1>
            <PeriodNav period/>
            {add_button}
        </div>
        {unfinished}
        <FilterBar kind filter/>
        {list_of_period}
        <RecordDialog editing/>
    }
    .into_any()
}

/// Meals are looked at by day; measurements only make sense beside earlier ones.
fn first_span(kind: RecordKind) -> Span {
    match kind {
        RecordKind::Food | RecordKind::Exercise => Span::Day,
        RecordKind::Metric => Span::Month,
    }
}

/// The charts of more than a day, loaded when they are looked at.
fn trends(of: TrendOf) -> AnyView {
    if of.period.span == Span::Day {
        return ().into_any();
    }
    provide_context(of);
    let meanwhile = || {
        let TrendOf { kind, list, .. } = expect_context();
        let charts = if kind == RecordKind::Food { 2 } else { 1 };
        // Where nothing was measured nothing is drawn.
        let comes = move || {
            kind != RecordKind::Metric
                || list.rows.with(|rows| rows.as_ref().is_none_or(|rows| !rows.is_empty()))
        };
        when(comes, move || {
            let chart = (0..charts).map(|_| view! { <div class="card chart-coming"></div> });
            view! { <div class="trends skeleton" aria-hidden="true">{chart.collect_view()}</div> }.into_any()
        })
    };
    lazy_with(trend_charts, meanwhile, || ().into_any())
}

/// The sums of the period; of a longer one, per day with anything in it.
#[component]
fn Totals(kind: RecordKind, period: Period, list: List, filter: RwSignal<RecordFilter>) -> impl IntoView {
    let locale = use_locale();
    let totals = reactive(move || {
        let (mut sums, mut days, mut day) = ([0.0; 4], 0_u32, None::<Range<Timestamp>>);
        let filter = filter.get();
        list.each(|record| {
            // The sums are of what the rows below show.
            if !filter.is_empty() && !filter.admits(record, locale) {
                return;
            }
            for (sum, part) in sums.iter_mut().zip(record.parts()) {
                *sum += part;
            }
            // Records come by time, so a day's stand together.
            if day.as_ref().is_none_or(|day| !day.contains(&record.at())) {
                day = Some(Day::of(record.at()).span());
                days += 1;
            }
        });
        // Of a day without records the sum is nothing; of a period without any there is no average.
        let is_known = list.is_known() && (days > 0 || period.span == Span::Day);
        let days = f64::from(days.max(1));
        total_terms(kind, sums.map(|sum| is_known.then_some(sum / days)), locale)
    });
    let averaged = (period.span != Span::Day && !kind.sums(locale).is_empty())
        .then(|| view! { <h2 class="totals-name">{records::strings(locale).daily_average}</h2> });
    view! { {averaged} <dl class="totals">{totals}</dl> }.into_any()
}

#[component]
fn CutNote(list: List) -> impl IntoView {
    let locale = use_locale();
    let (extent, rows) = (list.extent, list.rows);
    when(
        move || extent.get() == Extent::Cut,
        move || {
            let count = rows.with(|rows| rows.as_ref().map_or(0, Vec::len));
            let note = (records::strings(locale).cut)(&locale.number(count as f64));
            view! { <p class="note" role="status">{note}</p> }.into_any()
        },
    )
}
