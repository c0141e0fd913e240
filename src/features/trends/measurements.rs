//! Measurements are drawn one kind at a time: they share neither unit nor scale.

use latido_protocol::{
    metric::MetricKind,
    profile::HealthProfile,
    values::{Hours, Steps, WeightKg},
};
use leptos::prelude::*;

use super::{
    by_day::{kinds, measured, pressures},
    strings::strings,
    subject::TrendOf,
};
use crate::{
    i18n::{Locale, use_locale, values},
    ui::{
        chart::{Chart, ChartData, Series},
        view::{Keyed, click, keyed, reactive, text},
    },
};

#[component]
pub fn Measurements(of: TrendOf) -> impl IntoView {
    let locale = use_locale();
    let known = {
        let list = of.list.clone();
        Memo::new(move |_| kinds(&list))
    };
    let chosen = RwSignal::new(None::<MetricKind>);
    let filter = of.filter;
    // The filtered kind; else the chosen one, else the first with data.
    let looked_for = move || filter.with(|filter| MetricKind::parse(&filter.of).ok());
    let drawn = Memo::new(move |_| {
        known.with(|known| {
            let is_known = |kind: &MetricKind| known.contains(kind);
            looked_for().or(chosen.get()).filter(is_known).or(known.first().copied())
        })
    });
    let choices = keyed(move || {
        let known = known.get();
        let choice = |kind: MetricKind| Keyed {
            key: kind.as_str().to_owned(),
            build: std::sync::Arc::new(move || {
                let pick = click(move || {
                    chosen.set(Some(kind));
                    filter.update(|filter| filter.of.clear());
                });
                let pressed = text(move || (drawn.get() == Some(kind)).to_string());
                let name = (locale.strings.kinds)(kind);
                view! { <button type="button" class="chip" aria-pressed=pressed on:click=pick>{name}</button> }
                    .into_any()
            }),
        };
        if known.len() > 1 { known.into_iter().map(choice).collect() } else { Vec::new() }
    });
    let chart = reactive(move || match drawn.get() {
        Some(kind) => view! { <div class="card"><Measured kind of=of.clone()/></div> }.into_any(),
        None => ().into_any(),
    });
    view! {
        <div class="chips" role="group" aria-label=strings(locale).which>{choices}</div>
        {chart}
    }
    .into_any()
}

/// One kind, in the reader's units.
#[component]
fn Measured(kind: MetricKind, of: TrendOf) -> impl IntoView {
    let locale = use_locale();
    let title = (locale.strings.kinds)(kind);
    let names = match kind {
        MetricKind::BloodPressure => vec![locale.deferred().systolic, locale.deferred().diastolic],
        _ => vec![title],
    };
    // Blood pressure shows the whole range of a day.
    let rule = (kind != MetricKind::BloodPressure).then(|| {
        let rule = (values::strings(locale).day_rule)(kind.day_rule());
        view! { <p class="quiet day-rule">{rule}</p> }
    });
    let data = Signal::derive(move || measurements(kind, &of, locale));
    // The title names it.
    let unit = if kind == MetricKind::Steps { "" } else { locale.unit(kind) };
    view! { <Chart title unit names data/> {rule} }.into_any()
}

pub(super) fn measurements(kind: MetricKind, of: &TrendOf, locale: Locale) -> ChartData {
    let read = |values: Vec<Option<f64>>| -> Vec<Option<f64>> {
        values.into_iter().map(|value| Some(locale.read(kind, value?))).collect()
    };
    let goal = of.goal(goal_of(kind)).map(|goal| locale.read(kind, goal));
    let window = of.window();
    let series = |list: &_, days: &_| match kind {
        MetricKind::BloodPressure => Series::Ranges { values: pressures(list, days) },
        MetricKind::Steps | MetricKind::Sleep => {
            let values = read(measured(list, days, kind)).into_iter().map(Option::unwrap_or_default);
            Series::Stacked { parts: vec![values.collect()] }
        }
        _ => Series::Line { values: read(measured(list, days, kind)), window },
    };
    // Of glucose in the reader's unit, which is a scale; temperatures differ by as much with any zero.
    let span = least_span(kind);
    of.data(series, goal, if kind == MetricKind::Glucose { locale.read(kind, span) } else { span })
}

fn goal_of(kind: MetricKind) -> fn(&HealthProfile) -> Option<f64> {
    match kind {
        MetricKind::Weight => |profile| profile.goal_weight_kg.map(WeightKg::get),
        MetricKind::Steps => |profile| profile.daily_step_goal.map(Steps::get),
        MetricKind::Sleep => |profile| profile.daily_sleep_goal_h.map(Hours::get),
        _ => |_| None,
    }
}

/// What is less than this apart looks it.
fn least_span(kind: MetricKind) -> f64 {
    match kind {
        MetricKind::Weight | MetricKind::Temperature => 2.0,
        MetricKind::HeartRate => 30.0,
        MetricKind::BloodPressure | MetricKind::Glucose => 40.0,
        MetricKind::Sleep => 4.0,
        MetricKind::Steps => 2000.0,
        MetricKind::Spo2 => 8.0,
    }
}
