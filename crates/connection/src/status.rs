//! The status of a connection that people see, the reason why it gave up, and its last trouble.

use latido_protocol::time::Timestamp;

/// Why a connection does not try any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaveUp {
    /// All attempts failed. A sign of life of the network re-arms it.
    AttemptsUsedUp,
    /// The server does not allow the connection (1008, 4403).
    NotAllowed,
    /// Too many connections of this user (4409).
    TooManyConnections,
    /// Even a fresh token was refused: sign in again.
    SessionOver,
}

impl GaveUp {
    /// The reason in English, for logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::AttemptsUsedUp => "all attempts used up",
            Self::NotAllowed => "not allowed",
            Self::TooManyConnections => "too many connections",
            Self::SessionOver => "session over",
        }
    }
}

/// Something that went wrong with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There was no token to dial with.
    NoToken,
    /// Nothing answered the dial in time.
    DialTimedOut,
    /// The socket closed before it opened.
    DialRefused,
    /// An open socket closed, with this code.
    Closed {
        /// The close code.
        code: u16,
    },
    /// A ping stayed without an answer.
    NoPong,
    /// The server sent `goaway`.
    WentAway,
    /// The client sent more than the server takes (1009). That message was dropped; nothing else was.
    MessageTooBig,
}

/// The status of a connection, as users see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No backend is configured: everything is polled.
    Polling,
    /// Not started yet, or stopped by the user or by sign-out.
    Stopped,
    /// The first dial since the start, or catching up after it.
    Connecting,
    /// Connected, and the refetches that the connection caused are done.
    Live {
        /// When the socket was welcomed, or its backend taken for plain. A rotation that resumes keeps it.
        since: Timestamp,
    },
    /// The connection was lost or could not be made, and is dialled again.
    Reconnecting {
        /// When the next dial starts; `None` while one is under way or catching up, and while the connection is parked.
        retry_at: Option<Timestamp>,
        /// Failures since the connection was last proven, `0..=of`.
        attempt: u32,
        /// Attempts before the connection gives up: [`Config::max_attempts`](crate::Config::max_attempts).
        of: u32,
    },
    /// Given up: nothing is dialled by itself any more, unless attempts were used up and the network comes back.
    Disconnected {
        /// Why.
        reason: GaveUp,
    },
}

impl Status {
    /// The status in one word, for logs, tests and tools: `polling`, `connecting`, `live`, `reconnecting`,
    /// `disconnected` (stopped, or attempts used up) or `error`. A hidden tab's parked socket is reconnecting.
    pub fn name(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::Connecting => "connecting",
            Self::Live { .. } => "live",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Stopped | Self::Disconnected { reason: GaveUp::AttemptsUsedUp } => "disconnected",
            Self::Disconnected { .. } => "error",
        }
    }

    /// Whether the connection is live, so that lists need no polling.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live { .. })
    }
}
