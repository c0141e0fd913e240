//! CSV: our own tables, and MyFitnessPal's.
//!
//! | file | what it holds |
//! |---|---|
//! | [`lines`] | cuts a file into records, and gets over a quote that is never closed |
//! | [`table`] | the header, and the cells of a record by their column's name |
//! | [`own`] | our own columns |
//! | [`my_fitness_pal`] | the three files of MyFitnessPal's export |

pub mod lines;
mod my_fitness_pal;
mod own;
pub mod table;

use std::{collections::HashMap, io::BufRead};

pub use self::my_fitness_pal::MyFitnessPal;
use self::{
    lines::{Piece, Records},
    table::{Cells, Header},
};
use super::{Format, Found, Identity, Options, ReadError, Row, Sink};
use crate::digest::Digest;

/// What a table with this header is.
pub fn recognise(header: &Header) -> Format {
    // Our own first: it has more columns than the others.
    own::recognise(header)
        .map(Format::Own)
        .or_else(|| MyFitnessPal::recognise(header).map(Format::MyFitnessPal))
        .unwrap_or(Format::Unknown)
}

/// What a record of a table means: nothing, a row or two.
type Meaning = Result<Vec<Found>, String>;

/// Reads the records behind the header.
pub fn read(
    input: impl BufRead,
    header: &Header,
    format: Format,
    options: &Options,
    sink: Sink,
) -> Result<(), ReadError> {
    let mut twins = Twins::default();
    let mut records = Records::new(input, header.delimiter());
    let mut before_header = true;
    while let Some(piece) = records.read()? {
        let (line, found) = match piece {
            Piece::Record { line, .. } if std::mem::take(&mut before_header) => (line, Ok(Vec::new())),
            Piece::Record { line, bytes } => {
                let cells = header.cells(&bytes);
                (
                    line,
                    cells.and_then(|cells| {
                        cells.map_or(Ok(Vec::new()), |cells| meaning(line, &cells, format, options))
                    }),
                )
            }
            Piece::TooLong { line } => (line, Err(format!("is longer than {} KiB", lines::MAX_BYTES / 1024))),
            Piece::Unclosed { line } => (line, Err("opens a quote that is not closed".to_owned())),
        };
        match found {
            Ok(found) => {
                for found in found {
                    sink(twins.number(found)).map_err(ReadError::Sink)?;
                }
            }
            Err(reason) => sink(Found::Bad { line, reason }).map_err(ReadError::Sink)?,
        }
    }
    Ok(())
}

fn meaning(line: u64, cells: &Cells, format: Format, options: &Options) -> Meaning {
    match format {
        Format::Own(collection) => Ok(vec![Found::Row { line, row: own::row(collection, cells, options) }]),
        Format::MyFitnessPal(file) => file.row(line, cells, options),
        Format::AppleHealth | Format::Unknown => Ok(Vec::new()),
    }
}

/// Numbers the rows of a file that say the same: who has two equal coffees has had two.
#[derive(Default)]
struct Twins(HashMap<Digest, u32>);

impl Twins {
    fn number(&mut self, found: Found) -> Found {
        let Found::Row { line, row } = found else { return found };
        let Identity::Content(_) = row.identity else { return Found::Row { line, row } };
        let said = format!("{} {}", row.collection.as_str(), serde_json::Value::Object(row.record.clone()));
        let count = self.0.entry(Digest::of(said.as_bytes())).or_default();
        let row = Row { identity: Identity::Content(*count), ..row };
        *count += 1;
        Found::Row { line, row }
    }
}

#[cfg(test)]
mod tests;
