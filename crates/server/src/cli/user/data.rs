//! What all commands about accounts share: the data directory, the password and the errors.

use std::{future::Future, io, path::PathBuf, sync::Arc};

use clap::Args;
use latido_domain::store::{Store, StoreError, log::NullSink};
use latido_protocol::values::Invalid;
use latido_store_sqlite::SqliteStore;

use crate::{
    auth::{
        AuthError,
        password::{Cost, MIN_CHARACTERS, Passwords},
    },
    ops::data_dir::{self, DataDirError, database},
};

#[derive(Args)]
pub struct DataArgs {
    /// Where the database is kept
    #[arg(long, env = "LATIDO_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum UserError {
    #[error("{0} is not an e-mail address")]
    Email(String),
    #[error("the name {0}")]
    Name(Invalid),
    #[error("the password has to have at least {MIN_CHARACTERS} characters; nothing was changed")]
    ShortPassword,
    #[error("the password could not be read: {0}")]
    Prompt(#[source] io::Error),
    #[error("there is an account for {0} already; nothing was changed")]
    Taken(String),
    #[error("there is no account for {0}; nothing was changed")]
    Unknown(String),
    #[error(
        "{coach} cannot follow {person}: they have to be of one tenant, and {coach} a coach or an admin; nothing was changed"
    )]
    CannotFollow { coach: String, person: String },
    #[error("{coach} does not follow {person}; nothing was changed")]
    DoesNotFollow { coach: String, person: String },
    #[error(transparent)]
    Start(#[from] DataDirError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    #[error("the runtime could not be started: {0}")]
    Runtime(#[source] io::Error),
}

impl DataArgs {
    /// Opens the database for one thing to be done. Nobody is connected here, so events would reach
    /// nobody.
    pub fn with<T, F>(&self, job: impl FnOnce(Arc<dyn Store>) -> F) -> Result<T, UserError>
    where
        F: Future<Output = Result<T, UserError>>,
    {
        data_dir::create(&self.data)?;
        let store = SqliteStore::open_beside(&database(&self.data), Arc::new(NullSink))?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(UserError::Runtime)?;
        let done = runtime.block_on(job(Arc::clone(&store)));
        store.close();
        done
    }
}

/// The hash of the password that was given or, if there is none, is asked for.
pub fn chosen_password(given: Option<String>, email: &str) -> Result<String, UserError> {
    let password = match given {
        Some(password) => password,
        None => rpassword::prompt_password(format!("Password for {email}: ")).map_err(UserError::Prompt)?,
    };
    if password.chars().count() < MIN_CHARACTERS {
        return Err(UserError::ShortPassword);
    }
    Ok(Passwords::new(Cost::default())?.hash(&password)?)
}
