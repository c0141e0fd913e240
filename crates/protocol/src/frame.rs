//! The frames of the socket: one JSON object a text message, `{"type","data",…}` both ways.
//!
//! Decoding is in two steps. The envelope is read first and keeps `data` as it came, so that a
//! frame of an unknown type, or with a body that does not parse, still has its sequence
//! number: a client can skip what it does not understand and not take it for a gap.
//!
//! ```
//! use latido_protocol::frame::{ClientFrame, FrameError, Received, ServerFrame};
//!
//! let frame = ClientFrame::parse(r#"{"type":"ping","data":{"seq":41}}"#)?;
//! assert_eq!(frame, ClientFrame::Ping { seq: Some(41) });
//!
//! let received = Received::parse(r#"{"type":"pong","data":{"head":42}}"#)?;
//! assert_eq!(received.frame, ServerFrame::Pong { head: Some(42) });
//!
//! // An unknown type is no error, and keeps its number.
//! let received = Received::parse(r#"{"type":"confetti","epoch":"e1","seq":43}"#)?;
//! assert_eq!(received.frame, ServerFrame::Unknown { data: "null".to_owned() });
//! assert_eq!((received.kind.as_str(), received.seq), ("confetti", Some(43)));
//! # Ok::<(), FrameError>(())
//! ```

use std::borrow::Cow;

use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::value::RawValue;

use crate::{
    event::{Event, Family, WireEvent},
    time::Timestamp,
};

/// The WebSocket subprotocol that the client offers and the server echoes when a ticket opens the socket.
pub const SUBPROTOCOL: &str = "latido.v1";
/// The prefix of the second subprotocol offered, which carries the ticket: `ticket.<ticket>`. Never echoed.
pub const TICKET_PREFIX: &str = "ticket.";

/// The position of the last event that was applied: which log, and how far into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The identity of the server's event log. Positions of different epochs cannot be compared.
    pub epoch: String,
    /// The number of the event within the user's log. Every event before it was applied too.
    pub seq: u64,
}

/// How a `welcome` continues from the position of the `hello`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum WelcomeMode {
    /// The `hello` had no position: the client has to fetch everything.
    Fresh,
    /// The events after the position follow, in order and without a gap.
    Resumed,
    /// The server cannot replay from the position (another epoch, ahead of the log, too many events missing): the
    /// client has to fetch everything.
    Reset,
}

/// The data of a `welcome`, the response to a `hello`. Only a full backend sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// The server's id of this connection.
    pub connection_id: String,
    /// The identity of the server's event log.
    pub epoch: String,
    /// The highest sequence number of this user.
    pub head: u64,
    /// Whether missed events follow.
    pub mode: WelcomeMode,
    /// When the token that opened this socket expires; absent if it does not. The client replaces the socket before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// A frame from a client to a server.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientFrame {
    /// The first frame of every connection: `hello`.
    Hello {
        /// The last event applied; `None` (neither `epoch` nor `seq` on the wire) asks for a fresh start.
        position: Option<Position>,
        /// Name and version of the client, `latido/0.1.0`. Empty if left out.
        client: String,
    },
    /// The heartbeat: `ping`.
    Ping {
        /// The sequence number of the last event applied, if there is one.
        seq: Option<u64>,
    },
    /// Joins a room: `subscribe`.
    Subscribe {
        /// The room, [`conversation:<contactId>`](crate::conversation::channel_of).
        channel: String,
    },
    /// Leaves a room: `unsubscribe`.
    Unsubscribe {
        /// The room, spelled as in `subscribe`.
        channel: String,
    },
    /// The user types to the other side, or goes on typing: `typing:start`.
    TypingStart {
        /// The contact of the conversation; `contactId` on the wire.
        contact_id: String,
    },
    /// The user stopped typing: `typing:stop`.
    TypingStop {
        /// The contact of the conversation; `contactId` on the wire.
        contact_id: String,
    },
}

