//! The limits on requests: by network before anything else is done, by user as soon as it is known.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use latido_protocol::session::UserId;
use tokio::time::Instant;

use super::rate::TooMany;
use crate::{
    app::App,
    http::problem::Problem,
    ops::{client::Client, metrics},
};

/// Refuses the requests of a network that makes too many.
pub async fn limit_network(State(app): State<App>, client: Client, request: Request, next: Next) -> Response {
    match app.guard.requests_by_network.take(client.network, Instant::now()) {
        Ok(()) => next.run(request).await,
        Err(too_many) => refuse("address", too_many).into_response(),
    }
}

/// Refuses the requests of a user who makes too many.
pub fn limit_user(app: &App, user: &UserId) -> Result<(), Problem> {
    let taken = app.guard.requests_by_user.take(user.clone(), Instant::now());
    taken.map_err(|too_many| refuse("user", too_many))
}

fn refuse(what: &'static str, too_many: TooMany) -> Problem {
    metrics::rate_limited(what);
    Problem::too_many(
        "There were too many requests and nothing was done. Try again a little later.",
        too_many.retry_after,
    )
}
