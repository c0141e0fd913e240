//! Managed connections: the server's own links to device clouds and other sources, and their logs.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    event::Announce,
    id::Id,
    time::Timestamp,
    values::{bounded_text, words},
};

pub type LinkId = Id<ManagedConnection>;

words!(
    /// What is at the other end.
    LinkType { Shelly = "SHELLY", SocketIo = "SOCKET_IO", Custom = "CUSTOM", Test = "TEST" }
);
words!(
    /// How a link is doing. `reconnecting` is also a link that is being established for the first time.
    LinkStatus {
        Connected = "connected", Disconnected = "disconnected", Error = "error", Reconnecting = "reconnecting",
    }
);
words!(
    /// What a row of a link's log tells of.
    LogKind {
        Connect = "connect", Disconnect = "disconnect", Error = "error", Message = "message", Action = "action",
    }
);
words!(
    /// What can be done to a link.
    LinkAction {
        Start = "start", Stop = "stop", Restart = "restart", ToggleReconnect = "toggle-reconnect",
    }
);
bounded_text!(
    /// What the link is called by those who run it. Unique among the tenant's links of a type.
    ReferenceId, 100
);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedConnection {
    pub id: LinkId,
    #[serde(rename = "type")]
    pub kind: LinkType,
    pub reference_id: ReferenceId,
    pub status: LinkStatus,
    /// When the other side was last heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ping_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<LinkMetadata>,
    pub auto_reconnect: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What may be known about where a link leads. Secrets are never part of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkMetadata {
    /// The address without its query, which may hold a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether a password or a token is kept for it.
    #[serde(default)]
    pub has_secret: bool,
    /// Of a `CUSTOM` link: where a message says what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<FieldMap>,
}

/// JSON pointers (RFC 6901) into the messages of a `CUSTOM` link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldMap {
    pub device: String,
    pub name: String,
    pub online: String,
    pub relay_on: String,
    pub current_power: String,
    pub voltage: String,
    pub temperature: String,
}

impl Default for FieldMap {
    /// The names that the fields of a device have in this contract.
    fn default() -> Self {
        Self {
            device: "/device".to_owned(),
            name: "/name".to_owned(),
            online: "/online".to_owned(),
            relay_on: "/relayOn".to_owned(),
            current_power: "/currentPower".to_owned(),
            voltage: "/voltage".to_owned(),
            temperature: "/temperature".to_owned(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionLog {
    pub id: Id<Self>,
    pub connection_id: LinkId,
    pub event_type: LogKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_details: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<LogMetadata>,
    /// Milliseconds: how long a dial or a command took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_time: Option<u64>,
    /// Bytes that came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_size: Option<u64>,
    pub created_at: Timestamp,
}

/// What else a row says. Never what a message contained.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogMetadata {
    /// Who did it, for an `action`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// How many messages a `message` row stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// The answer to `GET /websocket`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionList {
    pub connections: Vec<ManagedConnection>,
}

/// The answer to a request that concerns one link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionOne {
    pub connection: ManagedConnection,
}

/// The answer to `GET /websocket/{id}/logs`, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionLogPage {
    pub logs: Vec<ConnectionLog>,
    #[serde(default)]
    pub next_cursor: Option<String>,
}

/// The answer to `POST /websocket/{id}/{action}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionDone {
    pub success: bool,
    pub message: String,
    pub data: ActionState,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionState {
    pub connection_id: LinkId,
    pub status: LinkStatus,
    pub auto_reconnect: bool,
}

/// The answer to `GET /websocket/metrics`. Counted since the server started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkMetrics {
    pub total: LinkFigures,
    pub connections: Vec<ConnectionMetrics>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionMetrics {
    pub connection_id: LinkId,
    pub status: LinkStatus,
    pub figures: LinkFigures,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkFigures {
    /// How many links are there, and how many of them stand.
    pub links: u64,
    pub connected: u64,
    pub devices: u64,
    pub devices_online: u64,
    /// Connections that came about after an earlier one had been lost.
    pub reconnects: u64,
    pub messages: u64,
    pub bytes: u64,
    pub errors: u64,
}

impl std::ops::AddAssign for LinkFigures {
    fn add_assign(&mut self, other: Self) {
        self.links += other.links;
        self.connected += other.connected;
        self.devices += other.devices;
        self.devices_online += other.devices_online;
        self.reconnects += other.reconnects;
        self.messages += other.messages;
        self.bytes += other.bytes;
        self.errors += other.errors;
    }
}

/// What is said when a link has changed, or its log has grown. Boxed rows: the two differ much in size.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkEvent {
    Updated(Box<ManagedConnection>),
    Logged(Box<ConnectionLog>),
}

impl Announce for LinkEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Updated(_) => "connection_update",
            Self::Logged(_) => "connection_log",
        }
    }

    fn data(&self) -> Result<Box<RawValue>, serde_json::Error> {
        match self {
            Self::Updated(connection) => to_raw_value(connection),
            Self::Logged(row) => to_raw_value(row),
        }
    }
}
