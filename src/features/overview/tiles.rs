//! Today, number by number, each against its goal.

use latido_protocol::{
    day_value::DayValue,
    metric::MetricKind,
    time::Timestamp,
    values::{Calories, Grams, Hours, Minutes, Steps, WeightKg},
};
use leptos::prelude::*;

use super::Data;
use crate::{
    browser::{day::Day, format},
    data::queries::{list::List, profile::Profile, record::AnyRecord},
    i18n::{Locale, overview, use_locale, values},
    ui::view::{derived_bool, text},
};

const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;

pub fn tiles(data: &Data) -> AnyView {
    let Data { today, profile, foods, exercises, metrics } = data.clone();
    view! {
        <section class="tiles" data-testid="overview">
            <Energy foods=foods.clone() profile=profile.clone() today/>
            <Macros foods profile=profile.clone() today/>
            <Movement exercises profile=profile.clone() today/>
            <Measured metrics=metrics.clone() profile=profile.clone() kind=MetricKind::Steps today/>
            <Measured metrics=metrics.clone() profile=profile.clone() kind=MetricKind::Sleep today/>
            <Measured metrics profile kind=MetricKind::Weight today/>
        </section>
    }
    .into_any()
}

/// The sums of a day's records, see `AnyRecord::parts`; `None` while they are unknown.
fn sums(list: &List, day: Day) -> Option<[f64; 4]> {
    let mut sums = [0.0; 4];
    list.each(|record| {
        if day.contains(record.at()) {
            for (sum, part) in sums.iter_mut().zip(record.parts()) {
                *sum += part;
            }
        }
    });
    list.is_known().then_some(sums)
}

#[component]
fn Energy(foods: List, profile: Profile, today: Day) -> impl IntoView {
    let locale = use_locale();
    let eaten = Signal::derive(move || Some(sums(&foods, today)?[0]));
    let goal = Signal::derive(move || {
        profile.with(|profile| profile.as_ref()?.daily_calorie_goal.map(Calories::get))
    });
    view! {
        <article class="card tile wide-tile">
            <h2>{locale.deferred().energy}</h2>
            <p class="figure">
                <strong data-testid="energy-today">{text(move || locale.number_or_dash(eaten.get()))}</strong> " kcal"
            </p>
            <Goal value=eaten goal unit="kcal" is_limit=true/>
        </article>
    }
    .into_any()
}

