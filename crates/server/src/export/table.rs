//! The tables of an export. A table is one entry of [`TABLES`]: its file, its columns, which are fields of
//! the record by their names, and the page that comes behind another.

use latido_protocol::{
    exercise::ExerciseLog, food::FoodLog, metric::HealthMetric, profile::HealthProfile, session::UserId,
};
use serde_json::Value;

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
            "units",
            "timeZone",
            "language",
            "updatedAt",
        ],
        page: documents::<HealthProfile>,
    },
];

/// What the person owns of a kind.
fn documents<T: Stored>(read: &Read, user: &UserId, page: &Page) -> Result<Rows, StoreError> {
    let behind = match page {
        Page::First => None,
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

fn json<T: serde::Serialize>(records: &[T]) -> Result<Vec<Value>, StoreError> {
    Ok(records.iter().map(serde_json::to_value).collect::<Result<_, _>>()?)
}
