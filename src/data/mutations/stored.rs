//! An entry of the outbox as it is stored: one flat object.

use latido_cache::{Entry, EntryOf, EntryState, Refusal, Write};
use latido_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::send::kind_of;
use crate::data::queries::{
    draft::Draft,
    record::{AnyRecord, RecordKind},
};

#[derive(Serialize, Deserialize)]
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
    body: Option<Box<RawValue>>,
    /// The server has accepted it without returning an id.
    #[serde(default)]
    accepted: bool,
    /// Why it was refused; `None` while it waits.
    refused: Option<String>,
}

const CONFLICT: &str = "conflict";
const GONE: &str = "gone";
const NO_ROUTE: &str = "no-route";
const NOT_SHOWN: &str = "not-shown";
const TOO_OLD: &str = "too-old";
const WAITED_FOR_REFUSED: &str = "waited-for-refused";
/// What follows are the server's words.
const SAID: &str = "said ";

pub(crate) fn write(entry: &EntryOf<AnyRecord>) -> Option<String> {
    let (id, version, body) = match &entry.write {
        Write::Create { id, draft } => (id, None, Some(draft.body().ok()?)),
        Write::Edit { id, version, draft } => (id, Some(*version), Some(draft.body().ok()?)),
        Write::Delete { id, .. } => (id, None, None),
    };
    let refused = match &entry.state {
        EntryState::Waiting => None,
        EntryState::Refused(refusal) => Some(match refusal {
            Refusal::Conflict => CONFLICT.to_owned(),
            Refusal::Gone => GONE.to_owned(),
            Refusal::NoRoute => NO_ROUTE.to_owned(),
            Refusal::NotShown => NOT_SHOWN.to_owned(),
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
        body: body.map(RawValue::from_string).transpose().ok()?,
        accepted: entry.accepted,
        refused,
    };
    serde_json::to_string(&stored).ok()
}

/// `None` for what no version of this page has written.
pub(crate) fn read(text: &str) -> Option<EntryOf<AnyRecord>> {
    let Stored { key, number, queued_at, sent, path, id, version, body, accepted, refused } =
        serde_json::from_str(text).ok()?;
    let kind = [RecordKind::Food, RecordKind::Exercise, RecordKind::Metric]
        .into_iter()
        .find(|kind| kind.path() == path)?;
    let draft = |body: Box<RawValue>| {
        // Earlier versions of the page stored the body as a text.
        let text = serde_json::from_str::<String>(body.get()).ok();
        Draft::parse(kind, text.as_deref().unwrap_or(body.get())).ok()
    };
    let write = match (body, version) {
        (None, _) => Write::Delete { id, kind },
        (Some(body), None) => Write::Create { id, draft: draft(body)? },
        (Some(body), Some(version)) => Write::Edit { id, version, draft: draft(body)? },
    };
    let state = match refused.as_deref() {
        None => EntryState::Waiting,
        Some(CONFLICT) => EntryState::Refused(Refusal::Conflict),
        Some(GONE) => EntryState::Refused(Refusal::Gone),
        Some(NO_ROUTE) => EntryState::Refused(Refusal::NoRoute),
        Some(NOT_SHOWN) => EntryState::Refused(Refusal::NotShown),
        Some(TOO_OLD) => EntryState::Refused(Refusal::TooOld),
        Some(WAITED_FOR_REFUSED) => EntryState::Refused(Refusal::WaitedForRefused),
        Some(words) => {
            EntryState::Refused(Refusal::Said(words.strip_prefix(SAID).unwrap_or(words).to_owned()))
        }
    };
    Some(Entry { key, number, queued_at, write, sent, accepted, state })
}
