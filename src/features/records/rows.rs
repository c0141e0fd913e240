//! The rows of a list, by day where it spans several. One of them is [`super::row`].

use std::ops::Range;

use latido_protocol::time::Timestamp;
use leptos::{html, prelude::*};

use super::{filter::RecordFilter, row::RowView, shown::ShownRecords, totals::total_terms};
use crate::{
    browser::{day::Day, format, period::Span},
    data::queries::{
        list::{Extent, List},
        record::RecordKind,
        row::RecordRow,
    },
    i18n::{Locale, records, use_locale},
    ui::{
        announcer::NewRows,
        skeleton::Skeleton,
        view::{click, reactive},
        window::Window,
    },
};

/// A line of the list.
#[derive(Clone)]
enum Line {
    Day { day: Day, sums: [f64; 4] },
    Record(RecordRow),
}

impl Line {
    /// The sums are part of it: a head whose sums change is another one.
    fn key(&self) -> String {
        match self {
            Self::Day { day, sums } => {
                format!(
                    "{} {}",
                    day.start().unix_ms(),
                    sums.map(|sum| (sum.round() as u64).to_string()).join(" ")
                )
            }
            Self::Record(row) => row.key.clone(),
        }
    }
}

/// What to show of the rows, in their order, with a head above each day where there are several.
fn lines(rows: &[RecordRow], shown: ShownRecords, filter: &RecordFilter, locale: Locale) -> Vec<Line> {
    let admitted = rows
        .iter()
        .filter(|row| filter.is_empty() || row.record.with_untracked(|record| filter.admits(record, locale)));
    if shown.period.span == Span::Day {
        return admitted.cloned().map(Line::Record).collect();
    }
    let mut lines: Vec<Line> = Vec::new();
    let mut head: Option<(usize, Range<Timestamp>)> = None;
    for row in admitted {
        let (at, parts) = row.record.with_untracked(|record| (record.at(), record.parts()));
        let place = match &head {
            Some((place, span)) if span.contains(&at) => *place,
            _ => {
                let day = Day::of(at);
                head = Some((lines.len(), day.span()));
                lines.push(Line::Day { day, sums: [0.0; 4] });
                lines.len() - 1
            }
        };
        if let Some(Line::Day { sums, .. }) = lines.get_mut(place) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
        }
        lines.push(Line::Record(row.clone()));
    }
    lines
}

#[component]
pub fn Rows(shown: ShownRecords, list: List) -> impl IntoView {
    let locale = use_locale();
    let kind = shown.kind;
    // Computed once for all readers. Never equal: lines are compared by their keys.
    let found = {
        let List { rows, changes, .. } = list.clone();
        let find = move |_: Option<&Option<Vec<Line>>>| {
            let filter = shown.filter.get();
            if shown.period.span != Span::Day || !filter.is_empty() {
                // Which day and whether it is looked for depends on more than which rows there are.
                changes.track();
            }
            rows.with(|rows| rows.as_deref().map(|rows| lines(rows, shown, &filter, locale)))
        };
        ArcMemo::new_with_compare(find, |_, _| true)
    };
    let count = {
        let found = found.clone();
        Memo::new(move |_| found.with(|lines| lines.as_ref().map(Vec::len)))
    };
    let known = list.clone();
    // Of the records, whether they are looked for or not; what comes with a later page of the first answer is no news.
    let told = {
        let List { rows, extent, .. } = list;
        Memo::new(move |_| {
            let count = rows.with(|rows| rows.as_ref().map(Vec::len));
            count.filter(|_| extent.get() != Extent::Coming)
        })
    };
    let instead_of_rows = reactive(move || match count.get() {
        None => view! { <Skeleton/> }.into_any(),
        // The note above shows the problem; an empty state would be a guess.
        Some(0) if !known.is_known() => ().into_any(),
        Some(0) => view! { <Nothing shown/> }.into_any(),
        Some(_) => ().into_any(),
    });
    let element = NodeRef::<html::Ul>::new();
    let window = Window::over(element, Signal::derive(move || count.get().unwrap_or(0)));
    let visible = move || {
        let near = window.shown.get();
        found.with(|lines| {
            lines.as_deref().and_then(|lines| lines.get(near)).map(<[Line]>::to_vec).unwrap_or_default()
        })
    };
    view! {
        <NewRows count=told/>
        {instead_of_rows}
        <ul
            class="rows"
            data-testid=format!("{}-list", kind.test_id())
            data-windowed=window.is_windowed()
            style:padding-top=window.above()
            style:padding-bottom=window.below()
            node_ref=element
        >
            <For each=visible key=Line::key let(line)>
                {match line {
                    Line::Day { day, sums } => day_head(kind, day, sums, locale),
                    Line::Record(row) => view! { <RowView shown row is_long=window.is_long/> }.into_any(),
                }}
            </For>
        </ul>
    }
    .into_any()
}

fn day_head(kind: RecordKind, day: Day, sums: [f64; 4], locale: Locale) -> AnyView {
    view! {
        <li class="day-head">
            <h2>{format::day(locale.language, day)}</h2>
            <dl class="sums">{total_terms(kind, sums.map(Some), locale)}</dl>
        </li>
    }
    .into_any()
}

/// The empty state: why there are no rows, and what to do.
#[component]
fn Nothing(shown: ShownRecords) -> impl IntoView {
    let locale = use_locale();
    let strings = records::strings(locale);
    let filter = shown.filter;
    reactive(move || {
        if filter.with(RecordFilter::is_empty) {
            let is_day = shown.period.span == Span::Day;
            let why = if is_day { shown.kind.empty(locale) } else { strings.nothing_then };
            return view! {
                <div class="empty">
                    <p><strong>{why}</strong></p>
                    <p class="quiet">{locale.strings.log_hint}</p>
                </div>
            }
            .into_any();
        }
        let clear = click(move || filter.set(RecordFilter::default()));
        view! {
            <div class="empty">
                <p><strong>{strings.nothing_found}</strong></p>
                <p class="quiet">{strings.nothing_found_hint}</p>
                <button type="button" class="button small" on:click=clear>{strings.clear_search}</button>
            </div>
        }
        .into_any()
    })
}