#[component]
fn Macros(foods: List, profile: Profile, today: Day) -> impl IntoView {
    let locale = use_locale();
    let (strings, deferred) = (locale.strings, locale.deferred());
    let grams = Signal::derive(move || {
        let [_, protein, carbs, fat] = sums(&foods, today)?;
        Some([protein, carbs, fat])
    });
    let goals = Signal::derive(move || {
        profile.with(|profile| {
            profile.as_ref().map_or([None; 3], |profile| {
                [profile.daily_protein_goal_g, profile.daily_carbs_goal_g, profile.daily_fat_goal_g]
            })
        })
    });
    let goal = move |place: usize| goals.get()[place].map(Grams::get).filter(|goal| *goal > 0.0);
    let names = [strings.protein, strings.carbs, strings.fat];
    let bars = names
        .into_iter()
        .enumerate()
        .map(|(place, name)| {
            // Of the goal; without one, of all three.
            let share = move || {
                let Some(grams) = grams.get() else { return 0.0 };
                let whole = goal(place).unwrap_or_else(|| grams.iter().sum());
                if whole > 0.0 { (grams[place] / whole * 100.0).min(100.0) } else { 0.0 }
            };
            let of_goal = move || match goal(place) {
                Some(goal) => format!("/ {}", locale.number(goal)),
                None => String::new(),
            };
            view! {
                <div class="macro" data-macro=place>
                    <dt>{name}</dt>
                    <dd>
                        <span>{text(move || locale.number_or_dash(grams.get().map(|grams| grams[place].round())))}</span>
                        " " <small>{text(of_goal)}</small>
                    </dd>
                    <dd class="bar" aria-hidden="true"><div style:width=text(move || percent(share()))></div></dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <article class="card tile wide-tile">
            <h2>{deferred.macros}</h2>
            <dl class="macros">{bars}</dl>
        </article>
    }
    .into_any()
}

#[component]
fn Movement(exercises: List, profile: Profile, today: Day) -> impl IntoView {
    let locale = use_locale();
    let minutes = Signal::derive(move || Some(sums(&exercises, today)?[0]));
    let goal = Signal::derive(move || {
        profile.with(|profile| profile.as_ref()?.daily_exercise_goal_min.map(Minutes::get))
    });
    view! {
        <article class="card tile">
            <h2>{locale.deferred().movement}</h2>
            <p class="figure"><strong>{text(move || locale.number_or_dash(minutes.get()))}</strong> " min"</p>
            <Goal value=minutes goal unit="min"/>
        </article>
    }
    .into_any()
}

/// Today's value of a kind, aggregated by its rule; for weight the last one.
#[component]
fn Measured(metrics: List, profile: Profile, kind: MetricKind, today: Day) -> impl IntoView {
    let locale = use_locale();
    let (strings, deferred) = (locale.strings, locale.deferred());
    // The newest is the first.
    let newest = move |metrics: &List, before: Option<Timestamp>| {
        let mut found = None;
        metrics.each(|record| {
            if let AnyRecord::Metric(metric) = record
                && found.is_none()
                && metric.kind == kind
                && before.is_none_or(|before| metric.measured_at <= before)
            {
                found = Some((metric.measured_at, metric.value));
            }
        });
        found
    };
    let of_trend = metrics.clone();
    let value = Signal::derive(move || {
        if kind == MetricKind::Weight {
            return Some(newest(&metrics, None)?.1);
        }
        let mut of_today = DayValue::new(kind);
        metrics.each(|record| {
            if let AnyRecord::Metric(metric) = record
                && metric.kind == kind
                && today.contains(metric.measured_at)
            {
                of_today.add(metric.value);
            }
        });
        of_today.get()
    });
    // Against the last one that is a week older, or more, and how many days older it is.
    let trend = Signal::derive(move || {
        let (at, value) = newest(&of_trend, None)?;
        let (then, before) = newest(&of_trend, Some(at.plus_ms(-WEEK_MS)))?;
        let days = (at.unix_ms() - then.unix_ms() + DAY_MS / 2) / DAY_MS;
        Some((value - before, days))
    });
    let goal = Signal::derive(move || {
        profile.with(|profile| match kind {
            MetricKind::Steps => profile.as_ref()?.daily_step_goal.map(Steps::get),
            MetricKind::Sleep => profile.as_ref()?.daily_sleep_goal_h.map(Hours::get),
            MetricKind::Weight => profile.as_ref()?.goal_weight_kg.map(WeightKg::get),
            _ => None,
        })
    });
    let title = (strings.kinds)(kind);
    // The last weight may be of another day.
    let rule = (kind != MetricKind::Weight).then(|| (values::strings(locale).day_rule)(kind.day_rule()));
    view! {
        <article class="card tile">
            <h2>{title}</h2>
            <p class="figure">
                <strong>
                    {text(move || value.get().map_or_else(|| "–".to_owned(), |value| locale.measured(kind, value)))}
                </strong>
                " " {text(move || locale.unit(kind).to_owned())}
                {rule.map(|rule| view! { " · " <small class="day-rule">{rule}</small> })}
            </p>
            {match kind {
                MetricKind::Steps => view! { <Goal value goal unit=""/> }.into_any(),
                MetricKind::Sleep => view! { <Goal value goal unit="h"/> }.into_any(),
                // Nearer is better from both sides, so a bar would mislead: the goal is only named.
                _ => view! {
                    <p>{text(move || trend.get().map(|(by, days)| change(locale, kind, by, days)).unwrap_or_default())}</p>
                    <p class="quiet">
                        {text(move || goal.get().map(|goal| {
                            (deferred.goal_is)(&format!("{} {}", locale.measured(kind, goal), locale.unit(kind)))
                        }).unwrap_or_default())}
                    </p>
                }.into_any(),
            }}
        </article>
    }
    .into_any()
}

/// Beyond a limit by more than a bite.
pub(super) fn is_over(value: Option<f64>, limit: Option<f64>) -> bool {
    const A_BITE: f64 = 1.05;
    matches!((value, limit), (Some(value), Some(limit)) if limit > 0.0 && value > limit * A_BITE)
}

/// A width. Whole percents do, and formatting fractions costs five kilobytes.
fn percent(share: f64) -> String {
    format!("{}%", share as u32)
}

/// `−0.4 kg in 9 days`; for weights, which change by as much in every unit's scale.
fn change(locale: Locale, kind: MetricKind, by: f64, days: i64) -> String {
    // No change has no sign.
    let sign = match locale.read(kind, by) {
        by if format::is_nothing(by) => "",
        by if by < 0.0 => "−",
        _ => "+",
    };
    let amount = locale.measured(kind, by.abs());
    (overview::strings(locale).in_days)(&format!("{sign}{amount} {}", locale.unit(kind)), days)
}

/// How far a value is on the way to its goal.
#[component]
fn Goal(
    value: Signal<Option<f64>>,
    goal: Signal<Option<f64>>,
    unit: &'static str,
    /// More than that is no better.
    #[prop(optional)]
    is_limit: bool,
) -> impl IntoView {
    let locale = use_locale();
    let share = move || match (value.get(), goal.get()) {
        (Some(value), Some(goal)) if goal > 0.0 => (value / goal * 100.0).clamp(0.0, 100.0),
        _ => 0.0,
    };
    let named = move || match goal.get() {
        Some(goal) => {
            let named = (locale.deferred().of_goal)(format!("{} {unit}", locale.number(goal)).trim());
            let beyond = value.get().map_or(0.0, |value| (value - goal).round());
            if is_limit && beyond > 0.0 { format!("{named} · +{}", locale.number(beyond)) } else { named }
        }
        None => locale.deferred().no_goal.to_owned(),
    };
    let over = derived_bool(move || is_limit && is_over(value.get(), goal.get()));
    let full = derived_bool(move || share() >= 100.0 && !over.get());
    view! {
        <div class="bar" aria-hidden="true">
            <div class:full=full class:over=over style:width=text(move || percent(share()))></div>
        </div>
        <p class="quiet">{text(named)}</p>
    }
    .into_any()
}
