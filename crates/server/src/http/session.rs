//! Signing in, staying signed in, signing out, and tickets for the socket.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use latido_protocol::{
    session::{Session, Ticket, WhoAmI},
    values::Invalid,
};
use tokio::time::Instant;

use super::{body::JsonObject, caller::Caller, origin, precondition::json, problem::Problem};
use crate::{
    app::App,
    auth::{
        secret::Secret,
        session::{self, Begun, REFRESH_SECONDS, Refreshed},
        ticket,
    },
    domain::{Fields, account::email, fields::text},
    ops::{client::Client, guard::rate::TooMany, metrics},
    store::StoreError,
};

const COOKIE: &str = "latido_refresh";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/session", get(who_am_i).post(sign_in).delete(sign_out))
        .route("/session/refresh", post(refresh))
        .route("/realtime/ticket", post(issue_ticket))
}

/// The public keys against which access tokens verify.
pub async fn jwks(State(app): State<App>) -> Result<Response, Problem> {
    Ok(json(serde_json::to_string(app.tokens.jwks())?).into_response())
}

async fn sign_in(State(app): State<App>, client: Client, body: JsonObject) -> Result<Response, Problem> {
    let mut fields = Fields::of(&body.object);
    let address = fields.required("email", text(|text| bounded(text, 254)));
    let password = fields.required("password", text(|text| bounded(text, 1024)));
    let credentials = fields.finish(address.zip(password));
    let (address, password) = credentials.map_err(Problem::invalid)?;

    let attempt = app.guard.sign_ins.attempt(client.network, &email(&address), Instant::now());
    let attempt = attempt.map_err(slow_down)?;
    let account =
        app.store.read(move |read| read.account_by_email(&email(&address))).await.map_err(Problem::from)?;
    let (user, stored) = account.map(|account| (account.id, account.password_hash)).unzip();
    let right = app.passwords.verify(password, stored).await;
    // One answer for both, or the answer would tell who has an account.
    let Some(user) = user.filter(|_| right) else {
        return Err(Problem::unauthorized("The e-mail address or the password is wrong."));
    };

    attempt.succeeded(Instant::now());

    let now = app.clock.now();
    let begun =
        app.store.write(move |write| session::begin(write, &user, now)).await.map_err(Problem::from)?;
    begun.map_or_else(|| Err(Problem::internal()), |begun| welcome(&app, client, StatusCode::CREATED, &begun))
}

pub(super) fn slow_down(too_many: TooMany) -> Problem {
    metrics::rate_limited("sign_in");
    // Said in the same words whether or not there is such an account.
    Problem::too_many(
        "There were too many attempts to sign in. Wait a little and try again.",
        too_many.retry_after,
    )
}

pub(super) fn bounded(text: &str, max: usize) -> Result<String, Invalid> {
    match text.chars().count() {
        0 => Err(Invalid::Required),
        count if count > max => Err(Invalid::TooLong { max }),
        _ => Ok(text.to_owned()),
    }
}

async fn refresh(State(app): State<App>, client: Client, headers: HeaderMap) -> Result<Response, Problem> {
    check_origin(&app, &headers)?;
    let Some(presented) = refresh_cookie(&headers) else { return Err(signed_out()) };
    let (digest, now) = (presented.digest(), app.clock.now());
    let refreshed = app.store.write(move |write| session::refresh(write, &digest, now)).await;
    match refreshed? {
        Refreshed::GoesOn(begun) => welcome(&app, client, StatusCode::OK, &begun),
        Refreshed::Refused => Err(signed_out()),
        Refreshed::Reused(session) => {
            tracing::warn!("a refresh token was used again; its session has been ended");
            app.hub.close_session(&session);
            Err(signed_out())
        }
    }
}

fn signed_out() -> Problem {
    Problem::unauthorized("You are not signed in any more. Sign in again; nothing is lost.")
}

/// Hands over the tokens: the access token to the page, the refresh token to the browser's cookies,
/// where no script can read it.
fn welcome(app: &App, client: Client, status: StatusCode, begun: &Begun) -> Result<Response, Problem> {
    let body = Session {
        access_token: app.tokens.sign(&begun.account.user(), &begun.session)?,
        token_type: "Bearer".to_owned(),
        expires_in: app.tokens.lifetime_seconds().into(),
        user: begun.account.user(),
    };
    let cookie = cookie(client, begun.refresh.expose(), REFRESH_SECONDS);
    Ok((status, [(header::SET_COOKIE, cookie)], json(serde_json::to_string(&body)?)).into_response())
}

async fn who_am_i(caller: Caller) -> Result<Response, Problem> {
    Ok(json(serde_json::to_string(&WhoAmI { user: caller.account.user() })?).into_response())
}

/// Ends the session of the access token or, for a page whose token has expired, of the cookie. There is
/// nothing to refuse: whoever has no session is signed out already.
async fn sign_out(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    caller: Option<Caller>,
) -> Result<Response, Problem> {
    check_origin(&app, &headers)?;
    let cookie_digest = refresh_cookie(&headers).map(|presented| presented.digest());
    let mut sessions: Vec<_> =
        caller.into_iter().map(|caller| (caller.token.user, caller.token.session)).collect();
    let ended = app.store.write(move |write| {
        if let Some(digest) = cookie_digest {
            sessions.extend(session::of_refresh_token(&write.read(), &digest)?);
        }
        for (user, session) in &sessions {
            session::end(write, user, session)?;
        }
        Ok::<_, StoreError>(sessions)
    });
    for (_, session) in ended.await? {
        app.hub.close_session(&session);
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(client, "", 0))]).into_response())
}

async fn issue_ticket(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let ticket = app.tickets.issue(caller.token)?;
    let body = Ticket { ticket: ticket.expose().to_owned(), expires_in: ticket::LIFETIME_SECONDS.into() };
    Ok((StatusCode::CREATED, json(serde_json::to_string(&body)?)).into_response())
}

/// A cookie comes along by itself, so what it may do is refused to pages of other origins.
fn check_origin(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    if origin::is_allowed(headers, &app.settings.origins) {
        Ok(())
    } else {
        Err(Problem::forbidden(
            "Pages of this origin may not use this server. It can be allowed with --origin.",
        ))
    }
}

/// The refresh cookie; with nothing in it and no time to live it is taken away.
pub(super) fn cookie(client: Client, value: &str, seconds: i64) -> String {
    let secure = if client.encrypted { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/api/session; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

fn refresh_cookie(headers: &HeaderMap) -> Option<Secret> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| Secret::presented(value))
}
