//! The routes of deliveries: what became of everything that was sent.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{delete, get},
};
use latido_domain::{delivery, digest::Digest, shared_list, store::StoreError};
use latido_protocol::delivery::{DeliveryEvent, DeliveryId, DeliveryPage, DeliveryStatus, PATH};

use super::{
    current_user::CurrentUser,
    path_id::PathId,
    precondition::with_etag,
    problem::Problem,
    query::{Parameters, cursor},
};
use crate::state::AppState;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route(PATH, get(list))
        .route(&format!("{PATH}/summary"), get(summary))
        .route(&format!("{PATH}/{{id}}"), delete(remove))
}

/// Of one status (`?status=`) or of all.
async fn list(
    State(app): State<AppState>,
    caller: CurrentUser,
    parameters: Parameters,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let slice = parameters.page(Some(("status", DeliveryStatus::WORDS)))?;
    let (events, more) = app
        .store
        .read(move |read| {
            let people = shared_list::people(read, &caller.id())?;
            shared_list::page::<DeliveryEvent>(read, &people, slice)
        })
        .await
        .map_err(|error: StoreError| Problem::from(error))?;
    let next_cursor = events.last().filter(|_| more).map(cursor);
    let body = serde_json::to_string(&DeliveryPage { events, next_cursor })?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn summary(
    State(app): State<AppState>,
    caller: CurrentUser,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let summary = app.store.read(move |read| {
        let people = shared_list::people(read, &caller.id())?;
        delivery::summary(read, &people)
    });
    let summary = summary.await.map_err(|error: StoreError| Problem::from(error))?;
    let body = serde_json::to_string(&summary)?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn remove(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId<DeliveryId>,
) -> Result<StatusCode, Problem> {
    let now = app.clock.now();
    let removed = app.store.write(move |write| delivery::remove(write, &caller.id(), &id, now));
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
