//! The dialog in which a connection is added. It closes when the server has it; until then what was typed stays.

use latido_protocol::values::Invalid;
use leptos::{html, prelude::*};
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

use super::{
    link::{LinkOne, Links},
    said::said,
    strings::strings,
};
use crate::{
    api::{Api, Call, Method, error::ApiError, json},
    browser::random_key,
    components::{
        form::{Choice, Field, Form, go_to_what_is_wrong},
        icon::Icon,
        view::{click, dynamic, flag, text},
    },
    i18n::use_locale,
};

/// As the server names it in its errors.
const URL: &str = "metadata/url";
const SECRET: &str = "metadata/secret";
const SHELLY: &str = "SHELLY";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Draft<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    reference_id: &'a str,
    auto_reconnect: bool,
    metadata: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

#[component]
pub fn AddLink(adding: RwSignal<bool>, links: RwSignal<Links>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = adding.get();
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            } else if !open {
                dialog.close();
            }
        }
    });
    let form =
        dynamic(
            move || {
                if adding.get() { view! { <AddForm adding links/> }.into_any() } else { ().into_any() }
            },
        );
    view! {
        <dialog class="dialog" node_ref=dialog on:close=move |_| adding.set(false)>
            {form}
        </dialog>
    }
    .into_any()
}

#[component]
fn AddForm(adding: RwSignal<bool>, links: RwSignal<Links>) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let api: Api = expect_context();
    let empty = || String::new();
    let texts =
        vec![("type", SHELLY.to_owned()), ("referenceId", empty()), (URL, empty()), (SECRET, empty())];
    let form = Form::new(locale, texts);
    let connect_now = RwSignal::new(true);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(String::new());
    // The key under which it was sent, and what was: the same, sent twice, is added once.
    let sent = StoredValue::new((String::new(), String::new()));

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        form.clear_errors();
        failure.set(String::new());
        let needed = |text: &str| match text.trim() {
            "" => Err(Invalid::Required),
            text => Ok(text.to_owned()),
        };
        let kind = form.take("type", needed);
        let reference = form.take("referenceId", needed);
        let url = form.take(URL, needed);
        let secret = form.optional(SECRET, needed).flatten();
        let (Some(kind), Some(reference), Some(url)) = (kind, reference, url) else {
            return go_to_what_is_wrong("link-form");
        };
        let is_shelly = kind == SHELLY;
        let secret = secret.as_deref();
        let draft = Draft {
            kind: &kind,
            reference_id: &reference,
            auto_reconnect: connect_now.get_untracked(),
            metadata: Place {
                url: &url,
                password: secret.filter(|_| is_shelly),
                token: secret.filter(|_| !is_shelly),
            },
        };
        let Ok(body) = json(&draft) else { return };
        // What was changed is another request.
        let key = sent.with_value(|(key, before)| (*before == body).then(|| key.clone()));
        let key = key.unwrap_or_else(random_key);
        sent.set_value((key.clone(), body.clone()));
        let api = api.clone();
        busy.set(true);
        spawn_local(async move {
            let call = Call { path: "/websocket", key: Some(&key), ..Call::with(Method::Post, &body) };
            let mut answer = api.send(call).await.and_then(|answer| answer.parse::<LinkOne>());
            if let Err(ApiError::Refused(problem)) = &mut answer {
                for error in &mut problem.errors {
                    error.detail = said(locale, &error.detail);
                }
            }
            busy.try_set(false);
            match answer {
                Ok(LinkOne { connection }) => {
                    links.try_update(|links| links.put(connection));
                    adding.try_set(false);
                }
                Err(ApiError::Refused(problem)) if form.refused_by_server(&problem) => {
                    go_to_what_is_wrong("link-form");
                }
                Err(error) => {
                    failure.try_set((strings.not_added)(&(locale.strings.error)(&error)));
                }
            }
        });
    };
    let kinds = vec![(SHELLY, "Shelly"), ("CUSTOM", strings.other_source)];
    let cancel = move || click(move || adding.set(false));
    view! {
        <form class="form link-form" data-testid="link-form" novalidate on:submit=submit>
            <div class="form-head">
                <h2>{strings.add}</h2>
                <button type="button" class="icon-button" aria-label=locale.strings.cancel on:click=cancel()>
                    <Icon name="close"/>
                </button>
            </div>
            <div class="fields">
                <Choice form name="type" label=strings.kind options=kinds/>
                <Field form name="referenceId" label=strings.reference/>
                <Field form name=URL label=strings.address mode="url"/>
                <Field form name=SECRET label=strings.secret kind="password" optional=true/>
                <p class="quiet hint">{strings.secret_hint}</p>
                <label class="check">
                    <input
                        type="checkbox"
                        name="autoReconnect"
                        prop:checked=connect_now
                        on:change=move |event| connect_now.set(event_target_checked(&event))
                    />
                    <span>{strings.connect_now}</span>
                </label>
            </div>
            <p class="note error" role="alert" hidden=flag(move || failure.with(String::is_empty))>
                {text(move || failure.get())}
            </p>
            <div class="form-end">
                <button type="button" class="button" on:click=cancel()>
                    {locale.strings.cancel}
                </button>
                <button type="submit" class="button primary" disabled=flag(move || busy.get())>
                    {text(move || if busy.get() { strings.adding } else { strings.add }.to_owned())}
                </button>
            </div>
        </form>
    }
    .into_any()
}
