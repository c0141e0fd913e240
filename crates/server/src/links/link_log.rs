//! The rows of a link's log that have not been written yet.
//!
//! A row for every message would fill the log with what nobody reads. So the first message of a connection
//! has a row, and after it one row a minute stands for all that came.

use std::time::Duration;

use latido_domain::device_link::log_row;
use latido_protocol::{
    link::{ConnectionLog, LinkId, LogKind, LogMetadata},
    reason::{Code, Reason},
    time::Timestamp,
};
use tokio::time::Instant;

/// One row stands for the messages of so long.
const SUMMED_UP_EVERY: Duration = Duration::from_mins(1);
/// So many rows wait for a database that takes none; older ones are given up.
const WAITING: usize = 200;

pub struct LinkLog {
    link: LinkId,
    rows: Vec<ConnectionLog>,
    /// Messages that no row tells of yet.
    count: u64,
    bytes: u64,
    /// When those are due.
    summary_at: Option<Instant>,
}

impl LinkLog {
    pub fn new(link: LinkId) -> Self {
        Self { link, rows: Vec::new(), count: 0, bytes: 0, summary_at: None }
    }

    /// A row of this link, to be completed and entered.
    pub fn row(&self, kind: LogKind, message: impl Into<Reason>, now: Timestamp) -> ConnectionLog {
        log_row(&self.link, kind, message, now)
    }

    pub fn enter(&mut self, row: ConnectionLog) {
        if self.rows.len() >= WAITING {
            self.rows.remove(0);
        }
        self.rows.push(row);
    }

    /// A connection begins: its first message has a row of its own.
    pub fn begin(&mut self, now: Instant) {
        self.summary_at = Some(now);
    }

    pub fn message(&mut self, bytes: usize) {
        self.count += 1;
        self.bytes += bytes as u64;
    }

    /// When something has to be written. `now` if rows are waiting.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        if self.rows.is_empty() { self.summary_at.filter(|_| self.count > 0) } else { Some(now) }
    }

    /// The rows to be written now.
    pub fn take_due(&mut self, now: Timestamp, instant: Instant) -> Vec<ConnectionLog> {
        if self.count > 0 && self.summary_at.is_some_and(|at| at <= instant) {
            self.sum_up(now);
            self.summary_at = Some(instant + SUMMED_UP_EVERY);
        }
        std::mem::take(&mut self.rows)
    }

    /// The connection ends: what came over it is summed up.
    pub fn end(&mut self, now: Timestamp) {
        if self.count > 0 {
            self.sum_up(now);
        }
        self.summary_at = None;
    }

    fn sum_up(&mut self, now: Timestamp) {
        let messages = Code::MessagesCame.says(match self.count {
            1 => "A message came.".to_owned(),
            count => format!("{count} messages came."),
        });
        let messages = messages.with("count", self.count as f64);
        let row = ConnectionLog {
            metadata: Some(LogMetadata { count: Some(self.count), ..LogMetadata::default() }),
            data_size: Some(self.bytes),
            ..self.row(LogKind::Message, messages, now)
        };
        (self.count, self.bytes) = (0, 0);
        self.enter(row);
    }

    /// These could not be written after all.
    pub fn put_back(&mut self, mut rows: Vec<ConnectionLog>) {
        rows.append(&mut self.rows);
        let given_up = rows.len().saturating_sub(WAITING);
        self.rows = rows.split_off(given_up);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[ConnectionLog]) -> Vec<u64> {
        rows.iter().map(|row| row.metadata.as_ref().unwrap().count.unwrap()).collect()
    }

    #[test]
    fn the_first_message_has_a_row_and_the_others_one_a_minute() {
        let (mut journal, begun) = (LinkLog::new(LinkId::new("l")), Instant::now());
        journal.begin(begun);
        let mut rows = Vec::new();
        for second in 0..=90 {
            let now = begun + Duration::from_secs(second);
            journal.message(10);
            rows.extend(journal.take_due(Timestamp::EPOCH, now));
        }
        journal.end(Timestamp::EPOCH);
        rows.extend(journal.take_due(Timestamp::EPOCH, begun));
        assert_eq!(counts(&rows), [1, 60, 30]);
        assert_eq!(rows[1].data_size, Some(600));
    }

    #[test]
    fn rows_that_cannot_be_written_are_bounded_and_the_newest_are_kept() {
        let mut journal = LinkLog::new(LinkId::new("l"));
        for number in 0..2 * WAITING {
            journal.enter(journal.row(LogKind::Error, number.to_string(), Timestamp::EPOCH));
            if number % 7 == 0 {
                let rows = journal.take_due(Timestamp::EPOCH, Instant::now());
                journal.put_back(rows);
            }
        }
        let rows = journal.take_due(Timestamp::EPOCH, Instant::now());
        assert_eq!(rows.len(), WAITING);
        assert_eq!(rows.last().unwrap().message.as_deref(), Some("399"));
    }
}
