//! The log of device links: the newest page, kept up by events, and older ones on demand.
//!
//! While it is paused the rows that were there stay, and what comes waits above them. A log that has grown by more than
//! a page since the last answer is read again from the top.

use std::{cmp::Reverse, rc::Rc};

use latido_protocol::{
    event::Event,
    link::{ConnectionLog, ConnectionLogPage, LinkId, LogKind},
    time::Timestamp,
};

use crate::{
    collection::{Collection, Entity, FetchMark},
    model::{Change, Listed, Model},
};

/// Rows that are kept when more come by themselves. Of a log that is open all day the newest stay, and what is below
/// them can be asked for again.
const MOST: usize = 2_000;

/// Which rows a log shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogFilter {
    /// Of this link alone.
    pub link: Option<LinkId>,
    /// Of this kind alone.
    pub kind: Option<LogKind>,
    /// From this instant on.
    pub from: Option<Timestamp>,
}

impl LogFilter {
    /// Whether the log shows the row.
    pub fn admits(&self, row: &ConnectionLog) -> bool {
        self.link.as_ref().is_none_or(|link| *link == row.connection_id)
            && self.kind.is_none_or(|kind| kind == row.event_type)
            && self.from.is_none_or(|from| row.created_at >= from)
    }
}

/// A row's place: newest first, and by id within a millisecond.
pub type LogPlace = Reverse<(Timestamp, String)>;

impl Entity for ConnectionLog {
    type SortKey = LogPlace;
    /// A row never changes.
    type Revision = ();
    type Scope = LogFilter;
    type Draft = ();

    const ONLY_GROWS: bool = true;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn sort_key(&self) -> LogPlace {
        Reverse((self.created_at, self.id.as_str().to_owned()))
    }

    fn revision(&self) {}

    fn is_in(&self, scope: &LogFilter) -> bool {
        scope.admits(self)
    }

    fn with_draft(&self, (): &()) -> Self {
        self.clone()
    }
}

impl Listed for ConnectionLog {
    type Page = ConnectionLogPage;

    fn read(page: ConnectionLogPage) -> (Vec<Self>, Option<String>) {
        (page.logs, page.next_cursor)
    }

    fn change(event: &Event) -> Option<Change<Self>> {
        event.read("connection_log").map(Change::Put)
    }
}

/// Whether new rows are shown as they come.
enum Reading {
    Follows,
    /// Nothing above this row is shown.
    PausedAt(LogPlace),
    /// It was paused without rows.
    PausedEmpty,
}

/// A log as its reader sees it. See the module.
pub struct LinkLog {
    rows: Collection<ConnectionLog>,
    reading: Reading,
    arrived: usize,
}

impl LinkLog {
    /// A log without a response yet.
    pub fn new(filter: LogFilter) -> Self {
        Self { rows: Collection::new(filter, MOST), reading: Reading::Follows, arrived: 0 }
    }

    /// Whether the first answer has come.
    pub fn is_known(&self) -> bool {
        self.rows.is_known()
    }

    /// The rows to show, newest first.
    pub fn rows(&self) -> impl Iterator<Item = &Rc<ConnectionLog>> {
        let (skipped, shown) = match &self.reading {
            Reading::Follows => (0, self.rows.shown_rows()),
            Reading::PausedAt(_) | Reading::PausedEmpty => (self.above(), self.rows.row_count()),
        };
        self.rows.rows().take(shown).skip(skipped)
    }

    /// Keeps the rows as they are until [`resume`](Self::resume).
    pub fn pause(&mut self) {
        if matches!(self.reading, Reading::Follows) {
            let first = self.rows.row_at(0).map(|row| row.sort_key());
            self.reading = first.map_or(Reading::PausedEmpty, Reading::PausedAt);
        }
    }

    /// Shows what has come during the pause.
    pub fn resume(&mut self) {
        self.reading = Reading::Follows;
    }

    /// How many rows wait for the end of the pause; `None` without one.
    pub fn waiting(&self) -> Option<usize> {
        match self.reading {
            Reading::Follows => None,
            Reading::PausedAt(_) | Reading::PausedEmpty => Some(self.above()),
        }
    }

    /// How many rows events have brought so far.
    pub fn arrived(&self) -> usize {
        self.arrived
    }

    /// The number of rows above the first one of the pause.
    fn above(&self) -> usize {
        match &self.reading {
            Reading::Follows => 0,
            Reading::PausedEmpty => self.rows.row_count(),
            Reading::PausedAt(first) => self.rows.rows_above(first),
        }
    }
}

impl Model for LinkLog {
    type Page = ConnectionLogPage;

    fn begin_fetch(&mut self, now: Timestamp) -> FetchMark {
        self.rows.begin_fetch(now)
    }

    fn apply_first_page(&mut self, mark: FetchMark, page: ConnectionLogPage, followed: bool) {
        Model::apply_first_page(&mut self.rows, mark, page, followed);
    }

    fn apply_next_page(&mut self, mark: FetchMark, asked: &str, page: ConnectionLogPage) -> bool {
        Model::apply_next_page(&mut self.rows, mark, asked, page)
    }

    fn cursor(&self) -> Option<&str> {
        self.rows.cursor()
    }

    fn is_in_doubt(&self) -> bool {
        self.rows.is_in_doubt()
    }

    fn apply_event(&mut self, event: &Event, settles_at: Timestamp) -> bool {
        let changed = self.rows.apply_event(event, settles_at);
        self.arrived += usize::from(changed && self.is_known());
        changed
    }

    fn mark_stale(&mut self) {
        self.rows.mark_stale();
    }

    fn matches_last_response(&self) -> bool {
        self.rows.matches_last_response()
    }
}

#[cfg(test)]
mod tests;
