//! Numbers the rows of a file that say the same: who has two equal coffees has had two.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::{
    event::ReadEvent,
    row::{Identity, Row, RowKind},
};

/// How many different rows of a file are told apart: 32 MB of keys. Beyond it rows are refused, since an equal one
/// could not be told from one that was imported before.
const MAX_ROWS: usize = 2_000_000;

/// How often each row has been met. Kept by 64 bits of its digest.
pub struct DuplicateCounter {
    met: HashMap<u64, u32>,
    max: usize,
}

impl Default for DuplicateCounter {
    fn default() -> Self {
        Self { met: HashMap::new(), max: MAX_ROWS }
    }
}

impl DuplicateCounter {
    /// Gives a row its number among equal ones; of meals that sum up a day, among those of the same day and name.
    pub fn with_ordinal(&mut self, found: ReadEvent) -> ReadEvent {
        let ReadEvent::Row { line, row } = found else { return found };
        let key = match &row.identity {
            Identity::Content(_) => serde_json::Value::Object(row.record.clone()).to_string(),
            Identity::Day(day) if row.kind == RowKind::Foods => {
                format!("{day} {}", row.record.get("name").unwrap_or(&serde_json::Value::Null))
            }
            Identity::Day(_) | Identity::Id(_) => return ReadEvent::Row { line, row },
        };
        let digest = Sha256::digest(format!("{} {key}", row.kind.as_str()).as_bytes());
        let key = digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte));
        if self.met.len() >= self.max && !self.met.contains_key(&key) {
            let reason = format!("comes after {} different rows; cut the file in two", self.max);
            return ReadEvent::BadRow { line, reason };
        }
        let count = self.met.entry(key).or_default();
        let identity = match row.identity {
            Identity::Day(day) if *count > 0 => Identity::Day(format!("{day}/{count}")),
            Identity::Day(day) => Identity::Day(day),
            _ => Identity::Content(*count),
        };
        *count += 1;
        ReadEvent::Row { line, row: Row { identity, ..row } }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_beyond_the_bound_is_refused() {
        let mut duplicates = DuplicateCounter { max: 2, ..DuplicateCounter::default() };
        let mut number = |calories: u32| {
            let record = json!({ "calories": calories }).as_object().unwrap().clone();
            let row = Row { kind: RowKind::Foods, record, identity: Identity::Content(0) };
            match duplicates.with_ordinal(ReadEvent::Row { line: 7, row }) {
                ReadEvent::Row { row, .. } => Some(row.identity),
                _ => None,
            }
        };
        assert_eq!(number(1), Some(Identity::Content(0)));
        assert_eq!(number(2), Some(Identity::Content(0)));
        assert_eq!(number(3), None);
        assert_eq!(number(1), Some(Identity::Content(1)));
    }
}
