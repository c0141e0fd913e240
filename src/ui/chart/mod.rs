//! A chart: its name, a key that is also its read-out, the drawing, and all its data in a table.
//!
//! The key shows the values of the day under the cursor, or of the latest day. Nothing pops up and nothing moves:
//! numbers change in the place where the colours are explained.
//!
//! The geometry is [`latido_chart`]'s; here it meets words, the browser and its events.
//!
//! ```ignore
//! let data = Signal::derive(move || ChartData {
//!     first: Day::today().plus(-29),
//!     series: Series::Line { values: weights.get(), window: 7 },
//!     goal: goals.get().weight,
//!     least_span: 2.0,
//! });
//! view! { <Chart title=strings.weight unit="kg" names=vec![strings.weight] data/> }
//! ```

mod data;
mod plot;
mod scene;
mod strings;
mod table;
mod width;

pub use data::ChartData;
pub use latido_chart::{Range, Series};

use latido_chart::Role;
use leptos::prelude::*;

use self::{
    data::{ChartState, Names},
    plot::{Plotted, class},
    strings::strings,
    table::Table,
};
use super::view::{reactive, text};
use crate::{browser::format, i18n::use_locale};

/// `names`: of a line, its own; of stacked parts, theirs from the lowest up; of ranges, the high
/// end's, the low end's and, where it is marked, the middle's.
#[component]
pub fn Chart(
    title: &'static str,
    unit: &'static str,
    names: Vec<&'static str>,
    #[prop(into)] data: Signal<ChartData>,
) -> impl IntoView {
    let locale = use_locale();
    let names = StoredValue::new(Names { locale, unit, own: names });
    let state = Memo::new(move |before: Option<&ChartState>| ChartState::next(before, data.get()));
    let cursor = RwSignal::new(None);
    let spoken = Memo::new(move |_| state.with(|state| state.spoken(cursor.get())));
    let day = text(move || {
        let day = spoken.get().map(|day| state.with(|state| state.day(day)));
        day.map(|day| format::brief_day(locale.language, day)).unwrap_or_default()
    });
    let is_empty = Memo::new(move |_| state.with(|state| state.model.stops().is_empty()));
    let body = reactive(move || {
        if is_empty.get() {
            view! { <p class="chart-plot chart-empty">{strings(locale).nothing}</p> }.into_any()
        } else {
            view! {
                <Plotted title names state cursor/>
                <Table title names state/>
            }
            .into_any()
        }
    });
    view! {
        <figure class="chart" data-testid="chart">
            <figcaption class="chart-head">
                <h2>{title}<small>{unit}</small></h2>
                <span class="chart-when">{day}</span>
            </figcaption>
            {key(state, names, spoken)}
            {body}
        </figure>
    }
    .into_any()
}

/// What each colour means, and its number on the day.
fn key(state: Memo<ChartState>, names: StoredValue<Names>, spoken: Memo<Option<usize>>) -> AnyView {
    let roles = Memo::new(move |_| {
        state.with(|state| {
            let mut roles = state.model.roles();
            roles.extend(state.goal.map(|_| Role::Goal));
            roles
        })
    });
    reactive(move || {
        let entries = roles.get().into_iter().map(|role| {
            let said = move |say: fn(&Names, &ChartState, Role, Option<usize>) -> String| {
                state.with(|state| names.with_value(|names| say(names, state, role, spoken.get())))
            };
            let name = text(move || said(|names, state, role, _| names.of(role, &state.model)));
            let value = text(move || said(|names, state, role, day| names.number(state.value(role, day))));
            view! { <div class=class(role)><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
        });
        view! { <dl class="chart-key" data-testid="chart-key">{entries.collect_view()}</dl> }.into_any()
    })
}
