//! Who may open a socket. Everything is checked before the upgrade, so that who may not gets an HTTP
//! answer and no socket.

use std::time::Duration;

use axum::{
    Extension,
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use hyper::upgrade::OnUpgrade;
use latido_domain::store::Flow;
use latido_protocol::{frame::TICKET_PREFIX, reason::Code};

use super::{connection::Connection, switch::switch};
use crate::{
    auth::token::Verified,
    http::{current_user::authenticate, limits::limit_user, origin, problem::Problem},
    ops::{client::Client, metrics},
    state::AppState,
};

pub async fn upgrade(
    State(app): State<AppState>,
    uri: Uri,
    client: Client,
    headers: HeaderMap,
    upgrading: Option<Extension<OnUpgrade>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    if !origin::is_allowed(&headers, &app.settings.origins) {
        return Err(Problem::forbidden(
            "Pages of this origin may not open a socket here. It can be allowed with --origin.",
        ));
    }
    let only = |status| Problem::new(status, "This address speaks WebSocket only.");
    let upgrade = upgrade.map_err(|rejection| only(rejection.into_response().status()))?;
    let Extension(upgrading) = upgrading.ok_or_else(|| only(StatusCode::UPGRADE_REQUIRED))?;
    let refused = || Problem::unauthorized("The ticket or token is missing, used or expired. Get a new one.");
    let token = credentials(&app, &uri, &upgrade).await.ok_or_else(refused)?;
    limit_user(&app, &token.user)?;
    let flow = Flow::user(&token.user);
    let caller = flow.clone().scope(authenticate(&app, token)).await?.ok_or_else(refused)?;
    let permit = app.rate_limits.sockets.acquire(Some(client.network)).map_err(|_| {
        metrics::rate_limited("sockets_of_address");
        {
            let reason = Code::TooManySockets.says("Too many sockets are open from this address.");
            Problem::too_many(reason, Duration::from_secs(30))
        }
    })?;
    let Some(membership) = app.hub.join(&caller.account.id, &caller.token.session) else {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The server is going away. Try again in a moment.",
        ));
    };
    let limits = app.settings.limits.clone();
    Ok(switch(upgrade, upgrading, &headers, &limits, async move |socket| {
        let (_seat, _open) = (permit, metrics::socket_opened());
        flow.scope(Connection::new(socket, app, membership, caller.token).run()).await;
    }))
}

/// The ticket among the subprotocols or, where that is switched on, the token of the query.
async fn credentials(app: &AppState, uri: &Uri, upgrade: &WebSocketUpgrade) -> Option<Verified> {
    let ticket = upgrade
        .requested_protocols()
        .filter_map(|protocol| protocol.to_str().ok())
        .find_map(|protocol| protocol.strip_prefix(TICKET_PREFIX));
    if let Some(ticket) = ticket {
        return app.tickets.redeem(ticket);
    }
    // A JWT is written in letters that need no escaping.
    let token = uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))?;
    if app.settings.query_token { app.verify(token).await } else { None }
}
