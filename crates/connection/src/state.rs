//! The states of a connection.

use latido_protocol::time::Timestamp;

use crate::{
    heartbeat::Heartbeat,
    io::{DialId, Now},
    status::GaveUp,
};

/// Where the connection is. Data lives in the state that owns it and nowhere else.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// No backend is configured.
    Off,
    /// Stopped by the user or by sign-out.
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
    /// `hello` and `ping` are sent; which is answered first shows whether the backend numbers its events.
    Greeting {
        dial: DialId,
        greeting: Greeting,
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
    /// The socket died while the page was hidden. It is dialled again when the page is shown.
    Parked,
}

/// An open socket without an answer yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Greeting {
    /// Without an answer until then, the backend is taken for plain.
    pub plain_at: Timestamp,
    /// When a ping went out that has no answer yet. `None`: the page is hidden and does not ping, or the pong has come.
    pub pinged: Option<Now>,
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
    /// The last ping was answered by API Gateway, in place of a backend that has no route for it.
    pub behind_gateway: bool,
}

impl Live {
    /// When it will have proven itself; `None` once it has, and while a ping waits for its answer.
    pub fn is_proven_at(&self, stable_after: i64) -> Option<Timestamp> {
        let listening = matches!(self.heartbeat, Heartbeat::Listening { .. });
        (!self.proven && !listening).then(|| self.since.plus_ms(stable_after))
    }
}

/// What is known of the backend. It outlives a socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// None has answered yet.
    #[default]
    Unknown,
    /// It does not number its events: after every connection everything is refetched.
    Plain,
    /// It numbers its events: it has sent a `welcome`.
    Full,
}

/// The socket that is to take over from a live one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Successor {
    pub dial: DialId,
    pub stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stage {
    FetchingToken {
        deadline: Timestamp,
    },
    Dialling {
        deadline: Timestamp,
    },
    Greeting(Greeting),
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
            Self::Greeting(greeting) => greeting.plain_at,
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
