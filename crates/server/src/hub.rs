//! The hub: who is connected, and how an event reaches them.
//!
//! It is told of events by the store's writer, in the order of their commits, and puts them into the
//! queue of every listening socket of the user. A queue is bounded: a socket that does not keep up is
//! told to close, and fetches what it missed from the log when it comes back.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use latido_protocol::session::UserId;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::{
    auth::session::SessionId,
    store::{LoggedEvent, Outlet},
};

/// Why a socket is told to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Its session has ended.
    SignedOut,
    /// The user has opened too many, and this one was the oldest.
    OneTooMany,
    /// It did not read its events as fast as they came.
    TooSlow,
    /// The server is going away.
    Draining,
}

pub struct Hub {
    queue_length: usize,
    sockets_per_user: usize,
    state: Mutex<State>,
    /// How many memberships there are, counting those that were told to close and have not yet.
    open: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    draining: bool,
    sockets: HashMap<UserId, Vec<Socket>>,
}

struct Socket {
    id: Uuid,
    session: SessionId,
    listening: bool,
    events: mpsc::Sender<Arc<LoggedEvent>>,
    order: watch::Sender<Option<Order>>,
}

impl Socket {
    fn tell(self, order: Order) {
        self.order.send_replace(Some(order));
    }
}

impl Hub {
    pub fn new(queue_length: usize, sockets_per_user: usize) -> Self {
        Self { queue_length, sockets_per_user, state: Mutex::default(), open: watch::Sender::new(0) }
    }

    /// Enters a socket; `None` when the server is going away. One socket too many displaces the
    /// user's oldest.
    pub fn join(self: &Arc<Self>, user: &UserId, session: &SessionId) -> Option<Membership> {
        let mut state = self.state();
        if state.draining {
            return None;
        }
        let sockets = state.sockets.entry(user.clone()).or_default();
        if sockets.len() >= self.sockets_per_user {
            sockets.remove(0).tell(Order::OneTooMany);
        }
        let (events, queue) = mpsc::channel(self.queue_length);
        let (order, orders) = watch::channel(None);
        let id = Uuid::now_v7();
        sockets.push(Socket { id, session: session.clone(), listening: false, events, order });
        self.open.send_modify(|open| *open += 1);
        Some(Membership { hub: Arc::clone(self), user: user.clone(), id, queue, orders })
    }

    /// Tells every socket of the session to close.
    pub fn close_session(&self, session: &SessionId) {
        self.tell_all(Order::SignedOut, |socket| socket.session == *session);
    }

    /// Tells every socket to close, and lets no new one in.
    pub fn drain(&self) {
        self.state().draining = true;
        self.tell_all(Order::Draining, |_| true);
    }

    /// Waits until the last socket has gone.
    pub async fn emptied(&self) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.open.subscribe().wait_for(|open| *open == 0).await;
    }

    /// How many sockets there are, counting those that were told to close and have not yet.
    pub fn open_sockets(&self) -> usize {
        *self.open.borrow()
    }

    /// How many sockets of the user are being sent events.
    pub fn listening_sockets(&self, user: &UserId) -> usize {
        let state = self.state();
        state.sockets.get(user).map_or(0, |sockets| sockets.iter().filter(|socket| socket.listening).count())
    }

    fn tell_all(&self, order: Order, concerns: impl Fn(&Socket) -> bool) {
        self.state().sockets.retain(|_, sockets| {
            sockets.extract_if(.., |socket| concerns(socket)).for_each(|socket| socket.tell(order));
            !sockets.is_empty()
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outlet for Hub {
    fn publish(&self, event: &Arc<LoggedEvent>) {
        let mut state = self.state();
        let Some(sockets) = state.sockets.get_mut(&event.user) else { return };
        let left_behind = |socket: &mut Socket| {
            socket.listening
                && matches!(
                    socket.events.try_send(Arc::clone(event)),
                    Err(mpsc::error::TrySendError::Full(_))
                )
        };
        sockets.extract_if(.., left_behind).for_each(|socket| socket.tell(Order::TooSlow));
    }
}

/// A socket's place in the hub. It is given up by dropping it.
#[must_use = "dropping it takes the socket out of the hub"]
pub struct Membership {
    hub: Arc<Hub>,
    user: UserId,
    id: Uuid,
    queue: mpsc::Receiver<Arc<LoggedEvent>>,
    orders: watch::Receiver<Option<Order>>,
}

impl Membership {
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// From now on the user's events are put into the queue.
    pub fn listen(&self) {
        let mut state = self.hub.state();
        let sockets = state.sockets.get_mut(&self.user);
        if let Some(socket) =
            sockets.and_then(|sockets| sockets.iter_mut().find(|socket| socket.id == self.id))
        {
            socket.listening = true;
        }
    }

    /// Waits until the socket is told to close.
    pub async fn ordered(&mut self) -> Order {
        ordered(&mut self.orders).await
    }

    /// The next event of the queue, or the order to close, which goes before.
    pub async fn next(&mut self) -> Result<Arc<LoggedEvent>, Order> {
        tokio::select! {
            biased;
            order = ordered(&mut self.orders) => Err(order),
            Some(event) = self.queue.recv() => Ok(event),
        }
    }
}

async fn ordered(orders: &mut watch::Receiver<Option<Order>>) -> Order {
    // The hub lets go of a socket only with an order, so there always is one.
    orders.wait_for(Option::is_some).await.ok().and_then(|order| *order).unwrap_or(Order::Draining)
}

impl Drop for Membership {
    fn drop(&mut self) {
        let mut state = self.hub.state();
        if let Some(sockets) = state.sockets.get_mut(&self.user) {
            sockets.retain(|socket| socket.id != self.id);
            if sockets.is_empty() {
                state.sockets.remove(&self.user);
            }
        }
        drop(state);
        self.hub.open.send_modify(|open| *open -= 1);
    }
}
