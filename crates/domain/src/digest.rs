//! SHA-256, as it is used for entity tags, for secrets that are stored and for requests that are
//! compared.

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose};
use sha2::Sha256;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        Self(<Sha256 as sha2::Digest>::digest(bytes).into())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// As a Content-Security-Policy spells it.
    pub fn base64(&self) -> String {
        general_purpose::STANDARD.encode(self.0)
    }

    /// A strong entity tag. Half of the digest is plenty to tell two answers apart.
    pub fn entity_tag(&self) -> String {
        format!("\"{}\"", general_purpose::URL_SAFE_NO_PAD.encode(&self.0[..16]))
    }
}
