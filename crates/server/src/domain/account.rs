//! Accounts: a user, the address to sign in with, and the profile that belongs to it.

use latido_protocol::{
    profile::HealthProfile,
    session::{User, UserId},
    time::Timestamp,
};

use crate::store::{StoreError, Write};

/// An address in the one spelling by which accounts are found.
pub fn email(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Creates an account; `None`, with nothing written, when there is one for this address already.
/// `address` as [`email`] spells it.
pub fn create(
    write: &mut Write,
    address: &str,
    password_hash: &str,
    profile: &HealthProfile,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    let user = User {
        id: UserId::new(uuid::Uuid::now_v7().to_string()),
        name: profile.display_name.clone(),
        role: "user".to_owned(),
    };
    if !write.add_user(&user, address, password_hash, now)? {
        return Ok(None);
    }
    write.put_profile(&user.id, profile)?;
    Ok(Some(user))
}
