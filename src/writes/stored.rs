//! How an entry of the outbox is written down: one flat object, whose reader is small.

use latido_protocol::{json, read_object, time::Timestamp};
use latido_replica::{Entry, EntryOf, EntryState, Refusal, Write};
use serde::Serialize;

use super::send::kind_of;
use crate::queries::{
    draft::Draft,
    record::{AnyRecord, Kind},
};

#[derive(Serialize)]
struct Stored {
    key: String,
    number: u64,
    queued_at: Timestamp,
    sent: bool,
    /// The collection's path, which names the kind.
    path: String,
    /// Of the record; a local one for a creation.
    id: String,
    /// Of the record that an edit replaces.
    version: Option<u64>,
    /// Of the request; a deletion has none.
    body: Option<String>,
    /// Why it was refused; `None` while it waits.
    refused: Option<String>,
}

read_object!(Stored {
    key = "key",
    number = "number",
    queued_at = "queued_at",
    sent = "sent",
    path = "path",
    id = "id",
    version = "version" or None,
    body = "body" or None,
    refused = "refused" or None,
});

const CONFLICT: &str = "conflict";
const GONE: &str = "gone";
const TOO_OLD: &str = "too-old";
const WAITED_FOR_REFUSED: &str = "waited-for-refused";
/// What follows are the server's words.
const SAID: &str = "said ";

pub(crate) fn write(entry: &EntryOf<AnyRecord>) -> Option<String> {
    let (id, version, body) = match &entry.write {
        Write::Create { id, draft } => (id, None, Some(draft.body())),
        Write::Edit { id, version, draft } => (id, Some(*version), Some(draft.body())),
        Write::Delete { id, .. } => (id, None, None),
    };
    let refused = match &entry.state {
        EntryState::Waiting => None,
        EntryState::Refused(refusal) => Some(match refusal {
            Refusal::Conflict => CONFLICT.to_owned(),
            Refusal::Gone => GONE.to_owned(),
            Refusal::TooOld => TOO_OLD.to_owned(),
            Refusal::WaitedForRefused => WAITED_FOR_REFUSED.to_owned(),
            Refusal::Said(words) => format!("{SAID}{words}"),
        }),
    };
    let stored = Stored {
        key: entry.key.clone(),
        number: entry.number,
        queued_at: entry.queued_at,
        sent: entry.sent,
        path: kind_of(entry).path().to_owned(),
        id: id.clone(),
        version,
        body: body.map(str::to_owned),
        refused,
    };
    serde_json::to_string(&stored).ok()
}

/// `None` for what no version of this page has written.
pub(crate) fn read(text: &str) -> Option<EntryOf<AnyRecord>> {
    let Stored { key, number, queued_at, sent, path, id, version, body, refused } = json::parse(text).ok()?;
    let kind = [Kind::Food, Kind::Exercise, Kind::Metric].into_iter().find(|kind| kind.path() == path)?;
    let write = match (body, version) {
        (None, _) => Write::Delete { id, kind },
        (Some(body), None) => Write::Create { id, draft: Draft::new(kind, body).ok()? },
        (Some(body), Some(version)) => Write::Edit { id, version, draft: Draft::new(kind, body).ok()? },
    };
    let state = match refused.as_deref() {
        None => EntryState::Waiting,
        Some(CONFLICT) => EntryState::Refused(Refusal::Conflict),
        Some(GONE) => EntryState::Refused(Refusal::Gone),
        Some(TOO_OLD) => EntryState::Refused(Refusal::TooOld),
        Some(WAITED_FOR_REFUSED) => EntryState::Refused(Refusal::WaitedForRefused),
        Some(words) => {
            EntryState::Refused(Refusal::Said(words.strip_prefix(SAID).unwrap_or(words).to_owned()))
        }
    };
    Some(Entry { key, number, queued_at, write, sent, state })
}
