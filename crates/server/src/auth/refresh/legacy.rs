//! Refresh tokens as a version before has handed them out and kept them: one document a token.

use latido_domain::store::{Owner, StoreError, Stored, Write};
use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::{Chain, RefreshToken};
use crate::auth::session_id::SessionId;

/// A token of a version before.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::auth) struct LegacyToken {
    hash: String,
    session: SessionId,
    user: UserId,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

impl LegacyToken {
    /// Takes it away once there is a chain.
    pub(in crate::auth) fn forget(
        write: &mut Write,
        token: &RefreshToken,
        user: &UserId,
    ) -> Result<(), StoreError> {
        let Some(hash) = token.legacy.map(|digest| digest.hex()) else { return Ok(()) };
        write.remove::<Self>(&Owner::server(), &hash)?;
        write.remove::<LegacyTokenOf>(&Owner::user(user), &hash)?;
        Ok(())
    }

    /// The chain that begins with it. A token that was used in those days has no place in it.
    pub(super) fn as_chain(&self, token: &RefreshToken) -> Chain {
        let next = if self.used_at.is_none() { self.hash.clone() } else { String::new() };
        Chain {
            id: token.chain.digest().hex(),
            session: self.session.clone(),
            user: self.user.clone(),
            expires_at: self.expires_at,
            next,
            used: None,
            overtaken: Vec::new(),
        }
    }
}

impl Stored for LegacyToken {
    const COLLECTION: &'static str = "refreshToken";

    fn id(&self) -> &str {
        &self.hash
    }

    fn at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Led from somebody to their tokens in a version before.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::auth) struct LegacyTokenOf {
    pub(in crate::auth) hash: String,
    expires_at: Timestamp,
}

impl Stored for LegacyTokenOf {
    const COLLECTION: &'static str = "refreshOf";

    fn id(&self) -> &str {
        &self.hash
    }

    fn at(&self) -> Timestamp {
        self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{RefreshKey, Use},
        *,
    };

    fn kept(text: &str, used_at: Option<Timestamp>) -> (RefreshKey, RefreshToken, LegacyToken) {
        let key = RefreshKey::of(&[7; 32]);
        let token = RefreshToken::presented(&key, text);
        let kept = LegacyToken {
            hash: token.legacy.unwrap().hex(),
            session: SessionId::new("s1"),
            user: UserId::new("u1"),
            expires_at: Timestamp::from_unix_ms(1_795_248_900_000),
            used_at,
        };
        (key, token, kept)
    }

    #[test]
    fn a_legacy_token_has_one_successor() {
        let (key, token, kept) = kept("from-before", None);
        let mut chain = kept.as_chain(&token);
        let now = Timestamp::from_unix_ms(1_795_000_000_000);
        let mut successor = || match chain.advance(&key, &token, now) {
            Use::Next(token) => token.text(),
            Use::Reused => panic!("it was good"),
        };
        assert_eq!(successor(), successor());
    }

    #[test]
    fn a_legacy_token_that_was_used_is_an_old_one() {
        let now = Timestamp::from_unix_ms(1_795_000_000_000);
        let (key, token, kept) = kept("from-before", Some(now));
        assert!(matches!(kept.as_chain(&token).advance(&key, &token, now), Use::Reused));
    }
}
