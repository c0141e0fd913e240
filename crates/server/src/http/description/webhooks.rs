//! The contact's side.

use latido_protocol::{
    conversation::{Address, Channel, ContactId, MessageId, MessageText},
    delivery::DeliveryId,
};
use utoipa::ToSchema;

use crate::{
    http::webhooks::{Fetched, ReceivedMessage},
    openapi::{api::Api, operation_builder::operation},
};

const UNSIGNED: &str = "Not signed, with another secret, or too long ago.";

pub fn describe(api: &mut Api) {
    api.topic(
        "Webhooks",
        "The contact's side: what a provider posts. Signed with a shared secret instead of an access token.",
    );
    api.post(
        "/api/webhooks/messages",
        operation("receive", "A message, a report or typing of the contact's side")
            .open()
            .parameters(&["Signature"])
            .takes_signed::<InboundBody>()
            .answers::<ReceivedMessage>(200, "The message was taken, now or before.")
            .answers_nothing(204, "It was taken.")
            .refuses_as(401, UNSIGNED),
    );
    api.post(
        "/api/webhooks/fetch",
        operation("fetch", "Wait for what is for a contact")
            .about("For a side that cannot be posted to, such as `latido-server chat`.")
            .open()
            .parameters(&["Signature"])
            .takes_signed::<Fetch>()
            .answers::<Fetched>(200, "What there is; it comes again until it is acknowledged.")
            .refuses_as(401, UNSIGNED)
            .refuses_as(409, "This server posts to an outbound webhook; there is nothing to fetch."),
    );
}

/// What a provider posts. The contact is named by `contactId`, or else by `channel` and `address`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
#[schema(rename_all = "camelCase")]
struct InboundBody {
    r#type: InboundType,
    contact_id: Option<ContactId>,
    channel: Option<Channel>,
    address: Option<Address>,
    /// With an address; without it the main one.
    tenant: Option<String>,
    /// Of a message: the provider's id. The same one again is the same message.
    #[schema(min_length = 1, max_length = 200)]
    id: Option<String>,
    author: Option<InboundAuthor>,
    text: Option<MessageText>,
    /// Of a status: which of our messages.
    message_id: Option<MessageId>,
    status: Option<InboundStatus>,
}

/// What a provider posts.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads it as a text")]
#[schema(rename_all = "lowercase")]
enum InboundType {
    Message,
    Status,
    #[schema(rename = "typing:start")]
    TypingStart,
    #[schema(rename = "typing:stop")]
    TypingStop,
}

/// The writer of a provider's message.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads it as a text")]
#[schema(rename_all = "lowercase")]
enum InboundAuthor {
    Contact,
    Bot,
}

/// What a provider can know of a message.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads it as a text")]
#[schema(rename_all = "lowercase")]
enum InboundStatus {
    Sent,
    Failed,
    Delivered,
    Read,
}

/// What a contact's side waits for. The contact is named by `contactId`, or else by `channel` and `address`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
#[schema(rename_all = "camelCase")]
struct Fetch {
    contact_id: Option<ContactId>,
    channel: Option<Channel>,
    address: Option<Address>,
    /// With an address; without it the main one.
    tenant: Option<String>,
    /// The last delivery that was taken.
    acknowledged: Option<DeliveryId>,
    /// What you take `typing` to be. If it is otherwise, the answer comes at once.
    typing: Option<bool>,
    #[schema(maximum = 20000, default = 20000)]
    wait_ms: Option<u64>,
}
