//! Events about conversations, as this page reads them.

use latido_protocol::conversation::{ContactId, Message, MessageId, MessageStatus, Side};
use serde::Deserialize;

/// `message:new`
#[derive(Deserialize)]
pub struct NewMessage {
    pub message: Message,
}

/// `message:status`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusReport {
    pub contact_id: ContactId,
    pub message_id: MessageId,
    pub status: MessageStatus,
}

/// `typing:start` and `typing:stop`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Typing {
    pub contact_id: ContactId,
    /// Whose side types; plain backends do not say.
    #[serde(default)]
    pub by: Option<Side>,
}

/// `conversation:updated`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Updated {
    pub contact_id: ContactId,
    pub message_id: MessageId,
    pub needs_answer: bool,
}
