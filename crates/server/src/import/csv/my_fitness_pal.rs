//! MyFitnessPal's export: a ZIP of three CSV files, `Nutrition-Summary`, `Exercise-Summary` and
//! `Measurement-Summary`. Their columns are those of exports between 2018 and 2026; all the files have
//! days and no time zone, and the first may say the time.
//!
//! Foods have no names there: a row is what was eaten at a meal, or at a time of it, and goes by the
//! meal's name. Strength exercises have sets and no minutes, which an exercise here cannot do without.
//! What a step counter adds to the diary (`… calorie adjustment`) is no exercise, but brings the day's
//! steps. Weights have no unit: they are in the account's.

use latido_protocol::values::{Meal, Units};
use serde_json::{Value, json};

use super::{
    super::{Collection, Found, Identity, Options, Row, civil, health::units, meal},
    Meaning,
    table::{Cells, Header},
};
use crate::domain::fields::Object;

/// Which of the three files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MyFitnessPal {
    Nutrition,
    Exercise,
    Measurement,
}

impl MyFitnessPal {
    pub fn recognise(header: &Header) -> Option<Self> {
        let has = |columns: &[&str]| columns.iter().all(|column| header.has(column));
        if has(&["Date", "Meal", "Calories"]) {
            Some(Self::Nutrition)
        } else if has(&["Date", "Exercise", "Exercise Minutes"]) {
            Some(Self::Exercise)
        } else if has(&["Date", "Weight"]) {
            Some(Self::Measurement)
        } else {
            None
        }
    }

    pub(super) fn row(self, line: u64, cells: &Cells, options: &Options) -> Meaning {
        match self {
            Self::Nutrition => nutrition(line, cells, options),
            Self::Exercise => exercise(line, cells, options),
            Self::Measurement => measurement(line, cells, options),
        }
    }
}

fn date(cells: &Cells) -> Result<jiff::civil::Date, String> {
    let text = cells.text("Date").ok_or("Date is required")?;
    civil::day(text).ok_or_else(|| format!("Date must be a day such as 2026-11-21, and is {text:?}"))
}

fn instant(day: jiff::civil::Date, hour: jiff::civil::Time, options: &Options) -> Result<Value, String> {
    let at = options.zone.instant(day.to_datetime(hour)).ok_or("Date is not one that can be kept")?;
    Ok(at.to_string().into())
}

fn row(line: u64, collection: Collection, fields: &[(&str, Option<Value>)], identity: Identity) -> Found {
    let said = |(name, value): &(&str, Option<Value>)| Some(((*name).to_owned(), value.clone()?));
    Found::Row {
        line,
        row: Row { collection, record: fields.iter().filter_map(said).collect::<Object>(), identity },
    }
}

fn nutrition(line: u64, cells: &Cells, options: &Options) -> Meaning {
    let day = date(cells)?;
    // Meals can be given any name; of one that is none of the four only the hour tells.
    let name = cells.text("Meal").ok_or("Meal is required")?;
    let hour = cells.text("Time").map(|text| {
        civil::hour(text).ok_or_else(|| format!("Time must be a time such as 7:05 PM, and is {text:?}"))
    });
    let hour = hour.transpose()?;
    let meal = meal::named(name).or(hour.map(meal::at)).unwrap_or(Meal::Snack);
    let at = instant(day, hour.unwrap_or_else(|| meal::usual_hour(meal)), options)?;
    Ok(vec![row(
        line,
        Collection::Foods,
        &[
            ("loggedAt", Some(at)),
            ("meal", Some(meal.as_str().into())),
            ("name", Some(name.into())),
            ("calories", cells.number("Calories")),
            ("proteinG", cells.number("Protein (g)")),
            ("carbsG", cells.number("Carbohydrates (g)")),
            ("fatG", cells.number("Fat (g)")),
            ("notes", cells.text("Note").map(Value::from)),
        ],
        Identity::Content(0),
    )])
}

fn exercise(line: u64, cells: &Cells, options: &Options) -> Meaning {
    let day = date(cells)?;
    let name = cells.text("Exercise").ok_or("Exercise is required")?;
    // Newer exports put quotes around names that have a comma, besides those of CSV.
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    let at = instant(day, civil::noon(), options)?;
    if name.to_lowercase().ends_with("calorie adjustment") {
        return Ok(match cells.number("Steps") {
            Some(steps) => vec![row(
                line,
                Collection::Metrics,
                &[("measuredAt", Some(at)), ("kind", Some("steps".into())), ("value", Some(steps))],
                Identity::Day(day.to_string()),
            )],
            None => vec![Found::Skipped { what: "calorie adjustments without steps".to_owned() }],
        });
    }
    let Some(minutes) = cells.number("Exercise Minutes") else {
        return Ok(vec![Found::Skipped { what: "strength exercises, which have no minutes".to_owned() }]);
    };
    Ok(vec![row(
        line,
        Collection::Exercises,
        &[
            ("loggedAt", Some(at)),
            ("activity", Some(name.into())),
            ("durationMin", Some(minutes)),
            ("intensity", Some("moderate".into())),
            ("caloriesBurned", cells.number("Exercise Calories")),
            ("notes", cells.text("Note").map(Value::from)),
        ],
        Identity::Content(0),
    )])
}

fn measurement(line: u64, cells: &Cells, options: &Options) -> Meaning {
    let day = date(cells)?;
    let Some(weight) = cells.number("Weight") else {
        return Ok(vec![Found::Skipped { what: "measurements other than weight".to_owned() }]);
    };
    let weight = match (weight.as_f64(), options.units) {
        (Some(pounds), Units::Imperial) => json!(units::rounded(pounds * units::KG_PER_LB, 2)),
        (Some(_), Units::Metric) | (None, _) => weight,
    };
    let at = instant(day, meal::usual_hour(Meal::Breakfast), options)?;
    Ok(vec![row(
        line,
        Collection::Metrics,
        &[("measuredAt", Some(at)), ("kind", Some("weight".into())), ("value", Some(weight))],
        Identity::Content(0),
    )])
}
