//! A page of records: the same frame for food, exercise and metrics, each of which says only how a row, a
//! summary and a form look (see `pages::kinds`).

use std::{cell::Cell, ops::Range, time::Duration};

use latido_protocol::time::Timestamp;
use leptos::prelude::*;

use super::{
    filter::{Filter, FilterBar},
    icon::Icon,
    lazy::{lazy_with, load_ahead},
    period_nav::PeriodNav,
    record_dialog::{Editing, RecordDialog, begin},
    rows::{Rows, Shown},
    stale::StaleNote,
    view::{click, dynamic, when},
};
use crate::{
    browser::{
        day::Day,
        period::{Period, Span},
        units::units,
    },
    i18n::{Locale, records, use_locale},
    pages::trends::TrendOf,
    parts,
    people::Viewing,
    queries::{
        Queries,
        list::{Extent, List},
        record::Kind,
    },
};

const BEHIND_THE_ROWS: Duration = Duration::from_millis(300);

/// The span, and the day unless it was today.
type LookedAt = (Span, Option<Day>);

thread_local! {
    /// What was looked at last on each page, for whoever comes back to it.
    static LOOKED_AT: Cell<[Option<LookedAt>; 3]> = const { Cell::new([None; 3]) };
}

#[component]
pub fn RecordPage(kind: Kind) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let viewing: Viewing = expect_context();
    let (span, day) = LOOKED_AT.get()[kind as usize].unwrap_or((first_span(kind), None));
    let period = RwSignal::new(Period { span, last: day.unwrap_or_else(Day::today) });
    Effect::new(move |_| {
        let Period { span, last } = period.get();
        let mut looked_at = LOOKED_AT.get();
        looked_at[kind as usize] = Some((span, (last != untrack(Day::today)).then_some(last)));
        LOOKED_AT.set(looked_at);
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
    let filter = RwSignal::new(Filter::default());
    let editing = RwSignal::new(None::<Editing>);
    let add = move || {
        if viewing.is_oneself() {
            begin(editing, Editing::New { kind, at: period.get_untracked().last.at_this_time() });
        }
    };
    // A list per period, made where the period is read: another one starts with its own rows or none, never
    // with those of the one before.
    let list_of_period = dynamic(move || {
        let period = period.get();
        let person = viewing.person_id();
        // Rows say everything in the reader's units and follow no change of them.
        units();
        let list = queries.list(person.as_deref(), kind, period.start(), period.end());
        let rows = list.rows.clone();
        let answered = Memo::new(move |_| rows.with(Option::is_some));
        // The form is what one wants next, with or without a network; but the rows have to be on the screen first.
        Effect::new(move |_| {
            if answered.get() {
                set_timeout(|| load_ahead(parts::record_form), BEHIND_THE_ROWS);
            }
        });
        let shown = Shown { kind, period, filter, editing, can_change: person.is_none() };
        view! {
            <Totals kind period list=list.clone() filter/>
            <StaleNote health=list.health.clone()/>
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
    view! {
        <div class="page-head">
            <h1>{kind.title(locale)}</h1>
            <PeriodNav period/>
            {add_button}
        </div>
        <FilterBar kind filter/>
        {list_of_period}
        <RecordDialog editing/>
    }
    .into_any()
}

/// A meal is of a day; what is measured only says something beside what was measured before.
fn first_span(kind: Kind) -> Span {
    match kind {
        Kind::Food | Kind::Exercise => Span::Day,
        Kind::Metric => Span::Month,
    }
}

/// The charts of more than a day, loaded when they are looked at.
fn trends(of: TrendOf) -> AnyView {
    if of.period.span == Span::Day {
        return ().into_any();
    }
    provide_context(of);
    let meanwhile = || {
        let TrendOf { kind, .. } = expect_context();
        let charts = if kind == Kind::Food { 2 } else { 1 };
        let chart = (0..charts).map(|_| view! { <div class="card chart-coming"></div> });
        view! { <div class="trends skeleton" aria-hidden="true">{chart.collect_view()}</div> }.into_any()
    };
    lazy_with(parts::trends, meanwhile, || ().into_any())
}

/// The sums of the period; of a longer one, per day with anything in it.
#[component]
fn Totals(kind: Kind, period: Period, list: List, filter: RwSignal<Filter>) -> impl IntoView {
    let locale = use_locale();
    let totals = dynamic(move || {
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

/// A sum that nobody knows yet is a dash.
pub fn total_terms(kind: Kind, sums: [Option<f64>; 4], locale: Locale) -> AnyView {
    let term = |(name, sum): (&'static str, Option<f64>)| {
        view! { <div><dt>{name}</dt><dd>{locale.number_or_dash(sum.map(f64::round))}</dd></div> }
    };
    kind.sums(locale).into_iter().zip(sums).map(term).collect_view().into_any()
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
