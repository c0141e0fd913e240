//! The socket: how it is opened and closed, and the frames that belong to no other topic.

use latido_protocol::{frame::Welcome, session::UserId};
use utoipa::ToSchema;

use crate::openapi::{api::Api, operation_builder::operation};

pub fn describe(api: &mut Api) {
    api.topic("Socket", "Changes as they happen. What travels on it is in the section *Frames*.");
    api.get(
        "/ws",
        operation("openSocket", "Open a socket")
            .about("By ticket: `Sec-WebSocket-Protocol: latido.v1, ticket.<ticket>`; the server echoes `latido.v1`. Or, \
                    where the server allows it, by `?token=<access token>`. A page's `Origin` has to be the server's own \
                    or an allowed one.")
            .open()
            .parameters(&["Token", "Subprotocols"])
            .answers_nothing(101, "It is open. The client sends `hello` within 10 s.")
            .refuses(&[400, 401, 403]),
    );
    api.from_client::<Hello>(
        "hello",
        "First frame of every connection: how far you are. Without a position you start fresh.",
    );
    api.from_client::<Ping>("ping", "The heartbeat. Answered with `pong`.");
    api.from_server::<Welcome>("welcome", "The answer to `hello`.");
    api.from_server::<Pong>(
        "pong",
        "The answer to `ping`. A head beyond your own number means that you missed something: send `hello` again.",
    );
    api.event::<PersonUpdated>("personUpdated", "To a coach: something of an assigned person's has changed.");
    api.from_server::<GoAway>("goaway", "The server is going away. Reconnect after that long.");
    api.from_server::<SocketError>(
        "error",
        "A frame of yours was refused; the envelope's `error` says it in words.",
    );
    for (code, meaning) in CLOSES {
        api.closes(*code, meaning);
    }
}

const CLOSES: &[(u16, &str)] = &[
    (1003, "Binary message; everything is text."),
    (1007, "Not UTF-8."),
    (1009, "A message larger than 32 KiB."),
    (1011, "A mistake of the server's. Reconnect."),
    (1012, "The server is restarting. Reconnect."),
    (1013, "You did not read as fast as events came. Reconnect; nothing is lost."),
    (4401, "Signed out, or the token has expired. Refresh it and dial again."),
    (4408, "No `hello` within 10 s."),
    (4409, "More than 10 sockets of this account; this was the oldest."),
    (4429, "Too many messages: 60 a minute, and 12 pings and hellos besides. Reconnect after 30 s."),
];

/// How far a client is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
struct Hello {
    epoch: Option<String>,
    seq: Option<u64>,
    /// Name and version of the client.
    client: Option<String>,
}

/// The heartbeat of a client.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
struct Ping {
    /// The number of the last event applied.
    seq: Option<u64>,
}

/// The answer to a heartbeat.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
struct Pong {
    /// The number of your last event.
    head: Option<u64>,
}

/// A changed record of a person.
#[derive(ToSchema)]
#[expect(dead_code, reason = "an event writes it")]
#[schema(rename_all = "camelCase")]
struct PersonUpdated {
    person_id: UserId,
    family: PersonFamily,
}

/// What has changed of a person.
#[derive(ToSchema)]
#[expect(dead_code, reason = "an event writes it")]
#[schema(rename_all = "lowercase")]
enum PersonFamily {
    Food,
    Exercise,
    Metric,
    Profile,
}

/// How long to wait.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
#[schema(rename_all = "camelCase")]
struct GoAway {
    retry_after_ms: u64,
}

/// Why a frame was refused.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
struct SocketError {
    code: SocketErrorCode,
}

/// The reasons to refuse a frame.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
#[schema(rename_all = "snake_case")]
enum SocketErrorCode {
    RateLimited,
    BadFrame,
    Forbidden,
    TooLarge,
}
