//! What the servers say differently. The bundled server and the `ws` peer speak the frames of the contract; the
//! `socket.io` peer speaks Engine.IO 4 and Socket.IO 5, as text messages of a WebSocket.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::json;

use crate::server::Kind;

/// The last event that a client has had, for a server that is to replay what came behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The log it counts in: the contract's `epoch`, Socket.IO's private session id.
    pub log: String,
    pub seq: u64,
    /// Socket.IO counts in ids of its own.
    pub offset: String,
}

/// What a server said.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// Socket.IO's transport is open: the client is to say who it is.
    Open,
    /// Socket.IO has taken the client in; positions count in this log.
    Connected { log: String },
    /// The client is up to date or will be with the events behind this.
    Welcome(Welcome),
    Event {
        seq: u64,
        /// What the writer has noted: when it was due, in nanoseconds of the writer's clock.
        due: Option<u64>,
        offset: Option<String>,
    },
    /// To be answered with this.
    Ping(&'static str),
    /// Nothing that matters here.
    Other,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Welcome {
    /// The number of the user's last event.
    pub head: u64,
    /// The position that the client gave is of no use.
    pub reset: bool,
    pub log: Option<String>,
    pub offset: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Contract,
    SocketIo,
}

impl Dialect {
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Latido | Kind::Ws => Self::Contract,
            Kind::SocketIo => Self::SocketIo,
        }
    }

    /// The path and query that a socket is opened with.
    pub fn path(self, token: &str) -> String {
        match self {
            Self::Contract => format!("/ws?token={token}"),
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket".to_owned(),
        }
    }

    /// Whether the client speaks first.
    pub fn greets_first(self) -> bool {
        self == Self::Contract
    }

    pub fn hello(self, token: &str, position: Option<&Position>) -> String {
        match (self, position) {
            (Self::Contract, None) => r#"{"type":"hello","data":{"client":"load"}}"#.to_owned(),
            (Self::Contract, Some(position)) => {
                let data = json!({"client": "load", "epoch": position.log, "seq": position.seq});
                json!({"type": "hello", "data": data}).to_string()
            }
            (Self::SocketIo, None) => format!("40{}", json!({"token": token})),
            (Self::SocketIo, Some(position)) => {
                let Position { log, seq, offset } = position;
                format!("40{}", json!({"token": token, "pid": log, "offset": offset, "seq": seq}))
            }
        }
    }

    /// What a client sends in order to know that its server is there. With Socket.IO the server asks.
    pub fn heartbeat(self) -> Option<&'static str> {
        match self {
            Self::Contract => Some(r#"{"type":"ping"}"#),
            Self::SocketIo => None,
        }
    }

    /// A message that a server has to deal with though it means nothing.
    pub fn nonsense(self) -> &'static str {
        match self {
            Self::Contract => r#"{"type":"nonsense","data":{"a":[1,2,3]}}"#,
            Self::SocketIo => r#"42["nonsense",{"a":[1,2,3]}]"#,
        }
    }

    pub fn hear(self, text: &str) -> Heard {
        match self {
            Self::Contract => hear_frame(text),
            Self::SocketIo => hear_packet(text),
        }
    }
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    seq: Option<u64>,
    #[serde(borrow)]
    data: Option<FrameData<'a>>,
}

/// The fields of a welcome and of a record, as far as they are of interest.
#[derive(Default, Deserialize)]
struct FrameData<'a> {
    head: Option<u64>,
    mode: Option<&'a str>,
    epoch: Option<&'a str>,
    #[serde(borrow)]
    notes: Option<Cow<'a, str>>,
}

fn hear_frame(text: &str) -> Heard {
    let Ok(frame) = serde_json::from_str::<Frame>(text) else { return Heard::Other };
    let data = frame.data.unwrap_or_default();
    match (frame.kind, frame.seq) {
        ("welcome", None) => Heard::Welcome(Welcome {
            head: data.head.unwrap_or(0),
            reset: data.mode == Some("reset"),
            log: data.epoch.map(str::to_owned),
            offset: None,
        }),
        (_, Some(seq)) => Heard::Event { seq, due: data.notes.and_then(due), offset: None },
        _ => Heard::Other,
    }
}

