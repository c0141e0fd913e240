//! The one health profile of every user.

use latido_protocol::{profile::HealthProfile, session::UserId};
use rusqlite::{OptionalExtension, params};

use super::{Read, StoreError, Write};

impl Read<'_> {
    pub fn profile(&self, user: &UserId) -> Result<Option<HealthProfile>, StoreError> {
        let body: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM profiles WHERE user_id = ?1")?
            .query_row([user.as_str()], |row| row.get(0))
            .optional()?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }
}

impl Write<'_> {
    /// Writes the profile. The user goes by its display name from now on.
    pub fn put_profile(&mut self, user: &UserId, profile: &HealthProfile) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached(
                "INSERT INTO profiles (user_id, body) VALUES (?1, ?2)
                 ON CONFLICT (user_id) DO UPDATE SET body = excluded.body",
            )?
            .execute(params![user.as_str(), serde_json::to_string(profile)?])?;
        self.savepoint
            .prepare_cached("UPDATE users SET name = ?2 WHERE id = ?1")?
            .execute(params![user.as_str(), profile.display_name.as_str()])?;
        Ok(())
    }
}
