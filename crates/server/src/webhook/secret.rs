//! The secrets that webhooks are signed with.
//!
//! They are configured where a provider is connected. Where nothing is, the server makes one and keeps it
//! in the data directory readable by its owner alone: the webhook is never open to strangers, and
//! `latido-server chat` on the same machine finds the secret without being told.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use hmac::{Hmac, Mac};
use sha2::Sha256;

const FILE: &str = "webhook-secret";
/// Shorter secrets can be guessed from one signed request.
const LEAST_BYTES: usize = 16;

/// Not `Debug` and not `Display`: it reaches no log.
#[derive(Clone)]
pub struct Secret(Hmac<Sha256>);

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("a webhook secret has fewer than {LEAST_BYTES} characters; make one with `openssl rand -hex 32`")]
    Short,
    #[error("the webhook secret in the data directory cannot be read or written: {0}")]
    File(#[from] io::Error),
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] crate::auth::AuthError),
}

impl Secret {
    pub fn new(text: &str) -> Result<Self, SecretError> {
        if text.len() < LEAST_BYTES {
            return Err(SecretError::Short);
        }
        // The library takes keys of any length.
        Hmac::new_from_slice(text.as_bytes()).map(Self).map_err(|_| SecretError::Short)
    }

    /// The beginning of a signature made with it.
    pub(super) fn mac(&self) -> Hmac<Sha256> {
        self.0.clone()
    }
}

/// The configured secrets or, if there is none, the one of the data directory, which is made if missing.
/// The first is the newest.
pub fn load_or_make(configured: &[String], data: &Path) -> Result<Vec<Secret>, SecretError> {
    if !configured.is_empty() {
        return configured.iter().map(|text| Secret::new(text.trim())).collect();
    }
    let secret = match load(data) {
        Err(SecretError::File(error)) if error.kind() == io::ErrorKind::NotFound => make(&data.join(FILE))?,
        loaded => loaded?,
    };
    Ok(vec![secret])
}

/// The secret that a server on this data directory has made.
pub fn load(data: &Path) -> Result<Secret, SecretError> {
    Secret::new(fs::read_to_string(data.join(FILE))?.trim())
}

fn make(file: &Path) -> Result<Secret, SecretError> {
    let secret = crate::auth::secret::Secret::random()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    writeln!(file, "{}", secret.expose())?;
    file.sync_all()?;
    Secret::new(secret.expose())
}

#[cfg(test)]
mod tests {
    use latido_protocol::time::Timestamp;

    use super::*;
    use crate::webhook::signature::{Target, Version1, sign, verify};

    #[test]
    fn a_secret_is_made_once() {
        let data = tempfile::tempdir().unwrap();
        let made = load_or_make(&[], data.path()).unwrap();
        let target = Target { method: "POST", path: "/hook" };
        let header = sign(&made, target, b"body", Timestamp::EPOCH);
        let read = load_or_make(&[], data.path()).unwrap();
        let verified = verify(&read, Some(&header), target, Version1::Refused, b"body", Timestamp::EPOCH);
        assert_eq!(verified, Ok(()));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        load_or_make(&[], data.path()).unwrap();
        let mode = fs::metadata(data.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_refused() {
        let data = tempfile::tempdir().unwrap();
        assert!(matches!(load_or_make(&["hunter2".to_owned()], data.path()), Err(SecretError::Short)));
        fs::write(data.path().join(FILE), "half a s").unwrap();
        assert!(
            matches!(load_or_make(&[], data.path()), Err(SecretError::Short)),
            "nor is a broken one replaced"
        );
    }
}
