//! Events that only a page in view understands: conversations, deliveries, devices, links, other people.
//!
//! The connection needs no more of them than the family, to refetch, and the number of their envelope. Their
//! data is kept as it came and read by whoever shows it, so that a client which never opens such a page
//! carries none of its readers.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::event::{Announce, Family};

/// Every such event, by the name it has on the wire.
const NAMES: &[(&str, Family)] = &[
    ("message:new", Family::Message),
    ("message:status", Family::Message),
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

/// One such event, its data unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub family: Family,
    pub name: &'static str,
    /// JSON, as it came.
    data: Box<str>,
}

impl Told {
    /// `None` when no such event is called `name`.
    pub(crate) fn of(name: &str, data: &str) -> Option<Self> {
        let (name, family) = NAMES.iter().find(|(known, _)| *known == name)?;
        Some(Self { family: *family, name, data: data.into() })
    }

    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.data)
    }

    /// The data, for a reader of one's own.
    pub fn text(&self) -> &str {
        &self.data
    }
}

impl Announce for Told {
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
        conversation::{ContactId, ConversationEvent},
        delivery::{DeliveryChange, DeliveryId},
    };

    #[test]
    fn what_the_server_announces_is_told() {
        let announced: [&dyn Announce; 2] = [
            &ConversationEvent::TypingStart(ContactId::new("c1")),
            &DeliveryChange::Deleted(DeliveryId::new("d1")),
        ];
        for event in announced {
            let data = event.data().unwrap();
            let told = Told::of(event.name(), data.get()).unwrap();
            assert_eq!((told.name(), told.data().unwrap().get()), (event.name(), data.get()));
        }
    }

    #[test]
    fn data_that_does_not_fit_is_an_error_of_its_reader() {
        let told = Told::of("message:new", "17").unwrap();
        assert!(told.read::<crate::conversation::Message>().is_err());
    }
}
