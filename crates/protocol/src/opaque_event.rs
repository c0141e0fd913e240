//! Events that only a page in view understands: conversations, deliveries, devices, links, other people.
//!
//! The connection needs only the family, to refetch, and the number of the envelope. The data is kept as it came and
//! read by the page that shows it, so that a client which never opens such a page carries none of its readers.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{family::Family, wire_event::WireEvent};

/// Every such event, by the name it has on the wire.
const NAMES: &[(&str, Family)] = &[
    ("message:new", Family::Message),
    ("message:status", Family::Message),
    ("conversation:updated", Family::Message),
    ("typing:start", Family::Typing),
    ("typing:stop", Family::Typing),
    ("event_created", Family::Delivery),
    ("event_update", Family::Delivery),
    ("event_deleted", Family::Delivery),
    ("metrics_update", Family::Delivery),
    ("device-update", Family::Device),
    ("connection_update", Family::Link),
    ("connection_log", Family::Link),
    ("personUpdated", Family::Person),
];

/// An event of the contract that this crate does not decode further: `message:*`, `conversation:updated`, `typing:*`,
/// `event_*`, `metrics_update`, `device-update`, `connection_*` and `personUpdated`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpaqueEvent {
    /// The group by which clients subscribe and refetch.
    pub family: Family,
    /// The name on the wire, the `type` of the envelope.
    pub name: &'static str,
    /// JSON, as it came.
    data: Box<str>,
}

impl OpaqueEvent {
    /// `None` when no such event is called `name`.
    pub(crate) fn of(name: &str, data: &str) -> Option<Self> {
        let (name, family) = NAMES.iter().find(|(known, _)| *known == name)?;
        Some(Self { family: *family, name, data: data.into() })
    }

    /// Decodes the data.
    ///
    /// # Errors
    ///
    /// If the data does not fit the type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.data)
    }
}

impl WireEvent for OpaqueEvent {
    fn name(&self) -> &'static str {
        self.name
    }

    fn data(&self) -> Result<Box<RawValue>, serde_json::Error> {
        RawValue::from_string(self.data.clone().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        conversation::{ContactId, ConversationEvent, Side},
        delivery::{DeliveryChange, DeliveryId},
    };

    #[test]
    fn every_server_event_is_kept_as_it_came() {
        let announced: [&dyn WireEvent; 2] = [
            &ConversationEvent::TypingStart(ContactId::new("c1"), Side::Team),
            &DeliveryChange::Deleted(DeliveryId::new("d1")),
        ];
        for event in announced {
            let data = event.data().unwrap();
            let event = OpaqueEvent::of(event.name(), data.get()).unwrap();
            assert_eq!((event.name(), event.data().unwrap().get()), (event.name(), data.get()));
        }
    }

    #[test]
    fn data_that_does_not_fit_is_an_error_of_its_reader() {
        let event = OpaqueEvent::of("message:new", "17").unwrap();
        assert!(event.read::<crate::conversation::Message>().is_err());
    }
}
