//! Telling of a change of somebody's records: the person is sent the record, the coaches that something of
//! theirs has changed. A coach's own lists hold the coach's own records, so another person's record must
//! not come to them as one of those.

use latido_protocol::{
    event::{Event, Family, WireEvent},
    session::UserId,
    time::Timestamp,
};
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    access,
    store::{StoreError, Write},
};

/// Something of a person's has changed. A coach's page that shows it has to fetch it anew.
struct PersonUpdated<'a> {
    person: &'a UserId,
    family: Family,
}

impl WireEvent for PersonUpdated<'_> {
    fn name(&self) -> &'static str {
        "personUpdated"
    }

    fn data(&self) -> Result<Box<RawValue>, serde_json::Error> {
        to_raw_value(&serde_json::json!({ "personId": self.person, "family": self.family.name() }))
    }
}

/// Tells of an event of this person's.
pub fn publish_to_viewers(
    write: &mut Write,
    person: &UserId,
    event: &Event,
    now: Timestamp,
) -> Result<(), StoreError> {
    write.append(person, event, now)?;
    for coach in access::coaches_of(&write.read(), person)? {
        write.append(&coach, &PersonUpdated { person, family: event.family() }, now)?;
    }
    Ok(())
}
