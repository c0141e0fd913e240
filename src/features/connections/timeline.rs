//! The rows of a log as far as they have been read: the newest page, kept up by events, and older ones on demand.
//!
//! A log only grows, so whatever comes is laid to what is there, and nothing that is old can take anything back.

use latido_protocol::{
    link::{LinkId, LogKind},
    reason::Params,
    time::Timestamp,
};
use serde::Deserialize;

/// Rows that are kept when more come by themselves. Of a log that is open all day the newest page stays, and what
/// is below it can be asked for again.
const MOST: usize = 2_000;

/// What is shown of a row.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogRow {
    pub id: String,
    pub connection_id: LinkId,
    pub event_type: LogKind,
    #[serde(default)]
    pub message: Option<String>,
    #[serde(default)]
    pub error_details: Option<String>,
    /// Of the message.
    #[serde(default)]
    pub code: Option<String>,
    /// Of the details.
    #[serde(default)]
    pub error_code: Option<String>,
    #[serde(default)]
    pub params: Params,
    #[serde(default)]
    pub metadata: Option<LogNotes>,
    #[serde(default)]
    pub response_time: Option<u32>,
    #[serde(default)]
    pub data_size: Option<u64>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LogNotes {
    #[serde(default)]
    pub ip: Option<String>,
    #[serde(default)]
    pub count: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogPage {
    pub logs: Vec<LogRow>,
    #[serde(default)]
    pub next_cursor: Option<String>,
}

/// What there is below the last row.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OlderRows {
    #[default]
    NotKnown,
    /// Asked for with this cursor.
    Behind(String),
    Nothing,
}

impl From<Option<String>> for OlderRows {
    fn from(cursor: Option<String>) -> Self {
        cursor.map_or(Self::Nothing, Self::Behind)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Newest first.
    rows: Vec<LogRow>,
    pub older: OlderRows,
    /// Only while it is paused.
    held: Option<Held>,
}

/// What has come during a pause.
#[derive(Clone, Debug, Default, PartialEq)]
struct Held {
    rows: Vec<LogRow>,
    /// More has come than a page holds: these rows take the place of all others, and this is below them.
    instead: Option<OlderRows>,
}

impl Timeline {
    pub fn rows(&self) -> &[LogRow] {
        &self.rows
    }

    /// Whether the first answer has come.
    pub fn is_known(&self) -> bool {
        self.older != OlderRows::NotKnown
    }

    /// The newest page, asked for at first and whenever something has happened.
    pub fn newest(&mut self, page: LogPage) {
        // More has happened than a page holds: what lies between is read again from the top.
        let gap = page.next_cursor.is_some() && !page.logs.iter().any(|row| self.holds(&row.id));
        let first = !self.is_known();
        match &mut self.held {
            None if gap || first => {
                self.rows = page.logs;
                self.older = page.next_cursor.into();
            }
            Some(held) if gap => {
                *held = Held { rows: page.logs, instead: Some(page.next_cursor.into()) };
            }
            None | Some(_) => {
                let last = page.logs.last().map(|row| row.id.clone());
                for row in page.logs {
                    self.event(row);
                }
                let last = self.rows.iter().position(|row| Some(&row.id) == last.as_ref());
                if let (Some(last), Some(cursor)) = (last, page.next_cursor)
                    && self.rows.len() > MOST
                {
                    self.rows.truncate(last + 1);
                    self.older = OlderRows::Behind(cursor);
                }
            }
        }
    }

    pub fn event(&mut self, row: LogRow) {
        let oldest = self.rows.last().map(|oldest| (oldest.created_at, &oldest.id));
        let is_below = matches!(self.older, OlderRows::Behind(_))
            && oldest.is_some_and(|oldest| (row.created_at, &row.id) < oldest);
        if !self.is_known() || is_below || self.holds(&row.id) {
            return;
        }
        let rows = self.held.as_mut().map_or(&mut self.rows, |held| &mut held.rows);
        insert(rows, row);
    }

    pub fn add_older(&mut self, page: LogPage) {
        for row in page.logs {
            if !self.holds(&row.id) {
                insert(&mut self.rows, row);
            }
        }
        self.older = page.next_cursor.into();
    }

    pub fn pause(&mut self) {
        self.held.get_or_insert_default();
    }

    pub fn resume(&mut self) {
        let Some(Held { rows, instead }) = self.held.take() else { return };
        if let Some(older) = instead {
            self.older = older;
            self.rows = rows;
        } else {
            for row in rows {
                insert(&mut self.rows, row);
            }
        }
    }

    /// How many rows wait for the end of the pause; `None` without one.
    pub fn waiting(&self) -> Option<usize> {
        self.held.as_ref().map(|held| held.rows.len())
    }

    fn holds(&self, id: &str) -> bool {
        let held = self.held.iter().flat_map(|held| &held.rows);
        self.rows.iter().chain(held).any(|row| row.id == id)
    }
}

fn insert(rows: &mut Vec<LogRow>, row: LogRow) {
    let place = rows.partition_point(|known| (known.created_at, &known.id) > (row.created_at, &row.id));
    rows.insert(place, row);
}

/// Whether any of these texts holds what is looked for, capital letters or not.
pub fn mentions(sought: &str, texts: &[String]) -> bool {
    let sought = sought.trim().to_ascii_lowercase();
    texts.iter().any(|text| text.to_ascii_lowercase().contains(&sought))
}
