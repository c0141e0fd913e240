//! The patch of one pending write.

use std::rc::Rc;

use super::Entity;
use crate::by_id::ById;

/// What a pending write makes of one entity.
#[derive(Clone, Debug, PartialEq)]
pub enum Patch<T: Entity> {
    /// A creation without an answer, under its local id.
    Insert(Rc<T>),
    /// An edit. Shows only on an entity that is held.
    Edit(T::Draft),
    /// A deletion.
    Remove,
}

/// The patches of all pending writes, by id.
pub type Patches<T> = ById<Patch<T>>;
