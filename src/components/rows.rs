//! The rows of a list, by day where it spans several, each with what can be done to it.

use std::ops::Range;

use latido_protocol::time::Timestamp;
use latido_replica::Full;
use leptos::{html, prelude::*};

use super::{
    announcer::NewRows,
    filter::Filter,
    icon::Icon,
    record_dialog::{Editing, begin, form_in_row},
    record_page::total_terms,
    undo::Deleted,
    view::{click, dynamic, text, when},
    window::Window,
};
use crate::{
    browser::{
        day::Day,
        focus, format,
        period::{Period, Span},
    },
    i18n::{Locale, records, use_locale},
    queries::{
        list::{Extent, List, Row},
        record::{AnyRecord, Kind},
    },
    writes::Writes,
};

/// What of a list is shown, and what can be done there.
#[derive(Clone, Copy)]
pub struct Shown {
    pub kind: Kind,
    pub period: Period,
    pub filter: RwSignal<Filter>,
    pub editing: RwSignal<Option<Editing>>,
    pub can_change: bool,
}

/// A line of the list.
#[derive(Clone)]
enum Line {
    Day { day: Day, sums: [f64; 4] },
    Record(Row),
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
fn lines(rows: &[Row], shown: Shown, filter: &Filter, locale: Locale) -> Vec<Line> {
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
pub fn Rows(shown: Shown, list: List) -> impl IntoView {
    let locale = use_locale();
    let kind = shown.kind;
    // Computed once for all who read it. Never equal: lines are told apart by their keys.
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
    // Of the records, whether they are looked for or not; what comes with a later page of the first answer is no news.
    let told = {
        let List { rows, extent, .. } = list;
        Memo::new(move |_| {
            let count = rows.with(|rows| rows.as_ref().map(Vec::len));
            count.filter(|_| extent.get() != Extent::Coming)
        })
    };
    let instead_of_rows = dynamic(move || match count.get() {
        None => view! { <Skeleton/> }.into_any(),
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

fn day_head(kind: Kind, day: Day, sums: [f64; 4], locale: Locale) -> AnyView {
    view! {
        <li class="day-head">
            <h2>{format::day(locale.language, day)}</h2>
            <dl class="sums">{total_terms(kind, sums.map(Some), locale)}</dl>
        </li>
    }
    .into_any()
}

/// Says why there are no rows, and what to do.
#[component]
fn Nothing(shown: Shown) -> impl IntoView {
    let locale = use_locale();
    let strings = records::strings(locale);
    let filter = shown.filter;
    dynamic(move || {
        if filter.with(Filter::is_empty) {
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
        let clear = click(move || filter.set(Filter::default()));
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
fn RowView(shown: Shown, row: Row, is_long: Memo<bool>) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let Shown { kind, editing, .. } = shown;
    let Row { key, record, pending, .. } = row;
    let id = text({
        let record = record.clone();
        move || record.with(|record| record.id().to_owned())
    });
    // The elements stay and only what is in them changes: what is built anew gets its attributes anew too, one by one,
    // and with them its styles (`tachys` 0.2).
    let part = |say: fn(&AnyRecord, Locale) -> AnyView| {
        let record = record.clone();
        // Units and time zone belong to the page, which is made anew when they change: signals keep a note of
        // everyone who ever followed them, and rows come and go by the thousand.
        dynamic(move || record.with(|record| untrack(|| say(record, locale))))
    };
    let main = part(|record, locale| {
        let (name, below) = record.describe(locale);
        view! { <span>{name}</span> <span>{below}</span> }.into_any()
    });
    let amount = part(|record, locale| {
        let (amount, unit) = record.amount(locale);
        view! { <strong>{amount}</strong> " " <small>{unit}</small> }.into_any()
    });
    let when = part(|record, locale| {
        let time = format::time(locale.language, record.at());
        view! { <time>{time}</time> <small>{(locale.strings.source)(record.source())}</small> }.into_any()
    });
    let is_open = RwSignal::new(false);
    let actions = shown.can_change.then(|| {
        let changed = record.clone();
        let edit = click(move || {
            let record = changed.get_untracked();
            let subject = if is_long.get_untracked() {
                Editing::InDialog { record, typed: None }
            } else {
                Editing::InRow { key: key.clone(), record }
            };
            let in_row = matches!(subject, Editing::InRow { .. });
            if begin(editing, subject) {
                is_open.set(in_row);
            }
        });
        view! {
            <div class="row-actions">
                <button type="button" class="icon-button" data-testid="edit" aria-label=strings.edit on:click=edit>
                    <Icon name="edit"/>
                </button>
                <DeleteButton record/>
            </div>
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
            <div class="row-main">{main}</div>
            <div class="row-amount">{amount}</div>
            <div class="row-when">{when}</div>
            {actions}
            {shown.can_change.then(|| form_in_row(is_open, editing))}
        </li>
    }
    .into_any()
}

/// Deletes at once; what was deleted is offered back, see [`super::undo`].
#[component]
fn DeleteButton(record: ArcRwSignal<AnyRecord>) -> impl IntoView {
    let strings = use_locale().strings;
    let writes: Writes = expect_context();
    let deleted: Deleted = expect_context();
    let full = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let delete = click(move || {
        let record = record.get_untracked();
        match writes.delete(&record) {
            Ok(()) => {
                focus_beside(button.get_untracked());
                deleted.offer(record);
            }
            Err(Full) => full.set(true),
        }
    });
    let problem = when(
        move || full.get(),
        move || view! { <span class="error" role="alert">{strings.outbox_full}</span> }.into_any(),
    );
    view! {
        {problem}
        <button
            type="button"
            class="icon-button"
            data-testid="delete"
            aria-label=strings.delete
            node_ref=button
            on:click=delete
        >
            <Icon name="delete"/>
        </button>
    }
    .into_any()
}

/// The row goes and the keyboard goes on in its neighbour, or where a new record begins.
fn focus_beside(button: Option<web_sys::HtmlButtonElement>) {
    let row = button.and_then(|button| button.closest(".row").ok()?);
    let neighbour = row.and_then(|row| row.next_element_sibling().or_else(|| row.previous_element_sibling()));
    let next = neighbour.and_then(|row| row.query_selector("[data-testid=delete]").ok()?);
    let next = next.or_else(|| document().query_selector("[data-testid=add]").ok()?);
    focus(next);
}
