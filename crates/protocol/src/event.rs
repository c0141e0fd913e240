//! Events: changes that a backend publishes. An event names a family and what happened to one record of it;
//! the record comes along whole, except with a deletion, which carries the id.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{
    exercise::ExerciseLog, food::FoodLog, id::Id, metric::HealthMetric, opaque_event::OpaqueEvent,
    profile::HealthProfile, record::Record,
};

pub use crate::{family::Family, wire_event::WireEvent};

/// What happened to one record.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<R: Record> {
    /// It is new: `…Created`, with the whole record.
    Created(R),
    /// It has changed: `…Updated`, with the whole record.
    Updated(R),
    /// It is gone: `…Deleted`, with `{"id"}`.
    Deleted(Id<R>),
}

/// One change, decoded.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// `foodLogCreated`, `foodLogUpdated`, `foodLogDeleted`.
    Food(Change<FoodLog>),
    /// `exerciseLogCreated`, `exerciseLogUpdated`, `exerciseLogDeleted`.
    Exercise(Change<ExerciseLog>),
    /// `healthMetricCreated`, `healthMetricUpdated`, `healthMetricDeleted`.
    Metric(Change<HealthMetric>),
    /// `healthProfileUpdated`, with the whole profile.
    Profile(HealthProfile),
    /// Any other event of the contract. Only the page that shows it reads its data.
    Opaque(OpaqueEvent),
}

impl Event {
    /// The group by which clients subscribe and refetch.
    pub fn family(&self) -> Family {
        match self {
            Self::Food(_) => Family::Food,
            Self::Exercise(_) => Family::Exercise,
            Self::Metric(_) => Family::Metric,
            Self::Profile(_) => Family::Profile,
            Self::Opaque(event) => event.family,
        }
    }

    /// Whether the event carries all that it changes: the whole record, or the deletion of one.
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Food(_) | Self::Exercise(_) | Self::Metric(_) | Self::Profile(_) => true,
            Self::Opaque(_) => false,
        }
    }

    /// Decodes the data of an event that this crate keeps as text ([`Event::Opaque`]), if it is the one called `name`.
    /// `None` otherwise, and for data that does not fit the type.
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        match self {
            Self::Opaque(event) if event.name == name => event.read().ok(),
            Self::Food(_) | Self::Exercise(_) | Self::Metric(_) | Self::Profile(_) | Self::Opaque(_) => None,
        }
    }

    /// The event as a client reads it off the wire. `None` if it cannot be written or read as JSON.
    pub fn heard(event: &dyn WireEvent) -> Option<Self> {
        Self::decode(event.name(), event.data().ok()?.get())?.ok()
    }

    /// Decodes the event called `name`; `None` when there is no such event.
    pub(crate) fn decode(name: &str, data: &str) -> Option<Result<Self, serde_json::Error>> {
        Some(match name {
            "foodLogCreated" => created(data).map(Self::Food),
            "foodLogUpdated" => updated(data).map(Self::Food),
            "foodLogDeleted" => deleted(data).map(Self::Food),
            "exerciseLogCreated" => created(data).map(Self::Exercise),
            "exerciseLogUpdated" => updated(data).map(Self::Exercise),
            "exerciseLogDeleted" => deleted(data).map(Self::Exercise),
            "healthMetricCreated" => created(data).map(Self::Metric),
            "healthMetricUpdated" => updated(data).map(Self::Metric),
            "healthMetricDeleted" => deleted(data).map(Self::Metric),
            "healthProfileUpdated" => serde_json::from_str(data).map(Self::Profile),
            _ => return OpaqueEvent::of(name, data).map(|event| Ok(Self::Opaque(event))),
        })
    }
}

impl WireEvent for Event {
    fn name(&self) -> &'static str {
        fn name<R: Record>(change: &Change<R>, names: [&'static str; 3]) -> &'static str {
            match change {
                Change::Created(_) => names[0],
                Change::Updated(_) => names[1],
                Change::Deleted(_) => names[2],
            }
        }
        match self {
            Self::Food(change) => name(change, ["foodLogCreated", "foodLogUpdated", "foodLogDeleted"]),
            Self::Exercise(change) => {
                name(change, ["exerciseLogCreated", "exerciseLogUpdated", "exerciseLogDeleted"])
            }
            Self::Metric(change) => {
                name(change, ["healthMetricCreated", "healthMetricUpdated", "healthMetricDeleted"])
            }
            Self::Profile(_) => "healthProfileUpdated",
            Self::Opaque(event) => event.name,
        }
    }

    /// The record, or `{"id"}`.
    fn data(&self) -> Result<Box<RawValue>, serde_json::Error> {
        fn data<R: Record>(change: &Change<R>) -> Result<Box<RawValue>, serde_json::Error> {
            match change {
                Change::Created(record) | Change::Updated(record) => serde_json::value::to_raw_value(record),
                Change::Deleted(id) => serde_json::value::to_raw_value(&Gone { id: id.clone() }),
            }
        }
        match self {
            Self::Food(change) => data(change),
            Self::Exercise(change) => data(change),
            Self::Metric(change) => data(change),
            Self::Profile(profile) => serde_json::value::to_raw_value(profile),
            Self::Opaque(event) => event.data(),
        }
    }
}

/// What the event of a deletion carries.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(bound = "")]
struct Gone<R> {
    id: Id<R>,
}

fn created<R: Record>(data: &str) -> Result<Change<R>, serde_json::Error> {
    serde_json::from_str(data).map(Change::Created)
}

fn updated<R: Record>(data: &str) -> Result<Change<R>, serde_json::Error> {
    serde_json::from_str(data).map(Change::Updated)
}

fn deleted<R: Record>(data: &str) -> Result<Change<R>, serde_json::Error> {
    serde_json::from_str(data).map(|Gone { id }| Change::Deleted(id))
}
