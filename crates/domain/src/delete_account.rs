//! Leaving: an account is deleted with everything that it has, and with what others were told of it.
//!
//! Its documents and its event log go, its conversations with all that was said and is still to be sent, its
//! sessions, its place in the tenant and with its coaches. The coaches' logs and remembered answers speak of
//! the person too; what does is taken out, also when a coach follows the person no longer. That leaves a hole
//! in a log, and whoever resumes from before it is told to fetch everything anew, as with any hole.

use std::collections::HashSet;

use latido_protocol::session::UserId;

use crate::{
    access, account, contact,
    error::DomainError,
    idempotency, reading,
    store::{Owner, StoreError, Write},
};

/// Ends an assignment, and lets the coach keep nothing of what was told under it. Gives whether there was
/// one.
pub fn end_assignment(write: &mut Write, person: &UserId, coach: &UserId) -> Result<bool, StoreError> {
    forget_person(write, coach, person)?;
    reading::forget_reader(write, person, coach)?;
    access::unassign(write, person, coach)
}

/// Ends all assignments of a coach, who keeps nothing of what was told under them.
pub fn end_assignments_of(write: &mut Write, coach: &UserId) -> Result<(), StoreError> {
    for person in access::people_of(&write.read(), coach)? {
        end_assignment(write, &person.id, coach)?;
    }
    Ok(())
}

/// Takes out of a coach's log and remembered answers what they say of a person.
fn forget_person(write: &mut Write, coach: &UserId, person: &UserId) -> Result<(), StoreError> {
    let contacts = contact::of_person(&write.read(), person)?;
    let ids = contacts.iter().map(|contact| contact.id.as_str()).chain([person.as_str()]).collect();
    let goes = |json: &str| mentions(json, &ids);
    write.forget_events_where(coach, &goes)?;
    idempotency::forget_where(write, coach, &goes)
}

/// Whether one of these ids is a word of the JSON. Looks at each word once, however many ids there are.
fn mentions(json: &str, ids: &HashSet<&str>) -> bool {
    let is_of_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    json.split(|c| !is_of_id(c)).any(|word| ids.contains(word))
}

/// Deletes the account. Its sessions are ended by the caller, in the same transaction.
pub fn delete_account(write: &mut Write, user: &UserId) -> Result<(), DomainError> {
    let account = write.read().account(user)?.ok_or(DomainError::NotFound)?;
    let coaches = access::coaches_of(&write.read(), user)?;
    for coach in &coaches {
        forget_person(write, coach, user)?;
    }
    for person in access::people_of(&write.read(), user)? {
        reading::forget_reader(write, &person.id, user)?;
    }
    access::unassign_all(write, user)?;
    contact::forget_all(write, user)?;
    write.forget_events(user)?;
    write.forget(&Owner::user(user))?;
    account::remove(write, &account)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_mentions_an_id_that_is_a_word_of_it() {
        let ids = HashSet::from(["c1", "c2"]);
        assert!(mentions(r#"{"data":{"contactId":"c2","text":"\"Hola\""}}"#, &ids));
        assert!(mentions(r#"{"channel":"conversation:c1"}"#, &ids));
        assert!(!mentions(r#"{"data":{"contactId":"c22","text":"c-1 c1-"}}"#, &ids));
    }
}
