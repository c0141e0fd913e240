//! Deletion of an account together with its sessions.

use latido_domain::{delete_account, error::DomainError, store::Write};
use latido_protocol::session::UserId;

use super::{session, session_id::SessionId};

/// Deletes the account and gives the sessions that it had, whose sockets are to be closed.
pub fn delete_account(write: &mut Write, user: &UserId) -> Result<Vec<SessionId>, DomainError> {
    let sessions = session::end_all(write, user)?;
    delete_account::delete_account(write, user)?;
    Ok(sessions)
}
