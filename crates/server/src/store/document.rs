//! Documents: all that is kept, whatever it is. Each belongs to an owner and a collection, and is stored
//! as the JSON it is, beside what lists are sorted and narrowed by.

use std::fmt::Display;

use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Serialize, de::DeserializeOwned};

use super::{Entry, Read, StoreError, Write};

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
pub struct Place {
    pub at: Timestamp,
    pub id: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
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
    pub behind: Option<Place>,
    pub order: Order,
    pub limit: usize,
}

impl Default for Slice {
    fn default() -> Self {
        Self { from: None, to: None, facet: None, behind: None, order: Order::default(), limit: usize::MAX }
    }
}

impl Read<'_> {
    pub fn get<T: Stored>(&self, owner: &Owner, id: &str) -> Result<Option<T>, StoreError> {
        let body = self.snapshot.document(owner, T::COLLECTION, id)?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    pub fn list<T: Stored>(&self, owner: &Owner, slice: &Slice) -> Result<Vec<T>, StoreError> {
        let bodies = self.snapshot.documents(owner, T::COLLECTION, slice)?;
        bodies.iter().map(|body| Ok(serde_json::from_str(body)?)).collect()
    }

    /// How many there are, of one facet or in all.
    pub fn count<T: Stored>(&self, owner: &Owner, facet: Option<&str>) -> Result<u64, StoreError> {
        self.snapshot.count(owner, T::COLLECTION, facet)
    }
}

impl Write<'_> {
    /// Writes the document, over an older one of its id if there is one.
    pub fn put<T: Stored>(&mut self, owner: &Owner, document: &T) -> Result<(), StoreError> {
        let body = serde_json::to_string(document)?;
        let entry = Entry { id: document.id(), at: document.at(), facet: document.facet(), body: &body };
        self.transaction.put(owner, T::COLLECTION, entry)
    }

    /// Gives whether there was such a document.
    pub fn remove<T: Stored>(&mut self, owner: &Owner, id: &str) -> Result<bool, StoreError> {
        self.transaction.remove(owner, T::COLLECTION, id)
    }

    /// Takes away what is older than `before`, and gives how many that were.
    pub fn trim<T: Stored>(&mut self, owner: &Owner, before: Timestamp) -> Result<u64, StoreError> {
        self.transaction.trim(owner, T::COLLECTION, before)
    }

    /// Takes away everything an owner has.
    pub fn forget(&mut self, owner: &Owner) -> Result<(), StoreError> {
        self.transaction.forget(owner)
    }
}
