//! The rows of a thread: a line each, where days begin, and which lines belong together.

use latido_cache::thread::Line;
use latido_protocol::conversation::Author;
use leptos::prelude::*;

use crate::browser::day::Day;

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

#[derive(Clone)]
pub struct ThreadRow {
    pub key: String,
    pub shown: ArcRwSignal<ThreadLine>,
}

/// Rows for these lines; one that stays keeps its signal, and with it its element.
pub fn reconcile(before: &[ThreadRow], lines: Vec<Line>) -> Vec<ThreadRow> {
    let mut last: Option<(Day, Author, i64)> = None;
    let mut hint = 0;
    let rows = lines.into_iter().map(|line| {
        let (day, at) = (Day::of(line.at), line.at.unix_ms());
        let opens = last.is_none_or(|(before, ..)| before != day);
        let goes_on =
            !opens && last.is_some_and(|(_, author, said)| author == line.author && at - said < CLOSE_MS);
        last = Some((day, line.author, at));
        let shown = ThreadLine { line, opens: opens.then_some(day), goes_on };
        // Most rows stand where they stood, after the one before.
        let place =
            before.iter().skip(hint).position(|row| row.key == shown.line.key).map(|place| place + hint);
        let place = place.or_else(|| before.iter().take(hint).position(|row| row.key == shown.line.key));
        let Some(place) = place else {
            return ThreadRow { key: shown.line.key.clone(), shown: ArcRwSignal::new(shown) };
        };
        hint = place + 1;
        let row = before[place].clone();
        if row.shown.with_untracked(|known| *known != shown) {
            row.shown.set(shown);
        }
        row
    });
    rows.collect()
}
