//! The limits on requests: by network before anything else is done, by user as soon as it is known. How many there
//! are in a minute is one thing, how many are under way another: what they cost differs by a thousand times.

use axum::{
    extract::{Request, State},
    http::Extensions,
    middleware::Next,
    response::{IntoResponse, Response},
};
use latido_domain::store::Flow;
use latido_protocol::{reason::Code, session::UserId};
use tokio::time::Instant;

use super::{held::PermitSlot, problem::Problem};
use crate::{
    ops::{client::Client, guard::rate::RateLimited, metrics},
    state::AppState,
};

/// Refuses the requests of a network that makes too many.
pub async fn limit_network(
    State(app): State<AppState>,
    client: Client,
    request: Request,
    next: Next,
) -> Response {
    match app.rate_limits.requests_by_network.consume(client.network, Instant::now()) {
        Ok(()) => next.run(request).await,
        Err(limited) => refuse("address", limited).into_response(),
    }
}

/// Refuses the requests of a user who makes too many. From here on the task is the user's.
pub fn limit_user(app: &AppState, user: &UserId) -> Result<(), Problem> {
    let consumed = app.rate_limits.requests_by_user.consume(user.clone(), Instant::now());
    consumed.map_err(|limited| refuse("user", limited))?;
    Flow::user(user).enter();
    Ok(())
}

/// The same, and waits while the user has as many requests under way as may be. This one is then under way until
/// its answer has been taken.
pub async fn admit_user(app: &AppState, request: &Extensions, user: &UserId) -> Result<(), Problem> {
    limit_user(app, user)?;
    let Some(held) = request.get::<PermitSlot>().filter(|held| held.is_empty()) else { return Ok(()) };
    let permit = app.rate_limits.in_flight.enter(user.clone()).await;
    held.keep(permit.map_err(|limited| refuse("in_flight", limited))?);
    Ok(())
}

/// Refuses the rows of a user who imports too many. All of a batch or none.
pub fn limit_import_rows(app: &AppState, user: &UserId, rows: usize) -> Result<(), Problem> {
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    let consumed = app.rate_limits.import_rows.consume_many(user.clone(), rows, Instant::now());
    consumed.map_err(|limited| refuse("user", limited))
}

fn refuse(what: &'static str, limited: RateLimited) -> Problem {
    metrics::rate_limited(what);
    Problem::too_many(
        Code::TooManyRequests
            .says("There were too many requests and nothing was done. Try again a little later."),
        limited.retry_after,
    )
}
