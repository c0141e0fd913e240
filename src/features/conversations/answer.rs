//! The mark that a contact's message needs no answer.

use latido_protocol::{
    conversation::{ContactId, ConversationOne, MessageId},
    event::Family,
};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use super::{
    contacts::{Contacts, path_of},
    controller::ConversationController,
    list::needs_answer,
    strings::strings,
};
use crate::{
    api::{Api, Call, Method, json},
    data::queries::Queries,
    i18n::use_locale,
    ui::view::{click, when},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoAnswerBody<'a> {
    message_id: &'a MessageId,
}

/// Shows that a message needs an answer, and a button that resolves it. Empty otherwise.
#[component]
pub fn NeedsAnswer(
    contact: ContactId,
    contacts: Contacts,
    controller: ConversationController,
) -> impl IntoView {
    let strings = strings(use_locale());
    let (api, queries): (Api, Queries) = (expect_context(), expect_context());
    let failed = RwSignal::new(false);
    let waits = {
        let (contacts, contact) = (contacts.clone(), contact.clone());
        move || contacts.get(&contact).as_ref().is_some_and(needs_answer)
    };
    let resolve = move || {
        // What has not been seen is not meant.
        let Some(message) = controller.newest_inbound() else { return };
        let (api, queries, contacts, contact) =
            (api.clone(), queries.clone(), contacts.clone(), contact.clone());
        spawn_local(async move {
            let path = format!("{}/no-answer-needed", path_of(&contact));
            let answer = match json(&NoAnswerBody { message_id: &message }) {
                Ok(body) => api.send(Call { path: &path, ..Call::with(Method::Post, &body) }).await,
                Err(error) => Err(error),
            };
            match answer.and_then(|answer| answer.parse::<ConversationOne>()) {
                Ok(one) => {
                    failed.try_set(false);
                    if !one.conversation.needs_answer {
                        contacts.need_no_answer(&contact, &message);
                    }
                    queries.refetch_family(Family::Message);
                }
                Err(_) => {
                    failed.try_set(true);
                }
            }
        });
    };
    when(waits, move || {
        let resolve = resolve.clone();
        view! {
            <div class="answer-due" data-testid="answer-due">
                <span class="needs-answer">{strings.needs_answer}</span>
                <button
                    type="button"
                    class="button small"
                    data-testid="no-answer-needed"
                    on:click=click(resolve)
                >
                    {strings.no_answer_needed}
                </button>
                <p role="status">{move || failed.get().then_some(strings.no_answer_failed)}</p>
            </div>
        }
        .into_any()
    })
}
