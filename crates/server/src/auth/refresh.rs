//! Refresh tokens. Those of a session are a chain: each is made of the one before, with a key that is not
//! in the database. So the same token always has the same successor, however often it is used, and nothing
//! has to be kept by which somebody could sign in.
//!
//! - A token is good until its successor has been used: an answer may get lost, and the way back to the
//!   server may be long. A second use gives the same successor.
//! - Tabs share a cookie, and a request may be overtaken by one with the successor. So for [`OVERTAKEN_MS`]
//!   after that the token is still answered, with the newest one.
//! - After that its use means that somebody else has a copy, and the session ends, for both of them.
//!
//! A token is written `chain.link`: by the chain it is known which session it is of, also when it is an
//! old one. Tokens of versions before were one secret without a dot; the chain of such a one is made of it.

mod legacy;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use latido_domain::{
    digest::Digest,
    store::{Owner, Read, StoreError, Stored, Write},
};
use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

pub(super) use self::legacy::{LegacyToken, LegacyTokenOf};
use super::{AuthError, secret::Secret, session_id::SessionId};

/// How long a request may have been on its way.
const OVERTAKEN_MS: i64 = 60_000;
/// So many tokens may be overtaken in that time: as many tabs as anybody opens at once.
const OVERTAKEN: usize = 16;

/// By which tokens are made of tokens.
#[derive(Clone)]
pub struct RefreshKey([u8; 32]);

impl RefreshKey {
    /// Made of a secret that is kept elsewhere.
    pub fn of(secret: &[u8; 32]) -> Self {
        Self(mac(secret, "latido refresh tokens", ""))
    }

    fn successor(&self, link: &Secret) -> Secret {
        Secret::presented(&URL_SAFE_NO_PAD.encode(mac(&self.0, "successor", link.expose())))
    }

    fn chain_of_legacy(&self, token: &str) -> Secret {
        Secret::presented(&URL_SAFE_NO_PAD.encode(mac(&self.0, "chain", token)))
    }
}

fn mac(key: &[u8; 32], what: &str, of: &str) -> [u8; 32] {
    // Shorter keys than a block are filled up with noughts (RFC 2104).
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(what.as_bytes());
    mac.update(&[0]);
    mac.update(of.as_bytes());
    mac.finalize().into_bytes().into()
}

/// A token, as it was presented or is handed out.
#[derive(Clone)]
pub struct RefreshToken {
    chain: Secret,
    link: Secret,
    /// The digest under which a version before has kept it.
    legacy: Option<Digest>,
}

impl RefreshToken {
    pub fn presented(key: &RefreshKey, text: &str) -> Self {
        if let Some((chain, link)) = text.split_once('.') {
            Self { chain: Secret::presented(chain), link: Secret::presented(link), legacy: None }
        } else {
            let link = Secret::presented(text);
            Self { chain: key.chain_of_legacy(text), legacy: Some(link.digest()), link }
        }
    }

    /// As it is handed out.
    pub fn text(&self) -> String {
        format!("{}.{}", self.chain.expose(), self.link.expose())
    }

    /// Whether a version before has handed it out.
    pub fn is_legacy(&self) -> bool {
        self.legacy.is_some()
    }
}

/// A token whose successor has been used.
#[derive(Serialize, Deserialize)]
struct Overtaken {
    digest: String,
    /// When the successor was used first.
    at: Timestamp,
}

/// What is kept of a chain: digests of its newest tokens.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Chain {
    /// The digest of what its tokens have in common.
    id: String,
    pub(super) session: SessionId,
    pub(super) user: UserId,
    pub(super) expires_at: Timestamp,
    /// The token that was handed out last.
    next: String,
    /// The one that was used last.
    used: Option<String>,
    /// Those before that, as long as they may still be on their way.
    overtaken: Vec<Overtaken>,
}

impl Stored for Chain {
    const COLLECTION: &'static str = "refreshChain";

    fn id(&self) -> &str {
        &self.id
    }

    fn at(&self) -> Timestamp {
        self.expires_at
    }
}

/// What a token is good for.
pub(super) enum Use {
    /// This one comes next.
    Next(RefreshToken),
    /// It is an old one: somebody has a copy.
    Reused,
}

impl Chain {
    /// Begins the chain of a session, with its first token.
    pub(super) fn begin(
        session: &SessionId,
        user: &UserId,
        expires_at: Timestamp,
    ) -> Result<(Self, RefreshToken), AuthError> {
        let token = RefreshToken { chain: Secret::random()?, link: Secret::random()?, legacy: None };
        let chain = Self {
            id: token.chain.digest().hex(),
            session: session.clone(),
            user: user.clone(),
            expires_at,
            next: token.link.digest().hex(),
            used: None,
            overtaken: Vec::new(),
        };
        Ok((chain, token))
    }

    /// The chain of this token. It does not say that the token is good.
    pub(super) fn find(read: &Read, token: &RefreshToken) -> Result<Option<Self>, StoreError> {
        let found = read.get::<Self>(&Owner::server(), &token.chain.digest().hex())?;
        match (found, token.legacy) {
            (None, Some(digest)) => Ok(read
                .get::<LegacyToken>(&Owner::server(), &digest.hex())?
                .map(|legacy| legacy.as_chain(token))),
            (found, _) => Ok(found),
        }
    }

    /// How new the token is among those of this chain: the newest is 0.
    pub(super) fn age_of(&self, token: &RefreshToken) -> u8 {
        let digest = Some(token.link.digest().hex());
        if digest.as_ref() == Some(&self.next) {
            0
        } else if digest == self.used {
            1
        } else {
            2
        }
    }

    pub(super) fn put(&self, write: &mut Write) -> Result<(), StoreError> {
        write.put(&Owner::server(), self)
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Uses a token of this chain. The chain may be another one afterwards.
    pub(super) fn advance(&mut self, key: &RefreshKey, token: &RefreshToken, now: Timestamp) -> Use {
        let digest = token.link.digest().hex();
        let link = if digest == self.next {
            self.use_next(digest, now);
            key.successor(&token.link)
        } else if self.used.as_ref() == Some(&digest) {
            key.successor(&token.link)
        } else if let Some(newest) = self.newest_after(key, token, &digest, now) {
            newest
        } else {
            return Use::Reused;
        };
        self.next = link.digest().hex();
        Use::Next(RefreshToken { chain: token.chain.clone(), link, legacy: None })
    }

    fn use_next(&mut self, digest: String, now: Timestamp) {
        let before = self.used.replace(digest).map(|digest| Overtaken { digest, at: now });
        let still = std::mem::take(&mut self.overtaken).into_iter().filter(|token| token.is_on_its_way(now));
        self.overtaken = before.into_iter().chain(still).take(OVERTAKEN).collect();
    }

    /// The newest token of the chain, for one that was overtaken just now.
    fn newest_after(
        &self,
        key: &RefreshKey,
        token: &RefreshToken,
        digest: &str,
        now: Timestamp,
    ) -> Option<Secret> {
        self.overtaken.iter().find(|token| token.digest == digest && token.is_on_its_way(now))?;
        let links = std::iter::successors(Some(key.successor(&token.link)), |link| Some(key.successor(link)));
        links.take(OVERTAKEN + 2).find(|link| link.digest().hex() == self.next)
    }
}

impl Overtaken {
    /// Not after the clock was put back: that brings no old token back.
    fn is_on_its_way(&self, now: Timestamp) -> bool {
        now >= self.at && now < self.at.plus_ms(OVERTAKEN_MS)
    }
}

#[cfg(test)]
#[path = "refresh_tests.rs"]
mod tests;
