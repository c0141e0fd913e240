//! Deliveries: what became of everything that was sent. They belong to the person whose contact it was
//! for; the person's coaches see them too.
//!
//! How many there are is counted along, not counted up: a summary goes out with every change, and it must
//! not cost the more the more there are.

use latido_protocol::{
    delivery::{DeliveryChange, DeliveryEvent, DeliveryId, DeliveryKind, DeliveryStatus, DeliverySummary},
    session::UserId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    access,
    error::DomainError,
    shared_list,
    store::{Owner, Read, Slice, StoreError, Stored, Write, document::SortOrder},
};

/// So many deliveries of a person are kept; the oldest make room.
const KEPT: u64 = 10_000;

impl Stored for DeliveryEvent {
    const COLLECTION: &'static str = "delivery";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.created_at
    }

    fn facet(&self) -> &'static str {
        self.status.as_str()
    }
}

/// How many deliveries a person has.
#[derive(Default, Serialize, Deserialize)]
struct Tally(DeliverySummary);

const TALLY: &str = "tally";

impl Stored for Tally {
    const COLLECTION: &'static str = "deliveryTally";

    fn id(&self) -> &'static str {
        TALLY
    }

    fn at(&self) -> Timestamp {
        Timestamp::EPOCH
    }
}

impl Tally {
    fn of(&mut self, status: DeliveryStatus) -> &mut u64 {
        match status {
            DeliveryStatus::Pending => &mut self.0.pending_events,
            DeliveryStatus::Delivered => &mut self.0.delivered_events,
            DeliveryStatus::Failed => &mut self.0.failed_events,
        }
    }

    fn add(&mut self, status: DeliveryStatus) {
        self.0.total_events += 1;
        *self.of(status) += 1;
    }

    fn take(&mut self, status: DeliveryStatus) {
        self.0.total_events = self.0.total_events.saturating_sub(1);
        let count = self.of(status);
        *count = count.saturating_sub(1);
    }
}

/// Writes a delivery that is over, and tells nobody.
pub fn keep(write: &mut Write, person: &UserId, event: &DeliveryEvent) -> Result<(), StoreError> {
    let mut tally = tally(&write.read(), person)?;
    tally.add(event.status);
    write.put(&Owner::user(person), &tally)?;
    write.put(&Owner::user(person), event)
}

/// Something is to be delivered.
pub fn begin(
    write: &mut Write,
    person: &UserId,
    kind: DeliveryKind,
    now: Timestamp,
) -> Result<DeliveryId, StoreError> {
    let mut tally = tally(&write.read(), person)?;
    let mut changes = Vec::new();
    if tally.0.total_events >= KEPT {
        changes.extend(make_room(write, person, &mut tally)?);
    }
    let event = DeliveryEvent {
        id: DeliveryId::new(uuid::Uuid::now_v7().to_string()),
        kind,
        status: DeliveryStatus::Pending,
        delivery_latency_ms: None,
        created_at: now,
        updated_at: now,
    };
    let id = event.id.clone();
    tally.add(event.status);
    write.put(&Owner::user(person), &event)?;
    changes.push(DeliveryChange::Created(event));
    finish(write, person, &tally, &changes, now)?;
    Ok(id)
}

/// It has been delivered, or has failed for good. Nothing happens to what is settled or gone already.
pub fn settle(
    write: &mut Write,
    person: &UserId,
    id: &DeliveryId,
    status: DeliveryStatus,
    now: Timestamp,
) -> Result<(), StoreError> {
    let found: Option<DeliveryEvent> = write.read().get(&Owner::user(person), id.as_str())?;
    let Some(mut event) = found.filter(|event| event.status == DeliveryStatus::Pending) else {
        return Ok(());
    };
    let mut tally = tally(&write.read(), person)?;
    tally.take(event.status);
    tally.add(status);
    (event.status, event.updated_at) = (status, now);
    if status == DeliveryStatus::Delivered {
        event.delivery_latency_ms =
            Some(u64::try_from(now.unix_ms() - event.created_at.unix_ms()).unwrap_or(0));
    }
    write.put(&Owner::user(person), &event)?;
    finish(write, person, &tally, &[DeliveryChange::Updated(event)], now)
}

/// Takes a settled delivery of the caller's out of the list. One that is under way is refused: it would
/// arrive all the same.
pub fn remove(
    write: &mut Write,
    caller: &UserId,
    id: &DeliveryId,
    now: Timestamp,
) -> Result<(), DomainError> {
    for person in shared_list::people(&write.read(), caller)? {
        let Some(event) = write.read().get::<DeliveryEvent>(&Owner::user(&person), id.as_str())? else {
            continue;
        };
        if person != *caller {
            return Err(DomainError::Forbidden);
        }
        if event.status == DeliveryStatus::Pending {
            return Err(DomainError::UnderWay);
        }
        let mut tally = tally(&write.read(), &person)?;
        tally.take(event.status);
        write.remove::<DeliveryEvent>(&Owner::user(&person), id.as_str())?;
        return Ok(finish(write, &person, &tally, &[DeliveryChange::Deleted(id.clone())], now)?);
    }
    Err(DomainError::NotFound)
}

/// How many deliveries these people have together.
pub fn summary(read: &Read, people: &[UserId]) -> Result<DeliverySummary, StoreError> {
    let mut sum = DeliverySummary::default();
    for person in people {
        let Tally(one) = tally(read, person)?;
        sum.total_events += one.total_events;
        sum.pending_events += one.pending_events;
        sum.delivered_events += one.delivered_events;
        sum.failed_events += one.failed_events;
    }
    Ok(sum)
}

fn tally(read: &Read, person: &UserId) -> Result<Tally, StoreError> {
    Ok(read.get(&Owner::user(person), TALLY)?.unwrap_or_default())
}

/// Drops the oldest delivery that is settled.
fn make_room(
    write: &mut Write,
    person: &UserId,
    tally: &mut Tally,
) -> Result<Option<DeliveryChange>, StoreError> {
    let owner = Owner::user(person);
    for status in [DeliveryStatus::Delivered, DeliveryStatus::Failed] {
        let oldest = Slice {
            facet: Some(status.as_str()),
            order: SortOrder::OldestFirst,
            limit: 1,
            ..Slice::default()
        };
        if let Some(event) = write.read().list::<DeliveryEvent>(&owner, &oldest)?.pop() {
            write.remove::<DeliveryEvent>(&owner, event.id.as_str())?;
            tally.take(event.status);
            return Ok(Some(DeliveryChange::Deleted(event.id)));
        }
    }
    Ok(None)
}

/// Keeps the tally, and tells every viewer of the changes and of the sums that the viewer sees.
fn finish(
    write: &mut Write,
    person: &UserId,
    tally: &Tally,
    changes: &[DeliveryChange],
    now: Timestamp,
) -> Result<(), StoreError> {
    write.put(&Owner::user(person), tally)?;
    for viewer in access::viewers_of_person(&write.read(), person)? {
        for change in changes {
            write.append(&viewer, change, now)?;
        }
        let people = shared_list::people(&write.read(), &viewer)?;
        let sums = summary(&write.read(), &people)?;
        write.append(&viewer, &DeliveryChange::Metrics(sums), now)?;
    }
    Ok(())
}
