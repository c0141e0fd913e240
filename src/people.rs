//! Whom the health pages show: oneself, or for a coach one of the people they follow.

use std::sync::Arc;

use latido_protocol::{
    event::Family,
    session::{User, UserId},
};
use leptos::prelude::*;

use crate::{
    api::Api,
    components::view::{click, dynamic, text, typed},
    i18n::{overview, use_locale},
    queries::{Polling, Queries},
};

/// Somebody whom the signed-in person follows.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub id: UserId,
    pub name: Arc<str>,
}

/// `None` is oneself.
#[derive(Clone, Copy)]
pub struct Viewing(RwSignal<Option<Person>>);

impl Viewing {
    pub fn provide() -> Self {
        let viewing = Self(RwSignal::new(None));
        provide_context(viewing);
        viewing
    }

    pub fn person(self) -> Option<Person> {
        self.0.get()
    }

    pub fn person_id(self) -> Option<String> {
        self.0.with(|person| person.as_ref().map(|person| person.id.as_str().to_owned()))
    }

    pub fn is_oneself(self) -> bool {
        self.0.with(Option::is_none)
    }
}

/// The answer to `GET /people`.
#[derive(serde::Deserialize)]
struct People {
    people: Vec<User>,
}

/// A coach's switch between people; nothing for whoever follows nobody.
#[component]
pub fn PersonSwitch() -> impl IntoView {
    /// Who is followed changes seldom, and nothing tells of it.
    const POLLING: Polling = Polling { while_live: Some(300_000), otherwise: 300_000 };

    let signed_in = expect_context::<Api>().session().signed_in();
    let follows = |user: &User| matches!(user.role.as_str(), "coach" | "admin");
    if !signed_in.with_untracked(|signed_in| signed_in.user().is_some_and(follows)) {
        return ().into_any();
    }
    let strings = overview::strings(use_locale());
    let Viewing(viewing) = expect_context();
    let followed = expect_context::<Queries>().document("/people", Family::Person, POLLING);
    dynamic(move || {
        let people = followed.read::<People>().map(|answer| answer.people).unwrap_or_default();
        if people.is_empty() {
            return ().into_any();
        }
        let chosen = text(move || {
            let id = viewing.with(|person| person.as_ref().map(|person| person.id.as_str().to_owned()));
            id.unwrap_or_default()
        });
        let option = |person: &User| {
            let id = person.id.as_str().to_owned();
            let selected = chosen.get_untracked() == id;
            view! { <option value=id selected=selected>{person.name.as_str().to_owned()}</option> }
        };
        let options = people.iter().map(option).collect_view();
        let choose = typed(move |id| {
            let person = people.iter().find(|person| person.id.as_str() == id);
            viewing.set(
                person.map(|person| Person { id: person.id.clone(), name: person.name.as_str().into() }),
            );
        });
        view! {
            <label class="person-switch">
                <span>{strings.person}</span>
                <select data-testid="person" prop:value=chosen on:change=choose>
                    <option value="">{strings.myself}</option>
                    {options}
                </select>
            </label>
        }
        .into_any()
    })
}

/// Says on every page whose data it is, as long as it is not one's own.
#[component]
pub fn ViewingNote() -> impl IntoView {
    let strings = overview::strings(use_locale());
    let viewing: Viewing = expect_context();
    dynamic(move || match viewing.person() {
        Some(person) => {
            let back = click(move || viewing.0.set(None));
            view! {
                <p class="note news" role="status">
                    <span>{(strings.viewing)(&person.name)}</span>
                    <button type="button" class="button small" on:click=back>{strings.back_to_me}</button>
                </p>
            }
            .into_any()
        }
        None => ().into_any(),
    })
}
