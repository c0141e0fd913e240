//! Create, edit, remove: what a change does to a record, and that it is told about. Each runs inside
//! one transaction of the writer, so that record, version and event are one.

use latido_protocol::{event::Change, id::Id, problem::FieldError, session::UserId, time::Timestamp};
use serde_json::Value;

use super::{
    fields::{Fields, Object},
    kind::{Kind, Stamp},
    telling::tell,
};
use crate::store::{Owner, StoreError, Write};

/// Why a change was not made. Nothing has been written then.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("some fields are not as they have to be")]
    Invalid(Vec<FieldError>),
    #[error("there is no such record")]
    NotFound,
    #[error("this needs a role that the account does not have")]
    Forbidden,
    #[error("it is under way and cannot be taken back")]
    UnderWay,
    #[error("the record is at version {current}")]
    VersionDiffers { current: u64 },
    #[error("the idempotency key was used for another request")]
    KeyReused,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which version the caller believes to be changing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    Any,
    OneOf(Vec<u64>),
}

impl Expected {
    pub fn check(&self, current: u64) -> Result<(), Refused> {
        match self {
            Self::OneOf(versions) if !versions.contains(&current) => Err(Refused::VersionDiffers { current }),
            Self::Any | Self::OneOf(_) => Ok(()),
        }
    }
}

/// Makes a record of a body, without writing it.
pub fn draft<R: Kind>(body: &Object, now: Timestamp) -> Result<R, Refused> {
    let mut fields = Fields::of(body);
    let record = R::build(&mut fields, &Stamp::new(now));
    fields.finish(record).map_err(Refused::Invalid)
}

/// Adds a record that [`draft`] has made. A request that was on its way when its account was deleted leaves
/// nothing behind.
pub fn create<R: Kind>(write: &mut Write, user: &UserId, record: &R, now: Timestamp) -> Result<(), Refused> {
    if !write.read().has_account(user)? {
        return Err(Refused::NotFound);
    }
    write.put(&Owner::user(user), record)?;
    tell(write, user, &R::event(Change::Created(record.clone())), now)?;
    Ok(())
}

/// Lays `patch` over the record: what it does not name stays, what it says is null is taken away.
/// A patch that changes nothing makes no new version.
pub fn edit<R: Kind>(
    write: &mut Write,
    user: &UserId,
    id: &Id<R>,
    patch: &Object,
    expected: &Expected,
    now: Timestamp,
) -> Result<R, Refused> {
    let owner = Owner::user(user);
    let current: R = write.read().get(&owner, id.as_str())?.ok_or(Refused::NotFound)?;
    expected.check(current.version())?;

    let body = merged(&current, patch)?;
    let mut fields = Fields::of(&body);
    let edited = R::build(&mut fields, &current.stamp(now));
    let mut edited = fields.finish(edited).map_err(Refused::Invalid)?;
    if edited == current {
        return Ok(current);
    }
    edited.renew(now);
    write.put(&owner, &edited)?;
    tell(write, user, &R::event(Change::Updated(edited.clone())), now)?;
    Ok(edited)
}

fn merged<R: Kind>(current: &R, patch: &Object) -> Result<Object, StoreError> {
    let Value::Object(mut body) = serde_json::to_value(current)? else { return Ok(patch.clone()) };
    // The unit follows from the kind, which the patch may change.
    body.remove("unit");
    body.extend(patch.iter().map(|(name, value)| (name.clone(), value.clone())));
    Ok(body)
}

/// Takes the record away.
pub fn remove<R: Kind>(
    write: &mut Write,
    user: &UserId,
    id: &Id<R>,
    expected: &Expected,
    now: Timestamp,
) -> Result<(), Refused> {
    let owner = Owner::user(user);
    let current: R = write.read().get(&owner, id.as_str())?.ok_or(Refused::NotFound)?;
    expected.check(current.version())?;
    write.remove::<R>(&owner, id.as_str())?;
    tell(write, user, &R::event(Change::Deleted(id.clone())), now)?;
    Ok(())
}
