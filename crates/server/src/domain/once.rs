//! Doing a thing once. A client that got no answer sends its request again, under the same
//! `Idempotency-Key`; what it asked for is done in the same transaction that remembers the key, so it is
//! done once or not at all.

use latido_protocol::{session::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::Refused;
use crate::{
    digest::Digest,
    store::{Owner, Slice, StoreError, Stored, Write},
};

/// How long a key is remembered: longer than the seven days that a page keeps what it could not send, or
/// what was received without an answer would be created a second time.
const KEPT_MS: i64 = 8 * 24 * 3_600_000;

/// What was answered, and to which request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    key: String,
    /// A digest of the request.
    request: String,
    body: String,
    created_at: Timestamp,
}

impl Stored for Answer {
    const COLLECTION: &'static str = "answer";

    fn id(&self) -> &str {
        &self.key
    }

    fn at(&self) -> Timestamp {
        self.created_at
    }
}

/// Forgets the answers given to this user that mention something, which is the id of somebody who leaves.
pub fn forget_about(write: &mut Write, user: &UserId, id: &str) -> Result<(), StoreError> {
    let owner = Owner::user(user);
    for answer in write.read().list::<Answer>(&owner, &Slice::default())? {
        if answer.body.contains(id) {
            write.remove::<Answer>(&owner, &answer.key)?;
        }
    }
    Ok(())
}

/// Does `make` and remembers its answer under `key`, or gives the answer that is remembered there.
pub fn once(
    write: &mut Write,
    user: &UserId,
    key: Option<&str>,
    request: &Digest,
    now: Timestamp,
    make: impl FnOnce(&mut Write) -> Result<String, Refused>,
) -> Result<String, Refused> {
    let Some(key) = key else { return make(write) };
    let owner = Owner::user(user);
    write.trim::<Answer>(&owner, now.plus_ms(1 - KEPT_MS))?;
    if let Some(stored) = write.read().get::<Answer>(&owner, key)? {
        let same = stored.request == request.hex();
        return if same { Ok(stored.body) } else { Err(Refused::KeyReused) };
    }
    let body = make(write)?;
    let kept = Answer { key: key.to_owned(), request: request.hex(), body, created_at: now };
    write.put(&owner, &kept)?;
    Ok(kept.body)
}
