//! What goes into the machine and what comes out.

use latido_protocol::{
    event::{Event, Family},
    time::Timestamp,
};

use crate::status::Status;

/// The number of a dial. It never repeats within a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialId(pub u32);

/// The time of an input, on two clocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    /// The wall clock. It goes on while a laptop sleeps and so keeps the deadlines.
    pub wall: Timestamp,
    /// Milliseconds from any origin. They never jump and so measure round trips.
    pub monotonic_ms: f64,
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFailure {
    /// The server was not reached, or had a bad moment: a failed dial like any other.
    Unavailable,
    /// The session is over: no user is signed in.
    Refused,
}

/// What happened, for [`Connection::handle`](crate::Connection::handle). An input with a dial is dropped unless that
/// dial is the current one or its successor in a rotation.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A user signed in, or wants the connection back.
    Start,
    /// The user, or signing out, ends it. Only `Start` undoes this.
    Stop,
    /// The user pressed Retry.
    Retry,
    /// The token of [`Output::FetchToken`].
    TokenReady {
        /// The dial that asked for it.
        dial: DialId,
        /// The token or ticket, as [`Output::Dial`] hands it on.
        token: String,
    },
    /// [`Output::FetchToken`] brought no token.
    TokenFailed {
        /// The dial that asked for it.
        dial: DialId,
        /// The reason.
        failure: TokenFailure,
    },
    /// The socket of [`Output::Dial`] is open.
    Opened {
        /// The socket's dial.
        dial: DialId,
    },
    /// A text message came.
    Frame {
        /// The dial of the socket that it came over.
        dial: DialId,
        /// The message, as it came.
        text: String,
    },
    /// A binary frame or something else that is no text.
    Nonsense {
        /// The dial of the socket that it came over.
        dial: DialId,
    },
    /// The socket closed, or could not be opened.
    Closed {
        /// The socket's dial.
        dial: DialId,
        /// The close code; [`ABNORMAL`](crate::close_code::ABNORMAL) without a close frame.
        code: u16,
    },
    /// The refetches that this connection caused are done: the answer to [`Output::AwaitCaughtUp`].
    CaughtUp {
        /// The dial of that output.
        dial: DialId,
    },
    /// The answer to [`Output::CheckSession`].
    SessionChecked {
        /// Whether the session still exists. If not, a token is fetched once more by force.
        valid: bool,
    },
    /// The page is shown. A parked or waiting connection dials at once, a live one sends a ping.
    Visible,
    /// The page is hidden. Pings pause; a socket that dies now is parked.
    Hidden,
    /// The browser stops the page's timers and callbacks: nothing runs until [`Input::Resumed`].
    Frozen,
    /// It goes on, or came out of the back-forward cache (`resume`, `pageshow`).
    Resumed {
        /// Whether the page is shown now.
        visible: bool,
    },
    /// The browser has a network. A waiting connection dials at once, a live one sends a ping.
    Online,
    /// The browser has no network, or believes so: a live connection sends a ping to find out.
    Offline,
    /// A request of a poll was answered. After giving up it may re-arm the connection, see
    /// [`rearm_after`](crate::Config::rearm_after).
    PollSucceeded,
    /// A request of a poll failed. The next [`Input::PollSucceeded`] then shows that the network is back.
    PollFailed,
    /// Joins a room until [`Input::Unsubscribe`]. Sent again on every new socket.
    Subscribe {
        /// The room, as `conversation:<contactId>`.
        channel: String,
    },
    /// Takes back one [`Input::Subscribe`]. The room is left with the last of them.
    Unsubscribe {
        /// The room, as `conversation:<contactId>`.
        channel: String,
    },
    /// The user types to this contact, or has stopped.
    Typing {
        /// The contact.
        contact_id: String,
        /// Whether the user types.
        typing: bool,
    },
    /// The timer of [`Output::WakeAt`], or any other reason to look at the clock.
    Woke,
}

/// Which queries no longer hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalidation {
    /// Every query: events may have been missed.
    Everything,
    /// The queries of a family, because an event of it came.
    Family {
        /// The event's family.
        family: Family,
        /// The event's name, for logs; `unreadable` if its data were not understood.
        event: &'static str,
    },
    /// The queries of a family, whose event held all that it changes, with no event missing before it: where it was
    /// put in, a fetch only confirms it, and may wait until it is quiet.
    Confirm {
        /// The event's family.
        family: Family,
        /// The event's name, for logs.
        event: &'static str,
    },
}

/// What to do, from [`Connection::poll`](crate::Connection::poll). Carried out in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Fetch a token, and answer with [`Input::TokenReady`] or [`Input::TokenFailed`].
    FetchToken {
        /// The dial that needs it.
        dial: DialId,
        /// Whether to pass over a cached token: it was refused, or is about to expire.
        force: bool,
    },
    /// Open a socket, and answer with [`Input::Opened`] or [`Input::Closed`].
    Dial {
        /// The socket's dial, for all that it reports.
        dial: DialId,
        /// The token of [`Input::TokenReady`].
        token: String,
    },
    /// Send a text message.
    Send {
        /// The dial of the socket to send it over.
        dial: DialId,
        /// The message: one JSON object.
        text: String,
    },
    /// Drop this dial's socket, or its token request. Nothing of it is awaited.
    Close {
        /// The dial to drop.
        dial: DialId,
        /// The code to close the socket with.
        code: u16,
    },
    /// Send [`Input::Woke`] then; `None`: no deadline stands. Replaces the one before.
    WakeAt(Option<Timestamp>),
    /// Show this status.
    StatusChanged(Status),
    /// Apply this event. Repeated numbered events are left out. An [`Output::Invalidate`] follows, except for typing.
    Event(Box<Event>),
    /// Refetch these queries, by fetches that start after this output.
    Invalidate(Invalidation),
    /// A frame that cannot be read was passed over: its type, cut at 40 characters; empty if it had none.
    Ignored(String),
    /// A frame of a type that the protocol does not know, once: an event of the app's own, perhaps.
    Foreign {
        /// The frame's type.
        name: String,
        /// JSON, as it came; `null` where there is none.
        data: String,
    },
    /// Answer with [`Input::CaughtUp`] when no query is stale or under way.
    AwaitCaughtUp {
        /// The dial to answer for.
        dial: DialId,
    },
    /// Ask the server who we are, and answer with [`Input::SessionChecked`].
    CheckSession,
}
