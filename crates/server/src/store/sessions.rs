//! Sessions and their refresh tokens. A session lives as long as its row does; its refresh tokens are
//! stored as hashes, each good for one use.

use latido_protocol::{
    session::{User, UserId},
    time::Timestamp,
};
use rusqlite::{OptionalExtension, params};

use super::{Read, StoreError, Write, users::UserRow};
use crate::{auth::session::SessionId, digest::Digest};

/// A refresh token as the store remembers it.
pub struct StoredRefresh {
    pub session: SessionId,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

impl Read<'_> {
    /// Whose session this is; `None` when it has ended.
    pub fn session_user(&self, session: &SessionId) -> Result<Option<User>, StoreError> {
        let row = self
            .connection
            .prepare_cached(
                "SELECT users.id, users.name, users.role FROM sessions
                 JOIN users ON users.id = sessions.user_id WHERE sessions.id = ?1",
            )?
            .query_row([session.as_str()], |row| {
                Ok(UserRow { id: row.get(0)?, name: row.get(1)?, role: row.get(2)? })
            })
            .optional()?;
        row.map(User::try_from).transpose()
    }

    pub fn refresh_token(&self, hash: &Digest) -> Result<Option<StoredRefresh>, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT session_id, expires_at, used_at FROM refresh_tokens WHERE hash = ?1")?
            .query_row([hash.as_bytes()], |row| {
                Ok(StoredRefresh {
                    session: SessionId::new(row.get::<_, String>(0)?),
                    expires_at: Timestamp::from_unix_ms(row.get(1)?),
                    used_at: row.get::<_, Option<i64>>(2)?.map(Timestamp::from_unix_ms),
                })
            })
            .optional()?)
    }
}

impl Write<'_> {
    pub fn add_session(
        &mut self,
        session: &SessionId,
        user: &UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("INSERT INTO sessions (id, user_id, created_at) VALUES (?1, ?2, ?3)")?
            .execute(params![session.as_str(), user.as_str(), now.unix_ms()])?;
        Ok(())
    }

    /// Ends the session: its access tokens, refresh tokens and tickets are good for nothing any more.
    pub fn end_session(&mut self, session: &SessionId) -> Result<(), StoreError> {
        self.savepoint.prepare_cached("DELETE FROM sessions WHERE id = ?1")?.execute([session.as_str()])?;
        Ok(())
    }

    pub fn add_refresh_token(
        &mut self,
        hash: &Digest,
        session: &SessionId,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES (?1, ?2, ?3)")?
            .execute(params![hash.as_bytes(), session.as_str(), expires_at.unix_ms()])?;
        Ok(())
    }

    pub fn mark_refresh_token_used(&mut self, hash: &Digest, now: Timestamp) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("UPDATE refresh_tokens SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL")?
            .execute(params![hash.as_bytes(), now.unix_ms()])?;
        Ok(())
    }

    /// Forgets expired refresh tokens, and the sessions that have none left.
    pub fn prune_sessions(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("DELETE FROM refresh_tokens WHERE expires_at <= ?1")?
            .execute([now.unix_ms()])?;
        self.savepoint
            .prepare_cached(
                "DELETE FROM sessions WHERE NOT EXISTS
                 (SELECT 1 FROM refresh_tokens WHERE session_id = sessions.id)",
            )?
            .execute([])?;
        Ok(())
    }
}
