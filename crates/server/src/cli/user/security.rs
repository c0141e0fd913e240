//! Changing what an account may do and with which password. All of it signs the account out everywhere: whoever
//! got in with the old password is out, and no page goes on with the old role. A server that is running closes
//! the sockets within a second.

use clap::Args;
use latido_domain::{
    account::{self, Account, Role},
    delete_account,
    store::Write,
};

use super::data::{DataArgs, UserError, chosen_password};
use crate::{
    auth::{ended, session},
    clock::{Clock, SystemClock},
};

#[derive(Args)]
pub struct PasswordArgs {
    /// The address to sign in with
    email: String,
    /// The new password; asked for if it is not given
    #[arg(long, env = "LATIDO_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    #[command(flatten)]
    data_args: DataArgs,
}

#[derive(Args)]
pub struct RoleArgs {
    /// The address to sign in with
    email: String,
    /// What the person may do from now on
    #[arg(value_enum)]
    role: Role,
    #[command(flatten)]
    data_args: DataArgs,
}

#[derive(Args)]
pub struct SignOutArgs {
    /// The address to sign in with
    email: String,
    #[command(flatten)]
    data_args: DataArgs,
}

pub fn set_password(args: PasswordArgs) -> Result<String, UserError> {
    let email = account::email(&args.email);
    let password_hash = chosen_password(args.password, &email)?;
    let ended = args.data_args.change(&email, move |write, account| {
        account::set_password(write, &account.id, &account.password_hash, password_hash)?;
        Ok(())
    })?;
    Ok(format!("{email} has a new password. {}", signed_out(ended)))
}

pub fn set_role(args: &RoleArgs) -> Result<String, UserError> {
    let (email, role) = (account::email(&args.email), args.role);
    let ended = args.data_args.change(&email, move |write, account| {
        if role < Role::Coach {
            delete_account::end_assignments_of(write, &account.id)?;
        }
        Ok(account::set_role(write, account, role)?)
    })?;
    Ok(format!("{email} is of role {} from now on. {}", role.as_str(), signed_out(ended)))
}

pub fn sign_out(args: &SignOutArgs) -> Result<String, UserError> {
    let email = account::email(&args.email);
    let ended = args.data_args.change(&email, |_, _| Ok(()))?;
    Ok(format!("{email}: {}", signed_out(ended)))
}

fn signed_out(sessions: usize) -> String {
    match sessions {
        0 => "No session was open.".to_owned(),
        1 => "1 session was ended.".to_owned(),
        several => format!("{several} sessions were ended."),
    }
}

impl DataArgs {
    /// Changes an account and ends its sessions, in one transaction. Gives how many those were.
    fn change(
        &self,
        email: &str,
        change: impl FnOnce(&mut Write, &Account) -> Result<(), UserError> + Send + 'static,
    ) -> Result<usize, UserError> {
        let email = email.to_owned();
        self.with(|store| async move {
            let changing = store.write(move |write| {
                let account = write.read().account_by_email(&email)?.ok_or(UserError::Unknown(email))?;
                change(write, &account)?;
                let ended = session::end_all(write, &account.id)?;
                ended::announce(write, &ended, SystemClock.now())?;
                Ok::<_, UserError>(ended.len())
            });
            changing.await
        })
    }
}
