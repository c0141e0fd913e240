//! Leaving: an account is deleted with everything that it has, and with what others were told of it.
//!
//! Its documents and its event log go, its conversations with all that was said and is still to be sent, its
//! sessions, its place in the tenant and with its coaches. The
//! coaches' logs and remembered answers speak of the person too; what does is taken out. That leaves a hole
//! in a log, and whoever resumes from before it is told to fetch everything anew, as with any hole.

use latido_protocol::session::UserId;

use super::{
    Refused, account,
    contact::{self, Contact},
    once, scope,
};
use crate::{
    auth::session::{self, SessionId},
    store::{Owner, Slice, Write},
};

/// Deletes the account and gives the sessions that it had, whose sockets are to be closed.
pub fn leave(write: &mut Write, user: &UserId) -> Result<Vec<SessionId>, Refused> {
    let account = write.read().account(user)?.ok_or(Refused::NotFound)?;
    let coaches = scope::coaches_of(&write.read(), user)?;
    let sessions = session::end_all(write, user)?;
    scope::unassign_all(write, user)?;
    let contacts = write.read().list::<Contact>(&Owner::user(user), &Slice::default())?;
    let ids = contacts.iter().map(|contact| contact.id.as_str()).chain([user.as_str()]);
    for (coach, id) in coaches.iter().flat_map(|coach| ids.clone().map(move |id| (coach, id))) {
        write.forget_events_about(coach, id)?;
        once::forget_about(write, coach, id)?;
    }
    contact::forget_all(write, user)?;
    write.forget_events(user)?;
    write.forget(&Owner::user(user))?;
    account::remove(write, &account)?;
    Ok(sessions)
}
