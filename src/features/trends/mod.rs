//! Charts of a period, aggregated by day. They follow the list below them, so they show what it shows, and a new point
//! arrives with its row.
//!
//! A lazy view: a user who looks at single days never loads the charts.

pub(crate) mod by_day;
mod measurements;
mod strings;
mod subject;
mod weight;

use latido_protocol::values::{Calories, Intensity, Minutes};
use leptos::prelude::*;

pub use measurements::Measurements;
pub use subject::TrendOf;
pub use weight::weight_trend;

use self::strings::strings;
use crate::{
    data::queries::record::RecordKind,
    i18n::use_locale,
    ui::{
        chart::{Chart, Series},
        lazy::lazy_view,
    },
};

lazy_view! { pub trend_charts: Trends in overview }

#[component]
pub fn Trends() -> impl IntoView {
    let of: TrendOf = expect_context();
    let charts = match of.kind {
        RecordKind::Food => view! { <Foods of/> }.into_any(),
        RecordKind::Exercise => view! { <Exercises of/> }.into_any(),
        RecordKind::Metric => view! { <Measurements of/> }.into_any(),
    };
    view! { <section class="trends" aria-label=strings(use_locale()).trends data-testid="trends">{charts}</section> }
        .into_any()
}

#[component]
fn Foods(of: TrendOf) -> impl IntoView {
    let strings = strings(use_locale());
    let macros = {
        let of = of.clone();
        Signal::derive(move || {
            of.data(|list, days| Series::Stacked { parts: by_day::macros(list, days) }, None, 50.0)
        })
    };
    let energy = Signal::derive(move || {
        let goal = of.goal(|profile| profile.daily_calorie_goal.map(Calories::get));
        let window = of.window();
        of.data(|list, days| Series::Line { values: by_day::sum(list, days, 0), window }, goal, 500.0)
    });
    view! {
        <div class="card"><Chart title=strings.energy unit="kcal" names=vec![strings.energy] data=energy/></div>
        <div class="card">
            <Chart
                title=strings.macros
                unit="g"
                names=vec![strings.protein, strings.carbs, strings.fat]
                data=macros
            />
        </div>
    }
    .into_any()
}

#[component]
fn Exercises(of: TrendOf) -> impl IntoView {
    let locale = use_locale();
    let names =
        Intensity::ALL.iter().map(|intensity| (locale.strings.intensities)(*intensity)).collect::<Vec<_>>();
    let data = Signal::derive(move || {
        let goal = of.goal(|profile| profile.daily_exercise_goal_min.map(Minutes::get));
        of.data(|list, days| Series::Stacked { parts: by_day::minutes(list, days) }, goal, 30.0)
    });
    view! { <div class="card"><Chart title=strings(locale).movement unit="min" names data/></div> }.into_any()
}
