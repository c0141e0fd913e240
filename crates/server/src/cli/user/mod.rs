//! `latido-server user …`: accounts in the database of a data directory. A server may be running on it
//! meanwhile.

mod data;
mod security;

use std::io::{self, Write as _};

use clap::{Args, Subcommand};
use latido_domain::{
    access,
    account::{self, NewAccount, Role, TenantId},
    delete_account,
    error::DomainError,
    profile,
    store::Read,
};
use latido_protocol::values::DisplayName;

use self::{
    data::{DataArgs, UserError, chosen_password},
    security::{PasswordArgs, RoleArgs, SignOutArgs},
};
use crate::{
    auth::{account_deletion, ended},
    clock::{Clock, SystemClock},
};

#[derive(Subcommand)]
pub enum UserCommand {
    /// Create an account
    Add(AddArgs),
    /// Give an account another password, and sign it out everywhere
    Password(PasswordArgs),
    /// Give an account another role, and sign it out everywhere
    Role(RoleArgs),
    /// Sign an account out everywhere
    SignOut(SignOutArgs),
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
    #[arg(long, default_value = "main", value_parser = TenantId::parse)]
    tenant: TenantId,
    /// The password; asked for if it is not given
    #[arg(long, env = "LATIDO_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    #[command(flatten)]
    data_args: DataArgs,
}

#[derive(Args)]
pub struct DeleteArgs {
    /// The address to sign in with
    email: String,
    #[command(flatten)]
    data_args: DataArgs,
}

#[derive(Args)]
pub struct AssignArgs {
    /// The person's address
    email: String,
    /// The coach's address
    #[arg(long)]
    coach: String,
    #[command(flatten)]
    data_args: DataArgs,
}

pub fn run(command: UserCommand) -> Result<(), UserError> {
    let done = match command {
        UserCommand::Add(args) => add(args)?,
        UserCommand::Password(args) => security::set_password(args)?,
        UserCommand::Role(args) => security::set_role(&args)?,
        UserCommand::SignOut(args) => security::sign_out(&args)?,
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
    let password_hash = chosen_password(args.password, &email)?;
    let now = SystemClock.now();
    let new = NewAccount {
        email: email.clone(),
        password_hash,
        role: args.role,
        tenant: args.tenant,
        profile: profile::blank(name, now).map_err(UserError::Name)?,
    };
    let added = args.data_args.with(|store| async move {
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
    args.data_args.with(|store| async move {
        let deleting = store.write(move |write| {
            let account = write.read().account_by_email(&email)?;
            let account = account.ok_or_else(|| UserError::Unknown(email.clone()))?;
            let ended =
                account_deletion::delete_account(write, &account.id).map_err(|refused| match refused {
                    DomainError::Store(error) => UserError::Store(error),
                    _ => UserError::Unknown(email),
                })?;
            Ok::<_, UserError>(ended::announce(write, &ended, SystemClock.now())?)
        });
        deleting.await?;
        Ok(store.purge().await?)
    })?;
    Ok(done)
}

fn assign(args: &AssignArgs) -> Result<String, UserError> {
    let (person, coach) = (account::email(&args.email), account::email(&args.coach));
    let done = format!("{coach} follows {person} from now on.");
    args.data_args.with(|store| async move {
        let assigning = store.write(move |write| {
            let (one, two) = two_accounts(&write.read(), &person, &coach)?;
            access::assign(write, &one, &two, SystemClock.now()).map_err(|refused| match refused {
                DomainError::Store(error) => UserError::Store(error),
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
    args.data_args.with(|store| async move {
        let ending = store.write(move |write| {
            let (one, two) = two_accounts(&write.read(), &person, &coach)?;
            if delete_account::end_assignment(write, &one.id, &two.id)? {
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

/// Only what is certainly none is refused; whether mail arrives there is not ours to know.
fn looks_like_an_address(email: &str) -> bool {
    email.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !email.contains(char::is_whitespace)
        && email.len() <= 254
}
