//! The routes by which a person changes the password, and leaves with everything.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, put},
};
use latido_domain::{
    account::{self, Account},
    fields::{Fields, text},
    store::StoreError,
};
use latido_protocol::reason::Code;
use tokio::time::Instant;
use tracing::{info, warn};

use super::{
    body::JsonObject, client_gone::ClientGone, current_user::CurrentUser, password, problem::Problem,
    refresh_cookie,
};
use crate::{
    auth::{account_deletion::delete_account, session},
    ops::client::Client,
    state::AppState,
};

pub fn routes() -> Router<AppState> {
    Router::new().route("/account", delete(remove)).route("/account/password", put(change_password))
}

/// Changes the password of whoever knows the present one. The session it is changed in goes on, all others of
/// the person end.
async fn change_password(
    State(app): State<AppState>,
    client: Client,
    gone: ClientGone,
    caller: CurrentUser,
    body: JsonObject,
) -> Result<StatusCode, Problem> {
    let mut fields = Fields::of(&body.object);
    let current = fields.required("currentPassword", text(password::presented));
    let new = fields.required("newPassword", text(password::chosen));
    let (current, new) = fields.finish(current.zip(new)).map_err(Problem::invalid)?;
    let wrong = || {
        Problem::forbidden(
            Code::WrongCurrentPassword.says("The present password is wrong. Nothing was changed."),
        )
    };

    let Account { id: user, email, password_hash: stored, .. } = caller.account;
    let (attempt, turn) = password::begin(&app, client, gone, &email).await?;
    let replaced = app.passwords.replace(turn, current, stored.clone(), new).await?;
    let Some(replacement) = replaced else { return Err(wrong()) };
    attempt.succeeded(Instant::now());

    let (changing, session) = (user.clone(), caller.token.session);
    let ended = app.store.write(move |write| {
        if account::set_password(write, &changing, &stored, replacement)? {
            session::end_others(write, &changing, Some(&session)).map(Some)
        } else {
            Ok::<_, StoreError>(None)
        }
    });
    // Somebody else has changed it meanwhile.
    let ended = ended.await?.ok_or_else(wrong)?;
    for session in &ended {
        app.hub.close_session(session);
    }
    info!(%user, ended = ended.len(), "a password was changed by its owner");
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes the account of whoever knows its password: an access token alone, which may have been stolen,
/// does not.
async fn remove(
    State(app): State<AppState>,
    client: Client,
    gone: ClientGone,
    caller: CurrentUser,
    body: JsonObject,
) -> Result<Response, Problem> {
    let mut fields = Fields::of(&body.object);
    let password = fields.required("password", text(password::presented));
    let password = fields.finish(password).map_err(Problem::invalid)?;
    // Guessing here is guessing as at the door, and counted with it.
    let (attempt, turn) = password::begin(&app, client, gone, &caller.account.email).await?;
    if !app.passwords.verify(turn, password, Some(caller.account.password_hash)).await {
        return Err(Problem::forbidden(
            Code::WrongPassword.says("The password is wrong. Nothing was deleted."),
        ));
    }
    attempt.succeeded(Instant::now());
    let user = caller.account.id;
    let leaving = user.clone();
    for session in app.store.write(move |write| delete_account(write, &leaving)).await? {
        app.hub.close_session(&session);
    }
    info!(%user, "an account was deleted by its owner");
    if let Err(error) = app.store.purge().await {
        warn!(%error, "traces of a deleted account stay in the database's files until the server stops");
    }
    Ok((StatusCode::NO_CONTENT, refresh_cookie::take_away(client)).into_response())
}
