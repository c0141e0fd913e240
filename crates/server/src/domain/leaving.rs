//! Leaving: an account is deleted with everything that it has, and with what others were told of it.
//!
//! Its documents and its event log go, its conversations with all that was said and is still to be sent, its
//! sessions, its place in the tenant and with its coaches. The coaches' logs and remembered answers speak of
//! the person too; what does is taken out, also when a coach follows the person no longer. That leaves a hole
//! in a log, and whoever resumes from before it is told to fetch everything anew, as with any hole.

use latido_protocol::session::UserId;

use super::{
    Refused, account,
    contact::{self, Contact},
    once, scope,
};
use crate::{
    auth::session::{self, SessionId},
    store::{Owner, Slice, StoreError, Write},
};

/// Ends an assignment, and lets the coach keep nothing of what was told under it. Gives whether there was
/// one.
pub fn let_go(write: &mut Write, person: &UserId, coach: &UserId) -> Result<bool, StoreError> {
    forget_person(write, coach, person)?;
    scope::unassign(write, person, coach)
}

/// Takes out of a coach's log and remembered answers what they say of a person.
fn forget_person(write: &mut Write, coach: &UserId, person: &UserId) -> Result<(), StoreError> {
    let contacts = write.read().list::<Contact>(&Owner::user(person), &Slice::default())?;
    for id in contacts.iter().map(|contact| contact.id.as_str()).chain([person.as_str()]) {
        write.forget_events_about(coach, id)?;
        once::forget_about(write, coach, id)?;
    }
    Ok(())
}

/// Deletes the account and gives the sessions that it had, whose sockets are to be closed.
pub fn leave(write: &mut Write, user: &UserId) -> Result<Vec<SessionId>, Refused> {
    let account = write.read().account(user)?.ok_or(Refused::NotFound)?;
    let coaches = scope::coaches_of(&write.read(), user)?;
    let sessions = session::end_all(write, user)?;
    for coach in &coaches {
        forget_person(write, coach, user)?;
    }
    scope::unassign_all(write, user)?;
    contact::forget_all(write, user)?;
    write.forget_events(user)?;
    write.forget(&Owner::user(user))?;
    account::remove(write, &account)?;
    Ok(sessions)
}
