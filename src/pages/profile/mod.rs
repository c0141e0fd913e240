//! Who somebody is, what they aim for, and how they like to read it.

mod about;
mod account;
pub(crate) mod fields;
mod preferences;
mod save;
pub(crate) mod sheet;
pub(crate) mod strings;

use leptos::prelude::*;

use crate::{
    components::{
        rows::Skeleton,
        stale::StaleNote,
        view::{dynamic, when},
    },
    i18n::use_locale,
    queries::Queries,
};
use about::AboutForm;
use account::Account;
use preferences::Preferences;
use strings::strings;

#[component]
pub fn Profile() -> impl IntoView {
    let strings = strings(use_locale());
    let queries: Queries = expect_context();
    let (profile, health) = queries.profile_and_health(None);
    // The form takes what comes later itself: it is built once.
    let is_there = {
        let profile = profile.clone();
        Memo::new(move |_| profile.with(Option::is_some))
    };
    let form = dynamic(move || match is_there.get().then(|| profile.get_untracked()).flatten() {
        Some(first) => {
            let profile = profile.clone();
            view! { <AboutForm profile=profile.clone() first/><Preferences profile/> }.into_any()
        }
        None => ().into_any(),
    });
    view! {
        <div class="page-head">
            <h1>{strings.title}</h1>
        </div>
        <StaleNote health/>
        {when(move || !is_there.get(), || view! { <div class="profile-skeleton"><Skeleton/></div> }.into_any())}
        <div class="profile">{form}<Account/></div>
    }
    .into_any()
}
