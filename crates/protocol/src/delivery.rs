//! Deliveries: what became of everything that was sent to a contact. The fields are spelled with
//! underscores, as the documents the contract comes from spell them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{event::Announce, id::Id, time::Timestamp, values::words};

pub const PATH: &str = "/events";

pub type DeliveryId = Id<DeliveryEvent>;

words!(
    /// What was delivered: a message, or the receipt that one was read.
    DeliveryKind { Message = "message", ReadReceipt = "read_receipt" }
);
words!(
    /// How a delivery stands. It leaves `Pending` once, for good.
    DeliveryStatus { Pending = "pending", Delivered = "delivered", Failed = "failed" }
);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryEvent {
    pub id: DeliveryId,
    #[serde(rename = "type")]
    pub kind: DeliveryKind,
    pub status: DeliveryStatus,
    /// Milliseconds from when it was queued until the other side had taken it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_latency_ms: Option<u64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How many deliveries there are, in all and by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverySummary {
    pub total_events: u64,
    pub pending_events: u64,
    pub delivered_events: u64,
    pub failed_events: u64,
}

/// The answer to a list request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryPage {
    pub events: Vec<DeliveryEvent>,
    /// Spelled as in every other list.
    #[serde(rename = "nextCursor", default)]
    pub next_cursor: Option<String>,
}

/// What is told about deliveries.
#[derive(Clone, Debug, PartialEq)]
pub enum DeliveryChange {
    Created(DeliveryEvent),
    Updated(DeliveryEvent),
    Deleted(DeliveryId),
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

impl Announce for DeliveryChange {
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
