//! Today against the goals, the last seven days at a glance, and what came in last.

pub(crate) mod latest;
pub(crate) mod tiles;
pub(crate) mod week;

use latido_protocol::profile::HealthProfile;
use leptos::prelude::*;

use crate::{
    browser::{
        day::Day,
        format,
        period::{Period, Span},
    },
    components::{
        lazy::lazy_with,
        stale::StaleNote,
        view::{dynamic, text},
    },
    i18n::use_locale,
    pages::trends::TrendOf,
    parts,
    people::{PersonSwitch, Viewing},
    queries::{Health, Queries, list::List, record::Kind},
};

/// Days at a glance, today included.
const WEEK: i32 = 7;
/// What the overview is made from.
#[derive(Clone)]
pub(crate) struct Data {
    pub today: Day,
    pub profile: ArcRwSignal<Option<HealthProfile>>,
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
            foods: queries.list(person, Kind::Food, since(WEEK), today.end()),
            exercises: queries.list(person, Kind::Exercise, since(WEEK), today.end()),
            metrics: queries.list(person, Kind::Metric, since(Span::Month.days()), today.end()),
        }
    }
}

/// A part of its own, so that the numbers do not wait for the drawing.
fn weight_trend(data: &Data) -> AnyView {
    provide_context(TrendOf {
        kind: Kind::Metric,
        period: Period { span: Span::Month, last: data.today },
        list: data.metrics.clone(),
        filter: RwSignal::default(),
        profile: data.profile.clone(),
        locale: use_locale(),
    });
    lazy_with(
        parts::weight_trend,
        || view! { <div class="skeleton"><div class="chart-coming"></div></div> }.into_any(),
        || ().into_any(),
    )
}

#[component]
pub fn Overview() -> impl IntoView {
    let queries: Queries = expect_context();
    let viewing: Viewing = expect_context();
    let of_person = dynamic(move || {
        let data = Data::of(viewing.person_id().as_deref(), &queries);
        view! { <OfPerson data/> }.into_any()
    });
    view! { <PersonSwitch/> {of_person} }.into_any()
}

#[component]
fn OfPerson(data: Data) -> impl IntoView {
    let locale = use_locale();
    let (strings, later) = (locale.strings, locale.later());
    let viewing: Viewing = expect_context();
    let profile = data.profile.clone();
    let title = text(move || match (viewing.person(), profile.get()) {
        (Some(person), _) => person.name.to_string(),
        (None, Some(profile)) => (later.greeting)(profile.display_name.as_str()),
        (None, None) => strings.overview.to_owned(),
    });
    // Whatever of it may be old, the page is.
    let lists = [&data.foods, &data.exercises, &data.metrics].map(|list| list.health.clone());
    let health = ArcRwSignal::new(Health::default());
    let worst = health.clone();
    Effect::new(move |_| {
        let mut healths = lists.iter().map(ArcRwSignal::get);
        worst.set(healths.find(|health| *health != Health::default()).unwrap_or_default());
    });
    view! {
        <div class="page-head">
            <h1>{title}</h1>
            <p class="quiet">{format::day(locale.language, data.today)}</p>
        </div>
        <StaleNote health/>
        {tiles::tiles(&data)}
        {week::week(&data)}
        {weight_trend(&data)}
        {latest::latest(&data)}
    }
    .into_any()
}
