//! Language, units and time zone of the user. They come from the profile; the last known ones are stored in the
//! browser, so that the next page starts with them.
//!
//! A change of units or zone re-renders what shows them and nothing else. A change of language rebuilds the tree, so
//! one that was not chosen here waits until no form is being filled.

use latido_protocol::values::Language;
use leptos::prelude::*;

use crate::{
    api::{Api, session::SignedIn},
    browser::{theme, timer::after, today, units, zone},
    data::queries::Queries,
    i18n::{self, LanguageChoice},
    ui::view::derived_bool,
};

/// Follows the day, the other tabs and sign-out for as long as the page lives.
pub fn follow_browser(api: &Api, language: RwSignal<Language>) {
    today::watch();
    theme::follow_other_tabs();
    let catch_up = move || catch_up(language);
    i18n::on_chosen_elsewhere(catch_up);
    for hands_are_free in ["focusout", "visibilitychange"] {
        // The handles are not kept: there is one of these a page, and it never ends before it.
        let _ = window_event_listener_untyped(hands_are_free, move |_| after(LATER_MS, catch_up));
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

/// Follows the preferences of the signed-in user's profile. The signal is whether preferences were chosen.
pub fn follow_profile() -> Signal<bool> {
    let queries: Queries = expect_context();
    let language = expect_context::<LanguageChoice>().0;
    let profile = queries.profile(None);
    Effect::new(move |_| {
        profile.with(|profile| {
            // Preferences that were not chosen are the device's.
            let Some(profile) = profile.as_ref().filter(|profile| profile.preferences_chosen) else { return };
            units::set(profile.units);
            units::set_glucose(profile.glucose_unit);
            zone::set(profile.time_zone.as_str());
            i18n::adopt(profile.language);
        });
        catch_up(language);
    });
    let profile = queries.profile(None);
    derived_bool(move || {
        profile.with(|profile| profile.as_ref().is_none_or(|profile| profile.preferences_chosen))
    })
}

fn catch_up(language: RwSignal<Language>) {
    let preferred = i18n::preferred();
    if language.get_untracked() != preferred && !somebody_types() {
        language.set(preferred);
    }
}

/// The focus has left one field, and may be on its way to the next.
const LATER_MS: u32 = 200;

/// Whether something half typed would be lost if the tree were built anew.
fn somebody_types() -> bool {
    let somewhere = document().query_selector(
        "dialog[open], [data-testid=record-form], :is(input, textarea, select):focus, [data-unsaved=true]",
    );
    matches!(somewhere, Ok(Some(_)))
}
