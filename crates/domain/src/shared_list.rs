//! Lists of what belongs to several people: the caller's own, and that of the people the caller sees.

use latido_protocol::session::UserId;

use crate::{
    access,
    store::{Owner, Read, Slice, StoreError, Stored},
};

/// The caller and the people that the caller sees.
pub fn people(read: &Read, caller: &UserId) -> Result<Vec<UserId>, StoreError> {
    let seen = access::people_of(read, caller)?;
    Ok(std::iter::once(caller.clone()).chain(seen.into_iter().map(|account| account.id)).collect())
}

/// A page of the one list of what all these people have, newest first, and whether there is another.
pub fn page<T: Stored>(
    read: &Read,
    people: &[UserId],
    mut slice: Slice,
) -> Result<(Vec<T>, bool), StoreError> {
    let limit = slice.limit;
    // One more than was asked for tells whether there is another page.
    slice.limit += 1;
    let mut all: Vec<T> = Vec::new();
    for person in people {
        all.extend(read.list::<T>(&Owner::user(person), &slice)?);
    }
    all.sort_by(|one, other| (other.at(), other.id()).cmp(&(one.at(), one.id())));
    let more = all.len() > limit;
    all.truncate(limit);
    Ok((all, more))
}
