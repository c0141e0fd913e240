//! The states of a connection, and the status that people see of them.

use latido_protocol::time::Timestamp;

use crate::{heartbeat::Heartbeat, io::DialId};

/// Where the connection is. Data lives in the state that owns it and nowhere else.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// No backend is configured.
    Off,
    /// The user's word, or nobody is signed in.
    Stopped,
    /// Waiting for a token to dial with.
    FetchingToken {
        dial: DialId,
        deadline: Timestamp,
        forced: bool,
    },
    /// The socket is opening.
    Dialling {
        dial: DialId,
        deadline: Timestamp,
        forced: bool,
    },
    /// `hello` is sent; `welcome` shows whether the backend numbers its events.
    Greeting {
        dial: DialId,
        plain_at: Timestamp,
        forced: bool,
    },
    Live(Live),
    /// Live, and another socket is on its way to take over before this one's time is up.
    Rotating(Live, Successor),
    /// Dials again at `retry_at`.
    Waiting {
        retry_at: Timestamp,
        attempt: u32,
    },
    GaveUp {
        reason: GaveUp,
        since: Timestamp,
    },
    /// It died while nobody looked. It comes back when somebody does.
    Parked,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Live {
    pub dial: DialId,
    pub since: Timestamp,
    pub heartbeat: Heartbeat,
    pub catching_up: CatchingUp,
    /// Only with a plain backend: when to refetch everything, since nothing proves completeness.
    pub revalidate_at: Option<Timestamp>,
    /// When `hello` was sent again on this socket, until when its `welcome` is due.
    pub welcome_due: Option<Timestamp>,
    /// When another socket is to take over.
    pub rotate_at: Timestamp,
    /// Lived long enough for the counters of failure to be reset.
    pub proven: bool,
    /// This dial was made with a token fetched by force.
    pub forced: bool,
}

/// The socket that is to take over from a live one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Successor {
    pub dial: DialId,
    pub stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    FetchingToken {
        deadline: Timestamp,
    },
    Dialling {
        deadline: Timestamp,
    },
    Greeting {
        plain_at: Timestamp,
    },
    /// Welcomed; takes over when every event up to `head` was applied.
    CatchingUp {
        head: u64,
        deadline: Timestamp,
        /// The successor's own time, for when it has taken over.
        rotate_at: Timestamp,
    },
}

impl Stage {
    pub fn deadline(self) -> Timestamp {
        match self {
            Self::FetchingToken { deadline }
            | Self::Dialling { deadline }
            | Self::CatchingUp { deadline, .. } => deadline,
            Self::Greeting { plain_at } => plain_at,
        }
    }
}

/// How far a live connection is from showing what the database holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CatchingUp {
    /// Missed events up to this one are on their way.
    Events {
        head: u64,
    },
    /// The refetches are under way.
    Refetches,
    Done,
}

impl State {
    /// The dial that the state is about. While rotating, the one that is still in charge.
    pub fn dial(&self) -> Option<DialId> {
        match self {
            Self::FetchingToken { dial, .. } | Self::Dialling { dial, .. } | Self::Greeting { dial, .. } => {
                Some(*dial)
            }
            Self::Live(live) | Self::Rotating(live, _) => Some(live.dial),
            Self::Off | Self::Stopped | Self::Waiting { .. } | Self::GaveUp { .. } | Self::Parked => None,
        }
    }

    pub fn live(&self) -> Option<&Live> {
        match self {
            Self::Live(live) | Self::Rotating(live, _) => Some(live),
            _ => None,
        }
    }

    pub fn live_mut(&mut self) -> Option<&mut Live> {
        match self {
            Self::Live(live) | Self::Rotating(live, _) => Some(live),
            _ => None,
        }
    }

    pub fn successor(&self) -> Option<&Successor> {
        match self {
            Self::Rotating(_, successor) => Some(successor),
            _ => None,
        }
    }

    /// Whether this dial's token was fetched by force: if it is refused too, the session is over.
    pub fn forced(&self) -> bool {
        match self {
            Self::FetchingToken { forced, .. }
            | Self::Dialling { forced, .. }
            | Self::Greeting { forced, .. } => *forced,
            Self::Live(live) | Self::Rotating(live, _) => live.forced && !live.proven,
            Self::Off | Self::Stopped | Self::Waiting { .. } | Self::GaveUp { .. } | Self::Parked => false,
        }
    }
}

/// Why a connection does not try any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaveUp {
    /// All attempts failed. A sign of life of the network re-arms it.
    AttemptsUsedUp,
    /// The server does not let us in (1008, 4403).
    NotAllowed,
    /// Too many connections of this user (4409).
    TooManyConnections,
    /// Even a fresh token was refused: sign in again.
    SessionOver,
}

impl GaveUp {
    /// For logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::AttemptsUsedUp => "all attempts used up",
            Self::NotAllowed => "not allowed",
            Self::TooManyConnections => "too many connections",
            Self::SessionOver => "session over",
        }
    }
}

/// What went wrong last, for the people who ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There was no token to dial with.
    NoToken,
    /// Nothing answered the dial in time.
    DialTimedOut,
    /// The socket closed before it opened.
    DialRefused,
    /// An open socket closed, with this code.
    Closed { code: u16 },
    /// A ping stayed without an answer.
    NoPong,
    /// The server said that it is going away.
    WentAway,
    /// We sent more than the server takes (1009). It was dropped; nothing else was.
    MessageTooBig,
}

/// What people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No backend is configured: everything is polled.
    Polling,
    Stopped,
    /// The first dial of this page, or catching up after one.
    Connecting,
    Live {
        since: Timestamp,
    },
    /// `retry_at` counts down; `None` while a dial is under way.
    Reconnecting {
        retry_at: Option<Timestamp>,
        attempt: u32,
        of: u32,
    },
    Disconnected {
        reason: GaveUp,
    },
}

impl Status {
    /// The state of `design.md`, for logs, tests and tools. A hidden tab's parked socket is reconnecting.
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

    /// Whether lists need no polling.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live { .. })
    }
}
