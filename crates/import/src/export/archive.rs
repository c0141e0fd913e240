//! The ZIP of an export, written as a stream: rows go in, and the compressed bytes so far come out.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use csv::{Terminator, WriterBuilder};
use latido_protocol::{number::field_text, values::Language};
use serde_json::Value;
use zip::{
    ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{formula_guard::escape, tables::Table};

/// Why a ZIP could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("the ZIP could not be written: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("a table could not be written: {0}")]
    Csv(#[from] csv::Error),
    #[error("a table could not be written: {0}")]
    Io(#[from] io::Error),
}

/// A ZIP of CSV files that grows while it is read.
pub struct Archive {
    zip: ZipWriter<StreamWriter<SharedBuffer>>,
    buffer: SharedBuffer,
    /// Rows of the table that are not yet compressed.
    rows: csv::Writer<Vec<u8>>,
}

/// The bytes that the ZIP has written and [`Archive::drain`] has not returned.
#[derive(Clone, Default)]
struct SharedBuffer(Arc<Mutex<Vec<u8>>>);

impl SharedBuffer {
    fn drain(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for SharedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn rows() -> csv::Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

impl Default for Archive {
    fn default() -> Self {
        Self::new()
    }
}

impl Archive {
    pub fn new() -> Self {
        let buffer = SharedBuffer::default();
        Self { zip: ZipWriter::new_stream(buffer.clone()), buffer, rows: rows() }
    }

    /// Starts the file of a table. The byte order mark at its beginning tells spreadsheets that it is UTF-8.
    pub fn start_table(&mut self, table: &Table) -> Result<(), ArchiveError> {
        self.zip.start_file(table.file, SimpleFileOptions::default())?;
        self.zip.write_all("\u{feff}".as_bytes())?;
        Ok(self.rows.write_record(table.columns)?)
    }

    pub fn write_row(&mut self, table: &Table, record: &Value) -> Result<(), ArchiveError> {
        let cells = table.columns.iter().map(|column| cell(record.get(column)));
        Ok(self.rows.write_record(cells)?)
    }

    /// The bytes compressed since the last call.
    pub fn drain(&mut self) -> Result<Vec<u8>, ArchiveError> {
        let written = mem::replace(&mut self.rows, rows()).into_inner();
        self.zip.write_all(&written.map_err(csv::IntoInnerError::into_error)?)?;
        Ok(self.buffer.drain())
    }

    /// Ends the ZIP, and returns its last bytes.
    pub fn finish(self) -> Result<Vec<u8>, ArchiveError> {
        self.zip.finish()?;
        Ok(self.buffer.drain())
    }
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => escape(text),
        // `1.2340`: an import could read `1.234` as thousands.
        Some(Value::Number(number)) => field_text(&number.to_string(), Language::En),
        Some(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn three_decimals_are_written_with_a_zero() {
        let written = [json!(1.234), json!(480), json!(0.5), json!(71.4)].map(|value| cell(Some(&value)));
        assert_eq!(written, ["1.2340", "480", "0.5", "71.4"]);
    }
}
