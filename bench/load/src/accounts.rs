//! Users that are signed in. They are written into a data directory with the bundled server's own code, before any
//! server runs, and their tokens signed with that directory's key. The peers are given the same users, sessions and
//! public key, so that all three check the same tokens.

use std::{fs, path::Path, sync::Arc};

use clap::Parser;
use latido_domain::{
    account::{self, NewAccount, Role, TenantId},
    profile,
};
use latido_protocol::values::DisplayName;
use latido_server::{
    auth::session::{self, SessionError},
    clock::{Clock, SystemClock},
    config::{ServeArgs, Settings},
    startup,
};
use serde_json::json;
use tempfile::TempDir;

use crate::error::Error;

/// Accounts that share a transaction.
const BATCH: usize = 100;
/// Longer than any run takes.
const TOKEN_SECONDS: &str = "86400";

/// A user's access token, of its one session.
pub struct Account {
    pub token: String,
}

pub struct Accounts {
    folder: TempDir,
    /// For as long as the program runs.
    pub all: &'static [Account],
}

impl Accounts {
    pub async fn make(count: usize) -> Result<Self, Error> {
        let folder = tempfile::tempdir().map_err(Error::io("make a temporary folder"))?;
        let mut accounts = Self { folder, all: &[] };
        accounts.all = accounts.fill(count).await?.leak();
        Ok(accounts)
    }

    /// A data directory of the bundled server with all accounts in it, to be copied.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// The public key, for the peers.
    pub fn jwks(&self) -> std::path::PathBuf {
        self.folder.path().join("jwks.json")
    }

    /// `[{"user","session"}]`, for the peers.
    pub fn list(&self) -> std::path::PathBuf {
        self.folder.path().join("accounts.json")
    }

    async fn fill(&self, count: usize) -> Result<Vec<Account>, Error> {
        let mut all = Vec::with_capacity(count);
        let clock = Arc::new(SystemClock);
        let app = startup::open(settings(&self.data()), clock.clone()).await.map_err(wrong)?;
        // Nobody signs in: one hash of a password that nobody knows does for all.
        let secret = latido_server::auth::secret::Secret::random().map_err(wrong)?;
        let hash: Arc<str> = app.passwords.hash(secret.expose()).map_err(wrong)?.into();
        let mut listed = Vec::with_capacity(count);
        while all.len() < count {
            let batch = all.len()..count.min(all.len() + BATCH);
            let (hash, now) = (Arc::clone(&hash), clock.now());
            let begun = app.store.write(move |write| {
                let mut begun = Vec::with_capacity(BATCH);
                for number in batch {
                    let name = DisplayName::new(&format!("User {number}")).map_err(|_| NotMade)?;
                    let profile = profile::blank(name, now).map_err(|_| NotMade)?;
                    let new = NewAccount {
                        email: format!("user{number}@example.org"),
                        password_hash: hash.to_string(),
                        role: Role::User,
                        tenant: TenantId::main(),
                        profile,
                    };
                    let user = account::create(write, &new, now)?.ok_or(NotMade)?;
                    begun.push(session::begin(write, &user.id, now)?.ok_or(NotMade)?);
                }
                Ok::<_, MakeError>(begun)
            });
            for session::Begun { account, session, .. } in begun.await.map_err(wrong)? {
                let user = account.user();
                all.push(Account { token: app.tokens.sign(&user, &session).map_err(wrong)? });
                listed.push(json!({"user": user.id, "session": session.as_str()}));
            }
        }
        write(&self.jwks(), &serde_json::to_vec(app.tokens.jwks()).map_err(wrong)?)?;
        write(&self.list(), &serde_json::to_vec(&listed).map_err(wrong)?)?;
        app.close();
        Ok(all)
    }
}

/// A user or its session was not made, though its address is new.
#[derive(Debug, thiserror::Error)]
#[error("an account that has to be new is not")]
struct NotMade;

#[derive(Debug, thiserror::Error)]
enum MakeError {
    #[error(transparent)]
    NotMade(#[from] NotMade),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Store(#[from] latido_domain::store::StoreError),
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Accounts(error.to_string())
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(file, bytes).map_err(Error::io(format!("write {}", file.display())))
}

/// The server's settings as its command line makes them, whatever there is to set.
fn settings(data: &Path) -> Settings {
    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        serve: ServeArgs,
    }
    let line = ["serve", "--access-token-seconds", TOKEN_SECONDS];
    let line = line.map(std::ffi::OsStr::new);
    let folders = [("--data", data), ("--dist", data)];
    let folders = folders.iter().flat_map(|(name, folder)| [std::ffi::OsStr::new(name), folder.as_os_str()]);
    Settings::from(&Line::parse_from(line.into_iter().chain(folders)).serve)
}
