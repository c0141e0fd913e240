//! What a backend says has changed. An event names a family and what happened to one record of it;
//! the record comes along whole, except with a deletion, which carries the id.

use serde_json::value::RawValue;

use crate::{
    exercise::ExerciseLog,
    food::FoodLog,
    id::Id,
    json::{self, FromJson, Malformed, Reader},
    metric::HealthMetric,
    profile::HealthProfile,
    record::Record,
    told::Told,
};

/// Something that a backend tells about over the socket: a type, and the data of its envelope.
pub trait Announce {
    /// The event's name on the wire.
    fn name(&self) -> &'static str;
    /// The `data` of the envelope.
    fn data(&self) -> Result<Box<RawValue>, serde_json::Error>;
}

/// The groups in which a client listens and refetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Food,
    Exercise,
    Metric,
    Profile,
    Message,
    Typing,
    Delivery,
    Device,
    Link,
    /// Somebody whom a coach follows: something of theirs has changed.
    Person,
}

impl Family {
    pub fn name(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Exercise => "exercise",
            Self::Metric => "metric",
            Self::Profile => "profile",
            Self::Message => "message",
            Self::Typing => "typing",
            Self::Delivery => "delivery",
            Self::Device => "device",
            Self::Link => "link",
            Self::Person => "person",
        }
    }
}

/// What happened to one record.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<R: Record> {
    Created(R),
    Updated(R),
    Deleted(Id<R>),
}

/// One change, decoded.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Food(Change<FoodLog>),
    Exercise(Change<ExerciseLog>),
    Metric(Change<HealthMetric>),
    Profile(HealthProfile),
    Told(Told),
}

impl Event {
    pub fn family(&self) -> Family {
        match self {
            Self::Food(_) => Family::Food,
            Self::Exercise(_) => Family::Exercise,
            Self::Metric(_) => Family::Metric,
            Self::Profile(_) => Family::Profile,
            Self::Told(told) => told.family,
        }
    }

    /// Whether all that it changes is in it: the whole record, or that there is none any more.
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Food(_) | Self::Exercise(_) | Self::Metric(_) | Self::Profile(_) => true,
            Self::Told(_) => false,
        }
    }

    /// Decodes the event called `name`; `None` when there is no such event.
    pub(crate) fn decode(name: &str, data: &str) -> Option<Result<Self, Malformed>> {
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
            "healthProfileUpdated" => json::parse(data).map(Self::Profile),
            _ => return Told::of(name, data).map(|told| Ok(Self::Told(told))),
        })
    }
}

impl Announce for Event {
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
            Self::Told(told) => told.name,
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
            Self::Told(told) => told.data(),
        }
    }
}

#[derive(serde::Serialize)]
#[serde(bound = "")]
struct Gone<R> {
    id: Id<R>,
}

fn created<R: Record + FromJson>(data: &str) -> Result<Change<R>, Malformed> {
    json::parse(data).map(Change::Created)
}

fn updated<R: Record + FromJson>(data: &str) -> Result<Change<R>, Malformed> {
    json::parse(data).map(Change::Updated)
}

fn deleted<R: Record>(data: &str) -> Result<Change<R>, Malformed> {
    let mut gone = None;
    let mut reader = Reader::new(data);
    reader.object(&mut |key, reader| {
        if key == "id" {
            gone = Some(Id::read(reader)?);
            Ok(())
        } else {
            reader.skip()
        }
    })?;
    gone.map(Change::Deleted).ok_or(Malformed)
}
