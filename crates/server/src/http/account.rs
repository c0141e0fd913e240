//! The route by which a person leaves, with everything.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::delete,
};
use tokio::time::Instant;
use tracing::{info, warn};

use super::{
    body::JsonObject,
    caller::Caller,
    problem::Problem,
    session::{bounded, cookie, slow_down},
};
use crate::{
    app::App,
    domain::{Fields, fields::text, leaving::leave},
    ops::client::Client,
};

pub fn routes() -> Router<App> {
    Router::new().route("/account", delete(remove))
}

/// Deletes the account of whoever knows its password: an access token alone, which may have been stolen,
/// does not.
async fn remove(
    State(app): State<App>,
    client: Client,
    caller: Caller,
    body: JsonObject,
) -> Result<Response, Problem> {
    let mut fields = Fields::of(&body.object);
    let password = fields.required("password", text(|text| bounded(text, 1024)));
    let password = fields.finish(password).map_err(Problem::invalid)?;
    // Guessing here is guessing as at the door, and counted with it.
    let attempt = app.guard.sign_ins.attempt(client.network, &caller.account.email, Instant::now());
    let attempt = attempt.map_err(slow_down)?;
    if !app.passwords.verify(password, Some(caller.account.password_hash)).await {
        return Err(Problem::forbidden("The password is wrong. Nothing was deleted."));
    }
    attempt.succeeded(Instant::now());
    let user = caller.account.id;
    let leaving = user.clone();
    for session in app.store.write(move |write| leave(write, &leaving)).await? {
        app.hub.close_session(&session);
    }
    info!(%user, "an account was deleted by its owner");
    if let Err(error) = app.store.purge().await {
        warn!(%error, "traces of a deleted account stay in the database's files until the server stops");
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(client, "", 0))]).into_response())
}
