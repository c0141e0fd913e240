//! Our own tables, as `docs/import.md` describes them and the export writes them. The columns are called
//! as the fields are.

use serde_json::Value;

use super::{
    super::{Collection, Identity, Options, Row, civil, meal},
    table::{Cells, Header},
};
use crate::{domain::fields::Object, export::guard::unguarded};

/// How a column is read.
#[derive(Clone, Copy)]
enum As {
    Text,
    Number,
    Meal,
}

type Columns = &'static [(&'static str, As)];

const FOODS: Columns = &[
    ("meal", As::Meal),
    ("name", As::Text),
    ("calories", As::Number),
    ("proteinG", As::Number),
    ("carbsG", As::Number),
    ("fatG", As::Number),
    ("notes", As::Text),
];
const EXERCISES: Columns = &[
    ("activity", As::Text),
    ("durationMin", As::Number),
    ("intensity", As::Text),
    ("caloriesBurned", As::Number),
    ("distanceKm", As::Number),
    ("notes", As::Text),
];
const METRICS: Columns =
    &[("kind", As::Text), ("value", As::Number), ("value2", As::Number), ("unit", As::Text)];

fn columns(collection: Collection) -> Columns {
    match collection {
        Collection::Foods => FOODS,
        Collection::Exercises => EXERCISES,
        Collection::Metrics => METRICS,
    }
}

/// Without these a table is not ours.
fn needed(collection: Collection) -> &'static [&'static str] {
    match collection {
        Collection::Foods => &["loggedAt", "meal", "name", "calories"],
        Collection::Exercises => &["loggedAt", "activity", "durationMin"],
        Collection::Metrics => &["measuredAt", "kind", "value"],
    }
}

/// Which of our tables has this header.
pub fn recognise(header: &Header) -> Option<Collection> {
    Collection::ALL.into_iter().find(|collection| needed(*collection).iter().all(|column| header.has(column)))
}

/// What a record of our table says. A cell that cannot be read is passed on as it is, to be refused with
/// the others by whoever judges records.
pub fn row(collection: Collection, cells: &Cells, options: &Options) -> Row {
    let mut record = Object::new();
    for (column, read) in columns(collection) {
        let value = match read {
            As::Number => cells.number(column),
            As::Text => cells.text(column).map(|text| unguarded(text).into()),
            As::Meal => cells.text(column).map(|text| match meal::named(text) {
                Some(meal) => meal.as_str().into(),
                None => text.into(),
            }),
        };
        if let Some(value) = value {
            record.insert((*column).to_owned(), value);
        }
    }
    // Most tables do not say it, and it is what most exercise is.
    if let Collection::Exercises = collection {
        record.entry("intensity").or_insert_with(|| "moderate".into());
    }
    let at = collection.time_field();
    if let Some(text) = cells.text(at) {
        let named = record.get("meal").and_then(Value::as_str).and_then(meal::named);
        let instant = options.zone.read(text, named.map_or_else(civil::noon, meal::usual_hour));
        record.insert(at.to_owned(), instant.map_or_else(|| text.to_owned(), |at| at.to_string()).into());
    }
    let identity = cells.text("id").map_or(Identity::Content(0), |id| Identity::Id(unguarded(id).to_owned()));
    Row { collection, record, identity }
}
