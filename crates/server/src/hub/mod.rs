//! The hub: who is connected, and how an event reaches them.
//!
//! It is told of events by the store, in the order of their commits, and puts them into the queue of every
//! listening socket of the user. A queue is bounded: a socket that does not keep up is told to close, and
//! fetches what it missed from the log when it comes back. Besides events it carries *whispers*, which
//! nobody numbers and nobody misses, to the sockets in a room.
//!
//! [`in_process`] is the hub of the one binary. Another one, which spans several servers, has to pass the
//! same suite, `tests/hub_contract.rs`.

pub mod in_process;

use std::{future::Future, pin::Pin, sync::Arc};

use latido_domain::store::{EventSink, LoggedEvent};
use latido_protocol::session::UserId;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

pub use self::in_process::InProcessHub;
use crate::auth::session_id::SessionId;

/// Why a socket is told to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// Its session has ended.
    SignedOut,
    /// The user has opened too many, and this one was the oldest.
    OneTooMany,
    /// It did not read its events as fast as they came.
    TooSlow,
    /// The server is going away.
    Draining,
}

/// What comes out of a socket's queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    Event(Arc<LoggedEvent>),
    /// A frame without a number, as it goes over the socket.
    Ephemeral(Arc<str>),
}

/// Who is connected. Events come in as to any [`EventSink`].
pub trait Hub: EventSink {
    /// Enters a socket; `None` when the server is going away. One socket too many displaces the
    /// user's oldest.
    fn join(&self, user: &UserId, session: &SessionId) -> Option<Subscription>;
    /// Whispers to all in the room but `except`. A socket whose queue is full does not hear it.
    fn publish_ephemeral(&self, room: &str, frame: &Arc<str>, except: Option<Uuid>);
    /// Tells every socket of the session to close.
    fn close_session(&self, session: &SessionId);
    /// Tells every socket to close, and lets no new one in.
    fn drain(&self);
    /// Waits until the last socket has gone.
    fn emptied(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    /// How many sockets there are, counting those that were told to close and have not yet.
    fn open_sockets(&self) -> usize;
    /// How many sockets of the user are being sent events.
    fn listening_sockets(&self, user: &UserId) -> usize;
}

/// What a hub lets a socket do with its place. Dropping it gives the place up.
pub trait SocketHandle: Send + Sync {
    /// From now on the user's events are put into the queue.
    fn listen(&self);
    /// Enters a room. Entering twice is entering once.
    fn enter(&self, room: &str);
    fn leave(&self, room: &str);
}

/// A socket's place in the hub. It is given up by dropping it.
#[must_use = "dropping it takes the socket out of the hub"]
pub struct Subscription {
    id: Uuid,
    handle: Box<dyn SocketHandle>,
    queue: mpsc::Receiver<Delivery>,
    close: watch::Receiver<Option<CloseReason>>,
}

impl Subscription {
    /// For a hub to give out. It has to keep the sender of `close` until it has sent one.
    pub fn new(
        id: Uuid,
        handle: Box<dyn SocketHandle>,
        queue: mpsc::Receiver<Delivery>,
        close: watch::Receiver<Option<CloseReason>>,
    ) -> Self {
        Self { id, handle, queue, close }
    }

    pub fn id(&self) -> Uuid {
        self.id
    }

    /// From now on the user's events are put into the queue.
    pub fn listen(&self) {
        self.handle.listen();
    }

    /// Enters a room, to hear what is whispered there.
    pub fn enter(&self, room: &str) {
        self.handle.enter(room);
    }

    pub fn leave(&self, room: &str) {
        self.handle.leave(room);
    }

    /// Waits until the socket is told to close.
    pub async fn closed(&mut self) -> CloseReason {
        closed(&mut self.close).await
    }

    /// The next of the queue, or the order to close, which goes before.
    pub async fn next(&mut self) -> Result<Delivery, CloseReason> {
        tokio::select! {
            biased;
            reason = closed(&mut self.close) => Err(reason),
            Some(delivery) = self.queue.recv() => Ok(delivery),
        }
    }
}

async fn closed(close: &mut watch::Receiver<Option<CloseReason>>) -> CloseReason {
    // A hub lets go of a socket only with an order, so there always is one.
    close.wait_for(Option::is_some).await.ok().and_then(|reason| *reason).unwrap_or(CloseReason::Draining)
}
