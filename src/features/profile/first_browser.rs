//! The first browser of an account sets its preferences: time zone, the language chosen in it or its own, and the units
//! of its region.

use std::cell::Cell;

use latido_protocol::{profile::HealthProfileDraft, values::TimeZone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::save::Saving;
use crate::{
    api::session::SignedIn,
    browser::{units, zone},
    data::queries::Queries,
    i18n, log,
    ui::lazy::lazy_view,
};

lazy_view! { pub first_browser_note: FirstBrowser in personal }

thread_local! {
    static IS_SAVING: Cell<bool> = const { Cell::new(false) };
}

/// Renders nothing. Saves the browser's preferences while the profile has none; a failed save is retried with the next
/// response.
#[component]
pub fn FirstBrowser() -> impl IntoView {
    let saving = Saving { api: expect_context(), queries: expect_context() };
    let profile = expect_context::<Queries>().profile(None);
    let signed_in = saving.api.session().signed_in();
    Effect::new(move |_| {
        let unchosen = profile.get().filter(|profile| !profile.preferences_chosen);
        let is_known = matches!(signed_in.get(), SignedIn::Yes(_));
        let Some(profile) = unchosen.filter(|_| is_known && !IS_SAVING.replace(true)) else { return };
        let saving = saving.clone();
        spawn_local(async move {
            let zone = TimeZone::new(&zone::of_the_device()).ok();
            let (language, units) = (i18n::preferred(), units::of_the_browser());
            let change = move |draft: &mut HealthProfileDraft| {
                (draft.language, draft.units, draft.preferences_chosen) = (language, units, Some(true));
                if let Some(zone) = &zone {
                    draft.time_zone = zone.clone();
                }
            };
            if saving.change(profile, &change).await.is_err() {
                log::warn("the browser's time zone, language and units could not be saved yet");
            }
            IS_SAVING.set(false);
        });
    });
    ().into_any()
}
