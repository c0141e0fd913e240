//! The account: export of its data, sign-out and deletion.

use leptos::{html, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

use super::strings::strings;
use crate::{
    api::{Api, Call, Method, error::ApiError, json},
    browser::{day::Day, focus},
    i18n::{reasons, use_locale},
    ui::{
        icon::Icon,
        modal::modal,
        view::{click, derived_bool, text},
    },
};

#[component]
pub fn Account() -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let api: Api = expect_context();
    let leaving = RwSignal::new(false);
    let exporting = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let export = {
        let api = api.clone();
        click(move || {
            let api = api.clone();
            exporting.set(true);
            said.set(String::new());
            spawn_local(async move {
                let name = ["latido-", &Day::today().input_value(), ".zip"].concat();
                let outcome = api.download("/export", &name).await;
                exporting.try_set(false);
                said.try_set(match outcome {
                    Ok(()) => strings.exported.to_owned(),
                    Err(error) => [&reasons::error(locale, &error), strings.not_exported].join(" "),
                });
            });
        })
    };
    let sign_out = click(move || {
        let api = api.clone();
        spawn_local(async move { api.session().sign_out().await });
    });
    let ask = click(move || leaving.set(true));
    let dialog = modal(leaving, "leaving-title", move || view! { <Leaving open=leaving/> }.into_any());
    view! {
        <section class="card settings">
            <div class="settings-head">
                <h2>{strings.account}</h2>
                <p class="quiet">{strings.account_hint}</p>
            </div>
            <div class="settings-actions">
                <button
                    type="button"
                    class="button"
                    data-testid="export"
                    disabled=derived_bool(move || exporting.get())
                    on:click=export
                >
                    <Icon name="download"/>
                    <span>{strings.export}</span>
                </button>
                <button type="button" class="button" on:click=sign_out>{locale.deferred().sign_out}</button>
                <button type="button" class="button danger" data-testid="leave" on:click=ask>
                    {strings.delete_account}
                </button>
                <p class="quiet" role="status">{text(move || said.get())}</p>
            </div>
        </section>
        {dialog}
    }
    .into_any()
}

/// Lists what will be deleted, and requires the password: an account is not deleted by mistake, or by another person.
#[component]
fn Leaving(open: RwSignal<bool>) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let api: Api = expect_context();
    let password = NodeRef::<html::Input>::new();
    let failure = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = password.get_untracked().map(|input| input.value()).unwrap_or_default();
        if busy.get_untracked() {
            return;
        }
        if typed.is_empty() {
            failure.set(strings.password_missing.to_owned());
            return focus(password.get_untracked().map(Into::into));
        }
        busy.set(true);
        failure.set(String::new());
        let api = api.clone();
        spawn_local(async move {
            let outcome = leave(&api, &typed).await;
            busy.try_set(false);
            match outcome {
                Ok(()) => api.session().sign_out().await,
                Err(ApiError::Refused(problem)) if problem.status == 403 => {
                    failure.try_set(strings.wrong_password.to_owned());
                }
                Err(error) => {
                    failure.try_set([&reasons::error(locale, &error), strings.not_deleted].join(" "));
                }
            }
        });
    };
    let close = click(move || open.set(false));
    view! {
        <form class="form" data-testid="leaving-form" novalidate on:submit=submit>
            <h2 id="leaving-title">{strings.really_delete}</h2>
            <p>{strings.what_goes}</p>
            <label class="field">
                <span>{locale.deferred().password}</span>
                <input
                    type="password"
                    name="leavingPassword"
                    autocomplete="current-password"
                    aria-required="true"
                    node_ref=password
                />
            </label>
            <p class="note error" role="alert" hidden=derived_bool(move || failure.with(String::is_empty))>
                {text(move || failure.get())}
            </p>
            <div class="form-end">
                <button type="button" class="button" on:click=close>{strings.keep_account}</button>
                <button type="submit" class="button danger" disabled=derived_bool(move || busy.get())>
                    {strings.delete_for_good}
                </button>
            </div>
        </form>
    }
    .into_any()
}

#[derive(serde::Serialize)]
struct Password<'a> {
    password: &'a str,
}

async fn leave(api: &Api, password: &str) -> Result<(), ApiError> {
    let body = json(&Password { password })?;
    let call = Call { path: "/account", ..Call::with(Method::Delete, &body) };
    api.send(call).await.map(drop)
}
