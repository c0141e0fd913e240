//! The navigation: beside the page where there is room; on a phone the daily sections within reach of the thumb, and
//! the others on a sheet above them.

use leptos::prelude::*;

use crate::{
    browser::{focus, router::Location},
    data::queries::{Queries, record::RecordKind},
    features::conversations::unread::Unread,
    i18n::use_locale,
    ui::{
        icon::Icon,
        view::{click, derived_bool, text},
    },
};

/// Path, icon, name, and the list that the backend has to have.
type Section = (&'static str, &'static str, &'static str, &'static str);

#[component]
pub fn Sections() -> impl IntoView {
    let strings = use_locale().strings;
    let location: Location = expect_context();
    let queries: Queries = expect_context();
    let open = RwSignal::new(false);
    let daily = [
        ("/", "overview", strings.overview, ""),
        ("/food", "food", strings.food, RecordKind::Food.path()),
        ("/exercise", "exercise", strings.exercise, RecordKind::Exercise.path()),
        ("/metrics", "metrics", strings.metrics, RecordKind::Metric.path()),
    ];
    let others = [
        ("/conversations", "conversations", strings.conversations, "/conversations"),
        ("/equipment", "equipment", strings.equipment, "/devices"),
        ("/deliveries", "deliveries", strings.deliveries, "/events"),
        ("/connections", "connections", strings.connections, "/websocket"),
        ("/profile", "profile", strings.profile, ""),
    ];
    let names = daily.into_iter().chain(others).map(|(path, _, name, _)| (path, name)).collect::<Vec<_>>();
    let page = Memo::new(move |_| location.page());
    Effect::new(move |before: Option<()>| {
        let here = page.with(|page| names.iter().find(|(path, _)| path == page).copied());
        document()
            .set_title(&here.map_or_else(|| "Latido".to_owned(), |(_, name)| [name, " · Latido"].concat()));
        if before.is_some() {
            arrive();
        }
    });
    // The sheet closes once a page is reached.
    Effect::new(move |_| {
        location.path();
        open.set(false);
    });
    // What the backend does not have is not led to.
    let link = move |(path, icon, name, list): Section| {
        let queries = queries.clone();
        let is_missing = derived_bool(move || queries.lacks(list));
        let current = text(move || if location.is_within(path) { "page" } else { "false" }.to_owned());
        let unread = (path == "/conversations").then(|| view! { <Unread/> }.into_any());
        view! { <a href=path aria-current=current hidden=is_missing><Icon name=icon/><span>{name}</span>{unread}</a> }
            .into_any()
    };
    view! {
        <nav class="nav" aria-label=strings.navigation data-open=text(move || open.get().to_string())>
            {daily.into_iter().map(&link).collect_view()}
            <button
                type="button"
                class="more"
                aria-expanded=text(move || open.get().to_string())
                on:click=click(move || open.update(|open| *open = !*open))
            >
                <Icon name="more"/>
                <span>{strings.more}</span>
            </button>
            <div class="others">{others.into_iter().map(&link).collect_view()}</div>
        </nav>
    }
    .into_any()
}

/// Moves the focus to the page, as a new document would; screen readers continue there.
fn arrive() {
    focus(document().get_element_by_id("content"));
}
