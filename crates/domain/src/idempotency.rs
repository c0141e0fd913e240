//! Doing a thing once. A client that got no answer sends its request again, under the same
//! `Idempotency-Key`; what it asked for is done in the same transaction that remembers the key, so it is
//! done once or not at all.

use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    error::DomainError,
    store::{Owner, Slice, StoreError, Stored, Write, document::Cursor},
};

/// How long a key is remembered: longer than the seven days that a page keeps what it could not send, or
/// what was received without an answer would be created a second time.
const KEPT_MS: i64 = 8 * 24 * 3_600_000;

/// How many answers are read at once.
const PAGE: usize = 100;

/// What was answered, and to which request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredResponse {
    key: String,
    /// A digest of the request.
    request: String,
    body: String,
    created_at: Timestamp,
}

impl Stored for StoredResponse {
    const COLLECTION: &'static str = "answer";

    fn id(&self) -> &str {
        &self.key
    }

    fn at(&self) -> Timestamp {
        self.created_at
    }
}

/// Forgets the answers given to this user that are to go. There may be a great many, so they are read a page at a
/// time.
pub fn forget_where(write: &mut Write, user: &UserId, goes: &dyn Fn(&str) -> bool) -> Result<(), StoreError> {
    let (owner, mut slice) = (Owner::user(user), Slice { limit: PAGE, ..Slice::default() });
    loop {
        let page = write.read().list::<StoredResponse>(&owner, &slice)?;
        for answer in page.iter().filter(|answer| goes(&answer.body)) {
            write.remove::<StoredResponse>(&owner, &answer.key)?;
        }
        let Some(last) = page.last().filter(|_| page.len() == PAGE) else { return Ok(()) };
        slice.behind = Some(Cursor { at: last.at(), id: last.id().to_owned() });
    }
}

/// Does `make` and remembers its answer under `key`, or gives the answer that is remembered there.
pub fn with_idempotency_key(
    write: &mut Write,
    user: &UserId,
    key: Option<&str>,
    request: &Digest,
    now: Timestamp,
    make: impl FnOnce(&mut Write) -> Result<String, DomainError>,
) -> Result<String, DomainError> {
    let Some(key) = key else { return make(write) };
    let owner = Owner::user(user);
    write.trim::<StoredResponse>(&owner, now.plus_ms(1 - KEPT_MS))?;
    if let Some(stored) = write.read().get::<StoredResponse>(&owner, key)? {
        let same = stored.request == request.hex();
        return if same { Ok(stored.body) } else { Err(DomainError::KeyReused) };
    }
    let body = make(write)?;
    let kept = StoredResponse { key: key.to_owned(), request: request.hex(), body, created_at: now };
    write.put(&owner, &kept)?;
    Ok(kept.body)
}
