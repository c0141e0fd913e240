//! The routes of a kind of record. Written once: what differs between foods, exercises and metrics is
//! said by [`RecordKind`].

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use latido_domain::{
    change,
    digest::Digest,
    error::DomainError,
    idempotency::with_idempotency_key,
    record_kind::RecordKind,
    store::{Owner, StoreError},
};
use latido_protocol::id::Id;

use super::{
    body::JsonObject,
    current_user::{CurrentUser, Person},
    path_id::PathId,
    precondition::{IdempotencyKey, IfMatch, json, version_tag, with_etag},
    problem::Problem,
    query::{Parameters, cursor},
};
use crate::state::AppState;

pub fn routes<R: RecordKind>() -> Router<AppState> {
    Router::new()
        .route(R::PATH, get(list::<R>).post(create::<R>))
        .route(&format!("{}/{{id}}", R::PATH), get(one::<R>).patch(edit::<R>).delete(remove::<R>))
}

async fn list<R: RecordKind>(
    State(app): State<AppState>,
    caller: CurrentUser,
    person: Person,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut slice = parameters.slice::<R>()?;
    let limit = slice.limit;
    // One more than was asked for tells whether there is another page.
    slice.limit += 1;
    let mut records: Vec<R> = app
        .store
        .read(move |read| {
            let person = person.of(read, &caller)?;
            Ok::<_, DomainError>(read.list(&Owner::user(&person), &slice)?)
        })
        .await?;
    let more = records.len() > limit;
    records.truncate(limit);
    let next = records.last().filter(|_| more).map(cursor);
    let body = serde_json::to_string(&R::page(records, next))?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn one<R: RecordKind>(
    State(app): State<AppState>,
    caller: CurrentUser,
    person: Person,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record: R = app
        .store
        .read(move |read| {
            let person = person.of(read, &caller)?;
            read.get(&Owner::user(&person), &id)?.ok_or(DomainError::NotFound)
        })
        .await?;
    let tag = version_tag(record.version());
    Ok(with_etag(&headers, &tag, serde_json::to_string(&R::one(record))?))
}

async fn create<R: RecordKind>(
    State(app): State<AppState>,
    caller: CurrentUser,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonObject,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let record: R = change::draft(&body.object, now)?;
    let version = record.version();
    let request = Digest::of(&[R::PATH.as_bytes(), body.digest.as_bytes()].concat());
    let answer = app.store.write(move |write| {
        let user = caller.id();
        with_idempotency_key(write, &user, key.as_deref(), &request, now, |write| {
            change::create(write, &user, &record, now)?;
            Ok(serde_json::to_string(&R::one(record)).map_err(StoreError::from)?)
        })
    });
    let answer = answer.await?;
    Ok((StatusCode::CREATED, [(header::ETAG, version_tag(version))], json(answer)).into_response())
}

async fn edit<R: RecordKind>(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId,
    IfMatch(expected): IfMatch,
    body: JsonObject,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let edited = app.store.write(move |write| {
        change::edit::<R>(write, &caller.account.id, &Id::new(id), &body.object, &expected, now)
    });
    let edited = edited.await?;
    let tag = version_tag(edited.version());
    Ok(([(header::ETAG, tag)], json(serde_json::to_string(&R::one(edited))?)).into_response())
}

async fn remove<R: RecordKind>(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    let now = app.clock.now();
    let removed = app
        .store
        .write(move |write| change::remove::<R>(write, &caller.account.id, &Id::new(id), &expected, now));
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
