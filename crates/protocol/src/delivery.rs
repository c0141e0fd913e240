//! Deliveries: what became of everything that was sent to a contact. On the wire the fields are spelled with
//! underscores, as the documents the contract comes from spell them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{event::WireEvent, id::Id, time::Timestamp, values::words};

/// The path of the list, below the API's base; the sums are at `/events/summary`.
pub const PATH: &str = "/events";

/// The id of a delivery.
pub type DeliveryId = Id<DeliveryEvent>;

words!(
    /// What is delivered.
    DeliveryKind {
        /// A message to the contact.
        Message = "message",
        /// The receipt that a coach has read the contact's messages.
        ReadReceipt = "read_receipt",
    }
);
words!(
    /// The state of a delivery. It leaves `Pending` once, for good.
    DeliveryStatus {
        /// Queued: the provider has not taken it yet.
        Pending = "pending",
        /// Taken by the provider. How far a message has come with the contact is the
        /// [`MessageStatus`](crate::conversation::MessageStatus).
        Delivered = "delivered",
        /// Given up: the provider has not taken it.
        Failed = "failed",
    }
);

/// A delivery: something that was queued for a contact, and its outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryEvent {
    /// The server's id.
    pub id: DeliveryId,
    /// The kind of what is delivered; `type` on the wire.
    #[serde(rename = "type")]
    pub kind: DeliveryKind,
    /// Pending, delivered or failed.
    pub status: DeliveryStatus,
    /// Milliseconds from when it was queued until the provider had taken it; only of a delivered one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_latency_ms: Option<u64>,
    /// When it was queued; `created_at` on the wire.
    pub created_at: Timestamp,
    /// When the status last changed; `updated_at` on the wire.
    pub updated_at: Timestamp,
}

/// The numbers of deliveries that the caller may see, in all and by status. Also the response of `GET /events/summary`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliverySummary {
    /// All of them: the sum of the other three.
    pub total_events: u64,
    /// Those that the provider has not taken yet.
    pub pending_events: u64,
    /// Those that the provider has taken.
    pub delivered_events: u64,
    /// Those that were given up.
    pub failed_events: u64,
}

/// The response of `GET /events`, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryPage {
    /// The deliveries of this page.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub events: Vec<DeliveryEvent>,
    /// The `cursor` of the next page; `null` or absent on the last one. Spelled as in every other list, `nextCursor`.
    #[serde(rename = "nextCursor", default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// Events about deliveries.
#[derive(Clone, Debug, PartialEq)]
pub enum DeliveryChange {
    /// A new delivery: `event_created`. Of it the wire carries `id`, `status`, `delivery_latency_ms` and `updated_at`.
    Created(DeliveryEvent),
    /// A delivery that was settled: `event_update`, with the same fields.
    Updated(DeliveryEvent),
    /// A delivery that was removed from the list: `event_deleted`.
    Deleted(DeliveryId),
    /// The new sums, after any of the others: `metrics_update`.
    Metrics(DeliverySummary),
}

#[derive(Serialize)]
struct ChangedData<'a> {
    id: &'a DeliveryId,
    status: DeliveryStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_latency_ms: Option<u64>,
    updated_at: Timestamp,
}

#[derive(Serialize)]
struct DeletedData<'a> {
    id: &'a DeliveryId,
}

impl WireEvent for DeliveryChange {
    fn name(&self) -> &'static str {
        match self {
            Self::Created(_) => "event_created",
            Self::Updated(_) => "event_update",
            Self::Deleted(_) => "event_deleted",
            Self::Metrics(_) => "metrics_update",
        }
    }

    fn data(&self) -> serde_json::Result<Box<RawValue>> {
        use serde_json::value::to_raw_value;
        match self {
            Self::Created(event) | Self::Updated(event) => to_raw_value(&ChangedData {
                id: &event.id,
                status: event.status,
                delivery_latency_ms: event.delivery_latency_ms,
                updated_at: event.updated_at,
            }),
            Self::Deleted(id) => to_raw_value(&DeletedData { id }),
            Self::Metrics(summary) => to_raw_value(summary),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_spelled_as_the_contract_spells_them() {
        let at = Timestamp::parse("2026-11-21T08:15:00Z").unwrap();
        let mut event = DeliveryEvent {
            id: DeliveryId::new("d1"),
            kind: DeliveryKind::Message,
            status: DeliveryStatus::Pending,
            delivery_latency_ms: None,
            created_at: at,
            updated_at: at,
        };
        let data = |change: &DeliveryChange| change.data().unwrap().get().to_owned();
        assert_eq!(
            data(&DeliveryChange::Created(event.clone())),
            r#"{"id":"d1","status":"pending","updated_at":"2026-11-21T08:15:00.000Z"}"#
        );
        (event.status, event.delivery_latency_ms) = (DeliveryStatus::Delivered, Some(42));
        assert_eq!(
            data(&DeliveryChange::Updated(event)),
            r#"{"id":"d1","status":"delivered","delivery_latency_ms":42,"updated_at":"2026-11-21T08:15:00.000Z"}"#
        );
        assert_eq!(data(&DeliveryChange::Deleted(DeliveryId::new("d1"))), r#"{"id":"d1"}"#);
        assert_eq!(
            data(&DeliveryChange::Metrics(DeliverySummary::default())),
            r#"{"total_events":0,"pending_events":0,"delivered_events":0,"failed_events":0}"#
        );
    }
}
