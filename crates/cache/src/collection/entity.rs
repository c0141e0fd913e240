//! What a value needs to be held in a [`Collection`](super::Collection).

/// A value with an id, a revision and a place in a sorted list.
///
/// A health record, a device, a device link, a delivery, a message: what differs between them is said here, and
/// nothing of it in the collection.
pub trait Entity: Clone + PartialEq {
    /// Orders the rows, ascending from top to bottom. Unique: it ends in the id, unless the id is the key.
    type SortKey: Clone + Ord;
    /// Orders the copies of one entity: the greater one is newer.
    type Revision: Clone + Ord;
    /// Which entities a collection shows, for example those between two instants.
    type Scope;
    /// What an optimistic edit sets.
    type Draft: Clone + PartialEq;

    /// The id, unique among the entities of a collection.
    fn id(&self) -> &str;
    /// The place among the rows.
    fn sort_key(&self) -> Self::SortKey;
    /// The age of this copy.
    fn revision(&self) -> Self::Revision;
    /// Whether a collection of this scope shows the entity.
    fn is_in(&self, scope: &Self::Scope) -> bool;
    /// The entity with an edit that the server has not confirmed yet.
    #[must_use = "the edited entity is a new one"]
    fn with_draft(&self, draft: &Self::Draft) -> Self;

    /// Whether some copies lack fields that others have, and [`complete_from`](Self::complete_from) fills them in.
    const IS_PARTIAL: bool = false;

    /// Whether entities are only ever added, each newer than all before: messages, rows of a log.
    const ONLY_GROWS: bool = false;

    /// Takes over what another copy knows and this one, of an event that says little, does not.
    fn complete_from(&mut self, _other: &Self) {}
}
