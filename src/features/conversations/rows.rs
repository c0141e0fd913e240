//! The rows of a thread: a line each, where days begin, and which lines belong together.

use latido_cache::families::thread::Line;
use latido_protocol::conversation::Author;

use crate::{browser::day::Day, data::queries::rows::Row};

/// Lines of one author within so long stand close together.
const CLOSE_MS: i64 = 5 * 60_000;

#[derive(Clone, Debug, PartialEq)]
pub struct ThreadLine {
    pub line: Line,
    /// The first of its day.
    pub opens: Option<Day>,
    /// Follows another of the same author.
    pub goes_on: bool,
}

/// One line, under its key.
pub type ThreadRow = Row<ThreadLine>;

/// The lines with their keys, where days begin, and which belong together.
pub fn in_days(lines: Vec<Line>) -> impl Iterator<Item = (String, ThreadLine)> {
    let mut last: Option<(Day, Author, i64)> = None;
    lines.into_iter().map(move |line| {
        let (day, at) = (Day::of(line.at), line.at.unix_ms());
        let opens = last.is_none_or(|(before, ..)| before != day);
        let goes_on =
            !opens && last.is_some_and(|(_, author, said)| author == line.author && at - said < CLOSE_MS);
        last = Some((day, line.author, at));
        (line.key.clone(), ThreadLine { line, opens: opens.then_some(day), goes_on })
    })
}
