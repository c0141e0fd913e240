//! The entries of the queue of a run.

use latido_connection::DialId;

use crate::{
    action::Action,
    page::{request::Ask, task::Task},
};

/// What can happen. Each is put into the queue with its time.
pub enum Happening {
    /// The user acts, or something goes wrong.
    Act(Action),
    /// A fault that lasted for a while ends.
    Recover(Recovery),
    /// A dial reaches the server.
    Upgrade { dial: DialId, token: String },
    /// A frame reaches the server.
    Up { dial: DialId, text: String },
    /// The server closes a socket, if it is still there.
    ServerCloses { dial: DialId, code: u16 },
    /// A token behind an open socket expires.
    TokenExpires { dial: DialId },
    /// A gateway looks whether a socket is used.
    LookForIdle { dial: DialId },
    /// Something reaches the page's end of a socket.
    Down { dial: DialId, what: Down },
    /// A request reaches the server.
    Request { number: u32, ask: Ask },
    /// Something is up to the page.
    Page(Task),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    ServerIsUp,
    SocketMoves {
        dial: DialId,
    },
    Thaw,
    /// Out of the back-forward cache.
    PageShow,
    WakeUp,
    Online,
    Deliver,
}

/// What travels to the page on a socket.
#[derive(Clone, Debug)]
pub enum Down {
    Opened,
    Text(String),
    Binary,
    Closed { code: u16 },
}
