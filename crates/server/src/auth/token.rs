//! Access tokens: JWTs, signed with Ed25519, in the shape that Cognito gives its access tokens, so that
//! one verifier can serve both.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, Header};
use latido_protocol::{
    session::{User, UserId},
    time::Timestamp,
};
use serde::Serialize;

use super::{
    AuthError,
    keys::SigningKey,
    refresh::RefreshKey,
    session_id::SessionId,
    verifier::{ACCESS, Keys, Verifier},
};
use crate::clock::Clock;

const ISSUER: &str = "latido";
const CLIENT: &str = "latido-dashboard";

#[derive(Serialize)]
struct Claims {
    sub: String,
    sid: String,
    iss: String,
    aud: String,
    client_id: String,
    token_use: String,
    role: String,
    /// Seconds since 1970.
    iat: i64,
    /// Seconds since 1970.
    exp: i64,
}

/// What a valid token says. Whether its session still lasts is for the store to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub user: UserId,
    pub session: SessionId,
    pub expires_at: Timestamp,
    pub origin: Origin,
}

/// Where somebody has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Here,
    /// At another issuer, by this name if there is one.
    Elsewhere {
        name: Option<String>,
    },
}

pub struct Tokens {
    key: SigningKey,
    keys: Keys,
    verifier: Verifier,
    lifetime_seconds: u32,
    clock: Arc<dyn Clock>,
}

impl Tokens {
    pub fn new(key: SigningKey, lifetime_seconds: u32, clock: Arc<dyn Clock>) -> Self {
        let keys = Keys::of(&key.jwks);
        Self { key, keys, verifier: Verifier::new(ISSUER, CLIENT), lifetime_seconds, clock }
    }

    pub fn lifetime_seconds(&self) -> u32 {
        self.lifetime_seconds
    }

    pub fn jwks(&self) -> &jsonwebtoken::jwk::JwkSet {
        &self.key.jwks
    }

    /// By which refresh tokens are made.
    pub fn refresh_key(&self) -> &RefreshKey {
        &self.key.refresh
    }

    pub fn sign(&self, user: &User, session: &SessionId) -> Result<String, AuthError> {
        let iat = self.clock.now().unix_ms() / 1000;
        let claims = Claims {
            sub: user.id.as_str().to_owned(),
            sid: session.as_str().to_owned(),
            iss: ISSUER.to_owned(),
            aud: CLIENT.to_owned(),
            client_id: CLIENT.to_owned(),
            token_use: ACCESS.to_owned(),
            role: user.role.clone(),
            iat,
            exp: iat + i64::from(self.lifetime_seconds),
        };
        let header = Header { kid: Some(self.key.id.clone()), ..Header::new(Algorithm::EdDSA) };
        Ok(jsonwebtoken::encode(&header, &claims, &self.key.encoding)?)
    }

    /// Checks everything but whether the session still lasts. `None` does not say what was wrong: an
    /// attacker need not know, and everybody else gets a new token.
    pub fn verify(&self, token: &str) -> Option<Verified> {
        let claims = self.verifier.verify(token, &self.keys, self.clock.now()).ok()?;
        // Ours always say whom they are for and which session they belong to.
        claims.aud.as_ref()?;
        Some(Verified {
            expires_at: claims.expires_at(),
            user: UserId::new(claims.sub),
            session: SessionId::new(claims.sid?),
            origin: Origin::Here,
        })
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
