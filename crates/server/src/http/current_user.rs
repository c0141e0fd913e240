//! Who asks: the bearer of an access token whose session still lasts.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use axum_extra::headers::{Authorization, HeaderMapExt, authorization::Bearer};
use latido_domain::{
    access,
    account::{Account, TenantId},
    error::DomainError,
    store::{Read, StoreError},
};
use latido_protocol::{reason::Code, session::UserId};

use super::{problem::Problem, query::Parameters};
use crate::{
    auth::{
        guest, session,
        token::{Origin, Verified},
    },
    http::limits::admit_user,
    state::AppState,
};

pub struct CurrentUser {
    pub account: Account,
    pub token: Verified,
}

impl CurrentUser {
    pub fn id(&self) -> UserId {
        self.account.id.clone()
    }
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let caller = <Self as OptionalFromRequestParts<AppState>>::from_request_parts(parts, app).await?;
        caller.ok_or_else(|| {
            Problem::unauthorized(
                Code::SignedOut.says("Sign in first: the access token is missing or no longer valid."),
            )
        })
    }
}

/// The caller that a token stands for, unless the session has ended meanwhile.
pub async fn authenticate(app: &AppState, token: Verified) -> Result<Option<CurrentUser>, StoreError> {
    let (user, session) = (token.user.clone(), token.session.clone());
    let mut account = app.store.read(move |read| session::account_of(read, &user, &session)).await?;
    if let (None, Origin::Elsewhere { name }) = (&account, &token.origin) {
        let issuer = app.settings.issuer.as_ref();
        let terms = guest::GuestTerms {
            now: app.clock.now(),
            sure: app.session_time.sure(),
            tenant: issuer.map_or_else(TenantId::guests, |issuer| issuer.tenant.clone()),
            password_hash: app.passwords.of_nobody().to_owned(),
        };
        account = guest::admit(&*app.store, terms, &token, name.as_deref()).await?;
    }
    Ok(account.map(|account| CurrentUser { account, token }))
}

impl OptionalFromRequestParts<AppState> for CurrentUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Option<Self>, Problem> {
        let Some(Authorization(bearer)) = parts.headers.typed_get::<Authorization<Bearer>>() else {
            return Ok(None);
        };
        match app.verify(bearer.token().trim()).await {
            Some(token) => {
                admit_user(app, &parts.extensions, &token.user).await?;
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
    pub fn of(&self, read: &Read, caller: &CurrentUser) -> Result<UserId, DomainError> {
        access::person(read, &caller.account.id, self.0.as_ref())
    }
}
