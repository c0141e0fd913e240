//! Device links: the server's own connections to device clouds and other sources, and their logs. On the wire they are
//! managed connections, below `/websocket`.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    event::WireEvent,
    id::Id,
    reason::{Params, Reason},
    time::Timestamp,
    values::{bounded_text, words},
};

/// The id of a device link; `connectionId` on the wire.
pub type LinkId = Id<ManagedConnection>;
/// The id of a row in a link's log.
pub type ConnectionLogId = Id<ConnectionLog>;

words!(
    /// The type of source at the other end. The bundled server has links of the types `SHELLY` and `CUSTOM`.
    LinkType {
        /// A Shelly of the second generation or later, by JSON-RPC.
        Shelly = "SHELLY",
        /// A Socket.IO server.
        SocketIo = "SOCKET_IO",
        /// Any source that sends JSON objects over a WebSocket, read by a [`FieldMap`].
        Custom = "CUSTOM",
        /// A source for tests.
        Test = "TEST",
    }
);
words!(
    /// The state of a link.
    LinkStatus {
        /// The connection stands.
        Connected = "connected",
        /// Not started, or stopped.
        Disconnected = "disconnected",
        /// Lost without reconnecting, or trying again would not help: a refused password or token, an address out of
        /// reach. Waits for a start.
        Error = "error",
        /// A dial is under way or waited for, the first one included.
        Reconnecting = "reconnecting",
    }
);
words!(
    /// The kind of a row in a link's log.
    LogKind {
        /// The connection was established.
        Connect = "connect",
        /// The connection was lost or closed.
        Disconnect = "disconnect",
        /// A failure; an outage has one such row, not one for each attempt.
        Error = "error",
        /// Messages arrived: the first of a connection, later those of a minute in one row.
        Message = "message",
        /// A user did something, switched relays included.
        Action = "action",
    }
);
words!(
    /// An action on a link: the last segment of `POST /websocket/{connectionId}/{action}`.
    LinkAction {
        /// Sets `autoReconnect` and dials, unless the link stands or is being dialled.
        Start = "start",
        /// Clears `autoReconnect` and closes. Wins over a dial that is under way.
        Stop = "stop",
        /// Stops, then starts: `autoReconnect` ends set.
        Restart = "restart",
        /// Flips `autoReconnect` and leaves the status.
        ToggleReconnect = "toggle-reconnect",
    }
);
bounded_text!(
    /// The name that its administrators give a link. Unique among the tenant's links of a type.
    ReferenceId, 100
);

/// A device link and its state. Only admins of the tenant see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ManagedConnection {
    /// The server's id.
    pub id: LinkId,
    /// The type of source; `type` on the wire.
    #[serde(rename = "type")]
    pub kind: LinkType,
    /// The name that its administrators gave it.
    pub reference_id: ReferenceId,
    /// The state of the connection.
    pub status: LinkStatus,
    /// When the source last sent a message or answered a ping; absent before the first connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ping_at: Option<Timestamp>,
    /// The failure for which the link is down, in English; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The code of `errorMessage`: one of [`Code`](crate::reason::Code), or of a newer server's. Absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The parameters of `errorCode`; absent if there are none.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub error_params: Params,
    /// Where the link leads; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<LinkMetadata>,
    /// Whether a lost connection is dialled again.
    pub auto_reconnect: bool,
    /// When the link was added.
    pub created_at: Timestamp,
    /// When the status, the failure or `autoReconnect` last changed.
    pub updated_at: Timestamp,
}

/// The target of a link, as far as it may be shown. Secrets are never part of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LinkMetadata {
    /// The `ws://` or `wss://` address without its query, which may hold a secret; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether the server keeps a secret for it: a password, a token or a query of the address.
    #[serde(default)]
    pub has_secret: bool,
    /// Of a `CUSTOM` link, where the fields of a message are; otherwise absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<FieldMap>,
}

/// JSON pointers (RFC 6901) to the fields in the messages of a `CUSTOM` link. A field that a message leaves out stays
/// as it was; only the device has to be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FieldMap {
    /// Pointer to the device's name at the source: 1 to 64 ASCII letters, digits and `. _ : -`, or a number.
    pub device: String,
    /// Pointer to the name to show, a text.
    pub name: String,
    /// Pointer to whether the device is online, a boolean.
    pub online: String,
    /// Pointer to whether the relay is on, a boolean.
    pub relay_on: String,
    /// Pointer to the power in watts (W), a number.
    pub current_power: String,
    /// Pointer to the voltage in volts (V), a number.
    pub voltage: String,
    /// Pointer to the temperature of the device in °C, a number.
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

