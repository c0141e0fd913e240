//! The drawing itself, and moving over it by pointer and by key.

use latido_chart::{Role, Step, cursor, point_out};
use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html::Div,
    prelude::*,
};

use super::{
    data::{ChartState, Layout, Names},
    scene::{Scene, path_of},
    width::{self, HEIGHT},
};
use crate::ui::view::{reactive, text};

/// To assistive technology this is a slider over the days that have something: arrow keys are
/// passed on to it, and its value, the day in words, is spoken when they change it.
#[component]
pub fn Plotted(
    title: &'static str,
    names: StoredValue<Names>,
    state: Memo<ChartState>,
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

    let last = move || state.with(|state| state.model.series().days().saturating_sub(1).to_string());
    let now = move || spoken.get().map(|day| day.to_string()).unwrap_or_default();
    let words = move || {
        let sentence = |day| state.with(|state| names.with_value(|names| names.sentence(state, day)));
        spoken.get().map(sentence).unwrap_or_default()
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
            aria-valuemax=text(last)
            aria-valuenow=text(now)
            aria-valuetext=text(words)
            on:keydown=press
            on:pointerdown=touching
            on:pointermove=pointing
            on:pointerleave=leaving
            on:blur=move |_| go(None)
        >
            <svg
                viewBox=text(move || format!("0 0 {} {HEIGHT}", layout.with(|layout| layout.width.max(1))))
                aria-hidden="true"
            >
                {painted(state, layout, cursor, locale)}
            </svg>
        </div>
    }
    .into_any()
}

/// From the back to the front.
fn painted(
    state: Memo<ChartState>,
    layout: Memo<Layout>,
    cursor: RwSignal<Option<usize>>,
    locale: crate::i18n::Locale,
) -> AnyView {
    let scene =
        Memo::new(move |_| layout.with(|layout| state.with(|state| Scene::new(state, layout, locale))));
    let pointed = move |role: Role, on_top: bool| {
        let Some(day) = cursor.get() else { return String::new() };
        let (below, dots) =
            layout.with(|layout| state.with(|state| point_out(&state.model, &layout.plot, day)));
        if on_top { path_of(&dots, role) } else { path_of(&[below], role) }
    };
    let of_goal = move || scene.with(|scene| scene.goal.clone());
    // Which paths there are changes with the kind of chart alone; what they say, with the data.
    let roles = Memo::new(move |_| state.with(|state| state.model.shapes()));
    let data = reactive(move || {
        let at = |fresh: bool| {
            let paths = roles.get().into_iter().map(move |role| {
                path(class(role), text(move || scene.with(|scene| scene.path(role, fresh))))
            });
            paths.collect_view()
        };
        let on_top =
            roles.get().into_iter().rev().map(|role| path(class(role), text(move || pointed(role, true))));
        let fresh = text(move || {
            // Two names for one motion: only another name starts it again.
            let again = scene.with(|scene| scene.turn);
            if again { "chart-fresh again" } else { "chart-fresh" }.to_owned()
        });
        view! {
            {at(false)}
            {path("chart-groove", text(of_goal))}
            {path(class(Role::Goal), text(of_goal))}
            <g class=fresh>{at(true)}</g>
            <g class="chart-cursor">{on_top.collect_view()}</g>
        }
        .into_any()
    });
    let dense = text(move || if scene.with(|scene| scene.dense) { "dense" } else { "" }.to_owned());
    view! {
        {path(class(Role::Band), text(move || pointed(Role::Band, false)))}
        {path("chart-grid", text(move || scene.with(|scene| scene.grid.clone())))}
        {labels(scene)}
        {path(class(Role::Guide), text(move || pointed(Role::Guide, false)))}
        <g class=dense>{data}</g>
    }
    .into_any()
}

fn labels(scene: Memo<Scene>) -> AnyView {
    let labels = Memo::new(move |_| scene.with(|scene| scene.labels.clone()));
    reactive(move || {
        let labels = labels.get().into_iter().map(|label| {
            view! { <text class=label.class x=label.x y=label.y>{label.words}</text> }.into_any()
        });
        view! { <g class="chart-labels">{labels.collect_view()}</g> }.into_any()
    })
}

fn path(class: &'static str, d: Signal<String>) -> AnyView {
    view! { <path class=class d=d></path> }.into_any()
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
