//! What a reader finds in a file, in the file's order, and the options that the file itself does not give.

use std::{error::Error, io};

use latido_protocol::values::Units;

use crate::{
    local_time::Zone,
    row::{Row, RowKind},
};

/// Import options: what a file does not say about itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// Time zone of local times, in which days begin and end.
    pub zone: Zone,
    /// System of units of weights that name no unit.
    pub units: Units,
}

/// Something found in a file. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadEvent {
    /// The events that follow belong to this file; a ZIP may hold several.
    File { name: String, format: Format },
    /// A row that holds a record.
    Row { line: u64, row: Row },
    /// A row that cannot be read, and why.
    BadRow { line: u64, reason: String },
    /// Rows of something that Latido keeps no records of: its name and their number.
    Skipped { what: String, count: u64 },
    /// Columns that have values and are not read, by their names in the file.
    UnreadColumns { columns: Vec<String> },
    /// A file of a ZIP that cannot be read, and why. Reading continues with the next one.
    BadFile { name: String, reason: String },
}

/// The format of a file, as detected from its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own table of records of this kind.
    Own(RowKind),
    /// A food diary with names of foods.
    Diary,
    MyFitnessPal(MyFitnessPal),
    AppleHealth,
    /// Nothing that can be imported.
    Unknown,
}

/// One of the three files of MyFitnessPal's export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MyFitnessPal {
    Nutrition,
    Exercise,
    Measurement,
}

/// Why a [`Sink`] stopped reading.
pub type SinkError = Box<dyn Error + Send + Sync>;

/// Receives the events in the order of the file; an error ends reading.
pub type Sink<'a> = &'a mut dyn FnMut(ReadEvent) -> Result<(), SinkError>;

/// Why a file could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("the ZIP cannot be opened: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error(
        "this is no file that can be imported. CSV of foods, exercises or measurements, MyFitnessPal's exports and \
         Apple Health's export.xml or export.zip can; docs/import.md says which columns are needed"
    )]
    Unknown,
    /// The sink stopped reading; shown as the sink's own message.
    #[error("{0}")]
    Sink(SinkError),
}
