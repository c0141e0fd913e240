//! All that a chart shows, in rows: for those who do not see it, and for those who want the number.

use leptos::prelude::*;

use super::{
    data::{ChartState, Names},
    strings::strings,
};
use crate::{
    browser::format,
    ui::view::{reactive, toggled, when},
};

/// Closed at first; a closed one costs nothing, and an open one follows the data.
#[component]
pub fn Table(title: &'static str, names: StoredValue<Names>, state: Memo<ChartState>) -> impl IntoView {
    let strings = strings(names.with_value(|names| names.locale));
    let open = RwSignal::new(false);
    let content = when(
        move || open.get(),
        move || {
            reactive(move || {
                let rows = state.with(|state| names.with_value(|names| rows(state, names)));
                // It scrolls by key as well, so it has to take the focus.
                view! { <div class="chart-rows" role="region" tabindex="0" aria-label=title>{rows}</div> }
                    .into_any()
            })
        },
    );
    view! {
        <details class="chart-table" on:toggle=toggled(open)>
            <summary>{strings.table}</summary>
            {content}
        </details>
    }
    .into_any()
}

/// The latest day first.
fn rows(state: &ChartState, names: &Names) -> AnyView {
    let model = &state.model;
    let head = model.roles().into_iter().map(|role| {
        let name = names.of(role, model);
        view! { <th scope="col">{name}<small>{names.unit}</small></th> }.into_any()
    });
    let rows = model.stops().iter().rev().map(|day| {
        let cells = model
            .readings(*day)
            .into_iter()
            .map(|reading| view! { <td>{names.number(reading.value)}</td> }.into_any());
        let day = format::day(names.locale.language, state.day(*day));
        view! { <tr><th scope="row">{day}</th>{cells.collect_view()}</tr> }.into_any()
    });
    view! {
        <table>
            <thead><tr><th scope="col">{strings(names.locale).day}</th>{head.collect_view()}</tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}
