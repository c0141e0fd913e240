//! A row with a column for the day: its day, its time of day and its fields.

use jiff::civil::{Date, DateTime, Time};
use serde_json::Value;

use super::table::Cells;
use crate::{
    event::{Options, ReadEvent},
    local_time,
    row::{Identity, Row, RowKind},
};

pub const DATE: &[&str] = &["Date", "Day", "Fecha", "Día"];
pub const TIME: &[&str] = &["Time", "Hora"];
pub const NOTE: &[&str] = &["Note", "Notes", "Nota", "Notas"];

/// The events of one record: none, one or two. The error is the reason why the row is bad.
pub type RowEvents = Result<Vec<ReadEvent>, String>;

/// The day of a row, and its time of day if the cell of the day or one of its own has it.
pub fn day_and_time(cells: &Cells) -> Result<(Date, Option<Time>), String> {
    let text = cells.text_of(DATE).ok_or("Date is required")?;
    let time = cells.text_of(TIME).map(|text| {
        local_time::parse_time(text)
            .ok_or_else(|| format!("Time must be a time such as 7:05 PM, and is {text:?}"))
    });
    let time = time.transpose()?;
    if let Some(day) = local_time::parse_day(text) {
        return Ok((day, time));
    }
    let at: Option<DateTime> = text.parse().ok().filter(|_| text.len() > 10);
    let at = at.ok_or_else(|| format!("Date must be a day such as 2026-11-21, and is {text:?}"))?;
    Ok((at.date(), time.or(Some(at.time()))))
}

/// The instant of a local time, as JSON.
pub fn instant(day: Date, hour: Time, options: &Options) -> Result<Value, String> {
    let at = options.zone.instant(day.to_datetime(hour)).ok_or("Date is not one that can be kept")?;
    Ok(at.to_string().into())
}

/// A row with those of the fields that have a value.
pub fn row(line: u64, kind: RowKind, fields: &[(&str, Option<Value>)], identity: Identity) -> ReadEvent {
    let given = |(name, value): &(&str, Option<Value>)| Some(((*name).to_owned(), value.clone()?));
    ReadEvent::Row { line, row: Row { kind, record: fields.iter().filter_map(given).collect(), identity } }
}
