//! What a query holds of one family, and how answers and events reach it.
//!
//! A list of one kind of entity is [`Listed`], and its [`Collection`] a model. What needs more than a list (the switches
//! of devices, messages on their way, what a log's reader has paused) wraps one.

use latido_protocol::{event::Event, time::Timestamp};
use serde::de::DeserializeOwned;

use crate::collection::{Collection, Entity, FetchMark};

/// What a query holds. Pages, events and fetches may come in any order.
pub trait Model {
    /// A page of its response.
    type Page: DeserializeOwned;

    /// Notes that a fetch starts at `now`. Its page comes back with the mark.
    fn begin_fetch(&mut self, now: Timestamp) -> FetchMark;
    /// Applies the first page. `followed` is whether events have told of all changes since the last one.
    fn apply_first_page(&mut self, mark: FetchMark, page: Self::Page, followed: bool);
    /// Applies the page that the cursor `asked` led to. Returns `false` if the list has begun anew meanwhile: then the page
    /// counts for nothing.
    fn apply_next_page(&mut self, mark: FetchMark, asked: &str, page: Self::Page) -> bool;
    /// Leads to the page behind those that are held; `None` where there is none.
    fn cursor(&self) -> Option<&str>;
    /// Whether pages behind the first have to be loaded again, because events may have been missed.
    fn is_in_doubt(&self) -> bool {
        false
    }
    /// Applies an event. Fetches that start before `settles_at` may be answered from before it. Returns whether anything
    /// changed.
    fn apply_event(&mut self, event: &Event, settles_at: Timestamp) -> bool;
    /// Events may have been missed, or the database was restored: nothing held counts against what comes now.
    fn mark_stale(&mut self);
    /// Whether what is held is exactly the last first page.
    fn matches_last_response(&self) -> bool;
}

/// What an event does to one entity of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<T> {
    /// It is new, or has changed.
    Put(T),
    /// The entity of this id was deleted.
    Removed(String),
}

/// An entity that responses list and events bring.
pub trait Listed: Entity {
    /// A page of the list.
    type Page: DeserializeOwned;

    /// The entities of a page, and the cursor of the next.
    fn read(page: Self::Page) -> (Vec<Self>, Option<String>);
    /// What an event does to an entity; `None` for an event about something else.
    fn change(event: &Event) -> Option<Change<Self>>;
}

impl<T: Entity> Collection<T> {
    /// Applies the change that an event brought.
    pub(crate) fn apply_change(&mut self, change: Option<Change<T>>, settles_at: Timestamp) -> bool {
        match change {
            Some(Change::Put(entity)) => self.put_until(entity, settles_at),
            Some(Change::Removed(id)) => self.remove_until(&id, settles_at),
            None => false,
        }
    }
}

impl<T: Listed> Model for Collection<T> {
    type Page = T::Page;

    fn begin_fetch(&mut self, now: Timestamp) -> FetchMark {
        self.begin_fetch(now)
    }

    fn apply_first_page(&mut self, mark: FetchMark, page: T::Page, followed: bool) {
        let (entities, cursor) = T::read(page);
        self.apply_first_page(mark, entities, cursor, followed);
    }

    fn apply_next_page(&mut self, mark: FetchMark, asked: &str, page: T::Page) -> bool {
        let (entities, cursor) = T::read(page);
        self.apply_next_page(mark, asked, entities, cursor).applied
    }

    fn cursor(&self) -> Option<&str> {
        self.cursor()
    }

    fn is_in_doubt(&self) -> bool {
        self.is_in_doubt()
    }

    fn apply_event(&mut self, event: &Event, settles_at: Timestamp) -> bool {
        self.apply_change(T::change(event), settles_at)
    }

    fn mark_stale(&mut self) {
        self.mark_stale();
    }

    fn matches_last_response(&self) -> bool {
        self.matches_last_response()
    }
}
