//! The charts of the pages: what the days of a period come to. They follow the list below them, so they show
//! what it shows, and a new point arrives with its row.
//!
//! A part (`crate::parts`): whoever looks at a single day never loads them.

pub(crate) mod by_day;
mod measurements;
mod strings;
mod weight;

use latido_protocol::{
    profile::HealthProfile,
    values::{Calories, Intensity, Minutes},
};
use leptos::prelude::*;

pub use measurements::Measurements;
pub use weight::WeightTrend;

use self::{by_day::Days, strings::strings};
use crate::{
    browser::period::{Period, Span},
    components::{
        chart::{Chart, ChartData, Series},
        filter::Filter,
    },
    i18n::{Locale, use_locale},
    queries::{list::List, record::Kind},
};

/// What the charts are of. Given as a context to where they stand.
#[derive(Clone)]
pub struct TrendOf {
    pub kind: Kind,
    pub period: Period,
    pub list: List,
    pub filter: RwSignal<Filter>,
    pub profile: ArcRwSignal<Option<HealthProfile>>,
    pub locale: Locale,
}

impl TrendOf {
    /// What makes a goal's line, in the unit of the values.
    fn goal(&self, of: fn(&HealthProfile) -> Option<f64>) -> Option<f64> {
        self.profile.with(|profile| of(profile.as_ref()?))
    }

    /// Long periods are noisy by nature: their average is of a month, not of a week.
    fn window(&self) -> usize {
        match self.period.span {
            Span::Day | Span::Week => 1,
            Span::Month => 7,
            Span::Year => 30,
        }
    }

    fn data(
        &self,
        series: impl FnOnce(&List, &Days) -> Series,
        goal: Option<f64>,
        least_span: f64,
    ) -> ChartData {
        let days = Days::of(self.period, self.filter.get(), self.locale);
        ChartData { first: days.first, series: series(&self.list, &days), goal, least_span }
    }
}

#[component]
pub fn Trends() -> impl IntoView {
    let of: TrendOf = expect_context();
    let charts = match of.kind {
        Kind::Food => view! { <Foods of/> }.into_any(),
        Kind::Exercise => view! { <Exercises of/> }.into_any(),
        Kind::Metric => view! { <Measurements of/> }.into_any(),
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
