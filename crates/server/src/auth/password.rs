//! Passwords: argon2id. An account that does not exist costs as much as one that does, so the time of
//! an answer does not tell which addresses have an account.
//!
//! A hash fills 19 MiB. They are kept and filled again: memory that is given back and asked for anew from
//! one thread after the other stays with the process for good.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::available_parallelism,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tokio::task::spawn_blocking;

use super::{
    AuthError,
    turns::{Busy, Turn, Turns},
};

/// Short passwords are guessed. NIST SP 800-63B asks for eight characters.
pub const MIN_CHARACTERS: usize = 8;
pub const MAX_CHARACTERS: usize = 1024;

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

/// So many passwords are checked at once at most. Bounds the memory that signing in can take.
const AT_ONCE: usize = 4;

/// Half of the processors: whoever guesses leaves the others to those who are signed in.
fn at_once() -> usize {
    (available_parallelism().map_or(1, usize::from) / 2).clamp(1, AT_ONCE)
}

pub struct Passwords {
    hasher: Arc<Hasher>,
    /// The hash of no password, to be compared with when there is no account.
    nobody: String,
    turns: Turns,
}

impl Passwords {
    pub fn new(cost: Cost) -> Result<Self, AuthError> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|error| AuthError::Password(error.into()))?;
        let hasher = Arc::new(Hasher { params, blocks: Mutex::default() });
        let nobody = hasher.hash(super::secret::Secret::random()?.expose())?;
        Ok(Self { hasher, nobody, turns: Turns::new(at_once()) })
    }

    /// The text to store for a password.
    pub fn hash(&self, password: &str) -> Result<String, AuthError> {
        self.hasher.hash(password)
    }

    /// What to store for an account that nobody signs in to with a password.
    pub fn of_nobody(&self) -> &str {
        &self.nobody
    }

    /// Waits until a password may be checked. `known`: from a network where the account is known.
    pub async fn turn(&self, known: bool) -> Result<Turn, Busy> {
        self.turns.turn(known).await
    }

    /// How many wait for a turn at the moment.
    pub fn queue_length(&self) -> usize {
        self.turns.queue_length()
    }

    /// Whether the password is the account's. With no account the same work is done for nothing. The turn
    /// lasts until the work is done, also when nobody waits for it any more.
    pub async fn verify(&self, turn: Turn, password: String, stored: Option<String>) -> bool {
        let (hasher, exists) = (Arc::clone(&self.hasher), stored.is_some());
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let matches = spawn_blocking(move || {
            let _turn = turn;
            hasher.matches(&password, &stored)
        });
        matches.await.unwrap_or(false) && exists
    }

    /// The text to store for the password that takes the place of `current`; `None` when that one is wrong.
    pub async fn replace(
        &self,
        turn: Turn,
        current: String,
        stored: String,
        new: String,
    ) -> Result<Option<String>, AuthError> {
        let hasher = Arc::clone(&self.hasher);
        let replaced = spawn_blocking(move || {
            let _turn = turn;
            hasher.matches(&current, &stored).then(|| hasher.hash(&new)).transpose()
        });
        replaced.await.unwrap_or(Err(AuthError::Password(argon2::password_hash::Error::Internal)))
    }
}

struct Hasher {
    params: Params,
    /// The memory of hashes that are done. There are never more than were at work at once.
    blocks: Mutex<Vec<Vec<Block>>>,
}

impl Hasher {
    fn hash(&self, password: &str) -> Result<String, AuthError> {
        let mut salt = [0_u8; Salt::RECOMMENDED_LENGTH];
        getrandom::fill(&mut salt)?;
        let hash = || {
            let salt = Salt::new(&salt)?;
            let output =
                self.fill(Algorithm::Argon2id, Version::V0x13, self.params.clone(), password, &salt)?;
            Ok(PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: ParamsString::try_from(&self.params)?,
                salt: Some(salt),
                hash: Some(output),
            }
            .to_string())
        };
        hash().map_err(AuthError::Password)
    }

    fn matches(&self, password: &str, stored: &str) -> bool {
        let matches = || {
            let stored = PasswordHash::new(stored).ok()?;
            let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
            let version = stored.version.map(Version::try_from).transpose().ok()?.unwrap_or_default();
            let params = Params::try_from(&stored).ok()?;
            let output = self.fill(algorithm, version, params, password, &stored.salt?).ok()?;
            // Compared in constant time.
            Some(output == stored.hash?)
        };
        matches().unwrap_or(false)
    }

    fn fill(
        &self,
        algorithm: Algorithm,
        version: Version,
        params: Params,
        password: &str,
        salt: &Salt,
    ) -> Result<Output, argon2::password_hash::Error> {
        let (count, length) =
            (params.block_count(), params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN));
        let argon2 = Argon2::new(algorithm, version, params);
        let mut blocks = self.blocks().pop().unwrap_or_default();
        if blocks.len() < count {
            blocks = vec![Block::new(); count];
        }
        let mut bytes = [0_u8; Output::MAX_LENGTH];
        let output = bytes.get_mut(..length).ok_or(argon2::password_hash::Error::OutputSize)?;
        let filled = argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut blocks);
        self.blocks().push(blocks);
        filled?;
        Ok(Output::new(output)?)
    }

    fn blocks(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher, PasswordVerifier};

    use super::*;

    fn cheap() -> Passwords {
        Passwords::new(Cost { memory_kib: 8, passes: 1 }).unwrap()
    }

    async fn verify(passwords: &Passwords, password: &str, stored: Option<String>) -> bool {
        let turn = passwords.turn(false).await.unwrap();
        passwords.verify(turn, password.to_owned(), stored).await
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_real_account_passes() {
        let passwords = cheap();
        let stored = passwords.hash("latido-demo").unwrap();
        assert!(verify(&passwords, "latido-demo", Some(stored.clone())).await);
        assert!(!verify(&passwords, "latido-dem", Some(stored)).await);
        assert!(!verify(&passwords, "latido-demo", None).await);
        assert!(!verify(&passwords, "latido-demo", Some("not a hash".into())).await);
    }

    #[tokio::test]
    async fn hashes_are_those_of_the_library() {
        let (passwords, argon2) = (cheap(), Argon2::default());
        let theirs = argon2.hash_password(b"latido-demo").unwrap().to_string();
        assert!(verify(&passwords, "latido-demo", Some(theirs)).await);
        // In memory that another hash has left as it was.
        let ours = passwords.hash("latido-demo").unwrap();
        assert!(argon2.verify_password(b"latido-demo", ours.as_str()).is_ok());
        assert_ne!(ours, passwords.hash("latido-demo").unwrap(), "salted");
    }

    #[tokio::test]
    async fn one_hash_after_another_uses_the_same_memory() {
        let passwords = cheap();
        for _ in 0..20 {
            verify(&passwords, "latido-demo", None).await;
        }
        assert_eq!(passwords.hasher.blocks().len(), 1);
    }
}
