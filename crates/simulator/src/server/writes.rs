//! The user's writes, as REST has them: `Idempotency-Key` on a creation, `If-Match` on an edit.

use latido_cache::{Answer, Write, WriteOf};
use latido_protocol::time::Timestamp;

use super::Server;
use crate::record::{Draft, Record};

impl Server {
    /// The answer, and whether the database has changed.
    pub fn write(&mut self, key: &str, write: &WriteOf<Record>, now: Timestamp) -> (Answer<Record>, bool) {
        let place = self.records.iter().position(|record| record.id() == write.id());
        match (write, place) {
            (Write::Create { draft, .. }, _) => {
                if let Some(record) = self.keys.get(key) {
                    return (Answer::Done(Some(record.clone())), false);
                }
                if is_refused(draft) {
                    return (refusal(), false);
                }
                let record = self.create(draft, now);
                self.keys.insert(key.to_owned(), record.clone());
                (Answer::Done(Some(record)), true)
            }
            (Write::Edit { .. } | Write::Delete { .. }, None) => (Answer::Gone, false),
            (Write::Edit { version, draft, .. }, Some(place)) => {
                let record = &self.records[place];
                if *version > 0 && record.version() != *version {
                    (Answer::Conflict(record.clone()), false)
                } else if is_refused(draft) {
                    (refusal(), false)
                } else {
                    (Answer::Done(Some(self.edit(place, draft, now))), true)
                }
            }
            (Write::Delete { .. }, Some(place)) => {
                self.delete(place, now);
                (Answer::Done(None), true)
            }
        }
    }
}

/// Some are not what the server takes.
fn is_refused(draft: &Draft) -> bool {
    draft.amount.is_multiple_of(29)
}

fn refusal() -> Answer<Record> {
    Answer::Refused("this amount is not to our liking".to_owned())
}
