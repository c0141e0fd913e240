//! Sign-ins at another issuer that are over here: no token of theirs is good any more.

use latido_domain::store::{Owner, StoreError, Stored, Write};
use latido_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::session_id::SessionId;

/// A sign-in that is over.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Departed {
    session: SessionId,
    /// When it is forgotten, and would be over at the issuer by itself.
    expires_at: Timestamp,
}

impl Stored for Departed {
    const COLLECTION: &'static str = "departedGuest";

    fn id(&self) -> &str {
        self.session.as_str()
    }

    fn at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Remembers that this sign-in is over, until it would be over at the issuer by itself.
pub(super) fn depart(
    write: &mut Write,
    session: &SessionId,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    write.put(&Owner::server(), &Departed { session: session.clone(), expires_at })
}

/// Whether this sign-in is over. Forgets those that were over before `before`.
pub(super) fn has_departed(
    write: &mut Write,
    session: &SessionId,
    before: Timestamp,
) -> Result<bool, StoreError> {
    write.trim::<Departed>(&Owner::server(), before)?;
    Ok(write.read().get::<Departed>(&Owner::server(), session.as_str())?.is_some())
}
