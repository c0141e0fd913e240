//! Who may see what: the one place that says so.
//!
//! - Everybody sees their own.
//! - A coach also sees the people of the own tenant who are assigned to them, and only reads.
//! - All of a tenant see its equipment; its admins alone see and control the connections behind it.
//!
//! Records the caller may not read are [`DomainError::NotFound`], like missing ones.

use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    account::{Account, Member, Role, TenantId},
    error::DomainError,
    store::{Owner, Read, Slice, StoreError, Stored, Write},
};

/// On the person's side of an assignment: who follows them.
#[derive(Serialize, Deserialize)]
struct Follower {
    coach: UserId,
    since: Timestamp,
}

impl Stored for Follower {
    const COLLECTION: &'static str = "coach";

    fn id(&self) -> &str {
        self.coach.as_str()
    }

    fn at(&self) -> Timestamp {
        self.since
    }
}

/// On the coach's side of an assignment: whom they follow.
#[derive(Serialize, Deserialize)]
struct Followed {
    person: UserId,
    since: Timestamp,
}

impl Stored for Followed {
    const COLLECTION: &'static str = "person";

    fn id(&self) -> &str {
        self.person.as_str()
    }

    fn at(&self) -> Timestamp {
        self.since
    }
}

/// Assigns a person to a coach. Refused as not found unless both are of one tenant, the coach at least
/// has that role, and they are two.
pub fn assign(
    write: &mut Write,
    person: &Account,
    coach: &Account,
    now: Timestamp,
) -> Result<(), DomainError> {
    if person.tenant != coach.tenant || coach.role < Role::Coach || person.id == coach.id {
        return Err(DomainError::NotFound);
    }
    write.put(&Owner::user(&person.id), &Follower { coach: coach.id.clone(), since: now })?;
    write.put(&Owner::user(&coach.id), &Followed { person: person.id.clone(), since: now })?;
    Ok(())
}

/// Ends an assignment. Gives whether there was one.
pub fn unassign(write: &mut Write, person: &UserId, coach: &UserId) -> Result<bool, StoreError> {
    write.remove::<Followed>(&Owner::user(coach), person.as_str())?;
    write.remove::<Follower>(&Owner::user(person), coach.as_str())
}

/// Ends all assignments of somebody, on whichever side.
pub fn unassign_all(write: &mut Write, user: &UserId) -> Result<(), StoreError> {
    let own = Owner::user(user);
    for coach in write.read().list::<Follower>(&own, &Slice::default())? {
        unassign(write, user, &coach.coach)?;
    }
    for person in write.read().list::<Followed>(&own, &Slice::default())? {
        unassign(write, &person.person, user)?;
    }
    Ok(())
}

/// Whose records are read: the caller's own, or those of a person the caller may see.
pub fn person(read: &Read, caller: &UserId, asked: Option<&UserId>) -> Result<UserId, DomainError> {
    match asked {
        None => Ok(caller.clone()),
        Some(person) if person == caller => Ok(caller.clone()),
        Some(person) => match read.get::<Followed>(&Owner::user(caller), person.as_str())? {
            Some(_) => Ok(person.clone()),
            None => Err(DomainError::NotFound),
        },
    }
}

/// The people that a coach sees, besides themselves.
pub fn people_of(read: &Read, coach: &UserId) -> Result<Vec<Account>, StoreError> {
    let followed = read.list::<Followed>(&Owner::user(coach), &Slice::default())?;
    let accounts = followed.iter().map(|followed| read.account(&followed.person));
    accounts.filter_map(Result::transpose).collect()
}

/// Who is told of what happens to a person, besides the person.
pub fn coaches_of(read: &Read, person: &UserId) -> Result<Vec<UserId>, StoreError> {
    let followers = read.list::<Follower>(&Owner::user(person), &Slice::default())?;
    Ok(followers.into_iter().map(|follower| follower.coach).collect())
}

/// Who sees what a person has: the person, and the coaches.
pub fn viewers_of_person(read: &Read, person: &UserId) -> Result<Vec<UserId>, StoreError> {
    let mut viewers = coaches_of(read, person)?;
    viewers.insert(0, person.clone());
    Ok(viewers)
}

/// Everybody of a tenant who has at least this role.
pub fn members(read: &Read, tenant: &TenantId, at_least: Role) -> Result<Vec<UserId>, StoreError> {
    let members = read.list::<Member>(&tenant.owner(), &Slice::default())?;
    Ok(members.into_iter().filter(|member| member.role >= at_least).map(|member| member.user).collect())
}

/// Refuses who has less than this role.
pub fn require(caller: &Account, at_least: Role) -> Result<(), DomainError> {
    if caller.role >= at_least { Ok(()) } else { Err(DomainError::Forbidden) }
}
