//! Apple Health's export: one `export.xml`, often of a gigabyte, in which every sample of every device is
//! an element. It is read as a stream; held are only sums (a day's steps, a night's sleep) and the
//! halves of what belongs together (the two pressures, the nutrients of a food), each up to a bound.
//!
//! | file | what it holds |
//! |---|---|
//! | [`reader`] | detects the export and reads it to its end |
//! | [`bounded`] | counts lines, and refuses an element without end |
//! | [`element`] | samples and correlations |
//! | [`nesting`] | samples, workouts and correlations, as they are nested |
//! | [`xml`] | attributes of an element |
//! | [`sample`] | what a sample means |
//! | [`steps`], [`sleep`] | one record a day, of the one source that knows most of it |
//! | [`pressure`], [`nutrients`] | puts together what belongs together |
//! | [`workout`] | exercises |
//! | [`days`] | daily totals of several sources |
//! | [`rows`] | times and rows as events |

mod bounded;
mod days;
mod element;
mod nesting;
mod nutrients;
mod pressure;
mod reader;
mod rows;
mod sample;
mod sleep;
mod steps;
#[cfg(test)]
mod tests;
mod workout;
mod xml;

pub use self::reader::{detect, read};
