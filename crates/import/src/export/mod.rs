//! Export: the tables of a person's records, and the ZIP that holds them. The caller reads the records.
//!
//! | file | what it holds |
//! |---|---|
//! | [`tables`] | the tables: file name and columns |
//! | [`archive`] | the ZIP as a stream |
//! | [`formula_guard`] | keeps spreadsheets from reading a text as a formula |

pub mod archive;
pub mod formula_guard;
pub mod tables;
