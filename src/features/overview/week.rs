//! The last seven days at a glance: a table, whose cells are filled as far as the day's goal was reached, or
//! the best day where there is no goal.

use latido_protocol::{
    day_value::DayValue,
    metric::MetricKind,
    profile::HealthProfile,
    values::{Calories, Hours, Minutes, Steps},
};
use leptos::prelude::*;

use super::{Data, WEEK, tiles::is_over};
use crate::{
    browser::{day::Day, format},
    data::queries::record::AnyRecord,
    i18n::{Locale, overview, use_locale},
    ui::view::reactive,
};

const DAYS: usize = WEEK as usize;

/// One measure over the days, the oldest first. `None` where nothing is known.
type Measure = [Option<f64>; DAYS];

/// What it means that a cell is full.
#[derive(Clone, Copy, PartialEq)]
enum Fills {
    Never,
    UpToAGoal,
    /// More than that is no better.
    UpToALimit,
}

pub fn week(data: &Data) -> AnyView {
    let locale = use_locale();
    let strings = overview::strings(locale);
    let data = data.clone();
    let days: [Day; DAYS] =
        std::array::from_fn(|place| data.today.plus(i32::try_from(place).unwrap_or(0) + 1 - WEEK));
    let heads = days.map(|day| {
        view! { <th scope="col" aria-label=format::day(locale.language, day)>{format::weekday(locale.language, day)}</th> }
    });
    let body = reactive(move || rows(&data, days, locale));
    view! {
        <section class="card week">
            <h2 id="week">{strings.this_week}</h2>
            <div class="week-days" role="group" aria-labelledby="week" tabindex="0">
                <table aria-labelledby="week">
                    <thead><tr><td></td>{heads.into_iter().collect_view()}</tr></thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn rows(data: &Data, days: [Day; DAYS], locale: Locale) -> AnyView {
    let (strings, deferred) = (locale.strings, locale.deferred());
    let goal = |of: fn(&HealthProfile) -> Option<f64>| data.profile.with(|profile| of(profile.as_ref()?));
    let place = |record: &AnyRecord| {
        let of = Day::of(record.at());
        days.iter().position(|day| *day == of)
    };
    let (mut energy, mut minutes): (Measure, Measure) = ([None; DAYS], [None; DAYS]);
    let add = |into: &mut Measure, record: &AnyRecord| {
        if let Some(place) = place(record) {
            into[place] = Some(into[place].unwrap_or(0.0) + record.parts()[0]);
        }
    };
    data.foods.each(|record| add(&mut energy, record));
    data.exercises.each(|record| add(&mut minutes, record));
    let [mut steps, mut sleep, mut weight] =
        [MetricKind::Steps, MetricKind::Sleep, MetricKind::Weight].map(|kind| [DayValue::new(kind); DAYS]);
    data.metrics.each(|record| {
        let AnyRecord::Metric(metric) = record else { return };
        let into = match metric.kind {
            MetricKind::Steps => &mut steps,
            MetricKind::Sleep => &mut sleep,
            MetricKind::Weight => &mut weight,
            _ => return,
        };
        if let Some(place) = place(record) {
            into[place].add(locale.read(metric.kind, metric.value));
        }
    });
    let [steps, sleep, weight]: [Measure; 3] = [steps, sleep, weight].map(|days| days.map(DayValue::get));
    let rows = [
        (
            deferred.energy,
            "kcal",
            energy,
            goal(|profile| profile.daily_calorie_goal.map(Calories::get)),
            Fills::UpToALimit,
        ),
        (
            deferred.movement,
            "min",
            minutes,
            goal(|profile| profile.daily_exercise_goal_min.map(Minutes::get)),
            Fills::UpToAGoal,
        ),
        (
            (strings.kinds)(MetricKind::Steps),
            "",
            steps,
            goal(|profile| profile.daily_step_goal.map(Steps::get)),
            Fills::UpToAGoal,
        ),
        (
            (strings.kinds)(MetricKind::Sleep),
            "h",
            sleep,
            goal(|profile| profile.daily_sleep_goal_h.map(Hours::get)),
            Fills::UpToAGoal,
        ),
        ((strings.kinds)(MetricKind::Weight), locale.unit(MetricKind::Weight), weight, None, Fills::Never),
    ];
    rows.into_iter()
        .map(|(name, unit, measure, goal, fills)| {
            let best = measure.iter().flatten().copied().fold(0.0, f64::max);
            let whole = goal.unwrap_or(best);
            let cell = |value: Option<f64>| {
                let share = match value {
                    Some(value) if fills != Fills::Never && whole > 0.0 => (value / whole).min(1.0),
                    _ => 0.0,
                };
                let shown = locale.number_or_dash(value);
                let fill = format!("{}%", (share * 100.0) as u32);
                let over = fills == Fills::UpToALimit && is_over(value, goal);
                let reached = goal.is_some() && share >= 1.0 && !over;
                view! {
                    <td class:full=reached class:over=over>
                        <span class="fill" aria-hidden="true" style:height=fill></span>
                        <span>{shown}</span>
                    </td>
                }
            };
            view! {
                <tr>
                    <th scope="row">{name} " " <small>{unit}</small></th>
                    {measure.into_iter().map(cell).collect_view()}
                </tr>
            }
        })
        .collect_view()
        .into_any()
}
