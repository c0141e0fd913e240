//! Which rows of the log are asked for.

use latido_protocol::{
    link::{LinkId, LogKind},
    time::Timestamp,
};

use super::timeline::LogRow;

/// What the server is asked for. What is searched for is looked for in what has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogFilter {
    pub link: Option<LinkId>,
    pub kind: Option<LogKind>,
    pub from: Option<Timestamp>,
}

impl LogFilter {
    pub fn path(&self, below: &str, parameters: &str) -> String {
        let mut path = match &self.link {
            Some(id) => format!("/websocket/{id}/logs{below}?{parameters}"),
            None => format!("/websocket/logs{below}?{parameters}"),
        };
        if let Some(kind) = self.kind {
            path = path + "&eventType=" + kind.as_str();
        }
        if let Some(from) = self.from {
            path = path + "&from=" + &from.to_string();
        }
        path
    }

    pub fn admits(&self, row: &LogRow) -> bool {
        self.link.as_ref().is_none_or(|link| *link == row.connection_id)
            && self.kind.is_none_or(|kind| kind == row.event_type)
    }
}
