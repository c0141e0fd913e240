//! Today against the goals, and what came in last.

use latido_protocol::{metric::MetricKind, profile::HealthProfile};
use leptos::prelude::*;

use super::metrics::unit;
use crate::{
    browser::{day::Day, format},
    components::{
        day_page::StaleNote,
        rows::Skeleton,
        view::{dynamic, flag, text},
    },
    i18n::{Locale, use_locale},
    queries::{
        Queries,
        list::List,
        record::{AnyRecord, Kind},
    },
};

/// Weight is not measured every day; the last of this many days is shown.
const WEIGHT_DAYS: i32 = 14;
/// Lines under "latest".
const LATEST: usize = 8;

#[component]
pub fn Overview() -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let queries: Queries = expect_context();
    let today = Day::today();
    let profile = queries.profile();
    let foods = queries.list(Kind::Food, today.start(), today.end());
    let exercises = queries.list(Kind::Exercise, today.start(), today.end());
    let metrics = queries.list(Kind::Metric, today.plus(-WEIGHT_DAYS).start(), today.end());

    let title = {
        let profile = profile.clone();
        text(move || match profile.get() {
            Some(profile) => (strings.greeting)(profile.display_name.as_str()),
            None => strings.overview.to_owned(),
        })
    };
    view! {
        <div class="page-head">
            <h1>{title}</h1>
            <p class="quiet">{format::day(locale.language, today)}</p>
        </div>
        <StaleNote health=foods.health.clone()/>
        <section class="tiles" data-testid="overview">
            <Energy foods=foods.clone() profile=profile.clone()/>
            <Macros foods=foods.clone()/>
            <Movement exercises=exercises.clone()/>
            <Measured metrics=metrics.clone() profile=profile.clone() kind=MetricKind::Steps today/>
            <Measured metrics=metrics.clone() profile=profile.clone() kind=MetricKind::Sleep today/>
            <Measured metrics=metrics.clone() profile kind=MetricKind::Weight today/>
        </section>
        <section class="card latest">
            <h2>{strings.latest}</h2>
            <Latest foods exercises metrics today/>
        </section>
    }
    .into_any()
}

#[component]
fn Energy(foods: List, profile: ArcRwSignal<Option<HealthProfile>>) -> impl IntoView {
    let locale = use_locale();
    let eaten = Signal::derive(move || foods.foods().iter().map(|food| food.calories.get()).sum::<f64>());
    let goal = Signal::derive(move || {
        profile
            .with(|profile| profile.as_ref()?.daily_calorie_goal.map(latido_protocol::values::Calories::get))
    });
    view! {
        <article class="card tile wide-tile">
            <h2>{locale.strings.energy}</h2>
            <p class="figure">
                <strong data-testid="energy-today">{text(move || locale.number(eaten.get()))}</strong> " kcal"
            </p>
            <Goal value=Signal::derive(move || Some(eaten.get())) goal unit="kcal"/>
        </article>
    }
    .into_any()
}

#[component]
fn Macros(foods: List) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let grams = Signal::derive(move || {
        foods.foods().iter().fold([0.0; 3], |[protein, carbs, fat], food| {
            [protein + food.protein_g.get(), carbs + food.carbs_g.get(), fat + food.fat_g.get()]
        })
    });
    let names = [strings.protein, strings.carbs, strings.fat];
    let bars = names
        .into_iter()
        .enumerate()
        .map(|(place, name)| {
            let share = move || {
                let grams = grams.get();
                let total: f64 = grams.iter().sum();
                if total > 0.0 { grams[place] / total * 100.0 } else { 0.0 }
            };
            view! {
                <div class="macro" data-macro=place>
                    <dt>{name}</dt>
                    <dd>{text(move || locale.number(grams.get()[place]))}</dd>
                    <div class="bar"><div style:width=text(move || percent(share()))></div></div>
                </div>
            }
        })
        .collect_view();
    view! {
        <article class="card tile wide-tile">
            <h2>{strings.macros}</h2>
            <dl class="macros">{bars}</dl>
        </article>
    }
    .into_any()
}

#[component]
fn Movement(exercises: List) -> impl IntoView {
    let locale = use_locale();
    let minutes =
        Signal::derive(move || exercises.exercises().iter().map(|log| log.duration_min.get()).sum::<f64>());
    view! {
        <article class="card tile">
            <h2>{locale.strings.movement}</h2>
            <p class="figure"><strong>{text(move || locale.number(minutes.get()))}</strong> " min"</p>
        </article>
    }
    .into_any()
}

