//! Where the rows go: to a running server, or into a data directory.

use std::{path::Path, sync::Arc};

use latido_devtools::demo;
use latido_domain::{
    account,
    error::DomainError,
    store::{Store, log::NullSink},
};
use latido_import::{
    Row, RowOutcome,
    row::{ImportBatch, ImportResponse},
};
use latido_protocol::{
    profile::{HealthProfile, HealthProfileOne, PATH as PROFILE_PATH},
    session::UserId,
};
use latido_store_sqlite::SqliteStore;
use tokio::runtime::Runtime;

use super::{ImportArgs, ImportError};
use crate::{
    cli::client::{Client, ClientError},
    clock::{Clock, SystemClock},
    http::import::PATH,
    import::import_rows,
    ops::data_dir::database,
};

pub enum Target {
    Server(Client),
    Data { store: Arc<dyn Store>, user: UserId, runtime: Runtime },
}

/// Why a batch was not kept.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the rows could not be kept: {0}")]
    Refused(#[from] DomainError),
    #[error("the server answered for another number of rows than it was sent")]
    Answer,
}

impl Target {
    pub fn open(args: &ImportArgs) -> Result<Self, ImportError> {
        if let Some(data) = &args.data {
            return Self::open_data(data, &args.user);
        }
        let password = match &args.password {
            Some(password) => password,
            None if args.user == demo::EMAIL => demo::PASSWORD,
            None => return Err(ImportError::NoPassword(args.user.clone())),
        };
        Ok(Self::Server(Client::sign_in(&args.url, &args.user, password)?))
    }

    fn open_data(data: &Path, user: &str) -> Result<Self, ImportError> {
        // A directory that is not one would be made into an empty one.
        let no_account = || ImportError::NoAccount(user.to_owned());
        if !database(data).exists() {
            return Err(no_account());
        }
        // Nobody is connected here.
        let store = SqliteStore::open_beside(&database(data), Arc::new(NullSink))?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(ImportError::Runtime)?;
        let address = account::email(user);
        let account = runtime.block_on(store.read(move |read| read.account_by_email(&address)))?;
        let user = account.ok_or_else(no_account)?.id;
        Ok(Self::Data { store, user, runtime })
    }

    /// The profile, which knows the time zone.
    pub fn profile(&self) -> Result<HealthProfile, ImportError> {
        match self {
            Self::Server(client) => Ok(client.get::<HealthProfileOne>(PROFILE_PATH)?.health_profile),
            Self::Data { store, user, runtime } => {
                let id = user.clone();
                let profile = runtime.block_on(store.read(move |read| read.profile(&id)))?;
                profile.ok_or_else(|| ImportError::NoAccount(user.as_str().to_owned()))
            }
        }
    }

    pub fn keep(&self, rows: Vec<Row>, dry_run: bool) -> Result<Vec<RowOutcome>, TargetError> {
        match self {
            Self::Server(client) => {
                Ok(client.call::<ImportResponse>(PATH, &ImportBatch { rows, dry_run })?.rows)
            }
            Self::Data { store, user, runtime } => {
                let (user, now) = (user.clone(), SystemClock.now());
                Ok(runtime
                    .block_on(store.write(move |write| import_rows(write, &user, &rows, dry_run, now)))?)
            }
        }
    }

    pub fn close(self) {
        match self {
            Self::Server(client) => client.sign_out(),
            Self::Data { store, .. } => store.close(),
        }
    }
}
