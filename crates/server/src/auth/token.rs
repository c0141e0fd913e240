//! Access tokens: JWTs, signed with Ed25519, in the shape that Cognito gives its access tokens, so that
//! one verifier can serve both.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, Header, Validation};
use latido_protocol::{
    session::{User, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{AuthError, keys::SigningKey, session::SessionId};
use crate::clock::Clock;

const ISSUER: &str = "latido";
const CLIENT: &str = "latido-dashboard";
const USE: &str = "access";

#[derive(Serialize, Deserialize)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
}

/// What a valid token says. Whether its session still lasts is for the store to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub user: UserId,
    pub session: SessionId,
    pub expires_at: Timestamp,
}

pub struct Tokens {
    key: SigningKey,
    validation: Validation,
    lifetime_seconds: u32,
    clock: Arc<dyn Clock>,
}

impl Tokens {
    pub fn new(key: SigningKey, lifetime_seconds: u32, clock: Arc<dyn Clock>) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[CLIENT]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library asks the system's clock. Ours is asked below.
        validation.validate_exp = false;
        Self { key, validation, lifetime_seconds, clock }
    }

    pub fn lifetime_seconds(&self) -> u32 {
        self.lifetime_seconds
    }

    pub fn jwks(&self) -> &jsonwebtoken::jwk::JwkSet {
        &self.key.jwks
    }

    pub fn sign(&self, user: &User, session: &SessionId) -> Result<String, AuthError> {
        let iat = self.clock.now().unix_ms() / 1000;
        let claims = Claims {
            sub: user.id.as_str().to_owned(),
            sid: session.as_str().to_owned(),
            iss: ISSUER.to_owned(),
            aud: CLIENT.to_owned(),
            client_id: CLIENT.to_owned(),
            token_use: USE.to_owned(),
            role: user.role.clone(),
            iat,
            exp: iat + i64::from(self.lifetime_seconds),
            nbf: None,
        };
        let header = Header { kid: Some(self.key.id.clone()), ..Header::new(Algorithm::EdDSA) };
        Ok(jsonwebtoken::encode(&header, &claims, &self.key.encoding)?)
    }

    /// Checks everything but whether the session still lasts. `None` does not say what was wrong: an
    /// attacker need not know, and everybody else gets a new token.
    pub fn verify(&self, token: &str) -> Option<Verified> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.key.decoding, &self.validation).ok()?.claims;
        let now = self.clock.now();
        let instant = |seconds: i64| Timestamp::from_unix_ms(seconds.saturating_mul(1000));
        let expires_at = instant(claims.exp);
        let begun = claims.nbf.is_none_or(|nbf| instant(nbf) <= now);
        (claims.client_id == CLIENT && claims.token_use == USE && begun && now < expires_at).then(|| {
            Verified { user: UserId::new(claims.sub), session: SessionId::new(claims.sid), expires_at }
        })
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
