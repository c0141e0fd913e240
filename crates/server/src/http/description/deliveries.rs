//! Deliveries to contacts.

use latido_protocol::{
    delivery::{DeliveryId, DeliveryPage, DeliveryStatus, DeliverySummary},
    time::Timestamp,
};
use utoipa::ToSchema;

use super::records::Gone;
use crate::openapi::{api::Api, operation_builder::operation};

pub fn describe(api: &mut Api) {
    api.topic(
        "Deliveries",
        "What became of everything that was sent to a contact. Fields are spelled with underscores.",
    );
    api.get(
        "/api/events",
        operation("listDeliveries", "List deliveries")
            .parameters(&["From", "To", "Limit", "Cursor", "Status"])
            .answers_cached::<DeliveryPage>("A page, newest first.")
            .refuses(&[422]),
    );
    api.get(
        "/api/events/summary",
        operation("deliverySummary", "How many deliveries there are")
            .answers_cached::<DeliverySummary>("In all and by status."),
    );
    api.delete(
        "/api/events/{id}",
        operation("deleteDelivery", "Remove a settled delivery from the list")
            .answers_nothing(204, "It is gone.")
            .refuses_as(403, "For the person whose contact it went to, not for a coach.")
            .refuses(&[404])
            .refuses_as(409, "It is still under way, and would arrive all the same."),
    );
    api.event::<DeliveryChange>("event_created", "Something is to be delivered.");
    api.event::<DeliveryChange>("event_update", "It has been delivered, or has failed.");
    api.event::<Gone>("event_deleted", "A delivery was removed from the list.");
    api.event::<DeliverySummary>("metrics_update", "How many deliveries there are now.");
}

/// What an event of a delivery carries.
#[derive(ToSchema)]
#[expect(dead_code, reason = "an event writes it")]
struct DeliveryChange {
    id: DeliveryId,
    status: DeliveryStatus,
    delivery_latency_ms: Option<u64>,
    updated_at: Timestamp,
}
