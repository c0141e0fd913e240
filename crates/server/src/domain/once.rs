//! Doing a thing once. A client that got no answer sends its request again, under the same key; what
//! it asked for is done in the same transaction that remembers the key, so it is done once or not at
//! all.

use latido_protocol::{session::UserId, time::Timestamp};

use super::Refused;
use crate::{digest::Digest, store::Write};

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
    if let Some(stored) = write.read().answer(user, key, now)? {
        let same = stored.request == request.as_bytes();
        return if same { Ok(stored.body) } else { Err(Refused::KeyReused) };
    }
    let body = make(write)?;
    write.keep_answer(user, key, request, &body, now)?;
    Ok(body)
}
