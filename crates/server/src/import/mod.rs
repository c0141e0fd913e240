//! Import: files of other programs, and our own, made into records.
//!
//! A reader goes through a file once and tells a [`Sink`] what it finds, row by row, so that a file of a
//! gigabyte takes no more memory than a small one. It says what a row *means*, as the fields of a record;
//! whether those are allowed is judged where every record is judged, in the domain.
//!
//! A row is imported once however often its file is: its record's id follows from what the row says
//! (see [`Identity`]), so the second time it is found to be there.
//!
//! ```text
//! file ──► [`read`] ──► csv or health ──► Found ──► batches of rows ──► [`keep`] ──► records, events
//! ```
//!
//! | file | what it holds |
//! |---|---|
//! | [`read`] | opens a file, a ZIP of files too, and recognises what is in it |
//! | [`row`] | a row, and what became of it |
//! | [`csv`] | tables: our own and MyFitnessPal's |
//! | [`health`] | Apple Health's `export.xml` |
//! | [`civil`], [`meal`] | local times; meals by name and by hour |
//! | [`keep`] | writes a batch of rows |

pub mod civil;
pub mod csv;
pub mod health;
pub mod keep;
pub mod meal;
pub mod read;
pub mod row;

use std::{error::Error, io};

use latido_protocol::values::Units;

pub use self::{
    civil::Zone,
    row::{Collection, Identity, Outcome, Row},
};

/// What a file does not say about itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where its local times were taken, and where its days begin and end.
    pub zone: Zone,
    /// In which units its unlabelled weights are.
    pub units: Units,
}

/// Something found in a file. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// What follows comes from this file: of a ZIP there may be several.
    File { name: String, format: Format },
    /// A row that means a record.
    Row { line: u64, row: Row },
    /// A row that cannot be read, and why.
    Bad { line: u64, reason: String },
    /// Something of which Latido keeps no record, by its name.
    Skipped { what: String },
}

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own table of this collection.
    Own(Collection),
    MyFitnessPal(csv::MyFitnessPal),
    AppleHealth,
    /// Nothing that can be imported.
    Unknown,
}

/// Why whoever takes the rows takes no more of them.
pub type SinkError = Box<dyn Error + Send + Sync>;

/// Takes what is found, in the order of the file.
pub type Sink<'a> = &'a mut dyn FnMut(Found) -> Result<(), SinkError>;

/// Why a file could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("the ZIP cannot be opened: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error(
        "this is no file that can be imported. CSV of foods, exercises or metrics, MyFitnessPal's exports and \
         Apple Health's export.xml or export.zip can; docs/import.md says which columns are needed"
    )]
    Unknown,
    #[error("this file is in UTF-16; save it as CSV in UTF-8 and try again")]
    Utf16,
    /// The sink's own words.
    #[error("{0}")]
    Sink(SinkError),
}
