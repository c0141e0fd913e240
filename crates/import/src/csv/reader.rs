//! Reads a table: the rows of whichever program wrote it.

use std::io::{self, BufRead};

use super::{
    dated_row::RowEvents,
    diary,
    lines::{self, RawRecord, Records},
    my_fitness_pal, own,
    table::{Cells, Header},
};
use crate::{
    duplicates::DuplicateCounter,
    event::{Format, Options, ReadError, ReadEvent, Sink},
};

/// The format of a table with this header.
pub fn detect(header: &Header) -> Format {
    // Our own first: it has more columns than the others.
    own::detect(header)
        .map(Format::Own)
        .or_else(|| diary::has_foods(header).then_some(Format::Diary))
        .or_else(|| my_fitness_pal::detect(header).map(Format::MyFitnessPal))
        .unwrap_or(Format::Unknown)
}

/// The first of two passes: the header learns how the file writes its numbers and which columns are read.
pub fn scan(
    input: impl BufRead,
    header: &Header,
    format: Format,
    options: &Options,
) -> Result<(), io::Error> {
    let mut records = Records::new(input, header.delimiter());
    // The header.
    records.read()?;
    while let Some(piece) = records.read()? {
        if let RawRecord::Complete { line, bytes } = piece
            && let Ok(Some(cells)) = header.cells(&bytes)
        {
            // The second pass reports what is wrong with a row.
            let _ = row_events(line, header, &cells, format, options);
            cells.teach();
        }
    }
    Ok(())
}

/// Reads the records behind the header.
pub fn read(
    input: impl BufRead,
    header: &Header,
    format: Format,
    options: &Options,
    sink: Sink,
) -> Result<(), ReadError> {
    let mut duplicates = DuplicateCounter::default();
    let mut records = Records::new(input, header.delimiter());
    records.read()?;
    let unread = header.unread();
    if !unread.is_empty() {
        sink(ReadEvent::UnreadColumns { columns: unread }).map_err(ReadError::Sink)?;
    }
    while let Some(piece) = records.read()? {
        let (line, found) = match piece {
            RawRecord::Complete { line, bytes } => {
                (line, record_events(line, header, &bytes, format, options))
            }
            RawRecord::TooLong { line } => {
                (line, Err(format!("is longer than {} KiB", lines::MAX_BYTES / 1024)))
            }
            RawRecord::Unclosed { line } => (line, Err("opens a quote that is not closed".to_owned())),
        };
        match found {
            Ok(found) => {
                for found in found {
                    sink(duplicates.with_ordinal(found)).map_err(ReadError::Sink)?;
                }
            }
            Err(reason) => sink(ReadEvent::BadRow { line, reason }).map_err(ReadError::Sink)?,
        }
    }
    Ok(())
}

fn record_events(line: u64, header: &Header, bytes: &[u8], format: Format, options: &Options) -> RowEvents {
    match header.cells(bytes)? {
        Some(cells) => row_events(line, header, &cells, format, options),
        None => Ok(Vec::new()),
    }
}

fn row_events(line: u64, header: &Header, cells: &Cells, format: Format, options: &Options) -> RowEvents {
    if diary::is_deleted(cells) {
        return Ok(vec![ReadEvent::Skipped { what: "rows that are marked as deleted".to_owned(), count: 1 }]);
    }
    match format {
        Format::Own(kind) => Ok(vec![ReadEvent::Row { line, row: own::row(kind, header, cells, options)? }]),
        Format::Diary => diary::food(line, header, cells, options),
        Format::MyFitnessPal(file) => my_fitness_pal::row(file, line, header, cells, options),
        Format::AppleHealth | Format::Unknown => Ok(Vec::new()),
    }
}
