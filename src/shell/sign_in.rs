//! The sign-in page.

use latido_protocol::values::Language;
use leptos::{html, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, SubmitEvent};

use crate::{
    api::{Api, error::ApiError, session::SignedIn},
    browser::focus,
    i18n::{self, LanguageChoice, reasons, use_locale},
    ui::{
        lazy::lazy_view,
        view::{derived_bool, text, typed, when},
    },
};

lazy_view! { pub sign_in_page: SignIn in sign_in }

/// What is typed on the sign-in page. A change of language rebuilds the page, and both are there again.
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
    let locale = use_locale();
    let deferred = locale.deferred();
    let api: Api = expect_context();
    // A session was there and is over.
    let ended = matches!(api.session().signed_in().get_untracked(), SignedIn::No { ended: true });
    let (email, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let typed_here: Credentials = expect_context();
    let failure = RwSignal::new(if ended { deferred.session_over } else { "" }.to_owned());
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
            failure.set(deferred.credentials_missing.to_owned());
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
                    deferred.wrong_credentials.to_owned()
                }
                // A site that only has files refuses every POST.
                Err(ApiError::Refused(problem)) if matches!(problem.status, 404 | 405) => {
                    deferred.no_sign_in.to_owned()
                }
                Err(ApiError::Intercepted { status: 404 | 405 }) => deferred.no_sign_in.to_owned(),
                Err(error) => reasons::error(locale, &error),
            };
            failure.try_set(why);
        });
    };
    let failed = when(
        move || failure.with(|failure| !failure.is_empty()),
        move || view! { <p class="note error" role="alert">{text(move || failure.get())}</p> }.into_any(),
    );
    view! {
        <main class="sign-in-page">
            <div class="sign-in-brand">
                <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                    <path d="M2 17h7l3-9 6 17 4-12 2 4h6"></path>
                </svg>
                <h1>"Latido"</h1>
                <p class="quiet">{deferred.tagline}</p>
            </div>
            <form class="form card" data-testid="sign-in-form" novalidate on:submit=submit>
                <label class="field">
                    <span>{deferred.email}</span>
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
                    <span>{deferred.password}</span>
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
                <button type="submit" class="button primary wide" disabled=derived_bool(move || busy.get())>
                    {text(move || if busy.get() { deferred.signing_in } else { deferred.sign_in }.to_owned())}
                </button>
            </form>
            <div class="sign-in-language"><LanguagePicker/></div>
        </main>
    }
    .into_any()
}

/// The choice of language of the sign-in page, where no account and so no preference is known yet.
#[component]
fn LanguagePicker() -> impl IntoView {
    let strings = use_locale().strings;
    let choice = expect_context::<LanguageChoice>().0;
    let choose = typed(move |value| {
        if let Ok(language) = Language::parse(&value) {
            i18n::remember(language);
            choice.set(language);
            // The tree is another one then; the keyboard goes on where it was.
            request_animation_frame(|| {
                focus(document().query_selector("[name=language]").ok().flatten());
            });
        }
    });
    let chosen = choice.get_untracked();
    view! {
        <label class="field">
            <span>{strings.language}</span>
            <select name="language" on:change=choose>
                <option value="es" selected=chosen == Language::Es>"Español"</option>
                <option value="en" selected=chosen == Language::En>"English"</option>
            </select>
        </label>
    }
    .into_any()
}