/// A row of a link's log. Never the contents of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionLog {
    /// The server's id of the row.
    pub id: ConnectionLogId,
    /// The link whose log it is.
    pub connection_id: LinkId,
    /// The kind of row.
    pub event_type: LogKind,
    /// The event of the row, in English; absent if its kind says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The failure behind it, in English; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_details: Option<String>,
    /// The code of `message`: one of [`Code`](crate::reason::Code), or of a newer server's. Absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code of `errorDetails`, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The parameters of both codes; absent if there are none.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// The user, or the number of messages; absent if there is neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<LogMetadata>,
    /// The duration of a dial or a command in milliseconds; otherwise absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_time: Option<u64>,
    /// The bytes received, of a `message` row; otherwise absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_size: Option<u64>,
    /// When it happened.
    pub created_at: Timestamp,
}

impl ConnectionLog {
    /// This row with a failure as its `errorDetails`, `errorCode` and `params`; unchanged for `None`.
    #[must_use]
    pub fn because(self, trouble: Option<Reason>) -> Self {
        let Some(trouble) = trouble else { return self };
        Self {
            error_code: trouble.word(),
            error_details: Some(trouble.detail),
            params: self.params.and(trouble.params),
            ..self
        }
    }
}

/// More about a row: the user behind an `action`, the number of messages behind a `message`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LogMetadata {
    /// The user who did an `action`; otherwise absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The IP address of that user's client; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The `User-Agent` of that user's client; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The number of messages that a `message` row stands for; otherwise absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// The response of `GET /websocket`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionList {
    /// The tenant's links.
    pub connections: Vec<ManagedConnection>,
}

/// The response to a request about one link, `{"connection":{…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionOne {
    /// The link as it is after the request.
    pub connection: ManagedConnection,
}

/// The response of `GET /websocket/{connectionId}/logs`, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionLogPage {
    /// The rows of this page.
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub logs: Vec<ConnectionLog>,
    /// The `cursor` of the next page of older rows; `null` or absent on the last one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// The response of `POST /websocket/{connectionId}/{action}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActionDone {
    /// `true`: a refused action is a [`Problem`](crate::problem::Problem) instead.
    pub success: bool,
    /// The outcome, in English.
    pub message: String,
    /// The link's state after it.
    pub data: ActionState,
}

/// The state of a link after an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActionState {
    /// The link.
    pub connection_id: LinkId,
    /// The state of the connection. After a start the dial may still be under way.
    pub status: LinkStatus,
    /// Whether a lost connection is dialled again.
    pub auto_reconnect: bool,
}

/// The response of `GET /websocket/metrics`. Counted since the server started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LinkMetrics {
    /// The sums over all links of the tenant.
    pub total: LinkFigures,
    /// Each link by itself.
    pub connections: Vec<ConnectionMetrics>,
}

/// The figures of one link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionMetrics {
    /// The link.
    pub connection_id: LinkId,
    /// The state of the connection.
    pub status: LinkStatus,
    /// The figures of this link; `links` is 1.
    pub figures: LinkFigures,
}

/// Figures of one link or, added up, of several. `reconnects` and what follows count since the server started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LinkFigures {
    /// The number of links.
    pub links: u64,
    /// Those of them that are connected.
    pub connected: u64,
    /// The number of devices behind them.
    pub devices: u64,
    /// Those of the devices that are online.
    pub devices_online: u64,
    /// Connections established after an earlier one of the same link.
    pub reconnects: u64,
    /// Messages received.
    pub messages: u64,
    /// Bytes of the messages received.
    pub bytes: u64,
    /// Failures: lost connections, outages, messages that could not be read.
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

/// The events of a changed link and of a new log row, sent to the tenant's admins. Boxed, because the two differ much
/// in size.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkEvent {
    /// A link is new or has changed: `connection_update`.
    Updated(Box<ManagedConnection>),
    /// A row was added to a link's log: `connection_log`.
    Logged(Box<ConnectionLog>),
}

impl WireEvent for LinkEvent {
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
