//! MyFitnessPal's export: a ZIP of three CSV files, `Nutrition-Summary`, `Exercise-Summary` and
//! `Measurement-Summary`. Their columns are those of exports between 2018 and 2026; all the files have
//! days and no time zone, and the first may say the time.
//!
//! Foods have no names there: a row is what was eaten at a meal, or at a time of it, and goes by the
//! meal's name (see [`diary`]). Strength exercises have sets and no minutes, which an exercise here cannot do without.
//! What a step counter adds to the diary (`… calorie adjustment`) is no exercise, but brings the day's
//! steps. Weights have no unit there: they are in the account's. Tables of other programs say it in a column or in
//! the column's name.

use latido_protocol::{
    metric::MetricKind,
    values::{Meal, Units},
};

use super::{
    dated_row::{self, DATE, NOTE, RowEvents, day_and_time, instant},
    diary,
    table::{Cells, Column, Header},
};
use crate::{
    event::{MyFitnessPal, Options, ReadEvent},
    local_time, meal,
    quantity::Quantity,
    row::{Identity, RowKind},
};

const WEIGHT: Column = &[
    ("Weight", ""),
    ("Weight (kg)", "kg"),
    ("Weight (lb)", "lb"),
    ("Weight (lbs)", "lb"),
    ("Weight (pounds)", "lb"),
    ("Weight (st)", "st"),
    ("Peso", ""),
    ("Peso (kg)", "kg"),
    ("Peso (lb)", "lb"),
];
const WEIGHT_UNIT: &[&str] = &["Unit", "Units", "Weight Unit", "Weight Units", "Unidad", "Unidades"];
const MINUTES: Column = &[("Exercise Minutes", "min")];
const BURNED: Column = &[("Exercise Calories", "")];
const STEPS: Column = &[("Steps", "")];

/// The file that has this header, if it is one of the export's.
pub fn detect(header: &Header) -> Option<MyFitnessPal> {
    if diary::has_meals(header) {
        Some(MyFitnessPal::Nutrition)
    } else if header.has("Date") && header.has("Exercise") && header.has_column(MINUTES) {
        Some(MyFitnessPal::Exercise)
    } else if header.has_any(DATE) && header.has_column(WEIGHT) {
        Some(MyFitnessPal::Measurement)
    } else {
        None
    }
}

/// The events of one record of a file.
pub fn row(file: MyFitnessPal, line: u64, header: &Header, cells: &Cells, options: &Options) -> RowEvents {
    match file {
        MyFitnessPal::Nutrition => diary::food(line, header, cells, options),
        MyFitnessPal::Exercise => exercise(line, cells, options),
        MyFitnessPal::Measurement => measurement(line, cells, options),
    }
}

fn exercise(line: u64, cells: &Cells, options: &Options) -> RowEvents {
    let (day, hour) = day_and_time(cells)?;
    let name = cells.text("Exercise").ok_or("Exercise is required")?;
    // Newer exports put quotes around names that have a comma, besides those of CSV.
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    let at = instant(day, hour.unwrap_or_else(local_time::noon), options)?;
    if name.to_lowercase().ends_with("calorie adjustment") {
        return Ok(match cells.number(STEPS, Quantity::Metric(MetricKind::Steps), None)? {
            Some(steps) => vec![dated_row::row(
                line,
                RowKind::Metrics,
                &[("measuredAt", Some(at)), ("kind", Some("steps".into())), ("value", Some(steps))],
                Identity::Day(day.to_string()),
            )],
            None => {
                vec![ReadEvent::Skipped { what: "calorie adjustments without steps".to_owned(), count: 1 }]
            }
        });
    }
    let Some(minutes) = cells.number(MINUTES, Quantity::Duration, None)? else {
        let what = "strength exercises, which have no minutes".to_owned();
        return Ok(vec![ReadEvent::Skipped { what, count: 1 }]);
    };
    Ok(vec![dated_row::row(
        line,
        RowKind::Exercises,
        &[
            ("loggedAt", Some(at)),
            ("activity", Some(name.into())),
            ("durationMin", Some(minutes)),
            ("intensity", Some("moderate".into())),
            ("caloriesBurned", cells.number(BURNED, Quantity::Energy, None)?),
            ("notes", cells.text_of(NOTE).map(Into::into)),
        ],
        Identity::Content(0),
    )])
}

fn measurement(line: u64, cells: &Cells, options: &Options) -> RowEvents {
    let (day, hour) = day_and_time(cells)?;
    let unit = cells.text_of(WEIGHT_UNIT).unwrap_or(match options.units {
        Units::Imperial => "lb",
        Units::Metric => "kg",
    });
    let Some(weight) = cells.number(WEIGHT, Quantity::Metric(MetricKind::Weight), Some(unit))? else {
        return Ok(vec![ReadEvent::Skipped { what: "measurements other than weight".to_owned(), count: 1 }]);
    };
    let at = instant(day, hour.unwrap_or_else(|| meal::usual_time(Meal::Breakfast)), options)?;
    Ok(vec![dated_row::row(
        line,
        RowKind::Metrics,
        &[("measuredAt", Some(at)), ("kind", Some("weight".into())), ("value", Some(weight))],
        Identity::Content(0),
    )])
}
