//! The sections of the house: beside the page where there is room; on a phone the daily ones at the thumb, and
//! the others on a sheet above them.

use leptos::prelude::*;

use super::{
    icon::Icon,
    unread::Unread,
    view::{click, text},
};
use crate::{
    browser::{focus, router::Location},
    i18n::use_locale,
};

#[component]
pub fn Sections() -> impl IntoView {
    let strings = use_locale().strings;
    let location: Location = expect_context();
    let open = RwSignal::new(false);
    let daily = [
        ("/", "overview", strings.overview),
        ("/food", "food", strings.food),
        ("/exercise", "exercise", strings.exercise),
        ("/metrics", "metrics", strings.metrics),
    ];
    let others = [
        ("/conversations", "conversations", strings.conversations),
        ("/equipment", "equipment", strings.equipment),
        ("/deliveries", "deliveries", strings.deliveries),
        ("/connections", "connections", strings.connections),
        ("/profile", "profile", strings.profile),
    ];
    let names = daily.into_iter().chain(others).map(|(path, _, name)| (path, name)).collect::<Vec<_>>();
    let page = Memo::new(move |_| location.page());
    Effect::new(move |before: Option<()>| {
        let here = page.with(|page| names.iter().find(|(path, _)| path == page).copied());
        document()
            .set_title(&here.map_or_else(|| "Latido".to_owned(), |(_, name)| [name, " · Latido"].concat()));
        if before.is_some() {
            arrive();
        }
    });
    // Whoever has arrived needs the sheet no longer.
    Effect::new(move |_| {
        location.path();
        open.set(false);
    });
    let link = move |(path, icon, name): (&'static str, &'static str, &'static str)| {
        let current = text(move || if location.is_within(path) { "page" } else { "false" }.to_owned());
        let unread = (path == "/conversations").then(|| view! { <Unread/> }.into_any());
        view! { <a href=path aria-current=current><Icon name=icon/><span>{name}</span>{unread}</a> }
            .into_any()
    };
    view! {
        <nav class="nav" aria-label=strings.navigation data-open=text(move || open.get().to_string())>
            {daily.into_iter().map(link).collect_view()}
            <button
                type="button"
                class="more"
                aria-expanded=text(move || open.get().to_string())
                on:click=click(move || open.update(|open| *open = !*open))
            >
                <Icon name="more"/>
                <span>{strings.more}</span>
            </button>
            <div class="others">{others.into_iter().map(link).collect_view()}</div>
        </nav>
    }
    .into_any()
}

/// The keyboard, and whoever listens, goes on with the page: another document would have begun there too.
fn arrive() {
    focus(document().get_element_by_id("content"));
}
