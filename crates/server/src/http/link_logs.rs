//! Several logs read as one, newest first, a page at a time: each log is read once, in pages of its own, however
//! many there are.

use std::collections::VecDeque;

use latido_domain::store::{Owner, Read, Slice, Store, StoreError, Stored, document::Cursor};
use latido_protocol::link::{ConnectionLog, LinkId};

/// Rows that are read of a log at once. There may be a hundred logs.
const PAGE: usize = 100;

pub struct Logs {
    slice: Slice,
    logs: Vec<Log>,
}

struct Log {
    owner: Owner,
    /// What has been read and not given out, newest first.
    rows: VecDeque<ConnectionLog>,
    /// The last that was read.
    behind: Option<Cursor>,
    read_whole: bool,
}

impl Logs {
    /// The rows of these logs that are in the slice, whatever its limit.
    pub fn new(links: Vec<LinkId>, slice: Slice) -> Self {
        let log = |link: &LinkId| Log {
            owner: Owner::link(link),
            rows: VecDeque::new(),
            behind: None,
            read_whole: false,
        };
        Self { slice: Slice { limit: PAGE, behind: None, ..slice }, logs: links.iter().map(log).collect() }
    }

    /// The next rows; none when there are no more.
    pub async fn next(&mut self, store: &dyn Store) -> Result<Vec<ConnectionLog>, StoreError> {
        let (slice, logs) = (self.slice.clone(), std::mem::take(&mut self.logs));
        self.logs = store.read(move |read| refill(read, &slice, logs)).await?;
        let mut rows = Vec::new();
        // What comes behind the last row of a log that may have more is not known yet.
        while !self.logs.iter().any(|log| log.rows.is_empty() && !log.read_whole) {
            let newest = self.logs.iter_mut().max_by(|a, b| a.newest().cmp(&b.newest()));
            let Some(row) = newest.and_then(|log| log.rows.pop_front()) else { break };
            rows.push(row);
        }
        Ok(rows)
    }
}

impl Log {
    fn newest(&self) -> Option<(latido_protocol::time::Timestamp, &str)> {
        self.rows.front().map(|row| (row.at(), row.id.as_str()))
    }
}

fn refill(read: &Read, slice: &Slice, mut logs: Vec<Log>) -> Result<Vec<Log>, StoreError> {
    for log in logs.iter_mut().filter(|log| log.rows.is_empty() && !log.read_whole) {
        let slice = Slice { behind: log.behind.take(), ..slice.clone() };
        let rows = read.list::<ConnectionLog>(&log.owner, &slice)?;
        log.behind = rows.last().map(|last| Cursor { at: last.at(), id: Stored::id(last).to_owned() });
        log.read_whole = rows.len() < PAGE;
        log.rows = rows.into();
    }
    Ok(logs)
}
