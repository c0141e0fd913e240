//! How a page's connection behaves.

use latido_connection::Config;

/// How the token travels to the socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SocketAuth {
    /// `?token=<jwt>`, which API Gateway expects.
    #[default]
    Query,
    /// A one-use ticket in the subprotocol: no token in any URL.
    Ticket,
}

/// The settings of a connection besides its address and token. The defaults are those of `docs/protocol.md`, section 3.
#[derive(Clone, Debug)]
pub struct RealtimeOptions {
    /// Dial again by itself after a loss. `false`: the connection stops, until [`connect`](crate::Realtime::connect).
    pub reconnect: bool,
    /// How the token travels.
    pub auth: SocketAuth,
    /// Attempts, delays, heartbeat; all times in milliseconds. Whether it is enabled follows from the address alone.
    pub timing: Config,
}

impl Default for RealtimeOptions {
    fn default() -> Self {
        Self { reconnect: true, auth: SocketAuth::default(), timing: Config::default() }
    }
}
