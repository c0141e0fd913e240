//! Who may open a socket. Everything is checked before the upgrade, so that who may not gets an HTTP
//! answer and no socket.

use std::time::Duration;

use axum::{
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use latido_protocol::frame::{SUBPROTOCOL, TICKET_PREFIX};

use super::connection::Connection;
use crate::{
    app::App,
    auth::token::Verified,
    http::{caller::authenticate, origin, problem::Problem},
    ops::{client::Client, guard::requests::limit_user, metrics},
};

/// What a socket may buffer before it touches the network. The library's own sizes are meant for few
/// and busy sockets; ours are many and quiet.
const BUFFER_BYTES: usize = 4096;
/// What may wait to be written: the largest frame there is (a record with notes of 2,000 characters,
/// escaped) several times over.
const WRITE_BYTES: usize = 128 * 1024;

pub async fn upgrade(
    State(app): State<App>,
    uri: Uri,
    client: Client,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    if !origin::is_allowed(&headers, &app.settings.origins) {
        return Err(Problem::forbidden(
            "Pages of this origin may not open a socket here. It can be allowed with --origin.",
        ));
    }
    let upgrade = upgrade.map_err(|rejection| {
        Problem::new(rejection.into_response().status(), "This address speaks WebSocket only.")
    })?;
    let refused = || Problem::unauthorized("The ticket or token is missing, used or expired. Get a new one.");
    let token = credentials(&app, &uri, &upgrade).await.ok_or_else(refused)?;
    limit_user(&app, &token.user)?;
    let caller = authenticate(&app, token).await?.ok_or_else(refused)?;
    let seat = app.guard.sockets.seat(Some(client.network)).map_err(|_| {
        metrics::rate_limited("sockets_of_address");
        Problem::too_many("Too many sockets are open from this address.", Duration::from_secs(30))
    })?;
    let Some(membership) = app.hub.join(&caller.account.id, &caller.token.session) else {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The server is going away. Try again in a moment.",
        ));
    };
    let limit = app.settings.limits.message_bytes;
    Ok(configured(upgrade, limit).on_upgrade(async move |socket| {
        let (_seat, _open) = (seat, metrics::socket_opened());
        Connection::new(socket, app, membership, caller.token).run().await;
    }))
}

/// The buffers and limits of a socket, with messages of at most so many bytes. The conformance suite is
/// run against an echo with these very settings.
pub fn configured(upgrade: WebSocketUpgrade, message_bytes: usize) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BYTES.max(message_bytes))
        .max_message_size(message_bytes)
        .max_frame_size(message_bytes)
        .protocols([SUBPROTOCOL])
}

/// The ticket among the subprotocols or, where that is switched on, the token of the query.
async fn credentials(app: &App, uri: &Uri, upgrade: &WebSocketUpgrade) -> Option<Verified> {
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
