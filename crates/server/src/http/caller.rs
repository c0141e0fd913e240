//! Who asks: the bearer of an access token whose session still lasts.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use latido_protocol::session::UserId;

use super::{problem::Problem, query::Parameters};
use crate::{
    app::App,
    auth::{
        guest, session,
        token::{Origin, Verified},
    },
    domain::{Refused, account::Account, scope},
    ops::guard::requests::limit_user,
    store::{Read, StoreError},
};

pub struct Caller {
    pub account: Account,
    pub token: Verified,
}

impl Caller {
    pub fn id(&self) -> UserId {
        self.account.id.clone()
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
    let (user, session) = (token.user.clone(), token.session.clone());
    let mut account = app.store.read(move |read| session::account_of(read, &user, &session)).await?;
    if let (None, Origin::Elsewhere { name }) = (&account, &token.origin) {
        account = guest::admit(app, &token, name.as_deref()).await?;
    }
    Ok(account.map(|account| Caller { account, token }))
}

impl OptionalFromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        let Some(token) = bearer(&parts.headers) else { return Ok(None) };
        match app.verify(token).await {
            Some(token) => {
                limit_user(app, &token.user)?;
                Ok(authenticate(app, token).await?)
            }
            None => Ok(None),
        }
    }
}

/// Whose records are asked for with `?person=`: somebody's whom the caller may see, or the caller's own.
pub struct Person(Option<UserId>);

impl<S: Sync> FromRequestParts<S> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parameters = Parameters::from_request_parts(parts, state).await?;
        Ok(Self(parameters.text("person").map(UserId::new)))
    }
}

impl Person {
    pub fn of(&self, read: &Read, caller: &Caller) -> Result<UserId, Refused> {
        scope::person(read, &caller.account.id, self.0.as_ref())
    }
}
