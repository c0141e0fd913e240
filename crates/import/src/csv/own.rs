//! Our own tables, as `docs/import.md` describes them and the export writes them. The columns are called
//! as the fields are; a column of numbers may name another unit than the field's.

use latido_protocol::metric::MetricKind;
use serde_json::Value;

use super::table::{Cells, Column, Header};
use crate::{
    event::Options,
    export::formula_guard::unescape,
    local_time, meal,
    quantity::Quantity,
    row::{Identity, Object, Row, RowKind},
};

/// How a field is read.
#[derive(Clone, Copy)]
enum FieldFormat {
    Text,
    Meal,
    Number(Column, Quantity),
}

type Fields = &'static [(&'static str, FieldFormat)];

const CALORIES: Column = &[("calories", ""), ("Energy (kcal)", "kcal"), ("Energy (kJ)", "kJ"), ("kJ", "kJ")];
const DURATION: Column = &[("durationMin", "min"), ("Duration (h)", "h"), ("Duration (s)", "s")];
const BURNED: Column = &[("caloriesBurned", ""), ("Energy burned (kJ)", "kJ")];
const DISTANCE: Column =
    &[("distanceKm", "km"), ("Distance (mi)", "mi"), ("Distance (miles)", "mi"), ("Distance (m)", "m")];

const FOODS: Fields = &[
    ("meal", FieldFormat::Meal),
    ("name", FieldFormat::Text),
    ("calories", FieldFormat::Number(CALORIES, Quantity::Energy)),
    ("proteinG", FieldFormat::Number(&[("proteinG", "g")], Quantity::Nutrient)),
    ("carbsG", FieldFormat::Number(&[("carbsG", "g"), ("Carbohydrates (g)", "g")], Quantity::Nutrient)),
    ("fatG", FieldFormat::Number(&[("fatG", "g")], Quantity::Nutrient)),
    ("notes", FieldFormat::Text),
];
const EXERCISES: Fields = &[
    ("activity", FieldFormat::Text),
    ("durationMin", FieldFormat::Number(DURATION, Quantity::Duration)),
    ("intensity", FieldFormat::Text),
    ("caloriesBurned", FieldFormat::Number(BURNED, Quantity::Energy)),
    ("distanceKm", FieldFormat::Number(DISTANCE, Quantity::Distance)),
    ("notes", FieldFormat::Text),
];
const METRICS: Fields = &[("kind", FieldFormat::Text)];
/// What our own export says besides, and an import does not take over.
const OWN: &[&str] = &["source", "createdAt", "updatedAt"];

fn fields(kind: RowKind) -> Fields {
    match kind {
        RowKind::Foods => FOODS,
        RowKind::Exercises => EXERCISES,
        RowKind::Metrics => METRICS,
    }
}

/// Which of our tables has this header.
pub fn detect(header: &Header) -> Option<RowKind> {
    let has = |names: &[&str]| names.iter().all(|name| header.has(name));
    if has(&["loggedAt", "meal", "name"]) && header.has_column(CALORIES) {
        Some(RowKind::Foods)
    } else if has(&["loggedAt", "activity"]) && header.has_column(DURATION) {
        Some(RowKind::Exercises)
    } else if has(&["measuredAt", "kind", "value"]) {
        Some(RowKind::Metrics)
    } else {
        None
    }
}

/// What a record of our table says. A cell that cannot be read is passed on as it is, to be refused with
/// the others by whoever judges records.
pub fn row(kind: RowKind, header: &Header, cells: &Cells, options: &Options) -> Result<Row, String> {
    header.ignore(OWN);
    let mut record = Object::new();
    for (field, read) in fields(kind) {
        let value = match read {
            FieldFormat::Number(column, quantity) => cells.number(column, *quantity, None)?,
            FieldFormat::Text => cells.text(field).map(|text| unescape(text).into()),
            FieldFormat::Meal => cells.text(field).map(|text| match meal::from_name(text) {
                Some(meal) => meal.as_str().into(),
                None => text.into(),
            }),
        };
        if let Some(value) = value {
            record.insert((*field).to_owned(), value);
        }
    }
    match kind {
        RowKind::Metrics => measure(&mut record, cells)?,
        // Most tables do not say it, and it is what most exercise is.
        RowKind::Exercises => {
            record.entry("intensity").or_insert_with(|| "moderate".into());
        }
        RowKind::Foods => {}
    }
    let at = kind.time_field();
    if let Some(text) = cells.text(at) {
        let named = record.get("meal").and_then(Value::as_str).and_then(meal::from_name);
        let instant = options.zone.read(text, named.map_or_else(local_time::noon, meal::usual_time));
        record.insert(at.to_owned(), instant.map_or_else(|| text.to_owned(), |at| at.to_string()).into());
    }
    let identity =
        cells.text("id").map_or(Identity::Content(0), |id| Identity::Id(unescape(id).into_owned()));
    Ok(Row { kind, record, identity })
}

/// The values of a metric, in its kind's unit. Of an unknown kind they stay as they are: it is refused anyway.
fn measure(record: &mut Object, cells: &Cells) -> Result<(), String> {
    let unit = cells.text("unit").map(|unit| unescape(unit).into_owned());
    let kind = record.get("kind").and_then(Value::as_str).and_then(|kind| MetricKind::parse(kind).ok());
    for (field, column) in [("value", &[("value", "")]), ("value2", &[("value2", "")])] {
        let value = match kind {
            Some(kind) => cells.number(column, Quantity::Metric(kind), unit.as_deref())?,
            None => cells.text(field).map(Value::from),
        };
        if let Some(value) = value {
            record.insert(field.to_owned(), value);
        }
    }
    if let (Some(kind), Some(_)) = (kind, unit) {
        record.insert("unit".to_owned(), kind.unit().into());
    }
    Ok(())
}