/// A frame from a server to a client, as far as the client understands it.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerFrame {
    /// The response to `hello`: `welcome`.
    Welcome(Welcome),
    /// The response to `ping`: `pong`.
    Pong {
        /// The highest sequence number of this user; absent from a plain backend.
        head: Option<u64>,
    },
    /// A change, under the name of the event.
    Event(Event),
    /// The server is draining and will close the socket: `goaway`.
    GoAway {
        /// Milliseconds to wait before reconnecting; `retryAfterMs` on the wire.
        retry_after_ms: u64,
    },
    /// A frame of the client was refused: `error`.
    Error {
        /// `rate_limited`, `bad_frame`, `forbidden` or `too_large`; `data.code` on the wire. Empty if left out.
        code: String,
        /// An English sentence; the top-level `error` on the wire. Empty if left out.
        message: String,
    },
    /// Not the backend's: API Gateway's own answer to a frame for which it has no route, or whose integration
    /// failed. It is `{"message","connectionId","requestId"}` and has no `type`.
    GatewayError,
    /// A type that the protocol does not know. Its number counts; it may be an event of the app's own.
    Unknown {
        /// The `data` as JSON, as it came; `null` where there is none.
        data: String,
    },
    /// A known type whose data does not fit the contract. Its number counts, its data is skipped; but if it was meant
    /// as an event, something of its family has changed.
    Malformed {
        /// The family of an event about a health record or the profile; `None` for any other type.
        family: Option<Family>,
    },
}

/// A decoded server frame with the numbers of its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// The decoded frame.
    pub frame: ServerFrame,
    /// The `type` as it was spelled; empty for [`ServerFrame::GatewayError`].
    pub kind: String,
    /// The number of the event within the user's log; absent for what is not numbered, and from a plain backend.
    pub seq: Option<u64>,
    /// The identity of the log that `seq` counts in; absent like it.
    pub epoch: Option<String>,
    /// The time by the sender's clock; `None` if absent or unreadable.
    pub timestamp: Option<Timestamp>,
}

/// The reason why a text is no frame.
#[derive(Debug)]
pub enum FrameError {
    /// Not JSON, or not an object with a `type`.
    NotAnEnvelope(serde_json::Error),
    /// An unknown type, or data that does not fit it. Only [`ClientFrame::parse`] returns it.
    BadFrame,
}

impl std::fmt::Display for FrameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAnEnvelope(error) => write!(f, "not an envelope: {error}"),
            Self::BadFrame => f.write_str("unknown type, or data that does not fit it"),
        }
    }
}

impl std::error::Error for FrameError {}

/// What a client sent.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// What a server sent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Incoming<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    epoch: Option<String>,
    #[serde(default)]
    seq: Option<u64>,
    #[serde(borrow, default)]
    timestamp: Option<&'a RawValue>,
    /// With the next two, the fields of API Gateway's own answer.
    #[serde(default)]
    message: Option<IgnoredAny>,
    #[serde(default)]
    connection_id: Option<IgnoredAny>,
    #[serde(default)]
    request_id: Option<IgnoredAny>,
}

impl Incoming<'_> {
    fn is_of_gateway(&self) -> bool {
        self.message.is_some() && self.connection_id.is_some() && self.request_id.is_some()
    }
}

#[derive(Serialize)]
struct Outgoing<'a, Data: Serialize> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epoch: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
}

fn write<Data: Serialize>(kind: &str, data: Option<Data>, now: Timestamp) -> String {
    to_text(&Outgoing { kind, data, timestamp: Some(now), error: None, epoch: None, seq: None })
}

/// Our own frames are strings, numbers and records: they always serialize. Should that ever be
/// untrue, an empty text is a frame that the other side counts as malformed.
fn to_text<Data: Serialize>(outgoing: &Outgoing<Data>) -> String {
    serde_json::to_string(outgoing).unwrap_or_default()
}

