//! What is said to a contact's side, as JSON: pushed to the configured address, or fetched by
//! `latido-server chat`.

use latido_domain::{
    account::TenantId,
    contact::Contact,
    message::{self, StoredMessage},
    outbox::OutboxJob,
    store::{Read, StoreError},
};
use latido_protocol::{
    conversation::{Address, Channel, ContactId, MessageId, MessageText},
    delivery::{DeliveryId, DeliveryKind},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which contact it is about.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct To {
    #[schema(value_type = String)]
    pub tenant: TenantId,
    pub contact_id: ContactId,
    pub channel: Channel,
    pub address: Address,
}

impl From<&Contact> for To {
    fn from(contact: &Contact) -> Self {
        Self {
            tenant: contact.tenant.clone(),
            contact_id: contact.id.clone(),
            channel: contact.channel,
            address: contact.address.clone(),
        }
    }
}

/// What is posted to the outbound webhook, signed alike, or fetched. The same `id` is the same delivery.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type")]
pub enum Outbound {
    /// To be shown to the contact.
    #[serde(rename = "message", rename_all = "camelCase")]
    Message { id: DeliveryId, to: To, message_id: MessageId, text: MessageText, created_at: Timestamp },
    /// Everything that the contact has said, up to the message with the provider's id, has been read.
    #[serde(rename = "read", rename_all = "camelCase")]
    Read { id: DeliveryId, to: To, provider_id: String },
    /// Somebody is typing to the contact. Comes once, is not repeated, and may be lost.
    #[serde(rename = "typing:start")]
    TypingStart { to: To },
    #[serde(rename = "typing:stop")]
    TypingStop { to: To },
}

impl Outbound {
    /// By which repetitions are told; what may be lost has none.
    pub fn id(&self) -> Option<&DeliveryId> {
        match self {
            Self::Message { id, .. } | Self::Read { id, .. } => Some(id),
            Self::TypingStart { .. } | Self::TypingStop { .. } => None,
        }
    }

    /// What a job says; `None` when what it is about is gone.
    pub fn of(read: &Read, contact: &Contact, job: &OutboxJob) -> Result<Option<Self>, StoreError> {
        let Some(StoredMessage { message, provider_id, .. }) = message::find(read, contact, &job.message)?
        else {
            return Ok(None);
        };
        let (id, to) = (job.id.clone(), To::from(contact));
        Ok(match job.kind {
            DeliveryKind::Message => Some(Self::Message {
                id,
                to,
                message_id: message.id,
                text: message.text,
                created_at: message.created_at,
            }),
            DeliveryKind::ReadReceipt => provider_id.map(|provider_id| Self::Read { id, to, provider_id }),
        })
    }
}
