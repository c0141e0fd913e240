//! Secrets that are handed out: 256 random bits, written in the alphabet of URLs, which is also that
//! of cookies and of `Sec-WebSocket-Protocol`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use latido_domain::digest::Digest;

use super::AuthError;

/// Not `Debug` and not `Display`: a secret reaches a log only by being spelled out.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn random() -> Result<Self, AuthError> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What somebody presents as a secret.
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// By which it is remembered. A random secret needs no salt and no slow hash.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}
