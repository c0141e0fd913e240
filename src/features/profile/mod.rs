//! The profile page: personal data, goals, and preferences.

mod about;
pub(crate) mod account;
pub(crate) mod fields;
pub(crate) mod first_browser;
mod preferences;
mod save;
pub(crate) mod sheet;
pub(crate) mod strings;
pub(crate) mod zones;

use leptos::prelude::*;

use crate::{
    data::queries::Queries,
    i18n::use_locale,
    ui::{
        lazy::lazy_view,
        skeleton::Skeleton,
        stale::StaleNote,
        view::{reactive, when},
    },
};
use about::AboutForm;
use account::Account;
use preferences::Preferences;
use strings::strings;

lazy_view! { pub profile_page: Profile in personal }

#[component]
pub fn Profile() -> impl IntoView {
    let strings = strings(use_locale());
    let queries: Queries = expect_context();
    let (profile, fetch_status) = queries.profile_with_status(None);
    // The form takes what comes later itself: it is built once.
    let is_there = {
        let profile = profile.clone();
        Memo::new(move |_| profile.with(Option::is_some))
    };
    let form = reactive(move || match is_there.get().then(|| profile.get_untracked()).flatten() {
        Some(first) => {
            let profile = profile.clone();
            view! { <AboutForm profile=profile.clone() first/><Preferences profile/> }.into_any()
        }
        None => ().into_any(),
    });
    // It stands below the form: before that is there it would have to move. Without a profile it is all there is.
    let failed = fetch_status.clone();
    let account = when(
        move || is_there.get() || failed.with(|fetch_status| fetch_status.error.is_some()),
        || view! { <Account/> }.into_any(),
    );
    view! {
        <div class="page-head">
            <h1>{strings.title}</h1>
        </div>
        <StaleNote fetch_status/>
        {when(move || !is_there.get(), || view! { <div class="profile-skeleton"><Skeleton/></div> }.into_any())}
        <div class="profile">{form}{account}</div>
    }
    .into_any()
}
