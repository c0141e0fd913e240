//! Managed connections: contract section 1.3. For the admins of their tenant alone; another tenant's does
//! not exist. What is done is entered into the connection's log, with who did it and from where.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use latido_protocol::link::{
    ActionDone, ActionState, ConnectionList, ConnectionMetrics, ConnectionOne, LinkAction, LinkFigures,
    LinkId, LinkMetrics, ManagedConnection,
};
use tracing::info;

use super::{
    actor::Actor,
    body::JsonObject,
    caller::Caller,
    in_path::InPath,
    link_log,
    precondition::{IdempotencyKey, json, tagged},
    problem::Problem,
};
use crate::{
    app::App,
    digest::Digest,
    domain::{Refused, account::Role, link, once::once, scope},
    links::records::{self, StoredLink},
    store::StoreError,
};

pub fn routes() -> Router<App> {
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

/// The link of the caller's tenant, for an admin.
pub async fn find(app: &App, caller: &Caller, id: String) -> Result<StoredLink, Problem> {
    let account = caller.account.clone();
    let found = app.store.read(move |read| {
        scope::require(&account, Role::Admin)?;
        records::find(read, &account.tenant, &LinkId::new(id))?.ok_or(Refused::NotFound)
    });
    Ok(found.await?)
}

/// The links of the caller's tenant, newest first, for an admin.
pub async fn all(app: &App, caller: &Caller) -> Result<Vec<ManagedConnection>, Problem> {
    let account = caller.account.clone();
    let found = app.store.read(move |read| {
        scope::require(&account, Role::Admin)?;
        Ok::<_, Refused>(records::of_tenant(read, &account.tenant)?)
    });
    Ok(found.await?.into_iter().map(|stored| current(app, stored.connection)).collect())
}

/// When the other side was last heard of changes with every message, and is written only now and then.
fn current(app: &App, connection: ManagedConnection) -> ManagedConnection {
    let heard = app.links.vitals(&connection.id).and_then(|vitals| vitals.last_heard_at);
    ManagedConnection { last_ping_at: heard.max(connection.last_ping_at), ..connection }
}

async fn list(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    let connections = all(&app, &caller).await?;
    let body = serde_json::to_string(&ConnectionList { connections })?;
    Ok(tagged(&headers, &Digest::of(body.as_bytes()).entity_tag(), body))
}

async fn one(State(app): State<App>, caller: Caller, InPath(id): InPath) -> Result<Response, Problem> {
    let connection = current(&app, find(&app, &caller, id).await?.connection);
    Ok(json(serde_json::to_string(&ConnectionOne { connection })?).into_response())
}

async fn create(
    State(app): State<App>,
    caller: Caller,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonObject,
) -> Result<Response, Problem> {
    let account = caller.account;
    scope::require(&account, Role::Admin)?;
    let draft = link::draft(&body.object, &app.settings.links.reach).map_err(Problem::invalid)?;
    let (now, actor) = (app.clock.now(), actor.is(&account.id));
    let request = Digest::of(&[b"/websocket".as_slice(), body.digest.as_bytes()].concat());
    let (answer, created) = app
        .store
        .write(move |write| {
            let mut created = None;
            let answer = once(write, &account.id, key.as_deref(), &request, now, |write| {
                let stored = records::create(write, &account.tenant, &draft, actor, now)?;
                let answer = ConnectionOne { connection: stored.connection.clone() };
                created = Some(stored);
                Ok(serde_json::to_string(&answer).map_err(StoreError::from)?)
            })?;
            Ok::<_, Refused>((answer, created))
        })
        .await?;
    if let Some(created) = created {
        app.links.begin(created);
    }
    Ok((StatusCode::CREATED, json(answer)).into_response())
}

/// Hangs up first, which takes the devices offline for everybody who sees them.
async fn remove(
    State(app): State<App>,
    caller: Caller,
    actor: Actor,
    InPath(id): InPath,
) -> Result<StatusCode, Problem> {
    let stored = find(&app, &caller, id).await?;
    let id = stored.connection.id.clone();
    app.links.end(&id).await;
    let (now, actor) = (app.clock.now(), actor.is(&caller.account.id));
    let removed = app.store.write(move |write| records::remove(write, &stored, actor, now)).await;
    Result::<_, StoreError>::map_err(removed, Problem::from)?;
    // Its own log went with it.
    info!(link = %id, user = %caller.account.id, "a managed connection was removed");
    Ok(StatusCode::NO_CONTENT)
}

async fn act(
    State(app): State<App>,
    caller: Caller,
    actor: Actor,
    InPath((id, action)): InPath<(String, String)>,
) -> Result<Response, Problem> {
    let stored = find(&app, &caller, id).await?;
    let action = LinkAction::parse(&action).map_err(|_| {
        Problem::not_found("There is no such action. There are start, stop, restart and toggle-reconnect.")
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

async fn metrics(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let mut total = LinkFigures::default();
    let mut connections = Vec::new();
    for connection in all(&app, &caller).await? {
        let vitals = app.links.vitals(&connection.id);
        let figures =
            vitals.map_or(LinkFigures { links: 1, ..LinkFigures::default() }, |vitals| vitals.figures);
        let status = vitals.map_or(connection.status, |vitals| vitals.status);
        total += figures;
        connections.push(ConnectionMetrics { connection_id: connection.id, status, figures });
    }
    Ok(json(serde_json::to_string(&LinkMetrics { total, connections })?).into_response())
}
