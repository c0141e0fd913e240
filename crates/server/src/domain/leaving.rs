//! Leaving: an account is deleted with everything that it has, and with what others were told of it.
//!
//! Its documents and its event log go, its sessions, its place in the tenant and with its coaches. The
//! coaches' logs and remembered answers speak of the person too; what does is taken out. That leaves a hole
//! in a log, and whoever resumes from before it is told to fetch everything anew, as with any hole.

use latido_protocol::session::UserId;

use super::{Refused, account, once, scope};
use crate::{
    auth::session::{self, SessionId},
    store::{Owner, Write},
};

/// Deletes the account and gives the sessions that it had, whose sockets are to be closed.
pub fn leave(write: &mut Write, user: &UserId) -> Result<Vec<SessionId>, Refused> {
    let account = write.read().account(user)?.ok_or(Refused::NotFound)?;
    let coaches = scope::coaches_of(&write.read(), user)?;
    let sessions = session::end_all(write, user)?;
    scope::unassign_all(write, user)?;
    for coach in &coaches {
        write.forget_events_about(coach, user.as_str())?;
        once::forget_about(write, coach, user.as_str())?;
    }
    write.forget_events(user)?;
    write.forget(&Owner::user(user))?;
    account::remove(write, &account)?;
    Ok(sessions)
}
