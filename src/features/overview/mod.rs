//! Today against the goals, the last seven days at a glance, and what came in last.

pub(crate) mod latest;
pub(crate) mod tiles;
pub(crate) mod week;

use leptos::prelude::*;

use super::trends::weight_trend;
use crate::{
    browser::{
        day::Day,
        format,
        period::{Period, Span},
    },
    data::queries::{FetchStatus, Queries, list::List, profile::Profile, record::RecordKind},
    features::{
        people::{PersonSwitch, SelectedPerson},
        trends::TrendOf,
    },
    i18n::use_locale,
    ui::{
        lazy::{lazy_view, lazy_with},
        stale::StaleNote,
        view::{reactive, text},
    },
};

lazy_view! { pub overview_page: Overview in overview }

/// Days at a glance, today included.
const WEEK: i32 = 7;
/// What the overview is made from.
#[derive(Clone)]
pub(crate) struct Data {
    pub today: Day,
    pub profile: Profile,
    /// Of the last seven days.
    pub foods: List,
    pub exercises: List,
    /// Of the last thirty: weight is not measured every day.
    pub metrics: List,
}

impl Data {
    fn of(person: Option<&str>, queries: &Queries) -> Self {
        let today = Day::today();
        let since = |days: i32| today.plus(1 - days).start();
        Self {
            today,
            profile: queries.profile(person),
            foods: queries.list(person, RecordKind::Food, since(WEEK), today.end()),
            exercises: queries.list(person, RecordKind::Exercise, since(WEEK), today.end()),
            metrics: queries.list(person, RecordKind::Metric, since(Span::Month.days()), today.end()),
        }
    }
}

/// A lazy view of its own, so that the numbers do not wait for the chart.
fn lazy_weight_trend(data: &Data) -> AnyView {
    provide_context(TrendOf {
        kind: RecordKind::Metric,
        period: Period { span: Span::Month, last: data.today },
        list: data.metrics.clone(),
        filter: RwSignal::default(),
        profile: data.profile.clone(),
        locale: use_locale(),
    });
    lazy_with(
        weight_trend,
        || view! { <div class="skeleton"><div class="chart-coming"></div></div> }.into_any(),
        || ().into_any(),
    )
}

#[component]
pub fn Overview() -> impl IntoView {
    let queries: Queries = expect_context();
    let viewing: SelectedPerson = expect_context();
    let of_person = reactive(move || {
        let data = Data::of(viewing.person_id().as_deref(), &queries);
        view! { <OfPerson data/> }.into_any()
    });
    view! { <PersonSwitch/> {of_person} }.into_any()
}

#[component]
fn OfPerson(data: Data) -> impl IntoView {
    let locale = use_locale();
    let (strings, deferred) = (locale.strings, locale.deferred());
    let viewing: SelectedPerson = expect_context();
    let profile = data.profile.clone();
    let title = text(move || match (viewing.person(), profile.get()) {
        (Some(person), _) => person.name.to_string(),
        (None, Some(profile)) => (deferred.greeting)(profile.display_name.as_str()),
        (None, None) => strings.overview.to_owned(),
    });
    // Whatever of it may be old, the page is.
    let lists = [&data.foods, &data.exercises, &data.metrics].map(|list| list.fetch_status.clone());
    let fetch_status = ArcRwSignal::new(FetchStatus::default());
    let worst = fetch_status.clone();
    Effect::new(move |_| {
        let mut healths = lists.iter().map(ArcRwSignal::get);
        worst.set(healths.find(|fetch_status| *fetch_status != FetchStatus::default()).unwrap_or_default());
    });
    view! {
        <div class="page-head">
            <h1>{title}</h1>
            <p class="quiet">{format::day(locale.language, data.today)}</p>
        </div>
        <StaleNote fetch_status/>
        {tiles::tiles(&data)}
        {week::week(&data)}
        {lazy_weight_trend(&data)}
        {latest::latest(&data)}
    }
    .into_any()
}
