//! The routes of the health profile.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use latido_domain::{error::DomainError, profile};
use latido_protocol::profile::{HealthProfileOne, PATH};

use super::{
    body::JsonObject,
    current_user::{CurrentUser, Person},
    precondition::{IfMatch, json, version_tag, with_etag},
    problem::Problem,
};
use crate::state::AppState;

pub fn routes() -> Router<AppState> {
    Router::new().route(PATH, get(show).put(replace))
}

async fn show(
    State(app): State<AppState>,
    caller: CurrentUser,
    person: Person,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let profile = app.store.read(move |read| {
        let person = person.of(read, &caller)?;
        read.profile(&person)?.ok_or(DomainError::NotFound)
    });
    let health_profile = profile.await?;
    let tag = version_tag(health_profile.version);
    Ok(with_etag(&headers, &tag, serde_json::to_string(&HealthProfileOne { health_profile })?))
}

async fn replace(
    State(app): State<AppState>,
    caller: CurrentUser,
    IfMatch(expected): IfMatch,
    body: JsonObject,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let replaced = app
        .store
        .write(move |write| profile::replace(write, &caller.account.id, &body.object, &expected, now));
    let health_profile = replaced.await?;
    let tag = version_tag(health_profile.version);
    Ok(([(header::ETAG, tag)], json(serde_json::to_string(&HealthProfileOne { health_profile })?))
        .into_response())
}
