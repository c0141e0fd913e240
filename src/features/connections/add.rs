//! The dialog that adds a device link. It closes when the server has accepted it; until then the typed text stays.

use latido_protocol::{link::ConnectionOne, values::Invalid};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use web_sys::SubmitEvent;

use super::{link::Links, strings::strings};
use crate::{
    api::{Api, Call, Method, error::ApiError, json},
    browser::random_key,
    i18n::{reasons, use_locale},
    ui::{
        form::{Choice, Field, Form, go_to_what_is_wrong},
        icon::Icon,
        modal::modal,
        typed::{FieldTexts, FormStore},
        view::{click, derived_bool, text},
    },
};

/// As the server names it in its errors.
const URL: &str = "metadata/url";
const SECRET: &str = "metadata/secret";
const SHELLY: &str = "SHELLY";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinkDraft<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    reference_id: &'a str,
    auto_reconnect: bool,
    metadata: LinkMetadata<'a>,
}

#[derive(Serialize)]
struct LinkMetadata<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

#[component]
pub fn AddLink(adding: RwSignal<bool>, links: Links) -> impl IntoView {
    modal(adding, "link-title", move || view! { <AddForm adding links=links.clone()/> }.into_any())
}

/// The fields as they were left. The secret is never kept.
fn kept_over(mut texts: FieldTexts, store: &FormStore) -> FieldTexts {
    let kept = store.read().and_then(|kept| serde_json::from_str::<Vec<(String, String)>>(&kept).ok());
    for (name, typed) in kept.unwrap_or_default() {
        if let Some((_, text)) = texts.iter_mut().find(|(field, _)| *field == name && *field != SECRET) {
            *text = typed;
        }
    }
    texts
}

fn keep(form: Form, store: FormStore) {
    Effect::new(move |_| {
        let mut texts = form.texts();
        texts.retain(|(name, _)| *name != SECRET);
        // Which type it is of is chosen quickly again.
        let is_typed = texts.iter().any(|(name, text)| *name != "type" && !text.is_empty());
        let kept = if is_typed { json(&texts).unwrap_or_default() } else { String::new() };
        store.write(&kept);
    });
}

#[component]
fn AddForm(adding: RwSignal<bool>, links: Links) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let api: Api = expect_context();
    let empty = || String::new();
    let texts =
        vec![("type", SHELLY.to_owned()), ("referenceId", empty()), (URL, empty()), (SECRET, empty())];
    let store = FormStore::of("link");
    let form = Form::new(locale, kept_over(texts, &store));
    keep(form, store.clone());
    let connect_now = RwSignal::new(true);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(String::new());
    // The key under which it was sent, and what was: the same, sent twice, is added once.
    let sent = StoredValue::new((String::new(), String::new()));

    let discarded = store.clone();
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
        let draft = LinkDraft {
            kind: &kind,
            reference_id: &reference,
            auto_reconnect: connect_now.get_untracked(),
            metadata: LinkMetadata {
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
        let (api, store, links) = (api.clone(), store.clone(), links.clone());
        busy.set(true);
        spawn_local(async move {
            let call = Call { path: "/websocket", key: Some(&key), ..Call::with(Method::Post, &body) };
            let answer = api.send(call).await.and_then(|answer| answer.parse::<ConnectionOne>());
            busy.try_set(false);
            match answer {
                Ok(ConnectionOne { connection }) => {
                    store.clear();
                    links.update(|links, settles_at| links.put_until(connection, settles_at));
                    adding.try_set(false);
                }
                Err(ApiError::Refused(problem)) if form.refused_by_server(&problem) => {
                    go_to_what_is_wrong("link-form");
                }
                Err(error) => {
                    failure.try_set((strings.not_added)(&reasons::error(locale, &error)));
                }
            }
        });
    };
    let kinds = vec![(SHELLY, "Shelly"), ("CUSTOM", strings.other_source)];
    let cancel = move || {
        let store = discarded.clone();
        click(move || {
            store.clear();
            adding.set(false);
        })
    };
    view! {
        <form class="form link-form" data-testid="link-form" novalidate on:submit=submit>
            <div class="form-head">
                <h2 id="link-title">{strings.add}</h2>
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
            <p class="note error" role="alert" hidden=derived_bool(move || failure.with(String::is_empty))>
                {text(move || failure.get())}
            </p>
            <div class="form-end">
                <button type="button" class="button" on:click=cancel()>
                    {locale.strings.cancel}
                </button>
                <button type="submit" class="button primary" disabled=derived_bool(move || busy.get())>
                    {text(move || if busy.get() { strings.adding } else { strings.add }.to_owned())}
                </button>
            </div>
        </form>
    }
    .into_any()
}
