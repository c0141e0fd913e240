//! Accounts: who can sign in, in which tenant, in which role.
//!
//! A tenant is a practice, a clinic, a family: people who share equipment. Nothing crosses its border. A
//! role adds to what the ones below it may do; what exactly is said in [`super::access`].

use latido_protocol::{
    profile::HealthProfile,
    session::{User, UserId},
    time::Timestamp,
    values::DisplayName,
};
use serde::{Deserialize, Serialize};

use crate::store::{Owner, Read, StoreError, Stored, Write};

/// An address in the one spelling by which accounts are found.
pub fn email(address: &str) -> String {
    address.trim().to_lowercase()
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TenantId(String);

impl TenantId {
    /// The tenant of whoever has not been given another.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// The tenant of whoever signs in at another issuer, unless it is configured: who comes from there is not
    /// known here and is not to see the equipment of those who are.
    pub fn guests() -> Self {
        Self("guests".to_owned())
    }

    /// 1 to 64 lower-case letters, digits and hyphens.
    pub fn new(name: &str) -> Option<Self> {
        let fits = (1..=64).contains(&name.len())
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        fits.then(|| Self(name.to_owned()))
    }

    /// From the command line.
    pub fn parse(name: &str) -> Result<Self, &'static str> {
        Self::new(name).ok_or("has 1 to 64 lower-case letters, digits and hyphens")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn owner(&self) -> Owner {
        Owner::tenant(&self.0)
    }
}

/// What somebody may do besides having an account. In rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees their own.
    User,
    /// Sees the people assigned, too.
    Coach,
    /// Manages the tenant's connections, too.
    Admin,
}

impl Role {
    pub const ALL: &'static [Self] = &[Self::User, Self::Coach, Self::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Coach => "coach",
            Self::Admin => "admin",
        }
    }
}

/// An account as it is kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub id: UserId,
    pub email: String,
    pub name: DisplayName,
    pub role: Role,
    pub tenant: TenantId,
    pub password_hash: String,
    pub created_at: Timestamp,
}

impl Account {
    /// As others are told of it.
    pub fn user(&self) -> User {
        User { id: self.id.clone(), name: self.name.clone(), role: self.role.as_str().to_owned() }
    }

    /// Whether it was made for somebody who signs in at another issuer. Such an account is called by its id;
    /// those that are made here, by an email address.
    pub fn is_guest(&self) -> bool {
        self.email == self.id.as_str()
    }
}

impl Stored for Account {
    const COLLECTION: &'static str = "account";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.created_at
    }
}

/// Leads from an address to its account.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountByEmail {
    email: String,
    user: UserId,
    created_at: Timestamp,
}

impl Stored for AccountByEmail {
    const COLLECTION: &'static str = "accountByEmail";

    fn id(&self) -> &str {
        &self.email
    }

    fn at(&self) -> Timestamp {
        self.created_at
    }
}

/// Leads from a tenant to its accounts.
#[derive(Serialize, Deserialize)]
pub struct Member {
    pub user: UserId,
    pub role: Role,
    pub since: Timestamp,
}

impl Stored for Member {
    const COLLECTION: &'static str = "member";

    fn id(&self) -> &str {
        self.user.as_str()
    }

    fn at(&self) -> Timestamp {
        self.since
    }

    fn facet(&self) -> &'static str {
        self.role.as_str()
    }
}

impl Stored for HealthProfile {
    const COLLECTION: &'static str = "profile";

    /// Everybody has one.
    fn id(&self) -> &'static str {
        "profile"
    }

    fn at(&self) -> Timestamp {
        self.updated_at
    }
}

impl Read<'_> {
    pub fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(self.count::<Account>(&Owner::server(), None)? > 0)
    }

    pub fn has_account(&self, id: &UserId) -> Result<bool, StoreError> {
        Ok(self.snapshot.document(&Owner::server(), Account::COLLECTION, id.as_str())?.is_some())
    }

    pub fn account(&self, id: &UserId) -> Result<Option<Account>, StoreError> {
        self.get(&Owner::server(), id.as_str())
    }

    /// `address` as [`email`] spells it.
    pub fn account_by_email(&self, address: &str) -> Result<Option<Account>, StoreError> {
        let Some(found) = self.get::<AccountByEmail>(&Owner::server(), address)? else { return Ok(None) };
        self.account(&found.user)
    }

    pub fn profile(&self, user: &UserId) -> Result<Option<HealthProfile>, StoreError> {
        self.get(&Owner::user(user), "profile")
    }
}

/// What it takes to have an account.
pub struct NewAccount {
    /// As [`email`] spells it.
    pub email: String,
    pub password_hash: String,
    pub role: Role,
    pub tenant: TenantId,
    pub profile: HealthProfile,
}

/// Creates an account; `None`, with nothing written, when there is one for this address already.
pub fn create(write: &mut Write, new: &NewAccount, now: Timestamp) -> Result<Option<User>, StoreError> {
    create_as(write, UserId::new(uuid::Uuid::now_v7().to_string()), new, now)
}

/// The same, of a user whose id is given.
pub fn create_as(
    write: &mut Write,
    id: UserId,
    new: &NewAccount,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    let server = Owner::server();
    if write.read().get::<AccountByEmail>(&server, &new.email)?.is_some() {
        return Ok(None);
    }
    let account = Account {
        id: id.clone(),
        email: new.email.clone(),
        name: new.profile.display_name.clone(),
        role: new.role,
        tenant: new.tenant.clone(),
        password_hash: new.password_hash.clone(),
        created_at: now,
    };
    write.put(&server, &account)?;
    write.put(&server, &AccountByEmail { email: new.email.clone(), user: id.clone(), created_at: now })?;
    write.put(&new.tenant.owner(), &Member { user: id.clone(), role: new.role, since: now })?;
    write.put(&Owner::user(&id), &new.profile)?;
    Ok(Some(account.user()))
}

/// The account goes by this name from now on.
pub fn rename(write: &mut Write, user: &UserId, name: &DisplayName) -> Result<(), StoreError> {
    let Some(mut account) = write.read().account(user)? else { return Ok(()) };
    if account.name != *name {
        account.name = name.clone();
        write.put(&Owner::server(), &account)?;
    }
    Ok(())
}

/// Gives the account another password. Nothing is changed, and `false` given, when the password is not the one
/// any more that `replaces` is the hash of.
pub fn set_password(
    write: &mut Write,
    user: &UserId,
    replaces: &str,
    password_hash: String,
) -> Result<bool, StoreError> {
    let Some(account) = write.read().account(user)?.filter(|account| account.password_hash == replaces)
    else {
        return Ok(false);
    };
    write.put(&Owner::server(), &Account { password_hash, ..account })?;
    Ok(true)
}

/// Gives the account another role.
pub fn set_role(write: &mut Write, account: &Account, role: Role) -> Result<(), StoreError> {
    let tenant = account.tenant.owner();
    let member = write.read().get::<Member>(&tenant, account.id.as_str())?;
    let since = member.map_or(account.created_at, |member| member.since);
    write.put(&tenant, &Member { user: account.id.clone(), role, since })?;
    write.put(&Owner::server(), &Account { role, ..account.clone() })
}

/// Takes the account itself away, so that nobody can sign in with it. What it has is for
/// the caller to take away.
pub fn remove(write: &mut Write, account: &Account) -> Result<(), StoreError> {
    let server = Owner::server();
    write.remove::<Account>(&server, account.id.as_str())?;
    write.remove::<AccountByEmail>(&server, &account.email)?;
    write.remove::<Member>(&account.tenant.owner(), account.id.as_str())?;
    Ok(())
}