/// The text of an event's envelope. `now` becomes its `timestamp`; `numbered` is the epoch and the event's sequence
/// number, `None` for an event that is not numbered.
pub fn event_text(event: &dyn WireEvent, now: Timestamp, numbered: Option<(&str, u64)>) -> String {
    to_text(&Outgoing {
        kind: event.name(),
        data: event.data().ok(),
        timestamp: Some(now),
        error: None,
        epoch: numbered.map(|(epoch, _)| epoch),
        seq: numbered.map(|(_, seq)| seq),
    })
}

#[derive(Serialize, Deserialize)]
struct HelloData<'a> {
    #[serde(skip_serializing_if = "Option::is_none", borrow, default)]
    epoch: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    seq: Option<u64>,
    #[serde(borrow, default)]
    client: Cow<'a, str>,
}

#[derive(Serialize, Deserialize, Default)]
struct PingData {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    seq: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct ChannelData {
    channel: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContactData {
    contact_id: String,
}

#[derive(Serialize, Deserialize)]
struct PongData {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    head: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct GoAwayData {
    retry_after_ms: u64,
}

#[derive(Serialize, Deserialize)]
struct ErrorData {
    #[serde(default)]
    code: String,
}

impl ClientFrame {
    /// The text of a frame. `now` becomes the `timestamp` of the envelope.
    pub fn to_text(&self, now: Timestamp) -> String {
        match self {
            Self::Hello { position, client } => {
                let data = HelloData {
                    epoch: position.as_ref().map(|position| position.epoch.as_str().into()),
                    seq: position.as_ref().map(|position| position.seq),
                    client: client.as_str().into(),
                };
                write("hello", Some(data), now)
            }
            Self::Ping { seq } => write("ping", Some(PingData { seq: *seq }), now),
            Self::Subscribe { channel } => {
                write("subscribe", Some(ChannelData { channel: channel.clone() }), now)
            }
            Self::Unsubscribe { channel } => {
                write("unsubscribe", Some(ChannelData { channel: channel.clone() }), now)
            }
            Self::TypingStart { contact_id } => {
                write("typing:start", Some(ContactData { contact_id: contact_id.clone() }), now)
            }
            Self::TypingStop { contact_id } => {
                write("typing:stop", Some(ContactData { contact_id: contact_id.clone() }), now)
            }
        }
    }