/// The newest value of a kind: today's, or the last weight there is.
#[component]
fn Measured(
    metrics: List,
    profile: ArcRwSignal<Option<HealthProfile>>,
    kind: MetricKind,
    today: Day,
) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    let value = Signal::derive(move || {
        let records = metrics.metrics();
        let of_kind = records.iter().filter(|metric| metric.kind == kind);
        match kind {
            MetricKind::Weight => of_kind.map(|metric| metric.value).next(),
            _ => {
                of_kind.filter(|metric| today.contains(metric.measured_at)).map(|metric| metric.value).next()
            }
        }
    });
    let goal = Signal::derive(move || {
        profile.with(|profile| match kind {
            MetricKind::Steps => profile.as_ref()?.daily_step_goal.map(latido_protocol::values::Steps::get),
            MetricKind::Weight => {
                profile.as_ref()?.goal_weight_kg.map(latido_protocol::values::WeightKg::get)
            }
            _ => None,
        })
    });
    let title = (strings.kinds)(kind);
    view! {
        <article class="card tile">
            <h2>{title}</h2>
            <p class="figure">
                <strong>
                    {text(move || value.get().map_or_else(|| "–".to_owned(), |value| locale.number(value)))}
                </strong>
                " " {unit(kind, locale)}
            </p>
            {match kind {
                MetricKind::Steps => view! { <Goal value goal unit=""/> }.into_any(),
                // Nearer is better from both sides, so a bar would mislead: the goal is only named.
                _ => view! {
                    <p class="quiet">
                        {text(move || goal.get().map(|goal| {
                            (strings.goal_is)(&format!("{} {}", locale.number(goal), unit(kind, locale)))
                        }).unwrap_or_default())}
                    </p>
                }.into_any(),
            }}
        </article>
    }
    .into_any()
}

/// A width. Whole percents do, and formatting fractions costs five kilobytes.
fn percent(share: f64) -> String {
    format!("{}%", share as u32)
}

/// How far a value is on the way to its goal.
#[component]
fn Goal(value: Signal<Option<f64>>, goal: Signal<Option<f64>>, unit: &'static str) -> impl IntoView {
    let locale = use_locale();
    let share = move || match (value.get(), goal.get()) {
        (Some(value), Some(goal)) if goal > 0.0 => (value / goal * 100.0).clamp(0.0, 100.0),
        _ => 0.0,
    };
    let named = move || match goal.get() {
        Some(goal) => (locale.strings.of_goal)(format!("{} {unit}", locale.number(goal)).trim()),
        None => locale.strings.no_goal.to_owned(),
    };
    let full = flag(move || share() >= 100.0);
    view! {
        <div class="bar" aria-hidden="true">
            <div class:full=full style:width=text(move || percent(share()))></div>
        </div>
        <p class="quiet">{text(named)}</p>
    }
    .into_any()
}

/// What came in today, newest first.
#[component]
fn Latest(foods: List, exercises: List, metrics: List, today: Day) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.strings;
    dynamic(move || {
        if foods.rows.with(Option::is_none) {
            return view! { <Skeleton/> }.into_any();
        }
        let mut all = foods.records();
        all.extend(exercises.records());
        all.extend(metrics.records());
        all.retain(|record| today.contains(record.at()));
        all.sort_unstable_by_key(|record| std::cmp::Reverse(record.at()));
        all.truncate(LATEST);
        if all.is_empty() {
            return view! {
                <div class="empty">
                    <p><strong>{strings.nothing_yet}</strong></p>
                    <p class="quiet">{strings.log_hint}</p>
                </div>
            }
            .into_any();
        }
        let lines = all.iter().map(|record| line(record, locale)).collect_view();
        view! { <ul class="lines">{lines}</ul> }.into_any()
    })
}

fn line(record: &AnyRecord, locale: Locale) -> AnyView {
    let (amount, unit) = record.amount(locale);
    view! {
        <li class="line">
            <time>{format::time(locale.language, record.at())}</time>
            <span class="line-name">{record.describe(locale).0}</span>
            <span class="line-amount">{format!("{amount} {unit}")}</span>
            <small>{(locale.strings.source)(record.source())}</small>
        </li>
    }
    .into_any()
}
