//! Who is typing in which conversation.
//!
//! Typing is news of the moment: it is written nowhere, carries no number, and what gets lost is not
//! repeated. What must not happen is that somebody seems to type for ever, so whoever starts is taken to
//! have stopped after a while, on leaving the room, and when the socket ends.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use latido_protocol::{
    conversation::{ContactId, ConversationEvent, Side, channel_of},
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
    /// Whoever writes by the provider.
    Contact,
    /// Somebody at the dashboard.
    Viewer { socket: Uuid, user: UserId },
}

/// Somebody who is typing.
struct Current {
    side: Side,
    /// Taken to have stopped then.
    until: Instant,
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

/// Somebody of the team has begun to type to a contact, or nobody does any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypingToContact {
    pub contact: ContactId,
    pub typing: bool,
}

type Typists = HashMap<Typist, Current>;

pub struct Typing {
    hub: Arc<dyn Hub>,
    clock: Arc<dyn Clock>,
    /// Typing that is not renewed for this long has stopped.
    within: Duration,
    /// A conversation without typists has no entry.
    typists: Mutex<HashMap<ContactId, Typists>>,
    to_contacts: broadcast::Sender<TypingToContact>,
}

impl Typing {
    pub fn new(hub: Arc<dyn Hub>, clock: Arc<dyn Clock>, within: Duration) -> Arc<Self> {
        let to_contacts = broadcast::Sender::new(CHANGES);
        Arc::new(Self { hub, clock, within, typists: Mutex::default(), to_contacts })
    }

    /// Somebody types, or goes on typing: everybody else in the room is told.
    pub fn start(self: &Arc<Self>, contact: &ContactId, typist: Typist, side: Side) {
        let mut all = self.typists();
        let here = all.entry(contact.clone()).or_default();
        let first_of_team = side == Side::Team && !by_team(here);
        let current = Current { side, until: Instant::now() + self.within };
        let renewed = here.insert(typist.clone(), current).is_some();
        self.publish_ephemeral(contact, true, side, typist.socket());
        if first_of_team {
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
        let Some(Current { side, .. }) = here.remove(typist) else { return };
        self.publish_ephemeral(contact, false, side, typist.socket());
        // Those who still type are still typing to all but themselves.
        for (other, current) in &*here {
            self.publish_ephemeral(contact, true, current.side, other.socket());
        }
        if side == Side::Team && !by_team(here) {
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

    /// The sides on which anybody but this socket is typing.
    pub fn heard_by(&self, contact: &ContactId, socket: Uuid) -> Vec<Side> {
        let all = self.typists();
        let others = all.get(contact).into_iter().flatten();
        let others = others.filter(|(typist, _)| typist.socket() != Some(socket));
        let sides: HashSet<Side> = others.map(|(_, current)| current.side).collect();
        sides.into_iter().collect()
    }

    /// Whether somebody of the team is typing to this contact.
    pub fn is_heard_by_contact(&self, contact: &ContactId) -> bool {
        self.typists().get(contact).is_some_and(by_team)
    }

    /// Hears from now on whenever that changes, for any contact.
    pub fn to_contacts(&self) -> broadcast::Receiver<TypingToContact> {
        self.to_contacts.subscribe()
    }

    async fn stop_in_time(self: Arc<Self>, contact: ContactId, typist: Typist) {
        loop {
            let until = self.typists().get(&contact).and_then(|here| Some(here.get(&typist)?.until));
            match until {
                None => return,
                Some(until) if until <= Instant::now() => return self.stop(&contact, &typist),
                Some(until) => sleep_until(until).await,
            }
        }
    }

    fn publish_ephemeral(&self, contact: &ContactId, typing: bool, by: Side, except: Option<Uuid>) {
        let frame = frame(contact, typing, by, &*self.clock);
        self.hub.publish_ephemeral(&channel_of(contact), &frame.into(), except);
    }

    fn tell_contact(&self, contact: &ContactId, typing: bool) {
        // Nobody listens where no contact is reached.
        let _ = self.to_contacts.send(TypingToContact { contact: contact.clone(), typing });
    }

    fn typists(&self) -> MutexGuard<'_, HashMap<ContactId, Typists>> {
        self.typists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn by_team(here: &Typists) -> bool {
    here.values().any(|current| current.side == Side::Team)
}

/// The frame that tells of typing.
pub fn frame(contact: &ContactId, typing: bool, by: Side, clock: &dyn Clock) -> String {
    let contact = contact.clone();
    let event = if typing {
        ConversationEvent::TypingStart(contact, by)
    } else {
        ConversationEvent::TypingStop(contact, by)
    };
    event_text(&event, clock.now(), None)
}
