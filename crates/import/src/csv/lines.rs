//! Cuts a CSV file into records. A record is a line, or several where a quoted cell goes over the end of
//! one. A line ends with LF, CRLF or a lone CR, also where one file has all three.
//!
//! A quote that is opened and never closed would make one cell of the rest of the file. So a record may
//! go over [`MAX_LINES`] lines and [`MAX_BYTES`]; beyond that its first line is given up and reading goes
//! on with the next. That also bounds what has to be held in memory.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

/// The longest record: a remark of 2,000 characters many times over.
pub const MAX_BYTES: usize = 64 * 1024;
/// Every second character of such a remark may be a line break.
const MAX_LINES: usize = 4096;

/// A record, or a line that is none. Lines are counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub enum RawRecord {
    Complete { line: u64, bytes: Vec<u8> },
    TooLong { line: u64 },
    Unclosed { line: u64 },
}

pub struct Records<R> {
    input: R,
    delimiter: u8,
    /// How many lines have been taken from the input.
    taken: u64,
    /// Lines that were looked at in search of a quote's end.
    waiting: VecDeque<Line>,
}

struct Line {
    number: u64,
    /// With the line break; `None` if it was too long to be held.
    bytes: Option<Vec<u8>>,
}

/// Where in a record a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScanState {
    CellStart,
    Plain,
    Quoted,
    /// Behind a quote in a quoted cell: the cell's end, or the first half of a quote.
    QuoteInQuoted,
}

impl<R: BufRead> Records<R> {
    pub fn new(input: R, delimiter: u8) -> Self {
        Self { input, delimiter, taken: 0, waiting: VecDeque::new() }
    }

    /// The next record.
    pub fn read(&mut self) -> io::Result<Option<RawRecord>> {
        let Some(Line { number: line, bytes }) = self.line()? else { return Ok(None) };
        let Some(mut bytes) = bytes else { return Ok(Some(RawRecord::TooLong { line })) };
        let mut place = self.scan(ScanState::CellStart, &bytes);
        let mut more = Vec::new();
        while place == ScanState::Quoted {
            let next = self.line()?;
            let fits =
                |next: &Line| next.bytes.as_ref().is_some_and(|more| bytes.len() + more.len() <= MAX_BYTES);
            match next {
                Some(next) if more.len() < MAX_LINES && fits(&next) => {
                    let text = next.bytes.as_deref().unwrap_or_default();
                    place = self.scan(place, text);
                    bytes.extend_from_slice(text);
                    more.push(next);
                }
                next => {
                    more.extend(next);
                    for line in more.into_iter().rev() {
                        self.waiting.push_front(line);
                    }
                    return Ok(Some(RawRecord::Unclosed { line }));
                }
            }
        }
        Ok(Some(RawRecord::Complete { line, bytes }))
    }

    fn scan(&self, from: ScanState, bytes: &[u8]) -> ScanState {
        bytes.iter().fold(from, |place, &byte| match place {
            ScanState::Quoted if byte == b'"' => ScanState::QuoteInQuoted,
            ScanState::Quoted => ScanState::Quoted,
            ScanState::CellStart | ScanState::QuoteInQuoted if byte == b'"' => ScanState::Quoted,
            _ if byte == self.delimiter => ScanState::CellStart,
            ScanState::CellStart | ScanState::QuoteInQuoted | ScanState::Plain => ScanState::Plain,
        })
    }

    fn line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.waiting.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let Some(whole) = self.read_line(&mut bytes)? else { return Ok(None) };
        self.taken += 1;
        Ok(Some(Line { number: self.taken, bytes: whole.then_some(bytes) }))
    }

    /// Reads to the end of a line: LF, CRLF or, as old Macs write it, CR alone. Returns whether it fits into
    /// [`MAX_BYTES`]; `None` at the end of the file.
    fn read_line(&mut self, bytes: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let (mut started, mut fits) = (false, true);
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                return Ok(started.then_some(fits));
            }
            started = true;
            let end = memchr::memchr2(b'\n', b'\r', available);
            let line = available.get(..end.map_or(available.len(), |end| end + 1)).unwrap_or(available);
            fits &= bytes.len() + line.len() <= MAX_BYTES;
            if fits {
                bytes.extend_from_slice(line);
            }
            let (count, is_return) = (line.len(), line.ends_with(b"\r"));
            self.input.consume(count);
            if is_return && self.input.fill_buf()?.starts_with(b"\n") {
                bytes.push(b'\n');
                self.input.consume(1);
            }
            if end.is_some() {
                return Ok(Some(fits));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<RawRecord> {
        let mut records = Records::new(text.as_bytes(), b',');
        std::iter::from_fn(|| records.read().unwrap()).collect()
    }

    fn record(line: u64, text: &str) -> RawRecord {
        RawRecord::Complete { line, bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn a_quoted_cell_may_go_over_lines() {
        let found = pieces("a,\"b\nc \"\"d\"\"\n\",e\r\nf\n");
        assert_eq!(found, [record(1, "a,\"b\nc \"\"d\"\"\n\",e\r\n"), record(4, "f\n")]);
    }

    #[test]
    fn a_quote_inside_a_plain_cell_opens_nothing() {
        assert_eq!(pieces("5\" pizza,1\nb"), [record(1, "5\" pizza,1\n"), record(2, "b")]);
    }

    #[test]
    fn lone_carriage_returns_end_lines_as_well() {
        let found = pieces("a\rb\nc\r\n\"d\re\"\rf\r");
        assert_eq!(
            found,
            [
                record(1, "a\r"),
                record(2, "b\n"),
                record(3, "c\r\n"),
                record(4, "\"d\re\"\r"),
                record(6, "f\r")
            ]
        );
    }

    #[test]
    fn a_line_break_cut_in_two_by_the_buffer_is_one() {
        let mut records = Records::new(io::BufReader::with_capacity(2, "a\r\nb\r\n".as_bytes()), b',');
        let found: Vec<_> = std::iter::from_fn(|| records.read().unwrap()).collect();
        assert_eq!(found, [record(1, "a\r\n"), record(2, "b\r\n")]);
    }

    #[test]
    fn reading_goes_on_behind_a_quote_that_is_never_closed() {
        assert_eq!(
            pieces("a\n\"b,1\nc\nd\n"),
            [record(1, "a\n"), RawRecord::Unclosed { line: 2 }, record(3, "c\n"), record(4, "d\n")]
        );
    }

    #[test]
    fn reading_goes_on_behind_a_line_that_is_too_long() {
        let long = "x".repeat(3 * MAX_BYTES);
        assert_eq!(
            pieces(&format!("a\n{long}\nb\n\"{long}\nc\n")),
            [
                record(1, "a\n"),
                RawRecord::TooLong { line: 2 },
                record(3, "b\n"),
                RawRecord::TooLong { line: 4 },
                record(5, "c\n")
            ]
        );
    }
}
