//! CSV: our own tables, and those of other programs.
//!
//! A table is read twice: the first pass learns how it writes its numbers and which of its columns are read, the
//! second reads the rows.
//!
//! | file | what it holds |
//! |---|---|
//! | [`reader`] | detects the format of a table and reads its rows |
//! | [`lines`] | splits a file into records, and recovers from a quote that is never closed |
//! | [`table`] | the header, and the cells of a record by their column's name |
//! | [`number_format`] | how a file writes its numbers |
//! | [`own`] | our own columns |
//! | [`diary`] | food diaries of any program |
//! | [`my_fitness_pal`] | the three files of MyFitnessPal's export; weights of other programs |
//! | [`dated_row`] | a row with a column for the day |

mod dated_row;
mod diary;
pub mod lines;
mod my_fitness_pal;
mod number_format;
mod own;
mod reader;
pub mod table;
#[cfg(test)]
mod tests;

pub use self::reader::{detect, read, scan};
