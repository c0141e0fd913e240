//! People who sign in at another issuer. At first sight of a valid token they get an account here, of
//! role `user` in the tenant that is configured, and a session that goes back to their sign-in there.
//!
//! Signing out here is remembered by the sign-in: no token of it is good any more, however long it would
//! last and however often it is refreshed at the issuer.

use latido_domain::{
    account::{self, Account, NewAccount, Role, TenantId},
    profile,
    store::{Owner, Store, StoreError},
};
use latido_protocol::{
    time::Timestamp,
    values::{DisplayName, Invalid},
};

use super::{
    departed, ended,
    session::{self, REFRESH_SECONDS, StoredSession},
    token::Verified,
};

/// Terms under which a guest gets an account.
pub struct GuestTerms {
    pub now: Timestamp,
    /// Sign-ins that were over before this are forgotten.
    pub sure: Timestamp,
    pub tenant: TenantId,
    /// A hash that no password has.
    pub password_hash: String,
}

/// The guest's account, made if there is none; `None` if this sign-in is over. `name` is what the person
/// goes by at the issuer.
pub async fn admit(
    store: &dyn Store,
    terms: GuestTerms,
    token: &Verified,
    name: Option<&str>,
) -> Result<Option<Account>, StoreError> {
    let (user, session) = (token.user.clone(), token.session.clone());
    let GuestTerms { now, sure, tenant, password_hash } = terms;
    let Ok(profile) = display_name(name).and_then(|name| profile::blank(name, now)) else { return Ok(None) };
    let new = NewAccount {
        // Nobody can sign in here with it: it is no address, and the password is nobody's.
        email: user.as_str().to_owned(),
        password_hash,
        role: Role::User,
        tenant,
        profile,
    };
    store
        .write(move |write| {
            if departed::has_departed(write, &session, sure)? {
                return Ok(None);
            }
            if write.read().account(&user)?.is_none() {
                account::create_as(write, user.clone(), &new, now)?;
            }
            let expires_at = now.plus_ms(REFRESH_SECONDS * 1000);
            let displaced = session::make_room(write, &user)?;
            ended::announce(write, &displaced, now)?;
            let begun =
                StoredSession { id: session, user: user.clone(), expires_at, guest: true, chain: None };
            write.put(&Owner::user(&user), &begun)?;
            write.read().account(&user)
        })
        .await
}

/// The name at the issuer as far as it can be one here; it can be changed in the profile.
fn display_name(name: Option<&str>) -> Result<DisplayName, Invalid> {
    let cut: String = name.unwrap_or_default().trim().chars().take(DisplayName::MAX).collect();
    DisplayName::new(if cut.is_empty() { "Latido" } else { &cut })
}
