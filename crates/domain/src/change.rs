//! Create, edit, remove: what a change does to a record, and that it is told about. Each runs inside
//! one transaction of the writer, so that record, version and event are one.

use latido_protocol::{
    event::Change, id::Id, problem::FieldError, record::check_time, session::UserId, time::Timestamp,
};
use serde_json::Value;

use crate::{
    error::{DomainError, Expected},
    fields::{Fields, Object},
    notify::publish_to_viewers,
    record_kind::{RecordKind, Stamp},
    store::{Owner, StoreError, Write},
};

/// Makes a record of a body, without writing it.
pub fn draft<R: RecordKind>(body: &Object, now: Timestamp) -> Result<R, DomainError> {
    let mut fields = Fields::of(body);
    let record = R::build(&mut fields, &Stamp::new(now));
    fields.finish(record).map_err(DomainError::Invalid)
}

/// Adds a record that [`draft`] has made. A request that was on its way when its account was deleted leaves
/// nothing behind.
pub fn create<R: RecordKind>(
    write: &mut Write,
    user: &UserId,
    record: &R,
    now: Timestamp,
) -> Result<(), DomainError> {
    if !write.read().has_account(user)? {
        return Err(DomainError::NotFound);
    }
    after_birth(write, user, record, now)?;
    write.put(&Owner::user(user), record)?;
    publish_to_viewers(write, user, &R::event(Change::Created(record.clone())), now)?;
    Ok(())
}

/// Lays `patch` over the record: what it does not name stays, what it says is null is taken away.
/// A patch that changes nothing makes no new version.
pub fn edit<R: RecordKind>(
    write: &mut Write,
    user: &UserId,
    id: &Id<R>,
    patch: &Object,
    expected: &Expected,
    now: Timestamp,
) -> Result<R, DomainError> {
    let owner = Owner::user(user);
    let current: R = write.read().get(&owner, id.as_str())?.ok_or(DomainError::NotFound)?;
    expected.check(current.version())?;

    let body = merged(&current, patch)?;
    let mut fields = Fields::of(&body);
    let edited = R::build(&mut fields, &current.stamp(now));
    let mut edited = fields.finish(edited).map_err(DomainError::Invalid)?;
    if edited == current {
        return Ok(current);
    }
    if edited.at() != current.at() {
        after_birth(write, user, &edited, now)?;
    }
    edited.renew(now);
    write.put(&owner, &edited)?;
    publish_to_viewers(write, user, &R::event(Change::Updated(edited.clone())), now)?;
    Ok(edited)
}

/// Refuses a record of before the day on which the person was born.
fn after_birth<R: RecordKind>(
    write: &Write,
    user: &UserId,
    record: &R,
    now: Timestamp,
) -> Result<(), DomainError> {
    let birth_date = write.read().profile(user)?.and_then(|profile| profile.birth_date);
    check_time(record.at(), birth_date.as_deref(), now)
        .map(drop)
        .map_err(|invalid| DomainError::Invalid(vec![FieldError::new(R::AT, invalid)]))
}

fn merged<R: RecordKind>(current: &R, patch: &Object) -> Result<Object, StoreError> {
    let Value::Object(mut body) = serde_json::to_value(current)? else { return Ok(patch.clone()) };
    // The unit follows from the kind, which the patch may change.
    body.remove("unit");
    body.extend(patch.iter().map(|(name, value)| (name.clone(), value.clone())));
    Ok(body)
}

/// Takes the record away.
pub fn remove<R: RecordKind>(
    write: &mut Write,
    user: &UserId,
    id: &Id<R>,
    expected: &Expected,
    now: Timestamp,
) -> Result<(), DomainError> {
    let owner = Owner::user(user);
    let current: R = write.read().get(&owner, id.as_str())?.ok_or(DomainError::NotFound)?;
    expected.check(current.version())?;
    write.remove::<R>(&owner, id.as_str())?;
    publish_to_viewers(write, user, &R::event(Change::Deleted(id.clone())), now)?;
    Ok(())
}