#[derive(Deserialize)]
struct Connected {
    pid: String,
}

/// The arguments of a packet: the event's name, its own arguments, and behind them the offset.
#[derive(Deserialize)]
struct RecordPacket<'a>(&'a str, #[serde(borrow)] FrameData<'a>, u64, &'a str);

#[derive(Deserialize)]
struct WelcomePacket<'a>(&'a str, #[serde(borrow)] FrameData<'a>, &'a str);

fn hear_packet(text: &str) -> Heard {
    match text.as_bytes() {
        [b'0', ..] => Heard::Open,
        [b'2', ..] => Heard::Ping("3"),
        [b'4', b'0', ..] => {
            let connected = text.get(2..).and_then(|data| serde_json::from_str::<Connected>(data).ok());
            connected.map_or(Heard::Other, |connected| Heard::Connected { log: connected.pid })
        }
        [b'4', b'2', ..] => hear_event(text.get(2..).unwrap_or_default()),
        _ => Heard::Other,
    }
}

fn hear_event(arguments: &str) -> Heard {
    if let Ok(RecordPacket("foodLogCreated", record, seq, offset)) = serde_json::from_str(arguments) {
        return Heard::Event { seq, due: record.notes.and_then(due), offset: Some(offset.to_owned()) };
    }
    match serde_json::from_str(arguments) {
        Ok(WelcomePacket("welcome", data, offset)) => Heard::Welcome(Welcome {
            head: data.head.unwrap_or(0),
            reset: data.mode == Some("reset"),
            log: None,
            offset: Some(offset.to_owned()),
        }),
        _ => Heard::Other,
    }
}

/// The notes that the writer gives a record, and what is read of them. They may be longer, to make a bigger event.
fn due(notes: Cow<str>) -> Option<u64> {
    notes.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_the_contract_gives_its_number_and_when_it_was_due() {
        let text = r#"{"type":"foodLogCreated","data":{"id":"a","name":"Caf\u00e9","notes":"17 xxx"},"epoch":"e","seq":4}"#;
        assert_eq!(Dialect::Contract.hear(text), Heard::Event { seq: 4, due: Some(17), offset: None });
        let text = r#"{"type":"welcome","data":{"connectionId":"c","epoch":"e","head":9,"mode":"resumed"}}"#;
        let welcome = Welcome { head: 9, reset: false, log: Some("e".into()), offset: None };
        assert_eq!(Dialect::Contract.hear(text), Heard::Welcome(welcome));
        assert_eq!(Dialect::Contract.hear(r#"{"type":"pong","data":{"head":9}}"#), Heard::Other);
    }

    #[test]
    fn a_packet_of_socket_io_gives_its_offset_too() {
        let hear = |text| Dialect::SocketIo.hear(text);
        assert_eq!(hear(r#"0{"sid":"s","upgrades":[]}"#), Heard::Open);
        assert_eq!(hear("2"), Heard::Ping("3"));
        assert_eq!(hear(r#"40{"sid":"s","pid":"p"}"#), Heard::Connected { log: "p".into() });
        let event = Heard::Event { seq: 4, due: Some(17), offset: Some("o".into()) };
        assert_eq!(hear(r#"42["foodLogCreated",{"id":"a","notes":"17"},4,"o"]"#), event);
        let welcome = Welcome { head: 9, reset: true, log: None, offset: Some("o".into()) };
        assert_eq!(hear(r#"42["welcome",{"head":9,"mode":"reset"},"o"]"#), Heard::Welcome(welcome));
    }

    #[test]
    fn a_hello_says_the_position() {
        let position = Position { log: "e".into(), seq: 4, offset: "o".into() };
        let hello = Dialect::Contract.hello("t", Some(&position));
        assert!(hello.contains(r#""epoch":"e""#) && hello.contains(r#""seq":4"#), "{hello}");
        let hello = Dialect::SocketIo.hello("t", Some(&position));
        assert!(hello.starts_with("40{") && hello.contains(r#""pid":"e""#), "{hello}");
    }
}
