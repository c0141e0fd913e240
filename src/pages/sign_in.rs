//! The door.

use leptos::{html, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, SubmitEvent};

use crate::{
    api::{Api, error::ApiError, session::SignedIn},
    browser::focus,
    components::{
        header::LanguagePicker,
        view::{flag, text, typed, when},
    },
    i18n::use_locale,
};

/// What is typed there. Another language makes the door anew, and both are there again.
#[derive(Clone, Copy)]
pub struct Credentials {
    email: StoredValue<String>,
    password: StoredValue<String>,
}

impl Credentials {
    pub fn provide() {
        provide_context(Self { email: StoredValue::default(), password: StoredValue::default() });
    }
}

fn keep(text: StoredValue<String>) -> Box<dyn FnMut(leptos::ev::Event)> {
    typed(move |now| text.set_value(now))
}

#[component]
pub fn SignIn() -> impl IntoView {
    let (strings, later) = (use_locale().strings, use_locale().later());
    let api: Api = expect_context();
    // A session was there and is over.
    let ended = matches!(api.session().signed_in().get_untracked(), SignedIn::No { ended: true });
    let (email, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let typed_here: Credentials = expect_context();
    let failure = RwSignal::new(if ended { later.session_over } else { "" }.to_owned());
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(email), Some(password)) = (email.get_untracked(), password.get_untracked()) else { return };
        let mark = |input: &HtmlInputElement| {
            let is_empty = input.value().trim().is_empty();
            // Fails for no name that is a name.
            let _ = input.set_attribute("aria-invalid", if is_empty { "true" } else { "false" });
            is_empty
        };
        let empty: Vec<_> = [&email, &password].into_iter().filter(|input| mark(input)).collect();
        if let Some(&first) = empty.first() {
            failure.set(later.credentials_missing.to_owned());
            return focus(Some(first.clone().into()));
        }
        let (email, password) = (email.value().trim().to_owned(), password.value());
        let api = api.clone();
        busy.set(true);
        failure.set(String::new());
        spawn_local(async move {
            let outcome = api.session().sign_in(email, password).await;
            busy.try_set(false);
            let why = match outcome {
                Ok(()) => {
                    for typed in [typed_here.email, typed_here.password] {
                        typed.try_set_value(String::new());
                    }
                    return;
                }
                Err(ApiError::Refused(problem)) if problem.status == 401 => {
                    later.wrong_credentials.to_owned()
                }
                Err(error) => (strings.error)(&error),
            };
            failure.try_set(why);
        });
    };
    let failed = when(
        move || failure.with(|failure| !failure.is_empty()),
        move || view! { <p class="note error" role="alert">{text(move || failure.get())}</p> }.into_any(),
    );
    view! {
        <main class="door">
            <div class="door-brand">
                <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                    <path d="M2 17h7l3-9 6 17 4-12 2 4h6"></path>
                </svg>
                <h1>"Latido"</h1>
                <p class="quiet">{later.tagline}</p>
            </div>
            <form class="form card" data-testid="sign-in-form" novalidate on:submit=submit>
                <label class="field">
                    <span>{later.email}</span>
                    <input
                        name="email"
                        type="email"
                        autocomplete="username"
                        aria-required="true"
                        prop:value=typed_here.email.get_value()
                        on:input=keep(typed_here.email)
                        node_ref=email
                    />
                </label>
                <label class="field">
                    <span>{later.password}</span>
                    <input
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        aria-required="true"
                        prop:value=typed_here.password.get_value()
                        on:input=keep(typed_here.password)
                        node_ref=password
                    />
                </label>
                {failed}
                <button type="submit" class="button primary wide" disabled=flag(move || busy.get())>
                    {text(move || if busy.get() { later.signing_in } else { later.sign_in }.to_owned())}
                </button>
            </form>
            <div class="door-language"><LanguagePicker/></div>
        </main>
    }
    .into_any()
}
