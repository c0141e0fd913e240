//! The one router over all routes, and the layers that every request passes.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use latido_protocol::reason::Code;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    http::{
        self, client_gone::ClientGone, headers, health, held, identify, limits, observe, problem::Problem,
        site,
    },
    socket,
    state::AppState,
};

/// How long a request may take with everything: waiting for its turn, its body (30 s, see [`http::body`]) and the
/// longest wait for something to happen (20 s, see [`http::webhooks`]).
const REQUEST_WITHIN: Duration = Duration::from_mins(1);

/// All that the server answers.
pub fn router(app: &AppState) -> Router {
    Router::new()
        .nest("/api", http::api(app))
        .route("/.well-known/jwks.json", get(http::session::jwks))
        .layer(from_fn(held::hold))
        .layer(from_fn(detach_on_disconnect))
        .layer(from_fn(request_timeout))
        .route("/ws", any(socket::upgrade))
        .fallback(site::serve)
        .layer(from_fn_with_state(app.clone(), limits::limit_network))
        .merge(health::routes())
        .layer(CatchPanicLayer::custom(|_| Problem::internal().into_response()))
        .layer(from_fn(observe::observe))
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .layer(from_fn_with_state(app.clone(), identify::identify))
        .with_state(app.clone())
}

/// What changes something runs to its end even if nobody waits for the answer any more: a write must not
/// be left without what follows from it, such as the sockets of a session that has ended.
async fn detach_on_disconnect(mut request: Request<Body>, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let _waits = ClientGone::watch(&mut request);
    match tokio::spawn(next.run(request)).await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(response) => response,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => Problem::internal().into_response(),
    }
}

async fn request_timeout(request: Request<Body>, next: Next) -> Response {
    let Ok(response) = tokio::time::timeout(REQUEST_WITHIN, next.run(request)).await else {
        let detail =
            "The server did not get to this in time. It may be saved or not: look before sending it again.";
        let reason = Code::TookTooLong.says(detail);
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, reason).closing().into_response();
    };
    response
}
