//! The routes of the health profile.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use latido_protocol::profile::{HealthProfileOne, PATH};

use super::{
    body::JsonObject,
    caller::{Caller, Person},
    precondition::{IfMatch, json, tagged, version_tag},
    problem::Problem,
};
use crate::{
    app::App,
    domain::{Refused, profile},
};

pub fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).put(replace))
}

async fn show(
    State(app): State<App>,
    caller: Caller,
    person: Person,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let profile = app.store.read(move |read| {
        let person = person.of(read, &caller)?;
        read.profile(&person)?.ok_or(Refused::NotFound)
    });
    let health_profile = profile.await?;
    let tag = version_tag(health_profile.version);
    Ok(tagged(&headers, &tag, serde_json::to_string(&HealthProfileOne { health_profile })?))
}

async fn replace(
    State(app): State<App>,
    caller: Caller,
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
