//! The signing key. It is made once, kept in the data directory readable by its owner alone, and its
//! public half is published as a JWKS, so that whoever checks tokens needs no secret.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};

use super::{AuthError, refresh::RefreshKey};

const FILE: &str = "signing-key";
/// What stands before the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410, section 10.3).
const PKCS8_HEAD: [u8; 16] = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

pub struct SigningKey {
    pub id: String,
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
    pub jwks: JwkSet,
    /// Refresh tokens are made with the same secret.
    pub refresh: RefreshKey,
}

impl SigningKey {
    /// Reads the key of this data directory, or makes one.
    pub fn load_or_make(data: &Path) -> Result<Self, AuthError> {
        let file = data.join(FILE);
        let seed = match fs::read_to_string(&file) {
            Ok(text) => decode(&text).ok_or(AuthError::KeyShape)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(&file)?,
            Err(error) => return Err(error.into()),
        };
        Self::of(&seed)
    }

    fn of(seed: &[u8; 32]) -> Result<Self, AuthError> {
        let encoding = EncodingKey::from_ed_der(&[&PKCS8_HEAD[..], seed].concat());
        let mut jwk = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA)?;
        let id = jwk.thumbprint(ThumbprintHash::SHA256)?;
        jwk.common.key_id = Some(id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let decoding = DecodingKey::from_jwk(&jwk)?;
        Ok(Self { id, encoding, decoding, jwks: JwkSet { keys: vec![jwk] }, refresh: RefreshKey::of(seed) })
    }
}

fn decode(text: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(text.trim()).ok()?.try_into().ok()
}

fn make(file: &Path) -> Result<[u8; 32], AuthError> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    writeln!(file, "{}", URL_SAFE_NO_PAD.encode(seed))?;
    file.sync_all()?;
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once() {
        let data = tempfile::tempdir().unwrap();
        let made = SigningKey::load_or_make(data.path()).unwrap();
        let read = SigningKey::load_or_make(data.path()).unwrap();
        assert_eq!(made.id, read.id);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        SigningKey::load_or_make(data.path()).unwrap();
        let mode = fs::metadata(data.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_broken_key_is_not_replaced() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join(FILE), "half a k").unwrap();
        assert!(matches!(SigningKey::load_or_make(data.path()), Err(AuthError::KeyShape)));
    }
}
