//! Answers that were given under an `Idempotency-Key`, so that the same request gets the same one.

use latido_protocol::{session::UserId, time::Timestamp};
use rusqlite::{OptionalExtension, params};

use super::{Read, StoreError, Write};
use crate::digest::Digest;

/// How long a key is remembered: longer than the seven days that a page keeps what it could not send, or
/// what was received without an answer would be created a second time.
const KEPT_MS: i64 = 8 * 24 * 3_600_000;

/// What was answered, and to which request.
pub struct StoredAnswer {
    pub request: Vec<u8>,
    pub body: String,
}

impl Read<'_> {
    pub fn answer(
        &self,
        user: &UserId,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT request_hash, answer FROM idempotency_keys
                 WHERE user_id = ?1 AND key = ?2 AND created_at > ?3",
            )?
            .query_row(params![user.as_str(), key, now.unix_ms() - KEPT_MS], |row| {
                Ok(StoredAnswer { request: row.get(0)?, body: row.get(1)? })
            })
            .optional()?)
    }
}

impl Write<'_> {
    pub fn keep_answer(
        &mut self,
        user: &UserId,
        key: &str,
        request: &Digest,
        body: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("DELETE FROM idempotency_keys WHERE created_at <= ?1")?
            .execute([now.unix_ms() - KEPT_MS])?;
        self.savepoint
            .prepare_cached(
                "INSERT INTO idempotency_keys (user_id, key, request_hash, answer, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![user.as_str(), key, request.as_bytes(), body, now.unix_ms()])?;
        Ok(())
    }
}
