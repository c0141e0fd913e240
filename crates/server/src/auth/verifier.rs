//! Checking access tokens: the one place where a JWT is believed. It serves the server's own tokens and
//! those of another issuer, such as Cognito.
//!
//! A key can be used with one algorithm only, the one its kind is for, and is named by the token and
//! fetched by us: a token can neither choose how it is checked nor bring the key along.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use latido_protocol::time::Timestamp;
use serde::Deserialize;

/// What tokens of this use are for; `id` tokens, which Cognito makes too, are for the page alone.
pub const ACCESS: &str = "access";
/// RSA keys with fewer bytes are weak (NIST SP 800-131A: 2048 bits).
const RSA_BYTES: usize = 256;

/// Public keys by their ids.
#[derive(Default)]
pub struct Keys(HashMap<String, Key>);

struct Key {
    algorithm: Algorithm,
    decoding: DecodingKey,
}

impl Keys {
    /// Those keys of the set that sign with an allowed algorithm and have a name.
    pub fn of(set: &JwkSet) -> Self {
        let usable = |jwk: &Jwk| {
            let algorithm = algorithm(jwk)?;
            let decoding = DecodingKey::from_jwk(jwk).ok()?;
            Some((jwk.common.key_id.clone()?, Key { algorithm, decoding }))
        };
        Self(set.keys.iter().filter_map(usable).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The one algorithm that this key is for: RS256, ES256 or `EdDSA`; `None` for any other key.
fn algorithm(jwk: &Jwk) -> Option<Algorithm> {
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let (algorithm, named) = match &jwk.algorithm {
        AlgorithmParameters::RSA(key) if URL_SAFE_NO_PAD.decode(&key.n).ok()?.len() >= RSA_BYTES => {
            (Algorithm::RS256, KeyAlgorithm::RS256)
        }
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        // Of other kinds, on other curves, too short, or secret.
        _ => return None,
    };
    jwk.common.key_algorithm.is_none_or(|said| said == named).then_some(algorithm)
}

/// What a verified token says.
#[derive(Debug, Deserialize)]
pub struct Claims {
    pub sub: String,
    /// The session, in our own tokens.
    pub sid: Option<String>,
    /// The sign-in that a token goes back to, in Cognito's.
    pub origin_jti: Option<String>,
    pub jti: Option<String>,
    /// How the person signs in, in Cognito's.
    pub username: Option<String>,
    pub aud: Option<String>,
    client_id: String,
    token_use: String,
    /// Seconds since 1970.
    exp: i64,
    /// Seconds since 1970.
    nbf: Option<i64>,
}

impl Claims {
    pub fn expires_at(&self) -> Timestamp {
        instant(self.exp)
    }
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ms(seconds.saturating_mul(1000))
}

/// Why a token is not believed. Whoever presents it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It names a key that is not among these. The issuer may have a new one.
    UnknownKey,
    /// Anything else.
    Invalid,
}

/// Who has to have made a token, and for whom.
pub struct Verifier {
    client: String,
    issuer: String,
}

impl Verifier {
    pub fn new(issuer: &str, client: &str) -> Self {
        Self { issuer: issuer.to_owned(), client: client.to_owned() }
    }

    /// Checks signature, issuer, client, use and time.
    pub fn verify(&self, token: &str, keys: &Keys, now: Timestamp) -> Result<Claims, Refusal> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refusal::Invalid)?;
        let brings_a_key = header.jku.is_some()
            || header.jwk.is_some()
            || header.x5u.is_some()
            || header.x5c.is_some()
            || header.crit.is_some();
        let Some(id) = header.kid.filter(|_| !brings_a_key) else { return Err(Refusal::Invalid) };
        let key = keys.0.get(&id).ok_or(Refusal::UnknownKey)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &self.validation(key.algorithm));
        let claims = claims.map_err(|_| Refusal::Invalid)?.claims;
        let is_current = now < claims.expires_at() && claims.nbf.is_none_or(|nbf| instant(nbf) <= now);
        if is_current && claims.client_id == self.client && claims.token_use == ACCESS {
            Ok(claims)
        } else {
            Err(Refusal::Invalid)
        }
    }

    /// Whether a token says that it comes from this issuer. It may lie.
    pub fn is_addressed_by(&self, token: &str) -> bool {
        #[derive(Deserialize)]
        struct Issued {
            iss: String,
        }
        let payload = token.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
        payload
            .and_then(|payload| serde_json::from_slice::<Issued>(&payload).ok())
            .is_some_and(|issued| issued.iss == self.issuer)
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.issuer]);
        // Where there is an audience it has to be the client; Cognito's access tokens have none.
        validation.set_audience(&[&self.client]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // The library asks the system's clock. Ours is asked instead.
        validation.validate_exp = false;
        validation
    }
}
