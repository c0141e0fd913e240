//! Opens a file, or the files of a ZIP, and recognises by its first bytes what each of them is. Names say
//! nothing: `export.xml` is called otherwise on a phone that speaks another language.
//!
//! A table is read twice, so whatever is opened here has to be opened twice. UTF-16, which spreadsheets write as
//! "Unicode text", is read as UTF-8.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek},
    path::Path,
};

use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::{
    apple_health,
    csv::{self, table::Header},
    event::{Format, Options, ReadError, ReadEvent, Sink},
};

/// By so many bytes a file is recognised. Apple's document type alone takes ten thousand.
const HEAD: u64 = 64 * 1024;
/// Files of a ZIP that are looked at. An export of Apple Health has one for every route that was walked.
const MAX_ENTRIES: usize = 50_000;
const ZIP: &[u8] = b"PK\x03\x04";

/// Reads a file, whatever it is.
pub fn read_file(path: &Path, options: &Options, sink: Sink) -> Result<(), ReadError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    read(name, BufReader::new(File::open(path)?), options, sink)
}

/// The same of something that is open.
pub fn read(
    name: String,
    mut file: impl BufRead + Seek,
    options: &Options,
    sink: Sink,
) -> Result<(), ReadError> {
    if file.fill_buf()?.starts_with(ZIP) {
        return read_zip(file, options, sink);
    }
    let detected = detect(utf8(&mut file), options)?;
    file.rewind()?;
    match detected.read(name, utf8(file), options, sink)? {
        Format::Unknown => Err(ReadError::Unknown),
        Format::Own(_) | Format::Diary | Format::MyFitnessPal(_) | Format::AppleHealth => Ok(()),
    }
}

/// Reads every file of a ZIP that can be read, and names those that cannot.
fn read_zip(file: impl Read + Seek, options: &Options, sink: Sink) -> Result<(), ReadError> {
    let mut archive = zip::ZipArchive::new(file)?;
    let (mut known, mut bad) = (false, false);
    for index in 0..archive.len().min(MAX_ENTRIES) {
        let name = archive.name_for_index(index).and_then(Result::ok).map(Cow::into_owned);
        let name = name.unwrap_or_else(|| format!("file {}", index + 1));
        match read_entry(&mut archive, index, &name, options, sink) {
            Ok(format) => known |= format != Format::Unknown,
            Err(error @ ReadError::Sink(_)) => return Err(error),
            Err(error) => {
                bad = true;
                sink(ReadEvent::BadFile { name, reason: error.to_string() }).map_err(ReadError::Sink)?;
            }
        }
    }
    if archive.len() > MAX_ENTRIES {
        let name = format!("{} files", archive.len() - MAX_ENTRIES);
        let reason = format!("only the first {MAX_ENTRIES} files of a ZIP are read");
        sink(ReadEvent::BadFile { name, reason }).map_err(ReadError::Sink)?;
    }
    // What was named is reason enough.
    if known || bad { Ok(()) } else { Err(ReadError::Unknown) }
}

fn read_entry(
    archive: &mut zip::ZipArchive<impl Read + Seek>,
    index: usize,
    name: &str,
    options: &Options,
    sink: Sink,
) -> Result<Format, ReadError> {
    let entry = archive.by_index(index)?;
    if !entry.is_file() {
        return Ok(Format::Unknown);
    }
    let detected = detect(utf8(entry), options)?;
    detected.read(name.to_owned(), utf8(archive.by_index(index)?), options, sink)
}

/// The text of a file in UTF-8. Bytes that are none in a file without a mark of UTF-16 stay as they are.
fn utf8<R: Read>(file: R) -> BufReader<impl Read> {
    BufReader::new(DecodeReaderBytesBuilder::new().utf8_passthru(true).build(file))
}

/// What a file turned out to be.
struct DetectedFile {
    format: Format,
    header: Option<Header>,
}

/// Looks through a file: at its beginning, and at all of it if it is a table.
fn detect(mut file: impl BufRead, options: &Options) -> Result<DetectedFile, io::Error> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    let text = text(&head);
    if apple_health::detect(text) {
        return Ok(DetectedFile { format: Format::AppleHealth, header: None });
    }
    let first_line = text.split(['\r', '\n']).next().unwrap_or_default();
    let header = Header::read(first_line);
    let format = header.as_ref().map_or(Format::Unknown, csv::detect);
    if let (Some(header), false) = (&header, format == Format::Unknown) {
        csv::scan(Cursor::new(&head).chain(file), header, format, options)?;
    }
    Ok(DetectedFile { format, header })
}

impl DetectedFile {
    /// Reads the file's rows.
    fn read(
        self,
        name: String,
        file: impl BufRead,
        options: &Options,
        sink: Sink,
    ) -> Result<Format, ReadError> {
        sink(ReadEvent::File { name, format: self.format }).map_err(ReadError::Sink)?;
        match (self.format, &self.header) {
            (Format::AppleHealth, _) => apple_health::read(file, options, sink)?,
            (Format::Own(_) | Format::Diary | Format::MyFitnessPal(_), Some(header)) => {
                csv::read(file, header, self.format, options, sink)?;
            }
            (_, _) => {}
        }
        Ok(self.format)
    }
}

/// As much of the beginning as is text: the last letter may have been cut in two.
fn text(head: &[u8]) -> &str {
    match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => {
            std::str::from_utf8(head.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
    }
}
