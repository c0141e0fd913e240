//! Settlement of a delivery: it leaves the outbox, and message and delivery get the status that it came to, in one
//! transaction.

use latido_protocol::{
    conversation::{ContactId, MessageStatus},
    delivery::{DeliveryId, DeliveryKind, DeliveryStatus},
    time::Timestamp,
};

use crate::{
    contact, delivery,
    error::DomainError,
    message,
    outbox::{self, DueQueue, OutboxJob},
    store::{Owner, Write},
};

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    Delivered,
    Failed,
}

/// Takes a job out of its queue and notes everywhere what became of it. Nothing happens if it is out
/// already.
pub fn settle(
    write: &mut Write,
    contact: &ContactId,
    job: &DeliveryId,
    outcome: DeliveryOutcome,
    now: Timestamp,
) -> Result<(), DomainError> {
    let owner = Owner::contact(contact);
    let Some(job) = write.read().get::<OutboxJob>(&owner, job.as_str())? else { return Ok(()) };
    let Some(mut contact) = contact::by_id(&write.read(), contact)? else { return Ok(()) };
    write.remove::<OutboxJob>(&owner, job.id.as_str())?;
    let (delivered, sent) = match outcome {
        DeliveryOutcome::Delivered => (DeliveryStatus::Delivered, MessageStatus::Sent),
        DeliveryOutcome::Failed => (DeliveryStatus::Failed, MessageStatus::Failed),
    };
    if job.kind == DeliveryKind::Message {
        message::report(write, &mut contact, &job.message, sent, now)?;
    }
    delivery::settle(write, &contact.person, &job.id, delivered, now)?;
    match outbox::waiting(&write.read(), &contact.id, 1)?.pop() {
        Some(next) => write.put(&Owner::server(), &DueQueue { contact: contact.id, at: next.created_at })?,
        None => outbox::forget(write, &contact.id)?,
    }
    Ok(())
}
