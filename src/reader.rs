//! How the person in front of the page reads it: language, units, time zone. The profile says so; what it
//! said last is remembered in the browser, so that the next page begins with it.
//!
//! A change of units or zone re-renders what shows them and nothing else. A change of language rebuilds the
//! tree, so one that nobody here asked for waits while somebody types.

use latido_protocol::values::Language;
use leptos::prelude::*;

use crate::{
    api::{Api, session::SignedIn},
    app::LanguageChoice,
    browser::{theme, today, units, zone},
    i18n,
    queries::Queries,
};

/// What the page follows as long as it lives: the day, its other tabs, and that nobody may be there.
pub fn follow_browser(api: &Api, language: RwSignal<Language>) {
    today::watch();
    theme::follow_other_tabs();
    let catch_up = move || catch_up(language);
    i18n::on_chosen_elsewhere(catch_up);
    for hands_are_free in ["focusout", "visibilitychange"] {
        // The handles are not kept: there is one of these a page, and it never ends before it.
        let _ = window_event_listener_untyped(hands_are_free, move |_| set_timeout(catch_up, LATER));
    }
    let signed_in = api.session().signed_in();
    Effect::new(move |_| {
        if matches!(signed_in.get(), SignedIn::No { .. }) {
            units::reset();
            zone::reset();
            i18n::forget_account();
        }
    });
}

/// Reads as the profile of whoever is signed in says, and as it says next.
pub fn follow_profile() {
    let queries: Queries = expect_context();
    let language = expect_context::<LanguageChoice>().0;
    let profile = queries.profile(None);
    Effect::new(move |_| {
        profile.with(|profile| {
            let Some(profile) = profile else { return };
            units::set(profile.units);
            zone::set(profile.time_zone.as_str());
            i18n::adopt(profile.language);
        });
        catch_up(language);
    });
}

fn catch_up(language: RwSignal<Language>) {
    let preferred = i18n::preferred();
    if language.get_untracked() != preferred && !somebody_types() {
        language.set(preferred);
    }
}

/// The focus has left one field, and may be on its way to the next.
const LATER: std::time::Duration = std::time::Duration::from_millis(200);

/// Whether something half typed would be lost if the tree were built anew.
fn somebody_types() -> bool {
    let somewhere = document().query_selector(
        "dialog[open], [data-testid=record-form], :is(input, textarea, select):focus, [data-unsaved=true]",
    );
    matches!(somewhere, Ok(Some(_)))
}
