//! `latido-server user add`: creates an account in the database of a data directory. A server may be
//! running on it meanwhile.

use std::{io, io::Write as _, path::PathBuf, sync::Arc};

use clap::{Args, Subcommand};
use latido_protocol::values::{DisplayName, Invalid};

use crate::{
    app::{StartError, create_data, database},
    auth::{
        AuthError,
        password::{Cost, Passwords},
    },
    clock::{Clock, SystemClock},
    domain::{account, profile},
    hub::Hub,
    store::{Store, StoreError},
};

#[derive(Subcommand)]
pub enum UserCommand {
    /// Create an account
    Add(AddArgs),
}

#[derive(Args)]
pub struct AddArgs {
    /// The address to sign in with
    email: String,

    /// How the person is called
    #[arg(long)]
    name: String,

    /// The password; asked for if it is not given
    #[arg(long, env = "LATIDO_PASSWORD", hide_env_values = true)]
    password: Option<String>,

    /// Where the database is kept
    #[arg(long, env = "LATIDO_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,
}

/// Short passwords are guessed. NIST SP 800-63B asks for eight characters.
const MIN_PASSWORD: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum UserError {
    #[error("{0} is not an e-mail address")]
    Email(String),
    #[error("the name {0}")]
    Name(Invalid),
    #[error("the password has to have at least {MIN_PASSWORD} characters; nothing was created")]
    ShortPassword,
    #[error("the password could not be read: {0}")]
    Prompt(#[source] io::Error),
    #[error("there is an account for {0} already; nothing was changed")]
    Taken(String),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    #[error("the runtime could not be started: {0}")]
    Runtime(#[source] io::Error),
}

pub fn run(command: UserCommand) -> Result<(), UserError> {
    let UserCommand::Add(args) = command;
    let email = account::email(&args.email);
    if !looks_like_an_address(&email) {
        return Err(UserError::Email(args.email));
    }
    let name = DisplayName::new(&args.name).map_err(UserError::Name)?;
    let password = match args.password {
        Some(password) => password,
        None => rpassword::prompt_password(format!("Password for {email}: ")).map_err(UserError::Prompt)?,
    };
    if password.chars().count() < MIN_PASSWORD {
        return Err(UserError::ShortPassword);
    }

    create_data(&args.data)?;
    // Nobody is connected here: an account that is new has no events anyway.
    let store = Store::open(&database(&args.data), Arc::new(Hub::new(1, 1)))?;
    let hash = Passwords::new(Cost::default())?.hash(&password)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(UserError::Runtime)?;
    let address = email.clone();
    let now = SystemClock.now();
    let profile = profile::blank(name, now).map_err(UserError::Name)?;
    let added =
        runtime.block_on(store.write(move |write| account::create(write, &address, &hash, &profile, now)));
    store.close();
    if added?.is_none() {
        return Err(UserError::Taken(email));
    }
    let _ = writeln!(io::stdout(), "Created the account {email}. It can sign in at once.");
    Ok(())
}

/// Only what is certainly none is refused; whether mail arrives there is not ours to know.
fn looks_like_an_address(email: &str) -> bool {
    email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !email.contains(char::is_whitespace)
        && email.len() <= 254
}
