//! The tables of an export. A table is one entry of [`TABLES`]: its file, its columns, which are fields of
//! the record by their names, and the page that comes behind another.

use latido_protocol::{exercise::ExerciseLog, food::FoodLog, metric::HealthMetric, session::UserId};
use serde_json::Value;

use crate::{
    domain::Kind,
    store::{
        Read, StoreError,
        records::{Place, Slice},
    },
};

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
        page: records::<FoodLog>,
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
        page: records::<ExerciseLog>,
    },
    Table {
        file: "metrics.csv",
        columns: &["id", "measuredAt", "kind", "value", "value2", "unit", "source", "createdAt", "updatedAt"],
        page: records::<HealthMetric>,
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
        page: profile,
    },
];

fn records<R: Kind>(read: &Read, user: &UserId, page: &Page) -> Result<Rows, StoreError> {
    let behind = match page {
        Page::First => None,
        Page::Behind(place) => Some(place.clone()),
    };
    let slice = Slice { from: None, to: None, facet: None, behind, limit: PAGE };
    let records = read.records::<R>(user, &slice)?;
    let last = records.last().filter(|_| records.len() == PAGE);
    let next = last.map(|last| Page::Behind(Place { at: last.at(), id: last.id().as_str().to_owned() }));
    Ok(Rows { rows: json(&records)?, next })
}

fn profile(read: &Read, user: &UserId, _: &Page) -> Result<Rows, StoreError> {
    Ok(Rows { rows: json(read.profile(user)?.as_slice())?, next: None })
}

fn json<T: serde::Serialize>(records: &[T]) -> Result<Vec<Value>, StoreError> {
    Ok(records.iter().map(serde_json::to_value).collect::<Result<_, _>>()?)
}
