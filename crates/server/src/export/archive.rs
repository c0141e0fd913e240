//! The ZIP as it grows: tables go in, and what has been compressed so far can be taken out.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use csv::{Terminator, WriterBuilder};
use serde_json::Value;
use zip::{
    ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::{ExportError, guard::guarded, table::Table};

pub struct Archive {
    zip: ZipWriter<StreamWriter<Outbox>>,
    outbox: Outbox,
    /// What has been written of the table and not yet compressed.
    rows: csv::Writer<Vec<u8>>,
}

/// What the ZIP has written, for whoever takes it out.
#[derive(Clone, Default)]
struct Outbox(Arc<Mutex<Vec<u8>>>);

impl Outbox {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Outbox {
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

impl Archive {
    pub fn new() -> Self {
        let outbox = Outbox::default();
        Self { zip: ZipWriter::new_stream(outbox.clone()), outbox, rows: rows() }
    }

    /// Begins the file of a table. The mark at its beginning tells spreadsheets that it is UTF-8.
    pub fn begin(&mut self, table: &Table) -> Result<(), ExportError> {
        self.zip.start_file(table.file, SimpleFileOptions::default())?;
        self.zip.write_all("\u{feff}".as_bytes())?;
        Ok(self.rows.write_record(table.columns)?)
    }

    pub fn write(&mut self, table: &Table, record: &Value) -> Result<(), ExportError> {
        let cells = table.columns.iter().map(|column| cell(record.get(column)));
        Ok(self.rows.write_record(cells)?)
    }

    /// What has been compressed since the last time.
    pub fn take(&mut self) -> Result<Vec<u8>, ExportError> {
        let written = mem::replace(&mut self.rows, rows()).into_inner();
        self.zip.write_all(&written.map_err(csv::IntoInnerError::into_error)?)?;
        Ok(self.outbox.take())
    }

    /// The rest.
    pub fn finish(self) -> Result<Vec<u8>, ExportError> {
        self.zip.finish()?;
        Ok(self.outbox.take())
    }
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => guarded(text),
        Some(value) => value.to_string(),
    }
}
