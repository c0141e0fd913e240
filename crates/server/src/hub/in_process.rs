//! The hub of one process: a map behind a lock that is never held while anything waits.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use latido_domain::store::{EventSink, LoggedEvent};
use latido_protocol::session::UserId;
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    watch,
};
use uuid::Uuid;

use super::{CloseReason, Delivery, Hub, SocketHandle, Subscription};
use crate::{auth::session_id::SessionId, ops::metrics};

/// Cheap to clone; all clones are one hub.
#[derive(Clone)]
pub struct InProcessHub(Arc<Registry>);

struct Registry {
    queue_length: usize,
    sockets_per_user: usize,
    state: Mutex<HubState>,
    /// How many memberships there are, counting those that were told to close and have not yet.
    open: watch::Sender<usize>,
}

#[derive(Default)]
struct HubState {
    draining: bool,
    sockets: HashMap<UserId, Vec<ConnectedSocket>>,
    /// Who is in a room: whose socket, and which.
    rooms: HashMap<String, HashSet<(UserId, Uuid)>>,
}

struct ConnectedSocket {
    id: Uuid,
    session: SessionId,
    listening: bool,
    queue: mpsc::Sender<Delivery>,
    close: watch::Sender<Option<CloseReason>>,
}

impl ConnectedSocket {
    fn close(self, reason: CloseReason) {
        self.close.send_replace(Some(reason));
    }
}

impl InProcessHub {
    pub fn new(queue_length: usize, sockets_per_user: usize) -> Self {
        Self(Arc::new(Registry {
            queue_length,
            sockets_per_user,
            state: Mutex::default(),
            open: watch::Sender::new(0),
        }))
    }

    fn close_where(&self, reason: CloseReason, concerns: impl Fn(&ConnectedSocket) -> bool) {
        self.0.state().sockets.retain(|_, sockets| {
            sockets.extract_if(.., |socket| concerns(socket)).for_each(|socket| socket.close(reason));
            !sockets.is_empty()
        });
    }
}

impl Registry {
    fn state(&self) -> MutexGuard<'_, HubState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub for InProcessHub {
    fn join(&self, user: &UserId, session: &SessionId) -> Option<Subscription> {
        let mut state = self.0.state();
        if state.draining {
            return None;
        }
        let sockets = state.sockets.entry(user.clone()).or_default();
        if sockets.len() >= self.0.sockets_per_user {
            sockets.remove(0).close(CloseReason::OneTooMany);
        }
        let (queue, received) = mpsc::channel(self.0.queue_length);
        let (close, closed) = watch::channel(None);
        let id = Uuid::now_v7();
        sockets.push(ConnectedSocket { id, session: session.clone(), listening: false, queue, close });
        self.0.open.send_modify(|open| *open += 1);
        let handle =
            RegisteredSocket { shared: Arc::clone(&self.0), user: user.clone(), id, rooms: Mutex::default() };
        Some(Subscription::new(id, Box::new(handle), received, closed))
    }

    fn publish_ephemeral(&self, room: &str, frame: &Arc<str>, except: Option<Uuid>) {
        let state = self.0.state();
        for (user, id) in state.rooms.get(room).into_iter().flatten().filter(|(_, id)| Some(*id) != except) {
            let sockets = state.sockets.get(user).into_iter().flatten();
            for socket in sockets.filter(|socket| socket.id == *id && socket.listening) {
                // Not worth closing a socket for.
                let _ = socket.queue.try_send(Delivery::Ephemeral(Arc::clone(frame)));
            }
        }
    }

    fn close_session(&self, session: &SessionId) {
        self.close_where(CloseReason::SignedOut, |socket| socket.session == *session);
    }

    fn drain(&self) {
        self.0.state().draining = true;
        self.close_where(CloseReason::Draining, |_| true);
    }

    fn emptied(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut open = self.0.open.subscribe();
        Box::pin(async move {
            // The sender lives as long as `self`, so waiting cannot fail.
            let _ = open.wait_for(|open| *open == 0).await;
        })
    }

    fn open_sockets(&self) -> usize {
        *self.0.open.borrow()
    }

    fn listening_sockets(&self, user: &UserId) -> usize {
        let state = self.0.state();
        state.sockets.get(user).map_or(0, |sockets| sockets.iter().filter(|socket| socket.listening).count())
    }
}

impl EventSink for InProcessHub {
    fn publish(&self, event: &Arc<LoggedEvent>) {
        let mut state = self.0.state();
        let (mut delivered, mut left_behind) = (0, 0);
        if let Some(sockets) = state.sockets.get_mut(&event.user) {
            let cannot_take = |socket: &mut ConnectedSocket| {
                let sent =
                    socket.listening.then(|| socket.queue.try_send(Delivery::Event(Arc::clone(event))));
                delivered += usize::from(matches!(sent, Some(Ok(()))));
                matches!(sent, Some(Err(TrySendError::Full(_))))
            };
            for socket in sockets.extract_if(.., cannot_take) {
                left_behind += 1;
                socket.close(CloseReason::TooSlow);
            }
        }
        drop(state);
        metrics::published(delivered, left_behind);
    }
}

/// A socket's entry in the registry; dropping it removes the socket.
struct RegisteredSocket {
    shared: Arc<Registry>,
    user: UserId,
    id: Uuid,
    rooms: Mutex<HashSet<String>>,
}

impl RegisteredSocket {
    fn rooms(&self) -> MutexGuard<'_, HashSet<String>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HubState {
    fn leave(&mut self, room: &str, place: &(UserId, Uuid)) {
        if let Some(inside) = self.rooms.get_mut(room) {
            inside.remove(place);
            if inside.is_empty() {
                self.rooms.remove(room);
            }
        }
    }
}

impl SocketHandle for RegisteredSocket {
    fn listen(&self) {
        let mut state = self.shared.state();
        let sockets = state.sockets.get_mut(&self.user).into_iter().flatten();
        for socket in sockets.filter(|socket| socket.id == self.id) {
            socket.listening = true;
        }
    }

    fn enter(&self, room: &str) {
        self.rooms().insert(room.to_owned());
        let mut state = self.shared.state();
        state.rooms.entry(room.to_owned()).or_default().insert((self.user.clone(), self.id));
    }

    fn leave(&self, room: &str) {
        if self.rooms().remove(room) {
            self.shared.state().leave(room, &(self.user.clone(), self.id));
        }
    }
}

impl Drop for RegisteredSocket {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        if let Some(sockets) = state.sockets.get_mut(&self.user) {
            sockets.retain(|socket| socket.id != self.id);
            if sockets.is_empty() {
                state.sockets.remove(&self.user);
            }
        }
        let place = (self.user.clone(), self.id);
        for room in self.rooms().drain() {
            state.leave(&room, &place);
        }
        drop(state);
        self.shared.open.send_modify(|open| *open -= 1);
    }
}
