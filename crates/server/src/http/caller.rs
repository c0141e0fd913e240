//! Who asks: the bearer of an access token whose session still lasts.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use latido_protocol::session::{User, UserId};

use super::problem::Problem;
use crate::{app::App, auth::token::Verified, store::StoreError};

pub struct Caller {
    pub user: User,
    pub token: Verified,
}

impl Caller {
    pub fn id(&self) -> UserId {
        self.user.id.clone()
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = <Self as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await?;
        caller.ok_or_else(|| {
            Problem::unauthorized("Sign in first: the access token is missing or no longer valid.")
        })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The caller that a token stands for, unless the session has ended meanwhile.
pub async fn authenticate(app: &App, token: Verified) -> Result<Option<Caller>, StoreError> {
    let session = token.session.clone();
    let user = app.store.read(move |read| read.session_user(&session)).await?;
    Ok(user.filter(|user| user.id == token.user).map(|user| Caller { user, token }))
}

impl OptionalFromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        match bearer(&parts.headers).and_then(|token| app.tokens.verify(token)) {
            Some(token) => Ok(authenticate(app, token).await?),
            None => Ok(None),
        }
    }
}
