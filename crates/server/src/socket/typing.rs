//! Who is typing in which conversation.
//!
//! Typing is news of the moment: it is written nowhere, carries no number, and what gets lost is not
//! repeated. What must not happen is that somebody seems to type for ever, so whoever starts is taken to
//! have stopped after a while, on leaving the room, and when the socket ends.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use latido_protocol::{
    conversation::{ContactId, ConversationEvent, channel_of},
    frame::event_text,
    session::UserId,
};
use tokio::{
    sync::broadcast,
    time::{Instant, sleep_until},
};
use uuid::Uuid;

use crate::{clock::Clock, hub::Hub};

/// Changes that may wait for one that speaks with contacts.
const CHANGES: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Typist {
    Contact,
    /// Somebody at the dashboard.
    Viewer {
        socket: Uuid,
        user: UserId,
    },
}

impl Typist {
    /// The one socket that need not be told.
    fn socket(&self) -> Option<Uuid> {
        match self {
            Self::Contact => None,
            Self::Viewer { socket, .. } => Some(*socket),
        }
    }
}

/// Somebody at the dashboard has begun to type to a contact, or nobody does any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypingToContact {
    pub contact: ContactId,
    pub typing: bool,
}

pub struct Typing {
    hub: Arc<dyn Hub>,
    clock: Arc<dyn Clock>,
    /// Typing that is not renewed for this long has stopped.
    within: Duration,
    /// Until when each is taken to be typing. A conversation without typists has no entry.
    typists: Mutex<HashMap<ContactId, HashMap<Typist, Instant>>>,
    to_contacts: broadcast::Sender<TypingToContact>,
}

impl Typing {
    pub fn new(hub: Arc<dyn Hub>, clock: Arc<dyn Clock>, within: Duration) -> Arc<Self> {
        let to_contacts = broadcast::Sender::new(CHANGES);
        Arc::new(Self { hub, clock, within, typists: Mutex::default(), to_contacts })
    }

    /// Somebody types, or goes on typing: everybody else in the room is told.
    pub fn start(self: &Arc<Self>, contact: &ContactId, typist: Typist) {
        let mut all = self.typists();
        let here = all.entry(contact.clone()).or_default();
        let first_viewer = typist != Typist::Contact && !by_viewer(here);
        let renewed = here.insert(typist.clone(), Instant::now() + self.within).is_some();
        self.whisper(contact, true, typist.socket());
        if first_viewer {
            self.tell_contact(contact, true);
        }
        drop(all);
        if !renewed {
            tokio::spawn(Arc::clone(self).stop_in_time(contact.clone(), typist));
        }
    }

    /// Somebody has stopped: everybody else in the room is told.
    pub fn stop(&self, contact: &ContactId, typist: &Typist) {
        let mut all = self.typists();
        let Some(here) = all.get_mut(contact) else { return };
        if here.remove(typist).is_none() {
            return;
        }
        self.whisper(contact, false, typist.socket());
        // Those who still type are still typing to all but themselves.
        for other in here.keys() {
            self.whisper(contact, true, other.socket());
        }
        if *typist != Typist::Contact && !by_viewer(here) {
            self.tell_contact(contact, false);
        }
        if here.is_empty() {
            all.remove(contact);
        }
    }

    /// Somebody's message is out: no socket of theirs is typing any more.
    pub fn stop_user(&self, contact: &ContactId, user: &UserId) {
        let of_user = |typist: &&Typist| matches!(typist, Typist::Viewer { user: of, .. } if of == user);
        let theirs: Vec<_> = self
            .typists()
            .get(contact)
            .into_iter()
            .flat_map(HashMap::keys)
            .filter(of_user)
            .cloned()
            .collect();
        for typist in &theirs {
            self.stop(contact, typist);
        }
    }

    /// Whether anybody but this socket is typing.
    pub fn is_heard_by(&self, contact: &ContactId, socket: Uuid) -> bool {
        self.typists()
            .get(contact)
            .is_some_and(|here| here.keys().any(|typist| typist.socket() != Some(socket)))
    }

    /// Whether somebody at the dashboard is typing to this contact.
    pub fn is_heard_by_contact(&self, contact: &ContactId) -> bool {
        self.typists().get(contact).is_some_and(by_viewer)
    }

    /// Hears from now on whenever that changes, for any contact.
    pub fn to_contacts(&self) -> broadcast::Receiver<TypingToContact> {
        self.to_contacts.subscribe()
    }

    async fn stop_in_time(self: Arc<Self>, contact: ContactId, typist: Typist) {
        loop {
            let until = self.typists().get(&contact).and_then(|here| here.get(&typist).copied());
            match until {
                None => return,
                Some(until) if until <= Instant::now() => return self.stop(&contact, &typist),
                Some(until) => sleep_until(until).await,
            }
        }
    }

    fn whisper(&self, contact: &ContactId, typing: bool, except: Option<Uuid>) {
        let frame = frame(contact, typing, &*self.clock);
        self.hub.whisper(&channel_of(contact), &frame.into(), except);
    }

    fn tell_contact(&self, contact: &ContactId, typing: bool) {
        // Nobody listens where no contact is reached.
        let _ = self.to_contacts.send(TypingToContact { contact: contact.clone(), typing });
    }

    fn typists(&self) -> MutexGuard<'_, HashMap<ContactId, HashMap<Typist, Instant>>> {
        self.typists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn by_viewer(here: &HashMap<Typist, Instant>) -> bool {
    here.keys().any(|typist| *typist != Typist::Contact)
}

/// The frame that tells of typing.
pub fn frame(contact: &ContactId, typing: bool, clock: &dyn Clock) -> String {
    let contact = contact.clone();
    let event =
        if typing { ConversationEvent::TypingStart(contact) } else { ConversationEvent::TypingStop(contact) };
    event_text(&event, clock.now(), None)
}
