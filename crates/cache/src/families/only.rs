//! A value of which there is one, without an id and a revision: sums, figures.
//!
//! What is newer is told by when it came: an event counts against every fetch that started before it.

use latido_protocol::{delivery::DeliverySummary, event::Event, link::LinkMetrics};
use serde::de::DeserializeOwned;

use crate::{
    collection::{Collection, Entity},
    model::{Change, Listed},
};

/// A value of which there is one.
pub trait Single: Clone + PartialEq + DeserializeOwned {
    /// The value that an event brought; `None` for an event about something else.
    fn of(event: &Event) -> Option<Self>;
}

impl Single for DeliverySummary {
    fn of(event: &Event) -> Option<Self> {
        event.read("metrics_update")
    }
}

impl Single for LinkMetrics {
    /// No event brings them.
    fn of(_: &Event) -> Option<Self> {
        None
    }
}

/// The only entity of its collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Only<T>(pub T);

/// The id of an [`Only`].
const ID: &str = "";

impl<T: Single> Entity for Only<T> {
    type SortKey = ();
    type Revision = ();
    type Scope = ();
    type Draft = ();

    fn id(&self) -> &str {
        ID
    }

    fn sort_key(&self) {}

    fn revision(&self) {}

    fn is_in(&self, (): &()) -> bool {
        true
    }

    fn with_draft(&self, (): &()) -> Self {
        self.clone()
    }
}

impl<T: Single> Listed for Only<T> {
    type Page = T;

    fn read(page: T) -> (Vec<Self>, Option<String>) {
        (vec![Self(page)], None)
    }

    fn change(event: &Event) -> Option<Change<Self>> {
        T::of(event).map(Self).map(Change::Put)
    }
}

impl<T: Single> Collection<Only<T>> {
    /// A collection of one, without a response yet.
    pub fn of_one() -> Self {
        Self::new((), 1)
    }

    /// The value; `None` until a response or an event has brought it.
    pub fn value(&self) -> Option<&T> {
        self.get(ID).map(|only| &only.0)
    }
}
