//! The layer that notes in every request which client has sent it.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::{
    ops::client::{Client, Peer},
    state::AppState,
};

/// Notes in the request who has sent it, for all that comes after.
pub async fn identify(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer =
        request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let settings = &app.settings;
    let proxies = &settings.operations.trusted_proxies;
    let client = Client::of(peer, request.headers(), proxies, settings.behind_tls);
    request.extensions_mut().insert(client);
    next.run(request).await
}
