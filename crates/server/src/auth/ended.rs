//! Sessions that were ended where no hub is: by a command, in a process of its own, or deep inside of a
//! transaction. They are written down in the transaction that ends them, and the server that runs on the
//! database looks every so often and closes their sockets. Their requests are refused at once, because
//! every request asks the database.

use latido_domain::store::{Owner, Read, Slice, StoreError, Stored, Write};
use latido_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::session_id::SessionId;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    session: SessionId,
    at: Timestamp,
}

impl Stored for Ended {
    const COLLECTION: &'static str = "endedSession";

    fn id(&self) -> &str {
        self.session.as_str()
    }

    fn at(&self) -> Timestamp {
        self.at
    }
}

/// Has the sockets of these sessions closed by the server that runs on this database.
pub fn announce(write: &mut Write, sessions: &[SessionId], now: Timestamp) -> Result<(), StoreError> {
    for session in sessions {
        write.put(&Owner::server(), &Ended { session: session.clone(), at: now })?;
    }
    Ok(())
}

/// The sessions that were announced and whose sockets are still to be closed.
pub fn announced(read: &Read) -> Result<Vec<SessionId>, StoreError> {
    let ended = read.list::<Ended>(&Owner::server(), &Slice::default())?;
    Ok(ended.into_iter().map(|ended| ended.session).collect())
}

/// Forgets announcements that have been carried out.
pub fn forget(write: &mut Write, sessions: &[SessionId]) -> Result<(), StoreError> {
    for session in sessions {
        write.remove::<Ended>(&Owner::server(), session.as_str())?;
    }
    Ok(())
}
