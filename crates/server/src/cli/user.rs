//! `latido-server user …`: accounts in the database of a data directory. A server may be running on it
//! meanwhile.

use std::{future::Future, io, io::Write as _, path::PathBuf, sync::Arc};

use clap::{Args, Subcommand};
use latido_protocol::values::{DisplayName, Invalid};

use crate::{
    app::{StartError, create_data, database},
    auth::{
        AuthError,
        password::{Cost, Passwords},
    },
    clock::{Clock, SystemClock},
    domain::{
        Refused,
        account::{self, NewAccount, Role, TenantId},
        leaving, profile, scope,
    },
    store::{Read, Store, StoreError, log::NoOutlet, sqlite::SqliteStore},
};

#[derive(Subcommand)]
pub enum UserCommand {
    /// Create an account
    Add(AddArgs),
    /// Delete an account with everything that it has, at once and for good
    Delete(DeleteArgs),
    /// Let a coach follow somebody of the same tenant
    Assign(AssignArgs),
    /// Let a coach follow somebody no longer
    Unassign(AssignArgs),
}

#[derive(Args)]
pub struct AddArgs {
    /// The address to sign in with
    email: String,
    /// How the person is called
    #[arg(long)]
    name: String,
    /// What the person may do besides seeing their own
    #[arg(long, value_enum, default_value_t = Role::User)]
    role: Role,
    /// To which practice, clinic or family the person belongs: nothing is shared between two of them
    #[arg(long, default_value = "main", value_parser = tenant)]
    tenant: TenantId,
    /// The password; asked for if it is not given
    #[arg(long, env = "LATIDO_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub struct DeleteArgs {
    /// The address to sign in with
    email: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
pub struct AssignArgs {
    /// The person's address
    email: String,
    /// The coach's address
    #[arg(long)]
    coach: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Place {
    /// Where the database is kept
    #[arg(long, env = "LATIDO_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,
}

fn tenant(name: &str) -> Result<TenantId, &'static str> {
    TenantId::new(name).ok_or("has 1 to 64 lower-case letters, digits and hyphens")
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
    #[error("there is no account for {0}; nothing was changed")]
    Unknown(String),
    #[error(
        "{coach} cannot follow {person}: they have to be of one tenant, and {coach} a coach or an admin; nothing was changed"
    )]
    CannotFollow { coach: String, person: String },
    #[error("{coach} does not follow {person}; nothing was changed")]
    DoesNotFollow { coach: String, person: String },
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
    let done = match command {
        UserCommand::Add(args) => add(args)?,
        UserCommand::Delete(args) => delete(&args)?,
        UserCommand::Assign(args) => assign(&args)?,
        UserCommand::Unassign(args) => unassign(&args)?,
    };
    let _ = writeln!(io::stdout(), "{done}");
    Ok(())
}

fn add(args: AddArgs) -> Result<String, UserError> {
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
    let now = SystemClock.now();
    let new = NewAccount {
        email: email.clone(),
        password_hash: Passwords::new(Cost::default())?.hash(&password)?,
        role: args.role,
        tenant: args.tenant,
        profile: profile::blank(name, now).map_err(UserError::Name)?,
    };
    let added = args.place.with(|store| async move {
        store.write(move |write| account::create(write, &new, now)).await.map_err(UserError::Store)
    })?;
    match added {
        Some(_) => Ok(format!("Created the account {email}. It can sign in at once.")),
        None => Err(UserError::Taken(email)),
    }
}

fn delete(args: &DeleteArgs) -> Result<String, UserError> {
    let email = account::email(&args.email);
    let done = format!("Deleted the account {email} and everything that it had.");
    args.place.with(|store| async move {
        let deleting = store.write(move |write| {
            let account = write.read().account_by_email(&email)?;
            let account = account.ok_or_else(|| UserError::Unknown(email.clone()))?;
            leaving::leave(write, &account.id).map_err(|refused| match refused {
                Refused::Store(error) => UserError::Store(error),
                _ => UserError::Unknown(email),
            })
        });
        deleting.await?;
        Ok(store.purge().await?)
    })?;
    Ok(done)
}

fn assign(args: &AssignArgs) -> Result<String, UserError> {
    let (person, coach) = (account::email(&args.email), account::email(&args.coach));
    let done = format!("{coach} follows {person} from now on.");
    args.place.with(|store| async move {
        let assigning = store.write(move |write| {
            let (one, two) = two_accounts(&write.read(), &person, &coach)?;
            scope::assign(write, &one, &two, SystemClock.now()).map_err(|refused| match refused {
                Refused::Store(error) => UserError::Store(error),
                _ => UserError::CannotFollow { coach, person },
            })
        });
        assigning.await
    })?;
    Ok(done)
}

fn unassign(args: &AssignArgs) -> Result<String, UserError> {
    let (person, coach) = (account::email(&args.email), account::email(&args.coach));
    let done = format!("{coach} does not follow {person} any more.");
    args.place.with(|store| async move {
        let ending = store.write(move |write| {
            let (one, two) = two_accounts(&write.read(), &person, &coach)?;
            if leaving::let_go(write, &one.id, &two.id)? {
                Ok(())
            } else {
                Err(UserError::DoesNotFollow { coach, person })
            }
        });
        ending.await
    })?;
    Ok(done)
}

fn two_accounts(
    read: &Read,
    person: &str,
    coach: &str,
) -> Result<(account::Account, account::Account), UserError> {
    let find =
        |email: &str| read.account_by_email(email)?.ok_or_else(|| UserError::Unknown(email.to_owned()));
    Ok((find(person)?, find(coach)?))
}

impl Place {
    /// Opens the database for one thing to be done. Nobody is connected here, so events would reach
    /// nobody.
    fn with<T, F>(&self, job: impl FnOnce(Arc<dyn Store>) -> F) -> Result<T, UserError>
    where
        F: Future<Output = Result<T, UserError>>,
    {
        create_data(&self.data)?;
        let store = SqliteStore::open(&database(&self.data), Arc::new(NoOutlet))?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(UserError::Runtime)?;
        let done = runtime.block_on(job(Arc::clone(&store)));
        store.close();
        done
    }
}

/// Only what is certainly none is refused; whether mail arrives there is not ours to know.
fn looks_like_an_address(email: &str) -> bool {
    email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !email.contains(char::is_whitespace)
        && email.len() <= 254
}
