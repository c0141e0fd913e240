//! The families of events.

/// The group of an event. Clients subscribe to and refetch by families.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Food logs.
    Food,
    /// Exercise logs.
    Exercise,
    /// Health metrics.
    Metric,
    /// The health profile.
    Profile,
    /// Conversations and their messages.
    Message,
    /// Typing in a conversation, which has no sequence numbers.
    Typing,
    /// Deliveries and their sums.
    Delivery,
    /// Devices.
    Device,
    /// Device links and their logs; on the wire connections.
    Link,
    /// A changed record of a person whom a coach follows; its data names the person and the family.
    Person,
}

impl Family {
    /// The family's name as the `family` of `personUpdated` spells it.
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
