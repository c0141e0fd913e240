//! The tables of an export. A table is one entry of [`TABLES`]: its file, its columns, which are fields of
//! the record by their names, and the page that comes behind another.

use latido_protocol::{
    conversation::ContactId, delivery::DeliveryEvent, exercise::ExerciseLog, food::FoodLog,
    metric::HealthMetric, profile::HealthProfile, session::UserId,
};
use serde_json::Value;

use crate::domain::{contact::Contact, message::StoredMessage};
use crate::store::{Owner, Read, Slice, StoreError, Stored, document::Place};

/// How many rows are read at once.
const PAGE: usize = 500;

pub struct Table {
    pub file: &'static str,
    pub columns: &'static [&'static str],
    pub page: fn(&Read, &UserId, &Page) -> Result<Rows, StoreError>,
}

/// Which page of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    First,
    Behind(Place),
    /// Of what the contacts own: the contact, and the place in its list.
    OfContact(ContactId, Option<Place>),
}

/// A page: its records as they go over the wire, and the page behind it.
pub struct Rows {
    pub rows: Vec<Value>,
    pub next: Option<Page>,
}

pub const TABLES: &[Table] = &[
    Table { file: "account.csv", columns: &["email", "name", "role", "tenant", "createdAt"], page: account },
    Table {
        file: "foods.csv",
        columns: &[
            "id",
            "loggedAt",
            "meal",
            "name",
            "calories",
            "proteinG",
            "carbsG",
            "fatG",
            "notes",
            "source",
            "createdAt",
            "updatedAt",
        ],
        page: documents::<FoodLog>,
    },
    Table {
        file: "exercises.csv",
        columns: &[
            "id",
            "loggedAt",
            "activity",
            "durationMin",
            "intensity",
            "caloriesBurned",
            "distanceKm",
            "notes",
            "source",
            "createdAt",
            "updatedAt",
        ],
        page: documents::<ExerciseLog>,
    },
    Table {
        file: "metrics.csv",
        columns: &["id", "measuredAt", "kind", "value", "value2", "unit", "source", "createdAt", "updatedAt"],
        page: documents::<HealthMetric>,
    },
    Table {
        file: "profile.csv",
        columns: &[
            "displayName",
            "birthDate",
            "sex",
            "heightCm",
            "goalWeightKg",
            "dailyCalorieGoal",
            "dailyStepGoal",
            "dailyProteinGoalG",
            "dailyCarbsGoalG",
            "dailyFatGoalG",
            "dailyExerciseGoalMin",
            "dailySleepGoalH",
            "units",
            "timeZone",
            "language",
            "updatedAt",
        ],
        page: documents::<HealthProfile>,
    },
    Table {
        file: "conversations.csv",
        columns: &["id", "name", "channel", "address", "unread", "updatedAt"],
        page: documents::<Contact>,
    },
    Table {
        file: "messages.csv",
        columns: &["id", "contactId", "direction", "author", "text", "status", "createdAt"],
        page: messages,
    },
    Table {
        file: "deliveries.csv",
        columns: &["id", "type", "status", "delivery_latency_ms", "created_at", "updated_at"],
        page: documents::<DeliveryEvent>,
    },
];

/// What the person owns of a kind.
fn documents<T: Stored>(read: &Read, user: &UserId, page: &Page) -> Result<Rows, StoreError> {
    let behind = match page {
        Page::First | Page::OfContact(..) => None,
        Page::Behind(place) => Some(place.clone()),
    };
    let slice = Slice { behind, limit: PAGE, ..Slice::default() };
    let documents = read.list::<T>(&Owner::user(user), &slice)?;
    let last = documents.last().filter(|_| documents.len() == PAGE);
    let next = last.map(|last| Page::Behind(Place { at: last.at(), id: last.id().to_owned() }));
    Ok(Rows { rows: json(&documents)?, next })
}

fn account(read: &Read, user: &UserId, _: &Page) -> Result<Rows, StoreError> {
    Ok(Rows { rows: json(read.account(user)?.as_slice())?, next: None })
}

/// What was said, one conversation after the other.
fn messages(read: &Read, user: &UserId, page: &Page) -> Result<Rows, StoreError> {
    let owner = Owner::user(user);
    let (contact, behind) = match page {
        Page::First | Page::Behind(_) => (first_contact(read, &owner, "")?, None),
        Page::OfContact(contact, behind) => (Some(contact.clone()), behind.clone()),
    };
    let Some(contact) = contact else { return Ok(Rows { rows: Vec::new(), next: None }) };
    let slice = Slice { behind, limit: PAGE, ..Slice::default() };
    let messages = read.list::<StoredMessage>(&Owner::contact(&contact), &slice)?;
    let last = messages.last().filter(|_| messages.len() == PAGE);
    let place = last.map(|last| Place { at: last.at(), id: last.id().to_owned() });
    let next = match place {
        Some(place) => Some(Page::OfContact(contact, Some(place))),
        None => first_contact(read, &owner, contact.as_str())?.map(|next| Page::OfContact(next, None)),
    };
    let messages: Vec<_> = messages.into_iter().map(|stored| stored.message).collect();
    Ok(Rows { rows: json(&messages)?, next })
}

/// The contact with the smallest id behind this one: unlike its place in the list, an id does not move while
/// the export goes on.
fn first_contact(read: &Read, owner: &Owner, behind: &str) -> Result<Option<ContactId>, StoreError> {
    let contacts = read.list::<Contact>(owner, &Slice::default())?;
    let ids = contacts.into_iter().map(|contact| contact.id).filter(|id| id.as_str() > behind);
    Ok(ids.min())
}

fn json<T: serde::Serialize>(records: &[T]) -> Result<Vec<Value>, StoreError> {
    Ok(records.iter().map(serde_json::to_value).collect::<Result<_, _>>()?)
}
