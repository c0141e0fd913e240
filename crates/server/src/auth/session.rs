//! Sessions. A sign-in makes one; its access tokens are good for an hour and only while it lasts; its
//! refresh token rotates, see [`super::refresh`].
//!
//! Nothing is deleted here because of what time it is: a clock that jumps ahead would take everybody's
//! sessions with it. What has expired is refused, and somebody's sessions are bounded by their number.

use latido_domain::{
    account::Account,
    store::{Owner, Read, Slice, StoreError, Stored, Write},
};
use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    AuthError, departed,
    refresh::{Chain, LegacyToken, LegacyTokenOf, RefreshKey, RefreshToken, Use},
    session_id::SessionId,
};

/// How long a refresh token, and so a session that nobody uses, lasts.
pub const REFRESH_SECONDS: i64 = 30 * 24 * 3600;
/// So many sessions somebody has at most. One more ends the one that was not used for the longest time.
pub const SESSIONS_PER_USER: usize = 50;

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
    /// The chain of its refresh tokens, by the chain's id.
    #[serde(default)]
    pub(super) chain: Option<String>,
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

/// A session that has just begun or gone on, with its next refresh token.
pub struct Begun {
    pub session: SessionId,
    pub account: Account,
    pub refresh: RefreshToken,
    /// Others of the same user that have been ended to make room. Their sockets are to be closed.
    pub displaced: Vec<SessionId>,
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
    let Some(account) = write.read().account(user)? else { return Ok(None) };
    let displaced = make_room(write, user)?;
    let session = SessionId::new(uuid::Uuid::now_v7().to_string());
    let expires_at = now.plus_ms(REFRESH_SECONDS * 1000);
    let (chain, refresh) = Chain::begin(&session, user, expires_at)?;
    keep(write, &chain)?;
    Ok(Some(Begun { session, account, refresh, displaced }))
}

/// Ends as many sessions as it takes for one more to begin, and gives which those were.
pub(super) fn make_room(write: &mut Write, user: &UserId) -> Result<Vec<SessionId>, StoreError> {
    let sessions = write.read().list::<StoredSession>(&Owner::user(user), &Slice::default())?;
    // The newest come first.
    let oldest: Vec<_> = sessions.into_iter().skip(SESSIONS_PER_USER - 1).map(|session| session.id).collect();
    for session in &oldest {
        end(write, user, session)?;
    }
    Ok(oldest)
}

/// The one to use of several tokens that came along: the newest one of a session that lasts. `None` when
/// there is none, or when they are of several sessions: one of those is somebody else's, and nothing tells which.
pub fn choose(read: &Read, presented: Vec<RefreshToken>) -> Result<Option<RefreshToken>, StoreError> {
    let mut found: Vec<(Chain, RefreshToken)> = Vec::new();
    for token in presented {
        if let Some(chain) = Chain::find(read, &token)?
            && account_of(read, &chain.user, &chain.session)?.is_some()
        {
            found.push((chain, token));
        }
    }
    let of_one = found.windows(2).all(|two| two[0].0.session == two[1].0.session);
    found.retain(|_| of_one);
    Ok(found.into_iter().min_by_key(|(chain, token)| chain.age_of(token)).map(|(_, token)| token))
}

/// Takes a refresh token and gives the next one.
pub fn refresh(
    write: &mut Write,
    key: &RefreshKey,
    presented: &RefreshToken,
    now: Timestamp,
) -> Result<Refreshed, SessionError> {
    let Some(mut chain) = Chain::find(&write.read(), presented)? else { return Ok(Refreshed::Refused) };
    let account = account_of(&write.read(), &chain.user, &chain.session)?;
    let Some(account) = account.filter(|_| now < chain.expires_at) else { return Ok(Refreshed::Refused) };
    match chain.advance(key, presented, now) {
        Use::Reused => {
            end(write, &chain.user, &chain.session)?;
            Ok(Refreshed::Reused(chain.session))
        }
        Use::Next(refresh) => {
            chain.expires_at = now.plus_ms(REFRESH_SECONDS * 1000);
            keep(write, &chain)?;
            LegacyToken::forget(write, presented, &chain.user)?;
            let begun = Begun { session: chain.session, account, refresh, displaced: Vec::new() };
            Ok(Refreshed::GoesOn(Box::new(begun)))
        }
    }
}

/// Writes a session and the chain of its tokens, which expire together.
fn keep(write: &mut Write, chain: &Chain) -> Result<(), StoreError> {
    chain.put(write)?;
    let session = StoredSession {
        id: chain.session.clone(),
        user: chain.user.clone(),
        expires_at: chain.expires_at,
        guest: false,
        chain: Some(chain.id().to_owned()),
    };
    write.put(&Owner::user(&chain.user), &session)
}

/// The account whose session this is; `None` when the session has ended.
pub fn account_of(read: &Read, user: &UserId, session: &SessionId) -> Result<Option<Account>, StoreError> {
    match read.get::<StoredSession>(&Owner::user(user), session.as_str())? {
        Some(_) => read.account(user),
        None => Ok(None),
    }
}

/// Whose refresh token this is, and of which session.
pub fn of_refresh_token(
    read: &Read,
    presented: &RefreshToken,
) -> Result<Option<(UserId, SessionId)>, StoreError> {
    let chain = Chain::find(read, presented)?;
    Ok(chain.map(|chain| (chain.user, chain.session)))
}

/// Ends the session: its access tokens, refresh tokens and tickets are good for nothing any more.
pub fn end(write: &mut Write, user: &UserId, session: &SessionId) -> Result<(), StoreError> {
    let owner = Owner::user(user);
    let Some(stored) = write.read().get::<StoredSession>(&owner, session.as_str())? else { return Ok(()) };
    if stored.guest {
        departed::depart(write, &stored.id, stored.expires_at)?;
    }
    if let Some(chain) = &stored.chain {
        write.remove::<Chain>(&Owner::server(), chain)?;
    }
    write.remove::<StoredSession>(&owner, session.as_str())?;
    Ok(())
}

/// Ends all sessions of somebody but one, and gives which those were.
pub fn end_others(
    write: &mut Write,
    user: &UserId,
    but: Option<&SessionId>,
) -> Result<Vec<SessionId>, StoreError> {
    let sessions = write.read().list::<StoredSession>(&Owner::user(user), &Slice::default())?;
    let others: Vec<_> =
        sessions.into_iter().map(|session| session.id).filter(|id| Some(id) != but).collect();
    for session in &others {
        end(write, user, session)?;
    }
    Ok(others)
}

/// Ends all sessions of somebody, and gives which those were.
pub fn end_all(write: &mut Write, user: &UserId) -> Result<Vec<SessionId>, StoreError> {
    let sessions = end_others(write, user, None)?;
    for token in write.read().list::<LegacyTokenOf>(&Owner::user(user), &Slice::default())? {
        write.remove::<LegacyToken>(&Owner::server(), &token.hash)?;
        write.remove::<LegacyTokenOf>(&Owner::user(user), &token.hash)?;
    }
    Ok(sessions)
}
