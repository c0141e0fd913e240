//! What is theirs to take along, and the ways out.

use leptos::{html, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

use super::strings::strings;
use crate::{
    api::{Api, Call, Method, error::ApiError, json},
    browser::{day::Day, focus},
    components::{
        icon::Icon,
        view::{click, flag, text},
    },
    i18n::use_locale,
};

#[component]
pub fn Account() -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let api: Api = expect_context();
    let leaving = NodeRef::<html::Dialog>::new();
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
                    Err(error) => [&(locale.strings.error)(&error), strings.not_exported].join(" "),
                });
            });
        })
    };
    let sign_out = click(move || {
        let api = api.clone();
        spawn_local(async move { api.session().sign_out().await });
    });
    let ask = click(move || {
        if let Some(dialog) = leaving.get_untracked() {
            // Fails only for a dialog that is open already.
            let _ = dialog.show_modal();
        }
    });
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
                    disabled=flag(move || exporting.get())
                    on:click=export
                >
                    <Icon name="download"/>
                    <span>{strings.export}</span>
                </button>
                <button type="button" class="button" on:click=sign_out>{locale.later().sign_out}</button>
                <button type="button" class="button danger" data-testid="leave" on:click=ask>
                    {strings.delete_account}
                </button>
                <p class="quiet" role="status">{text(move || said.get())}</p>
            </div>
        </section>
        <dialog class="dialog" node_ref=leaving aria-labelledby="leaving-title"><Leaving dialog=leaving/></dialog>
    }
    .into_any()
}

/// Says what will be gone, and asks for the password: nobody leaves by mistake, or for somebody else.
#[component]
fn Leaving(dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let api: Api = expect_context();
    let password = NodeRef::<html::Input>::new();
    let failure = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        if let Some(input) = password.get_untracked() {
            input.set_value("");
        }
        failure.set(String::new());
    };
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
                    failure.try_set([&(locale.strings.error)(&error), strings.not_deleted].join(" "));
                }
            }
        });
    };
    view! {
        <form class="form" data-testid="leaving-form" novalidate on:submit=submit>
            <h2 id="leaving-title">{strings.really_delete}</h2>
            <p>{strings.what_goes}</p>
            <label class="field">
                <span>{locale.later().password}</span>
                <input
                    type="password"
                    name="leavingPassword"
                    autocomplete="current-password"
                    aria-required="true"
                    node_ref=password
                />
            </label>
            <p class="note error" role="alert" hidden=flag(move || failure.with(String::is_empty))>
                {text(move || failure.get())}
            </p>
            <div class="form-end">
                <button type="button" class="button" on:click=click(close)>{strings.keep_account}</button>
                <button type="submit" class="button danger" disabled=flag(move || busy.get())>
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
