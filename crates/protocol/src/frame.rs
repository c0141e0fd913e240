//! What travels on the socket: one JSON object a text message, `{"type","data",…}` both ways.
//!
//! Decoding is in two steps. The envelope is read first and keeps `data` as it came, so that a
//! frame of a type nobody knows, or with a body nobody understands, still gives up its sequence
//! number: a client can pass over what it does not understand and not take it for a gap.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    event::{Announce, Event, Family},
    json::{self, FromJson, Malformed, Reader},
    read_object,
    time::Timestamp,
};

/// The subprotocol that the server echoes when a ticket opened the socket.
pub const SUBPROTOCOL: &str = "latido.v1";
/// The prefix of the subprotocol that carries the ticket.
pub const TICKET_PREFIX: &str = "ticket.";

/// The position of the last event that was applied: which log, and how far into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub epoch: String,
    pub seq: u64,
}

/// How the server took a `hello`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WelcomeMode {
    /// The client had no position: it has to fetch everything.
    Fresh,
    /// What the client missed follows, in order and whole.
    Resumed,
    /// The position is of no use any more: it has to fetch everything.
    Reset,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    pub connection_id: String,
    pub epoch: String,
    /// The highest sequence number of this user.
    pub head: u64,
    pub mode: WelcomeMode,
    /// When the token behind this socket expires, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// A frame of the client's.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientFrame {
    Hello { position: Option<Position>, client: String },
    Ping { seq: Option<u64> },
    Subscribe { channel: String },
    Unsubscribe { channel: String },
    TypingStart { contact_id: String },
    TypingStop { contact_id: String },
}

/// A frame of the server's, as far as a client understands it.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerFrame {
    Welcome(Welcome),
    Pong {
        head: Option<u64>,
    },
    Event(Event),
    /// The server is draining; reconnect after so many milliseconds.
    GoAway {
        retry_after_ms: u64,
    },
    Error {
        code: String,
        message: String,
    },
    /// A type that this client does not know. It counts, and is passed over.
    Unknown,
    /// A known type whose data is not what the contract says. It counts, and is passed over; but if it was
    /// to be an event, something of its family has changed.
    Malformed {
        family: Option<Family>,
    },
}

/// A decoded frame with the numbers of its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub frame: ServerFrame,
    /// The type as it was spelled.
    pub kind: String,
    pub seq: Option<u64>,
    pub epoch: Option<String>,
    /// The sender's clock.
    pub timestamp: Option<Timestamp>,
}

/// Why what a client sent is no frame.
#[derive(Debug)]
pub enum FrameError {
    /// Not JSON, or not an object with a `type`.
    NotAnEnvelope(serde_json::Error),
    /// A type there is not, or data that does not fit it.
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

/// The text of an event. `numbered` is the epoch and the event's sequence number.
pub fn event_text(event: &dyn Announce, now: Timestamp, numbered: Option<(&str, u64)>) -> String {
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

#[derive(Serialize)]
struct PongData {
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GoAwayData {
    retry_after_ms: u64,
}

#[derive(Serialize)]
struct ErrorData {
    code: String,
}

impl ClientFrame {
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

    /// Decodes what a client sent. Strict where [`Received::parse`] is lenient: a server answers a
    /// frame it cannot use with `bad_frame`.
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
    /// The text of a frame. `numbered` is the epoch and the event's sequence number.
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
            Self::Unknown | Self::Malformed { .. } => String::new(),
        }
    }
}

impl Received {
    /// Decodes what a server sent. Fails only on what is no envelope; a frame that is not understood
    /// is [`ServerFrame::Unknown`] or [`ServerFrame::Malformed`] and keeps its number.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let (mut kind, mut data, mut error, mut epoch) = (None, "null", None, None);
        let (mut seq, mut timestamp) = (None, None);
        let mut reader = Reader::new(text);
        reader.object(&mut |key, reader| {
            match key {
                "type" => kind = Some(String::read(reader)?),
                "data" => data = reader.raw()?,
                "error" => error = Option::read(reader)?,
                "epoch" => epoch = Option::read(reader)?,
                "seq" => seq = Option::read(reader)?,
                // Read for itself: an unreadable time does not make an unreadable frame.
                "timestamp" => timestamp = json::parse(reader.raw()?).ok(),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        reader.end()?;
        let kind = kind.ok_or(Malformed)?;
        let frame = decode(&kind, data, error).unwrap_or(ServerFrame::Malformed { family: family_of(&kind) });
        Ok(Self { frame, kind, seq, epoch, timestamp })
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

fn decode(kind: &str, data: &str, error: Option<String>) -> Result<ServerFrame, Malformed> {
    Ok(match kind {
        "welcome" => ServerFrame::Welcome(json::parse(data)?),
        "pong" => {
            ServerFrame::Pong { head: json::parse::<Option<PongData>>(data)?.and_then(|pong| pong.head) }
        }
        "goaway" => ServerFrame::GoAway { retry_after_ms: json::parse::<GoAwayData>(data)?.retry_after_ms },
        "error" => ServerFrame::Error {
            code: json::parse::<Option<ErrorData>>(data)?.map(|error| error.code).unwrap_or_default(),
            message: error.unwrap_or_default(),
        },
        name => match Event::decode(name, data) {
            Some(event) => ServerFrame::Event(event?),
            None => ServerFrame::Unknown,
        },
    })
}

read_object!(Welcome {
    connection_id = "connectionId",
    epoch = "epoch",
    head = "head",
    mode = "mode",
    expires_at = "expiresAt" or None,
});
read_object!(PongData { head = "head" or None });
read_object!(GoAwayData { retry_after_ms = "retryAfterMs" });
read_object!(ErrorData { code = "code" or String::new() });

impl FromJson for WelcomeMode {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.string()?.as_ref() {
            "fresh" => Ok(Self::Fresh),
            "resumed" => Ok(Self::Resumed),
            "reset" => Ok(Self::Reset),
            _ => Err(Malformed),
        }
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
