//! Managed connections: contract section 1.3. For the admins of their tenant alone; another tenant's does
//! not exist. What is done is entered into the connection's log, with who did it and from where.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use latido_domain::{
    access, account::Role, device_link, digest::Digest, error::DomainError,
    idempotency::with_idempotency_key, store::StoreError,
};
use latido_protocol::{
    link::{
        ActionDone, ActionState, ConnectionList, ConnectionMetrics, ConnectionOne, LinkAction, LinkFigures,
        LinkMetrics,
    },
    reason::Code,
};
use tracing::info;

use super::{
    audit::AuditContext,
    body::JsonObject,
    current_user::CurrentUser,
    link_access::{all, current, find},
    link_log,
    path_id::PathId,
    precondition::{IdempotencyKey, json, with_etag},
    problem::Problem,
};
use crate::{links::draft, state::AppState};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/websocket", get(list).post(create))
        .route("/websocket/metrics", get(metrics))
        .route("/websocket/logs", get(link_log::page_of_all))
        .route("/websocket/logs/export", get(link_log::export_all))
        .route("/websocket/{id}", get(one).delete(remove))
        .route("/websocket/{id}/logs", get(link_log::page))
        .route("/websocket/{id}/logs/export", get(link_log::export))
        .route("/websocket/{id}/{action}", post(act))
}

async fn list(
    State(app): State<AppState>,
    caller: CurrentUser,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let connections = all(&app, &caller).await?;
    let body = serde_json::to_string(&ConnectionList { connections })?;
    Ok(with_etag(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn one(
    State(app): State<AppState>,
    caller: CurrentUser,
    PathId(id): PathId,
) -> Result<Response, Problem> {
    let connection = current(&app, find(&app, &caller, id).await?.connection);
    Ok(json(serde_json::to_string(&ConnectionOne { connection })?).into_response())
}

async fn create(
    State(app): State<AppState>,
    caller: CurrentUser,
    actor: AuditContext,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonObject,
) -> Result<Response, Problem> {
    let account = caller.account;
    access::require(&account, Role::Admin)?;
    let draft = draft::draft(&body.object, &app.settings.links.reach).map_err(Problem::invalid)?;
    let (now, actor) = (app.clock.now(), actor.is(&account.id));
    let request = Digest::of(&[b"/websocket".as_slice(), body.digest.as_bytes()].concat());
    let (answer, created) = app
        .store
        .write(move |write| {
            let mut created = None;
            let answer = with_idempotency_key(write, &account.id, key.as_deref(), &request, now, |write| {
                let stored = device_link::create(write, &account.tenant, &draft, actor, now)?;
                let answer = ConnectionOne { connection: stored.connection.clone() };
                created = Some(stored);
                Ok(serde_json::to_string(&answer).map_err(StoreError::from)?)
            })?;
            Ok::<_, DomainError>((answer, created))
        })
        .await?;
    if let Some(created) = created {
        app.links.begin(created);
    }
    Ok((StatusCode::CREATED, json(answer)).into_response())
}

/// Hangs up first, which takes the devices offline for everybody who sees them.
async fn remove(
    State(app): State<AppState>,
    caller: CurrentUser,
    actor: AuditContext,
    PathId(id): PathId,
) -> Result<StatusCode, Problem> {
    let stored = find(&app, &caller, id).await?;
    let id = stored.connection.id.clone();
    app.links.end(&id).await;
    let (now, actor) = (app.clock.now(), actor.is(&caller.account.id));
    let removed = app.store.write(move |write| device_link::remove(write, &stored, actor, now)).await;
    Result::<_, StoreError>::map_err(removed, Problem::from)?;
    // Its own log went with it.
    info!(link = %id, user = %caller.account.id, "a managed connection was removed");
    Ok(StatusCode::NO_CONTENT)
}

async fn act(
    State(app): State<AppState>,
    caller: CurrentUser,
    actor: AuditContext,
    PathId((id, action)): PathId<(String, String)>,
) -> Result<Response, Problem> {
    let stored = find(&app, &caller, id).await?;
    let action = LinkAction::parse(&action).map_err(|_| {
        let detail = "There is no such action. There are start, stop, restart and toggle-reconnect.";
        Problem::not_found(Code::NoSuchAddress.says(detail))
    })?;
    let connection = app.links.act(&stored.connection.id, action, actor.is(&caller.account.id)).await?;
    let message = match action {
        LinkAction::Start => "The connection is being established, and again whenever it is lost.",
        LinkAction::Stop => "The connection is closed and stays so.",
        LinkAction::Restart => "The connection was closed and is being established anew.",
        LinkAction::ToggleReconnect if connection.auto_reconnect => {
            "The connection will be established again when it is lost."
        }
        LinkAction::ToggleReconnect => "The connection will not be established again when it is lost.",
    };
    let done = ActionDone {
        success: true,
        message: message.to_owned(),
        data: ActionState {
            connection_id: connection.id,
            status: connection.status,
            auto_reconnect: connection.auto_reconnect,
        },
    };
    Ok(json(serde_json::to_string(&done)?).into_response())
}

async fn metrics(State(app): State<AppState>, caller: CurrentUser) -> Result<Response, Problem> {
    let mut total = LinkFigures::default();
    let mut connections = Vec::new();
    for connection in all(&app, &caller).await? {
        let measured = app.links.stats(&connection.id);
        let figures = measured.map_or(LinkFigures { links: 1, ..LinkFigures::default() }, |of| of.figures);
        let status = measured.map_or(connection.status, |of| of.status);
        total += figures;
        connections.push(ConnectionMetrics { connection_id: connection.id, status, figures });
    }
    Ok(json(serde_json::to_string(&LinkMetrics { total, connections })?).into_response())
}
