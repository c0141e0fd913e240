//! The routes of conversations: what the people at the dashboard do. The contact's side is
//! [`super::webhooks`].

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use latido_domain::{
    access,
    contact::{self, Contact},
    digest::Digest,
    error::DomainError,
    fields::text,
    idempotency::with_idempotency_key,
    message,
    reading::{self, Reader},
    shared_list,
    store::StoreError,
};
use latido_protocol::{
    conversation::{ContactId, ConversationOne, Conversations, MessageId, MessageOne, Messages, PATH, Side},
    session::UserId,
};

use super::{
    body::JsonObject,
    current_user::CurrentUser,
    path_id::PathId,
    precondition::{IdempotencyKey, json, with_etag},
    problem::Problem,
    query::{Parameters, cursor},
};
use crate::state::AppState;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list).post(create))
        .route(&format!("{PATH}/{{contact}}"), get(one))
        .route(&format!("{PATH}/{{contact}}/messages"), get(messages).post(send))
        .route(&format!("{PATH}/{{contact}}/read"), post(read))
        .route(&format!("{PATH}/{{contact}}/no-answer-needed"), post(no_answer_needed))
}

/// The caller's conversations and those of the people the caller sees, or of one of them (`?person=`).
async fn list(
    State(app): State<AppState>,
    caller: CurrentUser,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slice = parameters.page(None)?;
    let asked = parameters.text("person").map(UserId::new);
    let (conversations, next_cursor) = app
        .store
        .read(move |read| {
            let people = match asked {
                Some(person) => vec![access::person(read, &caller.id(), Some(&person))?],
                None => shared_list::people(read, &caller.id())?,
            };
            let (contacts, more) = shared_list::page::<Contact>(read, &people, slice)?;
            let reader = Reader::of(read, &caller.id())?;
            let shown: Result<Vec<_>, StoreError> =
                contacts.iter().map(|contact| reader.conversation(read, contact)).collect();
            Ok::<_, DomainError>((shown?, contacts.last().filter(|_| more).map(cursor)))
        })
        .await?;
    let body = serde_json::to_string(&Conversations { conversations, next_cursor })?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn one(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId<ContactId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let conversation = app.store.read(move |read| {
        let contact = contact::seen_by(read, &caller.id(), &id)?;
        Ok::<_, DomainError>(Reader::of(read, &caller.id())?.conversation(read, &contact)?)
    });
    let body = serde_json::to_string(&ConversationOne { conversation: conversation.await? })?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

/// Creates a contact of the caller's, or of a person whom the caller sees (`personId`).
async fn create(
    State(app): State<AppState>,
    caller: CurrentUser,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonObject,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let new = contact::draft(&body.object)?;
    let mut fields = latido_domain::fields::Fields::of(&body.object);
    let person = fields.optional("personId", text(|id| Ok(UserId::new(id))));
    let person = fields.finish(person).map_err(Problem::invalid)?;
    let request = Digest::of(&[PATH.as_bytes(), body.digest.as_bytes()].concat());
    let answer = app.store.write(move |write| {
        let caller = caller.id();
        with_idempotency_key(write, &caller, key.as_deref(), &request, now, |write| {
            let person = access::person(&write.read(), &caller, person.as_ref())?;
            let account = write.read().account(&person)?.ok_or(DomainError::NotFound)?;
            let contact = contact::create(write, &caller, &account, new, now)?;
            let read = write.read();
            let one =
                ConversationOne { conversation: Reader::of(&read, &caller)?.conversation(&read, &contact)? };
            Ok(serde_json::to_string(&one).map_err(StoreError::from)?)
        })
    });
    Ok((StatusCode::CREATED, json(answer.await?)).into_response())
}

async fn messages(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId<ContactId>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slice = parameters.page(None)?;
    let (messages, more, view) = app
        .store
        .read(move |read| {
            let contact = contact::seen_by(read, &caller.id(), &id)?;
            let (messages, more) = message::page(read, &contact, slice)?;
            Ok::<_, DomainError>((messages, more, Reader::of(read, &caller.id())?.view(read, &contact)?))
        })
        .await?;
    let next_cursor = messages.last().filter(|_| more).map(cursor);
    let messages = messages.into_iter().map(|stored| view.show(stored.message)).collect();
    let body = serde_json::to_string(&Messages { messages, next_cursor })?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn send(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId<ContactId>,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonObject,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let text = message::draft(&body.object)?;
    let request = Digest::of(&[PATH.as_bytes(), id.as_str().as_bytes(), body.digest.as_bytes()].concat());
    let (user, to) = (caller.id(), id.clone());
    let answer = app.store.write(move |write| {
        with_idempotency_key(write, &user, key.as_deref(), &request, now, |write| {
            let mut contact = contact::seen_by(&write.read(), &user, &to)?;
            let side = Reader::of(&write.read(), &user)?.side(&contact);
            let message = message::send(write, &mut contact, side, text, now)?;
            Ok(serde_json::to_string(&MessageOne { message }).map_err(StoreError::from)?)
        })
    });
    let answer = answer.await?;
    app.webhooks.notify();
    app.typing.stop_user(&id, &caller.id());
    Ok((StatusCode::CREATED, json(answer)).into_response())
}

/// The caller has read everything that the other side wrote.
async fn read(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId<ContactId>,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let conversation = app.store.write(move |write| {
        let mut contact = contact::seen_by(&write.read(), &caller.id(), &id)?;
        let reader = Reader::of(&write.read(), &caller.id())?;
        reading::read_all(write, &mut contact, &reader, now)?;
        Ok::<_, DomainError>(reader.conversation(&write.read(), &contact)?)
    });
    let conversation = conversation.await?;
    app.webhooks.notify();
    Ok(json(serde_json::to_string(&ConversationOne { conversation })?).into_response())
}

/// The team says that what the contact wrote last needs no answer. Up to which message (`messageId`) it says so
/// is named by clients that may not have seen the newest.
async fn no_answer_needed(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId<ContactId>,
    body: JsonObject,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let mut fields = latido_domain::fields::Fields::of(&body.object);
    let message = fields.optional("messageId", text(|id| Ok(MessageId::new(id))));
    let message = fields.finish(message).map_err(Problem::invalid)?;
    let conversation = app.store.write(move |write| {
        let mut contact = contact::seen_by(&write.read(), &caller.id(), &id)?;
        let reader = Reader::of(&write.read(), &caller.id())?;
        if reader.side(&contact) == Side::Contact {
            return Err(DomainError::Forbidden);
        }
        message::need_no_answer(write, &mut contact, message.as_ref(), now)?;
        Ok(reader.conversation(&write.read(), &contact)?)
    });
    let conversation = conversation.await?;
    Ok(json(serde_json::to_string(&ConversationOne { conversation })?).into_response())
}
