//! What every event has: its name on the wire and its data.

use serde_json::value::RawValue;

/// An event as a backend sends it over the socket: a type, and the data of its envelope.
pub trait WireEvent {
    /// The event's name on the wire, the `type` of the envelope.
    fn name(&self) -> &'static str;
    /// The `data` of the envelope.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON. The events of this crate always can.
    fn data(&self) -> Result<Box<RawValue>, serde_json::Error>;
}
