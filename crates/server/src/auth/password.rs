//! Passwords: argon2id. An account that does not exist costs as much as one that does, so the time of
//! an answer does not tell which addresses have an account.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::AuthError;

/// How much work one guess costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Default for Cost {
    /// 19 MiB and two passes, the first choice of the OWASP Password Storage Cheat Sheet.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

/// So many passwords are checked at once; more wait. Bounds the memory that signing in can take.
const AT_ONCE: usize = 4;

pub struct Passwords {
    argon2: Argon2<'static>,
    /// The hash of no password, to be compared with when there is no account.
    nobody: String,
    turns: Semaphore,
}

impl Passwords {
    pub fn new(cost: Cost) -> Result<Self, AuthError> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|error| AuthError::Password(error.into()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, super::secret::Secret::random()?.expose())?;
        Ok(Self { argon2, nobody, turns: Semaphore::new(AT_ONCE) })
    }

    /// The text to store for a password.
    pub fn hash(&self, password: &str) -> Result<String, AuthError> {
        hash(&self.argon2, password)
    }

    /// What to store for an account that nobody signs in to with a password.
    pub fn of_nobody(&self) -> &str {
        &self.nobody
    }

    /// Whether the password is the account's. With no account the same work is done for nothing.
    pub async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let Ok(_turn) = self.turns.acquire().await else { return false };
        let (argon2, exists) = (self.argon2.clone(), stored.is_some());
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let matches = spawn_blocking(move || {
            PasswordHash::new(&stored)
                .is_ok_and(|stored| argon2.verify_password(password.as_bytes(), &stored).is_ok())
        });
        matches.await.unwrap_or(false) && exists
    }
}

fn hash(argon2: &Argon2, password: &str) -> Result<String, AuthError> {
    Ok(argon2.hash_password(password.as_bytes()).map_err(AuthError::Password)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_real_account_passes() {
        let passwords = Passwords::new(Cost { memory_kib: 8, passes: 1 }).unwrap();
        let stored = passwords.hash("latido-demo").unwrap();
        assert!(passwords.verify("latido-demo".into(), Some(stored.clone())).await);
        assert!(!passwords.verify("latido-dem".into(), Some(stored)).await);
        assert!(!passwords.verify("latido-demo".into(), None).await);
        assert!(!passwords.verify("latido-demo".into(), Some("not a hash".into())).await);
    }
}
