//! The routes of conversations: what the people at the dashboard do. The contact's side is
//! [`super::webhooks`].

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use latido_protocol::{
    conversation::{ContactId, ConversationOne, Conversations, MessageOne, Messages, PATH},
    session::UserId,
};

use super::{
    body::JsonObject,
    caller::Caller,
    in_path::InPath,
    precondition::{IdempotencyKey, json, tagged},
    problem::Problem,
    query::{Parameters, cursor},
};
use crate::{
    app::App,
    digest::Digest,
    domain::{
        Refused,
        contact::{self, Contact},
        fields::text,
        message,
        once::once,
        scope, viewed,
    },
    store::StoreError,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(list).post(create))
        .route(&format!("{PATH}/{{contact}}"), get(one))
        .route(&format!("{PATH}/{{contact}}/messages"), get(messages).post(send))
        .route(&format!("{PATH}/{{contact}}/read"), post(read))
}

/// The caller's conversations and those of the people the caller sees, or of one of them (`?person=`).
async fn list(
    State(app): State<App>,
    caller: Caller,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slice = parameters.page(None)?;
    let asked = parameters.text("person").map(UserId::new);
    let (contacts, more) = app
        .store
        .read(move |read| {
            let people = match asked {
                Some(person) => vec![scope::person(read, &caller.id(), Some(&person))?],
                None => viewed::people(read, &caller.id())?,
            };
            Ok::<_, Refused>(viewed::page::<Contact>(read, &people, slice)?)
        })
        .await?;
    let next_cursor = contacts.last().filter(|_| more).map(cursor);
    let conversations = contacts.iter().map(Contact::conversation).collect();
    let body = serde_json::to_string(&Conversations { conversations, next_cursor })?;
    Ok(tagged(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn one(
    State(app): State<App>,
    caller: Caller,
    InPath(id): InPath<ContactId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let contact = app.store.read(move |read| contact::seen_by(read, &caller.id(), &id)).await?;
    let body = serde_json::to_string(&ConversationOne { conversation: contact.conversation() })?;
    Ok(tagged(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

/// Creates a contact of the caller's, or of a person whom the caller sees (`personId`).
async fn create(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonObject,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let new = contact::draft(&body.object)?;
    let mut fields = crate::domain::Fields::of(&body.object);
    let person = fields.optional("personId", text(|id| Ok(UserId::new(id))));
    let person = fields.finish(person).map_err(Problem::invalid)?;
    let request = Digest::of(&[PATH.as_bytes(), body.digest.as_bytes()].concat());
    let answer = app.store.write(move |write| {
        let caller = caller.id();
        once(write, &caller, key.as_deref(), &request, now, |write| {
            let person = scope::person(&write.read(), &caller, person.as_ref())?;
            let account = write.read().account(&person)?.ok_or(Refused::NotFound)?;
            let contact = contact::create(write, &account, new, now)?;
            let one = ConversationOne { conversation: contact.conversation() };
            Ok(serde_json::to_string(&one).map_err(StoreError::from)?)
        })
    });
    Ok((StatusCode::CREATED, json(answer.await?)).into_response())
}

async fn messages(
    State(app): State<App>,
    caller: Caller,
    InPath(id): InPath<ContactId>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slice = parameters.page(None)?;
    let (messages, more) = app
        .store
        .read(move |read| {
            let contact = contact::seen_by(read, &caller.id(), &id)?;
            Ok::<_, Refused>(message::page(read, &contact, slice)?)
        })
        .await?;
    let next_cursor = messages.last().filter(|_| more).map(cursor);
    let messages = messages.into_iter().map(|stored| stored.message).collect();
    let body = serde_json::to_string(&Messages { messages, next_cursor })?;
    Ok(tagged(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn send(
    State(app): State<App>,
    caller: Caller,
    InPath(id): InPath<ContactId>,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonObject,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let text = message::draft(&body.object)?;
    let request = Digest::of(&[PATH.as_bytes(), id.as_str().as_bytes(), body.digest.as_bytes()].concat());
    let (user, to) = (caller.id(), id.clone());
    let answer = app.store.write(move |write| {
        once(write, &user, key.as_deref(), &request, now, |write| {
            let mut contact = contact::seen_by(&write.read(), &user, &to)?;
            let message = message::send(write, &mut contact, text, now)?;
            Ok(serde_json::to_string(&MessageOne { message }).map_err(StoreError::from)?)
        })
    });
    let answer = answer.await?;
    app.sender.nudge();
    app.typing.stop_user(&id, &caller.id());
    Ok((StatusCode::CREATED, json(answer)).into_response())
}

/// Everything the contact wrote has been read.
async fn read(
    State(app): State<App>,
    caller: Caller,
    InPath(id): InPath<ContactId>,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let contact = app.store.write(move |write| {
        let mut contact = contact::seen_by(&write.read(), &caller.id(), &id)?;
        message::read_all(write, &mut contact, now)?;
        Ok::<_, Refused>(contact)
    });
    let conversation = contact.await?.conversation();
    app.sender.nudge();
    Ok(json(serde_json::to_string(&ConversationOne { conversation })?).into_response())
}
