//! Documents: all that is kept, whatever it is. Each belongs to an owner and a collection, and is stored
//! as the JSON it is, beside what lists are sorted and narrowed by.

use std::fmt::Display;

use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Serialize, de::DeserializeOwned};

/// Whose a document is. Made only by the constructors, so that no two kinds of owner can meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner(String);

impl Owner {
    pub fn user(user: &UserId) -> Self {
        Self(format!("user:{user}"))
    }

    pub fn tenant(tenant: impl Display) -> Self {
        Self(format!("tenant:{tenant}"))
    }

    /// A contact owns the messages of its conversation.
    pub fn contact(contact: impl Display) -> Self {
        Self(format!("contact:{contact}"))
    }

    /// A managed connection owns its log.
    pub fn link(link: impl Display) -> Self {
        Self(format!("link:{link}"))
    }

    /// What is nobody's: accounts, refresh tokens, queues.
    pub fn server() -> Self {
        Self("server".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What can be kept as a document.
pub trait Stored: Serialize + DeserializeOwned {
    const COLLECTION: &'static str;

    /// Unique within owner and collection.
    fn id(&self) -> &str;
    /// What lists are ordered by, newest first, and trimmed by.
    fn at(&self) -> Timestamp;
    /// What lists can be narrowed to.
    fn facet(&self) -> &'static str {
        ""
    }
}

/// A place in a list: the time and the id of the last document that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub at: Timestamp,
    pub id: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortOrder {
    #[default]
    NewestFirst,
    OldestFirst,
}

/// Which part of a list is wanted. The default is all of it, newest first.
#[derive(Clone, Debug)]
pub struct Slice {
    /// From this instant on, inclusive.
    pub from: Option<Timestamp>,
    /// Up to this instant, exclusive.
    pub to: Option<Timestamp>,
    /// Only documents with this facet.
    pub facet: Option<&'static str>,
    /// Only what comes behind this place, in the order of the list.
    pub behind: Option<Cursor>,
    pub order: SortOrder,
    pub limit: usize,
}

impl Default for Slice {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
            facet: None,
            behind: None,
            order: SortOrder::default(),
            limit: usize::MAX,
        }
    }
}

/// A document on its way into the store.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub id: &'a str,
    /// What lists are ordered by, newest first, and trimmed by.
    pub at: Timestamp,
    /// What lists can be narrowed to; empty where there is nothing.
    pub facet: &'a str,
    /// JSON.
    pub body: &'a str,
}
