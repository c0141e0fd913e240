//! Who has an account.

use latido_protocol::{
    session::{User, UserId},
    time::Timestamp,
    values::DisplayName,
};
use rusqlite::{OptionalExtension, params};

use super::{Read, StoreError, Write};

/// What it takes to sign in.
pub struct Account {
    pub id: UserId,
    pub password_hash: String,
}

/// A row of `users`, before its name has been checked.
pub(super) struct UserRow {
    pub id: String,
    pub name: String,
    pub role: String,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let name = DisplayName::new(&row.name).map_err(<serde_json::Error as serde::de::Error>::custom)?;
        Ok(Self { id: UserId::new(row.id), name, role: row.role })
    }
}

impl Read<'_> {
    pub fn has_users(&self) -> Result<bool, StoreError> {
        Ok(self.connection.query_row("SELECT EXISTS (SELECT 1 FROM users)", [], |row| row.get(0))?)
    }

    /// `email` as [`crate::domain::account::email`] spells it.
    pub fn account(&self, email: &str) -> Result<Option<Account>, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT id, password_hash FROM users WHERE email = ?1")?
            .query_row([email], |row| {
                Ok(Account { id: UserId::new(row.get::<_, String>(0)?), password_hash: row.get(1)? })
            })
            .optional()?)
    }
}

impl Write<'_> {
    /// Adds a user; gives `false`, and adds nothing, when the address is taken.
    pub fn add_user(
        &mut self,
        user: &User,
        email: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let added = self.savepoint.execute(
            "INSERT INTO users (id, email, name, role, password_hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (email) DO NOTHING",
            params![user.id.as_str(), email, user.name.as_str(), user.role, password_hash, now.unix_ms()],
        )?;
        Ok(added == 1)
    }
}
