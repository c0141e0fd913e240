//! What goes into the machine and what comes out.

use latido_protocol::{
    event::{Event, Family},
    time::Timestamp,
};

use crate::state::Status;

/// The number of a dial. It never repeats within a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialId(pub u32);

/// The time of an input, on two clocks: `wall` goes on while a laptop sleeps and so keeps the
/// deadlines; `monotonic_ms` never jumps and so measures round trips.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    pub wall: Timestamp,
    pub monotonic_ms: f64,
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFailure {
    /// The server was not reached, or had a bad moment: a failed dial like any other.
    Unavailable,
    /// The session is over: nobody is signed in.
    Refused,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Somebody signed in, or wants the connection back.
    Start,
    /// The user, or signing out, ends it. Only `Start` undoes this.
    Stop,
    /// The user pressed Retry.
    Retry,
    TokenReady {
        dial: DialId,
        token: String,
    },
    TokenFailed {
        dial: DialId,
        failure: TokenFailure,
    },
    Opened {
        dial: DialId,
    },
    Frame {
        dial: DialId,
        text: String,
    },
    /// A binary frame or something else that is no text.
    Nonsense {
        dial: DialId,
    },
    Closed {
        dial: DialId,
        code: u16,
    },
    /// The refetches that this connection caused are done.
    CaughtUp {
        dial: DialId,
    },
    /// The answer to [`Output::CheckSession`].
    SessionChecked {
        valid: bool,
    },
    Visible,
    Hidden,
    /// The browser stops the page's timers and callbacks: nothing runs until [`Input::Resumed`].
    Frozen,
    /// It goes on, or came out of the back-forward cache (`resume`, `pageshow`).
    Resumed {
        visible: bool,
    },
    Online,
    Offline,
    PollSucceeded,
    PollFailed,
    /// Somebody looks at this room, until [`Input::Unsubscribe`]. Said anew on every socket.
    Subscribe {
        channel: String,
    },
    Unsubscribe {
        channel: String,
    },
    /// The user types to this contact, or has stopped.
    Typing {
        contact_id: String,
        typing: bool,
    },
    /// The timer of [`Output::WakeAt`], or any other reason to look at the clock.
    Woke,
}

/// Which queries no longer hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalidation {
    Everything,
    /// An event of this family came; its name goes into the log.
    Family {
        family: Family,
        event: &'static str,
    },
    /// The same, and all that it changes was in it, and no event is missing before it: where it was put in, a fetch
    /// only confirms it, and may wait until it is quiet.
    Confirm {
        family: Family,
        event: &'static str,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Fetch a token for this dial; `force` past any cached one.
    FetchToken {
        dial: DialId,
        force: bool,
    },
    Dial {
        dial: DialId,
        token: String,
    },
    Send {
        dial: DialId,
        text: String,
    },
    /// Drop this dial's socket, or its token request. Nothing of it is awaited.
    Close {
        dial: DialId,
        code: u16,
    },
    /// Send [`Input::Woke`] then; `None`: no deadline stands. Replaces the one before.
    WakeAt(Option<Timestamp>),
    StatusChanged(Status),
    Event(Box<Event>),
    Invalidate(Invalidation),
    /// A frame that says nothing we understand was passed over: its type, shortened, if it had one.
    Ignored(String),
    /// Answer with [`Input::CaughtUp`] when no query is stale or under way.
    AwaitCaughtUp {
        dial: DialId,
    },
    /// Ask the server who we are, and answer with [`Input::SessionChecked`].
    CheckSession,
}
