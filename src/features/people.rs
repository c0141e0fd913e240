//! The person whose data the health pages show: the user, or for a coach one of the people they follow.

use std::sync::Arc;

use latido_cache::Collection;
use latido_protocol::{
    event::Family,
    session::{User, UserId},
};
use leptos::prelude::*;

use crate::{
    api::Api,
    browser::{router::Location, storage::tab},
    data::queries::{Polling, Queries},
    i18n::{overview, use_locale},
    ui::{
        lazy::lazy_view,
        view::{click, reactive, text, typed, when},
    },
};

lazy_view! { pub selected_person_note: SelectedPersonNote in daily }

/// A person whom the signed-in user follows.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub id: UserId,
    pub name: Arc<str>,
}

/// The person whose data is shown; stored per tab and user.
#[derive(Clone, Copy)]
pub struct SelectedPerson {
    /// `None` is the signed-in user.
    person: RwSignal<Option<Person>>,
    /// Where it is remembered.
    key: StoredValue<String>,
}

impl SelectedPerson {
    pub fn provide() -> Self {
        let signed_in = expect_context::<Api>().session().signed_in();
        let by = signed_in.with_untracked(|signed_in| signed_in.user().map(|user| user.id.clone()));
        let key = [tab::OURS, "person.", by.as_ref().map_or("", |by| by.as_str())].concat();
        let remembered = tab::get(&key).and_then(|kept| {
            let (id, name) = kept.split_once('\n')?;
            Some(Person { id: UserId::new(id), name: name.into() })
        });
        let viewing = Self { person: RwSignal::new(remembered), key: StoredValue::new(key) };
        provide_context(viewing);
        viewing
    }

    fn show(self, person: Option<Person>) {
        let kept = person.as_ref().map(|person| [person.id.as_str(), &person.name].join("\n"));
        self.key.with_value(|key| tab::set(key, kept.as_deref().unwrap_or_default()));
        self.person.set(person);
    }

    pub fn person(self) -> Option<Person> {
        self.person.get()
    }

    pub fn person_id(self) -> Option<String> {
        self.person.with(|person| person.as_ref().map(|person| person.id.as_str().to_owned()))
    }

    pub fn is_oneself(self) -> bool {
        self.person.with(Option::is_none)
    }
}

/// Those whom one coach follows come in one answer.
const MOST_FOLLOWED: usize = 10_000;

/// A coach's switch between people; empty for a user who follows no one.
#[component]
pub fn PersonSwitch() -> impl IntoView {
    /// The list of people changes seldom, and no event reports it.
    const POLLING: Polling = Polling { while_live: Some(300_000), otherwise: 300_000 };

    let signed_in = expect_context::<Api>().session().signed_in();
    let role = signed_in.with_untracked(|signed_in| signed_in.user().map(|user| user.role.clone()));
    let is_coach = role.as_deref() == Some("coach");
    if !is_coach && role.as_deref() != Some("admin") {
        return ().into_any();
    }
    let strings = overview::strings(use_locale());
    let viewing: SelectedPerson = expect_context();
    let followed = || Collection::<User>::new((), MOST_FOLLOWED);
    let followed = expect_context::<Queries>().query("/people", Family::Person, POLLING, followed);
    let people = ArcMemo::new(move |_| {
        let people = followed.get();
        people.is_known().then(|| people.rows().map(|person| User::clone(person)).collect::<Vec<_>>())
    });
    reactive(move || {
        let answer = people.get();
        if answer.is_none() && is_coach {
            // A coach usually follows people: room is reserved, so that nothing moves when the response arrives.
            return view! { <div class="person-switch" aria-hidden="true"><select disabled></select></div> }
                .into_any();
        }
        let people = answer.unwrap_or_default();
        if people.is_empty() {
            return ().into_any();
        }
        let chosen = text(move || viewing.person_id().unwrap_or_default());
        let option = |person: &User| {
            let id = person.id.as_str().to_owned();
            let selected = chosen.get_untracked() == id;
            view! { <option value=id selected=selected>{person.name.as_str().to_owned()}</option> }
        };
        let options = people.iter().map(option).collect_view();
        let choose = typed(move |id| {
            let person = people.iter().find(|person| person.id.as_str() == id);
            viewing.show(
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

/// A note on every page while another person's data is shown, with a switch between people; the overview has that
/// switch anyway.
#[component]
pub fn SelectedPersonNote() -> impl IntoView {
    let strings = overview::strings(use_locale());
    let viewing: SelectedPerson = expect_context();
    let location: Location = expect_context();
    let switch = when(move || location.path() != "/", || view! { <PersonSwitch/> }.into_any());
    let name =
        text(move || viewing.person().map(|person| (strings.viewing)(&person.name)).unwrap_or_default());
    let back = click(move || viewing.show(None));
    view! {
        <div class="note news" data-testid="viewing">
            <span role="status">{name}</span>
            {switch}
            <button type="button" class="button small" on:click=back>{strings.back_to_me}</button>
        </div>
    }
    .into_any()
}
