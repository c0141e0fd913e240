//! People who sign in at another issuer. At first sight of a valid token they get an account here, of
//! role `user` in the tenant `main`, and a session that goes back to their sign-in there.
//!
//! Signing out here is remembered by the sign-in: no token of it is good any more, however long it would
//! last and however often it is refreshed at the issuer.

use latido_protocol::{
    time::Timestamp,
    values::{DisplayName, Invalid},
};
use serde::{Deserialize, Serialize};

use super::{
    session::{REFRESH_SECONDS, SessionId, StoredSession},
    token::Verified,
};
use crate::{
    app::App,
    domain::{
        account::{self, Account, NewAccount, Role, TenantId},
        profile,
    },
    store::{Owner, StoreError, Stored, Write},
};

/// A sign-in that is over.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Departed {
    session: SessionId,
    /// When it is forgotten, and would be over at the issuer by itself.
    expires_at: Timestamp,
}

impl Stored for Departed {
    const COLLECTION: &'static str = "departedGuest";

    fn id(&self) -> &str {
        self.session.as_str()
    }

    fn at(&self) -> Timestamp {
        self.expires_at
    }
}

/// The guest's account, made if there is none; `None` if this sign-in is over. `name` is what the person
/// goes by at the issuer.
pub async fn admit(app: &App, token: &Verified, name: Option<&str>) -> Result<Option<Account>, StoreError> {
    let (user, session) = (token.user.clone(), token.session.clone());
    let now = app.clock.now();
    let Ok(profile) = display_name(name).and_then(|name| profile::blank(name, now)) else { return Ok(None) };
    let new = NewAccount {
        // Nobody can sign in here with it: it is no address, and the password is nobody's.
        email: user.as_str().to_owned(),
        password_hash: app.passwords.of_nobody().to_owned(),
        role: Role::User,
        tenant: TenantId::main(),
        profile,
    };
    app.store
        .write(move |write| {
            write.trim::<Departed>(&Owner::server(), now)?;
            if write.read().get::<Departed>(&Owner::server(), session.as_str())?.is_some() {
                return Ok(None);
            }
            if write.read().account(&user)?.is_none() {
                account::create_as(write, user.clone(), &new, now)?;
            }
            let expires_at = now.plus_ms(REFRESH_SECONDS * 1000);
            write.trim::<StoredSession>(&Owner::user(&user), now)?;
            write.put(
                &Owner::user(&user),
                &StoredSession { id: session, user: user.clone(), expires_at, guest: true },
            )?;
            write.read().account(&user)
        })
        .await
}

/// Remembers that this sign-in is over.
pub(super) fn depart(write: &mut Write, session: &StoredSession) -> Result<(), StoreError> {
    let departed = Departed { session: session.id.clone(), expires_at: session.expires_at };
    write.put(&Owner::server(), &departed)
}

/// The name at the issuer as far as it can be one here; it can be changed in the profile.
fn display_name(name: Option<&str>) -> Result<DisplayName, Invalid> {
    let cut: String = name.unwrap_or_default().trim().chars().take(DisplayName::MAX).collect();
    DisplayName::new(if cut.is_empty() { "Latido" } else { &cut })
}
