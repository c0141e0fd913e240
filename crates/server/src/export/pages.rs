//! Reads the tables of an export page by page. A table is one entry of [`SOURCES`].

use latido_domain::{
    contact::Contact,
    message::StoredMessage,
    store::{Owner, Read, Slice, StoreError, Stored, document::Cursor},
};
use latido_import::export::tables::{self, Table};
use latido_protocol::{
    conversation::ContactId, delivery::DeliveryEvent, exercise::ExerciseLog, food::FoodLog,
    metric::HealthMetric, profile::HealthProfile, session::UserId,
};
use serde_json::Value;

/// How many rows are read at once.
const PAGE: usize = 500;

/// A table of the export, and how its pages are read.
pub struct Source {
    pub table: &'static Table,
    pub page: fn(&Read, &UserId, Page) -> Result<TablePage, StoreError>,
}

/// Which page of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    First,
    Behind(Cursor),
    /// A page of the messages: the contacts that remain, the next one last, and the position in its list. Their ids
    /// are read once, because a contact's position among the contacts changes while the export runs.
    OfContacts(Vec<ContactId>, Option<Cursor>),
}

/// A page: its records as they are on the wire, and the page after it.
pub struct TablePage {
    pub rows: Vec<Value>,
    pub next: Option<Page>,
}

/// The tables in the order of the ZIP, each with its pages.
pub const SOURCES: &[Source] = &[
    Source { table: &tables::ACCOUNT, page: account },
    Source { table: &tables::FOODS, page: documents::<FoodLog> },
    Source { table: &tables::EXERCISES, page: documents::<ExerciseLog> },
    Source { table: &tables::METRICS, page: documents::<HealthMetric> },
    Source { table: &tables::PROFILE, page: documents::<HealthProfile> },
    Source { table: &tables::CONVERSATIONS, page: documents::<Contact> },
    Source { table: &tables::MESSAGES, page: messages },
    Source { table: &tables::DELIVERIES, page: documents::<DeliveryEvent> },
];

/// The documents of one type that the user owns.
fn documents<T: Stored>(read: &Read, user: &UserId, page: Page) -> Result<TablePage, StoreError> {
    let behind = match page {
        Page::First | Page::OfContacts(..) => None,
        Page::Behind(place) => Some(place),
    };
    let slice = Slice { behind, limit: PAGE, ..Slice::default() };
    let documents = read.list::<T>(&Owner::user(user), &slice)?;
    let last = documents.last().filter(|_| documents.len() == PAGE);
    let next = last.map(|last| Page::Behind(Cursor { at: last.at(), id: last.id().to_owned() }));
    Ok(TablePage { rows: json(&documents)?, next })
}

fn account(read: &Read, user: &UserId, _: Page) -> Result<TablePage, StoreError> {
    Ok(TablePage { rows: json(read.account(user)?.as_slice())?, next: None })
}

/// The messages, one conversation after the other.
fn messages(read: &Read, user: &UserId, page: Page) -> Result<TablePage, StoreError> {
    let (mut contacts, behind) = match page {
        Page::First | Page::Behind(_) => (contacts(read, user)?, None),
        Page::OfContacts(contacts, behind) => (contacts, behind),
    };
    let Some(contact) = contacts.last() else { return Ok(TablePage { rows: Vec::new(), next: None }) };
    let slice = Slice { behind, limit: PAGE, ..Slice::default() };
    let messages = read.list::<StoredMessage>(&Owner::contact(contact), &slice)?;
    let last = messages.last().filter(|_| messages.len() == PAGE);
    let place = last.map(|last| Cursor { at: last.at(), id: last.id().to_owned() });
    if place.is_none() {
        contacts.pop();
    }
    let next = if contacts.is_empty() { None } else { Some(Page::OfContacts(contacts, place)) };
    let messages: Vec<_> = messages.into_iter().map(|stored| stored.message).collect();
    Ok(TablePage { rows: json(&messages)?, next })
}

/// The ids of all contacts, read page by page from one snapshot.
fn contacts(read: &Read, user: &UserId) -> Result<Vec<ContactId>, StoreError> {
    let (mut ids, mut slice) = (Vec::new(), Slice { limit: PAGE, ..Slice::default() });
    loop {
        let page = read.list::<Contact>(&Owner::user(user), &slice)?;
        slice.behind = page.last().map(|last| Cursor { at: last.at(), id: last.id().to_owned() });
        let more = page.len() == PAGE;
        ids.extend(page.into_iter().map(|contact| contact.id));
        if !more {
            ids.reverse();
            return Ok(ids);
        }
    }
}

fn json<T: serde::Serialize>(records: &[T]) -> Result<Vec<Value>, StoreError> {
    Ok(records.iter().map(serde_json::to_value).collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use latido_domain::store::Snapshot;

    /// A person with so many contacts who have said nothing, and how many documents were read of it.
    struct Counted {
        contacts: Vec<String>,
        read: Cell<usize>,
    }

    impl Snapshot for Counted {
        fn document(&self, _: &Owner, _: &str, _: &str) -> Result<Option<String>, StoreError> {
            Ok(None)
        }

        fn documents(&self, owner: &Owner, _: &str, slice: &Slice) -> Result<Vec<String>, StoreError> {
            if !owner.as_str().starts_with("user:") {
                return Ok(Vec::new());
            }
            let behind = slice.behind.as_ref().map_or(0, |place| place.id.parse::<usize>().unwrap() + 1);
            let page: Vec<_> = self.contacts.iter().skip(behind).take(slice.limit).cloned().collect();
            self.read.set(self.read.get() + page.len());
            Ok(page)
        }

        fn count(&self, _: &Owner, _: &str, _: Option<&str>) -> Result<u64, StoreError> {
            Ok(0)
        }

        fn head(&self, _: &UserId) -> Result<u64, StoreError> {
            Ok(0)
        }

        fn events_behind(&self, _: &UserId, _: u64) -> Result<Vec<(u64, String)>, StoreError> {
            Ok(Vec::new())
        }
    }

    fn contact(number: usize) -> String {
        format!(
            r#"{{"id":"{number}","person":"lucia","tenant":"main","name":"Paco","channel":"whatsapp","address":"+34600000001",
                "lastMessage":null,"unread":0,"updatedAt":"2026-11-21T08:15:00Z"}}"#
        )
    }

    /// How many documents are read for the messages of so many contacts.
    fn read_for(contacts: usize) -> usize {
        let counted = Counted { contacts: (0..contacts).map(contact).collect(), read: Cell::new(0) };
        let (read, user) = (Read::of(&counted), UserId::new("lucia"));
        let (mut page, mut pages) = (Page::First, 0);
        while let Some(next) = messages(&read, &user, page).unwrap().next {
            (page, pages) = (next, pages + 1);
        }
        assert_eq!(pages, contacts - 1, "each contact has a page");
        counted.read.get()
    }

    #[test]
    fn contacts_are_read_once_however_many() {
        assert_eq!([10, 500, 1200].map(read_for), [10, 500, 1200]);
    }
}