    /// Decodes the text of a client's frame. Strict where [`Received::parse`] is lenient: a server answers a
    /// frame it cannot use with `bad_frame`. A `hello` with only one of `epoch` and `seq` has no position.
    ///
    /// # Errors
    ///
    /// [`FrameError::NotAnEnvelope`] without a `type`, [`FrameError::BadFrame`] for an unknown type or data that does
    /// not fit.
    pub fn parse(text: &str) -> Result<Self, FrameError> {
        fn data<'a, Data: Deserialize<'a>>(envelope: &Envelope<'a>) -> Result<Data, FrameError> {
            let data = envelope.data.ok_or(FrameError::BadFrame)?;
            serde_json::from_str(data.get()).map_err(|_| FrameError::BadFrame)
        }
        let envelope: Envelope = serde_json::from_str(text).map_err(FrameError::NotAnEnvelope)?;
        Ok(match envelope.kind.as_ref() {
            "hello" => {
                let hello: HelloData = data(&envelope)?;
                let position = match (hello.epoch, hello.seq) {
                    (Some(epoch), Some(seq)) => Some(Position { epoch: epoch.into_owned(), seq }),
                    _ => None,
                };
                Self::Hello { position, client: hello.client.into_owned() }
            }
            "ping" if envelope.data.is_none() => Self::Ping { seq: None },
            "ping" => Self::Ping { seq: data::<PingData>(&envelope)?.seq },
            "subscribe" => Self::Subscribe { channel: data::<ChannelData>(&envelope)?.channel },
            "unsubscribe" => Self::Unsubscribe { channel: data::<ChannelData>(&envelope)?.channel },
            "typing:start" => Self::TypingStart { contact_id: data::<ContactData>(&envelope)?.contact_id },
            "typing:stop" => Self::TypingStop { contact_id: data::<ContactData>(&envelope)?.contact_id },
            _ => return Err(FrameError::BadFrame),
        })
    }
}

impl ServerFrame {
    /// The text of a frame. `now` becomes the `timestamp` of the envelope; `numbered` is the epoch and the sequence
    /// number of an event. Empty for what a server does not send: [`GatewayError`](Self::GatewayError),
    /// [`Unknown`](Self::Unknown) and [`Malformed`](Self::Malformed).
    pub fn to_text(&self, now: Timestamp, numbered: Option<(&str, u64)>) -> String {
        match self {
            Self::Welcome(welcome) => write("welcome", Some(welcome), now),
            Self::Pong { head } => write("pong", Some(PongData { head: *head }), now),
            Self::Event(event) => event_text(event, now, numbered),
            Self::GoAway { retry_after_ms } => {
                write("goaway", Some(GoAwayData { retry_after_ms: *retry_after_ms }), now)
            }
            Self::Error { code, message } => to_text(&Outgoing {
                kind: "error",
                data: Some(ErrorData { code: code.clone() }),
                timestamp: Some(now),
                error: Some(message),
                epoch: None,
                seq: None,
            }),
            Self::GatewayError | Self::Unknown { .. } | Self::Malformed { .. } => String::new(),
        }
    }
}

impl Received {
    /// Decodes the text of a server's frame. A frame of an unknown type is [`ServerFrame::Unknown`], one whose data
    /// does not fit its type [`ServerFrame::Malformed`]; both keep their number.
    ///
    /// # Errors
    ///
    /// [`FrameError::NotAnEnvelope`] for what is no JSON object, lacks a `type` (API Gateway's own answer may), or
    /// has an envelope field of another JSON type than the contract's.
    pub fn parse(text: &str) -> Result<Self, FrameError> {
        let envelope: Incoming = serde_json::from_str(text).map_err(FrameError::NotAnEnvelope)?;
        let frame = match &envelope.kind {
            Some(kind) => {
                decode(kind, &envelope).unwrap_or(ServerFrame::Malformed { family: family_of(kind) })
            }
            None if envelope.is_of_gateway() => ServerFrame::GatewayError,
            None => return Err(FrameError::NotAnEnvelope(serde::de::Error::missing_field("type"))),
        };
        Ok(Self {
            frame,
            kind: envelope.kind.unwrap_or_default().into_owned(),
            seq: envelope.seq,
            epoch: envelope.epoch,
            // Read for itself: an unreadable time does not make an unreadable frame.
            timestamp: envelope.timestamp.and_then(|timestamp| serde_json::from_str(timestamp.get()).ok()),
        })
    }
}

/// The family of the event called `name`.
fn family_of(name: &str) -> Option<Family> {
    // The names all begin like their family's records; what follows does not matter here.
    let families = [
        ("foodLog", Family::Food),
        ("exerciseLog", Family::Exercise),
        ("healthMetric", Family::Metric),
        ("healthProfile", Family::Profile),
    ];
    families.into_iter().find(|(start, _)| name.starts_with(start)).map(|(_, family)| family)
}

fn decode(kind: &str, envelope: &Incoming) -> Result<ServerFrame, serde_json::Error> {
    let data = envelope.data.map_or("null", RawValue::get);
    Ok(match kind {
        "welcome" => ServerFrame::Welcome(serde_json::from_str(data)?),
        "pong" => {
            let pong: Option<PongData> = serde_json::from_str(data)?;
            ServerFrame::Pong { head: pong.and_then(|pong| pong.head) }
        }
        "goaway" => {
            let goaway: GoAwayData = serde_json::from_str(data)?;
            ServerFrame::GoAway { retry_after_ms: goaway.retry_after_ms }
        }
        "error" => {
            let error: Option<ErrorData> = serde_json::from_str(data)?;
            ServerFrame::Error {
                code: error.map(|error| error.code).unwrap_or_default(),
                message: envelope.error.clone().unwrap_or_default(),
            }
        }
        name => match Event::decode(name, data) {
            Some(event) => ServerFrame::Event(event?),
            None => ServerFrame::Unknown { data: data.to_owned() },
        },
    })
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
