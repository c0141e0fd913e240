//! The drawing itself, and moving over it by pointer and by key.

use latido_chart::{Role, Shape, Step, cursor, draw, goal_line, path, point_out};
use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html::Div,
    prelude::*,
};

use super::{
    data::{LABEL_GAP, Layout, Names, State},
    width::{self, HEIGHT},
};
use crate::{
    browser::format,
    components::view::{dynamic, text},
};

/// The room that the name of a day wants.
const DAY_ROOM: f64 = 56.0;
/// Below this a day's dot would touch its neighbour's.
const DENSE: f64 = 9.0;

/// To assistive technology this is a slider over the days that have something: arrow keys are
/// passed on to it, and its value, the day in words, is spoken when they change it.
#[component]
pub fn Plotted(
    title: &'static str,
    names: StoredValue<Names>,
    state: Memo<State>,
    cursor: RwSignal<Option<usize>>,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let width = width::follow(element);
    let locale = names.with_value(|names| names.locale);
    let layout = Memo::new(move |_| state.with(|state| Layout::new(state, width.get(), locale)));
    let spoken = Memo::new(move |_| state.with(|state| state.spoken(cursor.get())));

    let go = move |to: Option<usize>| {
        if cursor.get_untracked() != to {
            cursor.set(to);
        }
    };
    let point = move |event: PointerEvent| {
        let Some(element) = element.get_untracked() else { return };
        let x = f64::from(event.offset_x()) * width::scale(&element);
        let place = layout.with_untracked(|layout| layout.plot.place(x));
        go(state.with_untracked(|state| cursor::nearest(state.model.stops(), place)));
    };
    let leave = move |event: PointerEvent| {
        // A finger that is lifted has pointed; the next tap elsewhere takes the focus away.
        if event.pointer_type() != "touch" {
            go(None);
        }
    };
    let press = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowLeft" => Step::Back,
            "ArrowRight" => Step::On,
            "Home" => Step::First,
            "End" => Step::Last,
            "Escape" => return go(None),
            _ => return,
        };
        event.prevent_default();
        let from = cursor.get_untracked();
        go(state.with_untracked(|state| cursor::step(state.model.stops(), from, step)));
    };
    let pointing: Box<dyn FnMut(PointerEvent)> = Box::new(point);
    let touching: Box<dyn FnMut(PointerEvent)> = Box::new(point);
    let leaving: Box<dyn FnMut(PointerEvent)> = Box::new(leave);

    let drawn = dynamic(move || {
        layout.with(|layout| {
            if layout.width == 0 { ().into_any() } else { state.with(|state| all(state, layout, locale)) }
        })
    });
    let marked = move |on_top: bool| {
        dynamic(move || match cursor.get() {
            Some(day) => layout.with(|layout| {
                let (below, dots) = state.with(|state| point_out(&state.model, &layout.plot, day));
                if on_top { shapes(dots) } else { shape(below) }
            }),
            None => ().into_any(),
        })
    };
    let place = move || spoken.get().unwrap_or(0).to_string();
    let words = move || {
        spoken.get().map(|day| state.with(|state| names.with_value(|names| names.sentence(state, day))))
    };
    view! {
        <div
            class="chart-plot"
            node_ref=element
            role="slider"
            tabindex="0"
            aria-label=title
            aria-orientation="horizontal"
            aria-valuemin="0"
            aria-valuemax=text(move || state.with(|state| state.model.series().days().saturating_sub(1).to_string()))
            aria-valuenow=text(place)
            aria-valuetext=text(move || words().unwrap_or_default())
            on:keydown=press
            on:pointerdown=touching
            on:pointermove=pointing
            on:pointerleave=leaving
            on:blur=move |_| go(None)
        >
            <svg viewBox=text(move || format!("0 0 {} {HEIGHT}", layout.with(|layout| layout.width.max(1)))) aria-hidden="true">
                <g>{marked(false)}</g>
                <g>{drawn}</g>
                <g class="chart-cursor">{marked(true)}</g>
            </svg>
        </div>
    }
    .into_any()
}

/// Everything but the cursor. Built anew at every change; of the document only what differs is touched.
fn all(state: &State, layout: &Layout, locale: crate::i18n::Locale) -> AnyView {
    let plot = &layout.plot;
    let (ticks, labelled) = (plot.ticks(), plot.labelled(DAY_ROOM));
    let mut grid = path::Path::default();
    for tick in &ticks {
        grid.level(plot.y(*tick), plot.area().left, plot.area().right);
    }
    let values = layout.labels.iter().zip(&ticks).map(|(value, tick)| {
        label("chart-value", plot.area().left - LABEL_GAP, plot.y(*tick), value.clone())
    });
    let days = labelled.into_iter().map(|day| {
        // The last day's name ends with the plot instead of running out of it.
        let at_the_edge = plot.x(day) + DAY_ROOM / 2.0 > f64::from(layout.width);
        let (class, x) = if at_the_edge {
            ("chart-day chart-last", f64::from(layout.width))
        } else {
            ("chart-day", plot.x(day))
        };
        label(class, x, f64::from(HEIGHT), format::short_day(locale.language, state.day(day)))
    });
    let goal = goal_line(plot).map(|goal| {
        // Over bars it runs in a groove, or it would be lost in their colours.
        view! { <path class="chart-groove" d=goal.path.clone()></path>{shape(goal)} }.into_any()
    });
    let drawing = draw(&state.model, plot, &state.fresh);
    view! {
        <path class="chart-grid" d=grid.into_text()></path>
        <g class="chart-labels">{values.chain(days).collect_view()}</g>
        <g class:dense=plot.band() < DENSE>
            {shapes(drawing.settled)}
            {goal}
            // Two names for one motion: only another name starts it again.
            <g class=if state.turn { "chart-fresh" } else { "chart-fresh again" }>{shapes(drawing.fresh)}</g>
        </g>
    }
    .into_any()
}

fn shapes(shapes: Vec<Shape>) -> AnyView {
    shapes.into_iter().map(shape).collect_view().into_any()
}

fn shape(shape: Shape) -> AnyView {
    view! { <path class=class(shape.role) d=shape.path></path> }.into_any()
}

fn label(class: &'static str, x: f64, y: f64, words: String) -> AnyView {
    view! { <text class=class x=path::length(x) y=path::length(y)>{words}</text> }.into_any()
}

pub fn class(role: Role) -> &'static str {
    match role {
        Role::Value => "chart-dots",
        Role::Line => "chart-line",
        Role::Average => "chart-average",
        Role::Part(0) => "chart-part first",
        Role::Part(1) => "chart-part second",
        Role::Part(2) => "chart-part third",
        Role::Part(_) => "chart-part rest",
        Role::Total => "chart-total",
        Role::Span => "chart-span",
        Role::High => "chart-high",
        Role::Low => "chart-low",
        Role::Mid => "chart-mid",
        Role::Goal => "chart-goal",
        Role::Guide => "chart-guide",
        Role::Band => "chart-band",
    }
}
