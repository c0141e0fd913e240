//! Opens a file, or the files of a ZIP, and recognises by its first bytes what each of them is. Names say
//! nothing: `export.xml` is called otherwise on a phone that speaks another language.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, BufReader, Cursor, Read, Seek},
    path::Path,
};

use super::{Format, Found, Options, ReadError, Sink, csv, health};

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
    match read_one(name, file, options, sink)? {
        Format::Unknown => Err(ReadError::Unknown),
        Format::Own(_) | Format::MyFitnessPal(_) | Format::AppleHealth => Ok(()),
    }
}

fn read_zip(file: impl Read + Seek, options: &Options, sink: Sink) -> Result<(), ReadError> {
    let mut archive = zip::ZipArchive::new(file)?;
    let mut known = false;
    for index in 0..archive.len().min(MAX_ENTRIES) {
        let entry = archive.by_index(index)?;
        if !entry.is_file() {
            continue;
        }
        let name = entry.name().map(Cow::into_owned).unwrap_or_default();
        known |= read_one(name, BufReader::new(entry), options, sink)? != Format::Unknown;
    }
    if known { Ok(()) } else { Err(ReadError::Unknown) }
}

fn read_one(
    name: String,
    mut file: impl BufRead,
    options: &Options,
    sink: Sink,
) -> Result<Format, ReadError> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(ReadError::Utf16);
    }
    let text = text(&head);
    let is_health = health::recognise(text);
    let header =
        if is_health { None } else { csv::table::Header::read(text.lines().next().unwrap_or_default()) };
    let format = match &header {
        _ if is_health => Format::AppleHealth,
        Some(header) => csv::recognise(header),
        None => Format::Unknown,
    };
    sink(Found::File { name, format }).map_err(ReadError::Sink)?;
    let whole = Cursor::new(head).chain(file);
    match (format, header) {
        (Format::AppleHealth, _) => health::read(whole, options, sink)?,
        (Format::Own(_) | Format::MyFitnessPal(_), Some(header)) => {
            csv::read(whole, &header, format, options, sink)?;
        }
        (_, _) => {}
    }
    Ok(format)
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
