//! Sessions. A sign-in makes one; its access tokens are good for an hour and only while it lasts; its
//! refresh token rotates at every use.
//!
//! Two tabs may refresh at the same moment with the same cookie, and an answer may get lost on the way.
//! So a used refresh token still works for [`GRACE_MS`]. After that, its use means that somebody else
//! has a copy: the whole session ends, for the thief and for the owner, who signs in again.

use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::{AuthError, secret::Secret};
use crate::{
    digest::Digest,
    domain::account::Account,
    store::{Owner, Read, Slice, StoreError, Stored, Write},
};

/// How long a refresh token, and so a session that nobody uses, lasts.
pub const REFRESH_SECONDS: i64 = 30 * 24 * 3600;
const GRACE_MS: i64 = 60_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(String);

impl SessionId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A session lasts as long as this does.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredSession {
    pub(super) id: SessionId,
    pub(super) user: UserId,
    /// When its last refresh token expires.
    pub(super) expires_at: Timestamp,
    /// It was begun at another issuer, see [`super::guest`].
    #[serde(default)]
    pub(super) guest: bool,
}

impl Stored for StoredSession {
    const COLLECTION: &'static str = "session";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.expires_at
    }
}

/// A refresh token. Only its hash is kept: who reads the database cannot sign in with it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredRefresh {
    hash: String,
    session: SessionId,
    user: UserId,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

impl Stored for StoredRefresh {
    const COLLECTION: &'static str = "refreshToken";

    fn id(&self) -> &str {
        &self.hash
    }

    fn at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Leads from somebody to their refresh tokens, so that those can be taken away with the account.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefreshOf {
    hash: String,
    expires_at: Timestamp,
}

impl Stored for RefreshOf {
    const COLLECTION: &'static str = "refreshOf";

    fn id(&self) -> &str {
        &self.hash
    }

    fn at(&self) -> Timestamp {
        self.expires_at
    }
}

/// A session that has just begun or gone on, with its next refresh token.
pub struct Begun {
    pub session: SessionId,
    pub account: Account,
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
    write.trim::<StoredRefresh>(&Owner::server(), now)?;
    write.trim::<RefreshOf>(&Owner::user(user), now)?;
    write.trim::<StoredSession>(&Owner::user(user), now)?;
    let session = SessionId::new(uuid::Uuid::now_v7().to_string());
    go_on(write, session, user, now)
}

/// Takes a refresh token and gives the next one.
pub fn refresh(write: &mut Write, presented: &Digest, now: Timestamp) -> Result<Refreshed, SessionError> {
    let server = Owner::server();
    let found = write.read().get::<StoredRefresh>(&server, &presented.hex())?;
    let Some(mut stored) = found else { return Ok(Refreshed::Refused) };
    if stored.expires_at <= now || account_of(&write.read(), &stored.user, &stored.session)?.is_none() {
        return Ok(Refreshed::Refused);
    }
    if stored.used_at.is_some_and(|used_at| used_at.plus_ms(GRACE_MS) <= now) {
        end(write, &stored.user, &stored.session)?;
        return Ok(Refreshed::Reused(stored.session));
    }
    if stored.used_at.is_none() {
        stored.used_at = Some(now);
        write.put(&server, &stored)?;
    }
    Ok(match go_on(write, stored.session, &stored.user, now)? {
        Some(begun) => Refreshed::GoesOn(Box::new(begun)),
        None => Refreshed::Refused,
    })
}

fn go_on(
    write: &mut Write,
    session: SessionId,
    user: &UserId,
    now: Timestamp,
) -> Result<Option<Begun>, SessionError> {
    let Some(account) = write.read().account(user)? else { return Ok(None) };
    let refresh = Secret::random()?;
    let expires_at = now.plus_ms(REFRESH_SECONDS * 1000);
    let token = StoredRefresh {
        hash: refresh.digest().hex(),
        session: session.clone(),
        user: user.clone(),
        expires_at,
        used_at: None,
    };
    write.put(&Owner::server(), &token)?;
    write.put(&Owner::user(user), &RefreshOf { hash: token.hash.clone(), expires_at })?;
    let stored = StoredSession { id: session.clone(), user: user.clone(), expires_at, guest: false };
    write.put(&Owner::user(user), &stored)?;
    Ok(Some(Begun { session, account, refresh }))
}

/// The account whose session this is; `None` when the session has ended.
pub fn account_of(read: &Read, user: &UserId, session: &SessionId) -> Result<Option<Account>, StoreError> {
    match read.get::<StoredSession>(&Owner::user(user), session.as_str())? {
        Some(_) => read.account(user),
        None => Ok(None),
    }
}

/// Whose refresh token this is, and of which session.
pub fn of_refresh_token(read: &Read, presented: &Digest) -> Result<Option<(UserId, SessionId)>, StoreError> {
    let stored = read.get::<StoredRefresh>(&Owner::server(), &presented.hex())?;
    Ok(stored.map(|stored| (stored.user, stored.session)))
}

/// Ends the session: its access tokens, refresh tokens and tickets are good for nothing any more.
pub fn end(write: &mut Write, user: &UserId, session: &SessionId) -> Result<(), StoreError> {
    let owner = Owner::user(user);
    let stored = write.read().get::<StoredSession>(&owner, session.as_str())?;
    if let Some(stored) = stored.filter(|stored| stored.guest) {
        super::guest::depart(write, &stored)?;
    }
    write.remove::<StoredSession>(&owner, session.as_str())?;
    Ok(())
}

/// Ends all sessions of somebody, and gives which those were.
pub fn end_all(write: &mut Write, user: &UserId) -> Result<Vec<SessionId>, StoreError> {
    let sessions = write.read().list::<StoredSession>(&Owner::user(user), &Slice::default())?;
    for session in &sessions {
        end(write, user, &session.id)?;
    }
    for token in write.read().list::<RefreshOf>(&Owner::user(user), &Slice::default())? {
        write.remove::<StoredRefresh>(&Owner::server(), &token.hash)?;
        write.remove::<RefreshOf>(&Owner::user(user), &token.hash)?;
    }
    Ok(sessions.into_iter().map(|session| session.id).collect())
}
