//! Sessions. A sign-in makes one; its access tokens are good for an hour and only while it lasts; its
//! refresh token rotates at every use.
//!
//! Two tabs may refresh at the same moment with the same cookie, and an answer may get lost on the way.
//! So a used refresh token still works for [`GRACE_MS`]. After that, its use means that somebody else
//! has a copy: the whole session ends, for the thief and for the owner, who signs in again.

use latido_protocol::{
    session::{User, UserId},
    time::Timestamp,
};

use super::{AuthError, secret::Secret};
use crate::{
    digest::Digest,
    store::{StoreError, Write},
};

/// How long a refresh token, and so a session that nobody uses, lasts.
pub const REFRESH_SECONDS: i64 = 30 * 24 * 3600;
const GRACE_MS: i64 = 60_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(String);

impl SessionId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A session that has just begun or gone on, with its next refresh token.
pub struct Begun {
    pub session: SessionId,
    pub user: User,
    pub refresh: Secret,
}

/// What became of a refresh.
pub enum Refreshed {
    GoesOn(Box<Begun>),
    /// Unknown or expired.
    Refused,
    /// A copy was used: the session has been ended.
    Reused(SessionId),
}

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Auth(#[from] AuthError),
}

/// Begins a session of this user.
pub fn begin(write: &mut Write, user: &UserId, now: Timestamp) -> Result<Option<Begun>, SessionError> {
    write.prune_sessions(now)?;
    let session = SessionId::new(uuid::Uuid::now_v7().to_string());
    write.add_session(&session, user, now)?;
    go_on(write, session, now)
}

/// Takes a refresh token and gives the next one.
pub fn refresh(write: &mut Write, presented: &Digest, now: Timestamp) -> Result<Refreshed, SessionError> {
    let Some(stored) = write.read().refresh_token(presented)? else { return Ok(Refreshed::Refused) };
    if stored.expires_at <= now {
        return Ok(Refreshed::Refused);
    }
    if stored.used_at.is_some_and(|used_at| used_at.plus_ms(GRACE_MS) <= now) {
        write.end_session(&stored.session)?;
        return Ok(Refreshed::Reused(stored.session));
    }
    write.mark_refresh_token_used(presented, now)?;
    Ok(match go_on(write, stored.session, now)? {
        Some(begun) => Refreshed::GoesOn(Box::new(begun)),
        None => Refreshed::Refused,
    })
}

fn go_on(write: &mut Write, session: SessionId, now: Timestamp) -> Result<Option<Begun>, SessionError> {
    let Some(user) = write.read().session_user(&session)? else { return Ok(None) };
    let refresh = Secret::random()?;
    write.add_refresh_token(&refresh.digest(), &session, now.plus_ms(REFRESH_SECONDS * 1000))?;
    Ok(Some(Begun { session, user, refresh }))
}
