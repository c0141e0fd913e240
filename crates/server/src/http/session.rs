//! Signing in, staying signed in, signing out, and tickets for the socket.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use latido_domain::{
    account::email,
    fields::{Fields, text},
    store::StoreError,
};
use latido_protocol::{
    reason::Code,
    session::{Session, Ticket, WhoAmI},
};
use tokio::time::Instant;

use super::{
    body::JsonObject, client_gone::ClientGone, current_user::CurrentUser, origin, password,
    precondition::json, problem::Problem, refresh_cookie,
};
use crate::{
    auth::{
        session::{self, Begun, Refreshed, SessionError},
        ticket,
    },
    ops::client::Client,
    state::AppState,
};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/session", get(who_am_i).post(sign_in).delete(sign_out))
        .route("/session/refresh", post(refresh))
        .route("/realtime/ticket", post(issue_ticket))
}

/// The public keys against which access tokens verify.
pub async fn jwks(State(app): State<AppState>) -> Result<Response, Problem> {
    Ok(json(serde_json::to_string(app.tokens.jwks())?).into_response())
}

async fn sign_in(
    State(app): State<AppState>,
    client: Client,
    gone: ClientGone,
    body: JsonObject,
) -> Result<Response, Problem> {
    let mut fields = Fields::of(&body.object);
    let address = fields.required("email", text(|text| password::bounded(text, 254)));
    let password = fields.required("password", text(password::presented));
    let credentials = fields.finish(address.zip(password));
    let (address, password) = credentials.map_err(Problem::invalid)?;

    let (attempt, turn) = password::begin(&app, client, gone, &email(&address)).await?;
    let account =
        app.store.read(move |read| read.account_by_email(&email(&address))).await.map_err(Problem::from)?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let right = app.passwords.verify(turn, password, stored).await;
    // One answer for both, or the answer would tell who has an account.
    let wrong =
        || Problem::unauthorized(Code::WrongCredentials.says("The e-mail address or the password is wrong."));
    let account = account.filter(|_| right).ok_or_else(wrong)?;

    let (server, now) = (app.clone(), app.session_time.now());
    let begun = app.store.write(move |write| {
        server.session_time.remember(write)?;
        // It may have been changed while it was checked, and the sessions of the old one have ended.
        let current = write.read().account(&account.id)?;
        if current.is_none_or(|current| current.password_hash != account.password_hash) {
            return Ok(None);
        }
        session::begin(write, &account.id, now)
    });
    let begun = begun.await.map_err(|error: SessionError| Problem::from(error))?.ok_or_else(wrong)?;
    attempt.succeeded(Instant::now());
    welcome(&app, client, StatusCode::CREATED, &begun)
}

async fn refresh(
    State(app): State<AppState>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_origin(&app, &headers)?;
    let presented = refresh_cookie::presented(client, &headers, app.tokens.refresh_key());
    // Read first: whoever has no session does not make the one writer work.
    let token = app.store.read(move |read| session::choose(read, presented)).await.map_err(Problem::from)?;
    let Some(token) = token else { return Err(signed_out()) };
    let (server, now) = (app.clone(), app.session_time.now());
    let refreshed = app.store.write(move |write| {
        server.session_time.remember(write)?;
        session::refresh(write, server.tokens.refresh_key(), &token, now)
    });
    let refreshed = refreshed.await;
    match refreshed? {
        Refreshed::GoesOn(begun) => {
            app.rate_limits.logins.remember(client.network, &begun.account.email, Instant::now());
            welcome(&app, client, StatusCode::OK, &begun)
        }
        Refreshed::Refused => Err(signed_out()),
        Refreshed::Reused(session) => {
            tracing::warn!("an old refresh token was used again; its session has been ended");
            app.hub.close_session(&session);
            Err(signed_out())
        }
    }
}

fn signed_out() -> Problem {
    let reason = Code::SignedOut.says("You are not signed in any more. Sign in again; nothing is lost.");
    Problem::unauthorized(reason)
}

/// Hands over the tokens: the access token to the page, the refresh token to the browser's cookies,
/// where no script can read it.
fn welcome(app: &AppState, client: Client, status: StatusCode, begun: &Begun) -> Result<Response, Problem> {
    let body = Session {
        access_token: app.tokens.sign(&begun.account.user(), &begun.session)?,
        token_type: "Bearer".to_owned(),
        expires_in: app.tokens.lifetime_seconds().into(),
        user: begun.account.user(),
    };
    for session in &begun.displaced {
        app.hub.close_session(session);
    }
    let cookie = refresh_cookie::give(client, &begun.refresh);
    Ok((status, cookie, json(serde_json::to_string(&body)?)).into_response())
}

async fn who_am_i(caller: CurrentUser) -> Result<Response, Problem> {
    Ok(json(serde_json::to_string(&WhoAmI { user: caller.account.user() })?).into_response())
}

/// Ends the session of the access token or, for a page whose token has expired, of the cookie. There is
/// nothing to refuse: whoever has no session is signed out already.
async fn sign_out(
    State(app): State<AppState>,
    client: Client,
    headers: HeaderMap,
    caller: Option<CurrentUser>,
) -> Result<Response, Problem> {
    check_origin(&app, &headers)?;
    let presented = refresh_cookie::presented(client, &headers, app.tokens.refresh_key());
    let mut sessions: Vec<_> =
        caller.into_iter().map(|caller| (caller.token.user, caller.token.session)).collect();
    let found = app.store.read(move |read| {
        for token in &presented {
            sessions.extend(session::of_refresh_token(read, token)?);
        }
        Ok::<_, StoreError>(sessions)
    });
    let sessions = found.await?;
    if !sessions.is_empty() {
        let ending = sessions.clone();
        let ended = app.store.write(move |write| {
            ending.iter().try_for_each(|(user, session)| session::end(write, user, session))
        });
        ended.await?;
    }
    for (_, session) in sessions {
        app.hub.close_session(&session);
    }
    Ok((StatusCode::NO_CONTENT, refresh_cookie::take_away(client)).into_response())
}

async fn issue_ticket(State(app): State<AppState>, caller: CurrentUser) -> Result<Response, Problem> {
    let ticket = app.tickets.issue(caller.token)?;
    let body = Ticket { ticket: ticket.expose().to_owned(), expires_in: ticket::LIFETIME_SECONDS.into() };
    Ok((StatusCode::CREATED, json(serde_json::to_string(&body)?)).into_response())
}

/// A cookie comes along by itself, so what it may do is refused to pages of other origins.
fn check_origin(app: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    if origin::is_allowed(headers, &app.settings.origins) {
        Ok(())
    } else {
        Err(Problem::forbidden(
            Code::ForeignOrigin
                .says("Pages of this origin may not use this server. It can be allowed with --origin."),
        ))
    }
}
