//! Import and export: files of other programs read as rows of records, and a person's records written as a ZIP of
//! CSV files. Knows neither HTTP nor a database.
//!
//! A reader goes through a file once and passes [`ReadEvent`]s to a [`Sink`], row by row, so that a file of a
//! gigabyte takes no more memory than a small one. A row holds the fields of a record as a request would; the server
//! validates them with the rules for every record.
//!
//! A row is imported once, however often its file is: its record's id follows from the row's content (see
//! [`Identity`]), so a second import finds the record there.
//!
//! ```text
//! file ──► [`read`] ──► csv or apple_health ──► ReadEvent ──► batches of rows ──► the server ──► records, events
//! ```
//!
//! | file | what it holds |
//! |---|---|
//! | [`read`] | opens a file or the files of a ZIP, and detects their format |
//! | [`event`] | what a reader finds in a file |
//! | [`row`] | a row, the batch in which rows are sent, and the outcome of each |
//! | [`csv`] | tables: our own and those of other programs |
//! | [`apple_health`] | Apple Health's `export.xml` |
//! | [`local_time`], [`meal`] | times of a time zone; meals by name and by hour |
//! | [`quantity`], [`units`] | what a number measures, and unit conversion |
//! | [`duplicates`] | counts equal rows of a file |
//! | [`export`] | the tables of an export, the ZIP, and the guard against formulas in cells |

pub mod apple_health;
pub mod csv;
pub mod duplicates;
pub mod event;
pub mod export;
pub mod local_time;
pub mod meal;
pub mod quantity;
pub mod read;
pub mod row;
pub mod units;

pub use self::{
    event::{Format, MyFitnessPal, Options, ReadError, ReadEvent, Sink, SinkError},
    local_time::Zone,
    row::{Identity, Row, RowKind, RowOutcome},
};
