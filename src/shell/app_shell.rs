//! What stands around every page of a signed-in user: header, notices, and the note whose data is shown.

use leptos::prelude::*;

use super::{header::Header, new_version::NewVersion, outbox::RefusedWrites, preferences};
use crate::{
    browser::router::Location,
    features::{
        people::{SelectedPerson, selected_person_note},
        profile::first_browser::first_browser_note,
        records::undo::{DeletedRecords, UndoNote},
    },
    ui::{
        lazy::{LazyView, lazy_quiet, lazy_with, load_all_later},
        view::when,
    },
};

/// `routes` builds the current page; `lazy_views` are loaded in the background once the first page has had its time.
#[component]
pub fn AppShell(routes: fn() -> AnyView, lazy_views: &'static [LazyView]) -> impl IntoView {
    let has_preferences = preferences::follow_profile();
    let location: Location = expect_context();
    let viewing = SelectedPerson::provide();
    DeletedRecords::provide();
    load_all_later(lazy_views);
    let shows_health =
        Memo::new(move |_| matches!(location.page().as_str(), "/" | "/food" | "/exercise" | "/metrics"));
    let selected_person_note = when(
        move || !viewing.is_oneself() && shows_health.get(),
        || {
            let coming = || view! { <div class="note news"></div> }.into_any();
            lazy_with(selected_person_note, coming, || ().into_any())
        },
    );
    view! {
        <Header/>
        <main id="content" class="page" tabindex="-1">
            <NewVersion/>
            <RefusedWrites/>
            {selected_person_note}
            {routes()}
        </main>
        <UndoNote/>
        {when(move || !has_preferences.get(), || lazy_quiet(first_browser_note))}
    }
    .into_any()
}
