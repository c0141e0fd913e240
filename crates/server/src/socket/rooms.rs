//! The rooms a socket is in: conversations that somebody has open, and hears typing of.
//!
//! Who may be in a room is asked of the store, when it is joined and again whenever something is to be
//! heard or said there: a coach whose assignment has ended hears nothing more.

use std::collections::HashSet;

use latido_domain::{contact, error::DomainError, reading::Reader, store::StoreError};
use latido_protocol::{
    conversation::{ContactId, Side, channel_of, contact_of},
    session::UserId,
};
use tracing::error;
use tungstenite::Message;

use super::{
    close::End,
    connection::{Connection, error_frame},
    room_request::InRoom,
};
use crate::{
    state::AppState,
    webhook::typing::{Typist, frame},
};

impl Connection {
    pub(super) async fn hear_in_room(&mut self, said: InRoom) -> Result<(), End> {
        match said {
            InRoom::Subscribe(channel) => match contact_of(&channel) {
                Some(contact) => self.subscribe(contact).await,
                None => self.forbid("There is no such channel, or not for you.").await,
            },
            InRoom::Unsubscribe(channel) => {
                if let Some(contact) = contact_of(&channel) {
                    self.leave(&contact);
                }
                Ok(())
            }
            InRoom::StartTyping(contact) => self.start_typing(ContactId::new(contact)).await,
            InRoom::StopTyping(contact) => {
                self.app.typing.stop(&ContactId::new(contact), &self.typist());
                Ok(())
            }
        }
    }

    /// A whisper from a room: passed on if the socket may still be in its rooms.
    pub(super) async fn forward_ephemeral(&mut self, frame: &str) -> Result<(), End> {
        let allowed = self.allowed(self.rooms.clone()).await?;
        // In no room any more: what was queued before it was left.
        if self.rooms.is_empty() {
            return Ok(());
        }
        if allowed.len() == self.rooms.len() {
            return self.send(Message::text(frame)).await;
        }
        // Out of which room it came is not known; the next one is passed on.
        for contact in self.rooms.difference(&allowed).cloned().collect::<Vec<_>>() {
            self.leave(&contact);
        }
        Ok(())
    }

    /// Leaves all rooms; typing in them ends.
    pub(super) fn leave_all(&mut self) {
        for contact in self.rooms.iter().cloned().collect::<Vec<_>>() {
            self.leave(&contact);
        }
    }

    async fn subscribe(&mut self, contact: ContactId) -> Result<(), End> {
        if self.rooms.contains(&contact) {
            return Ok(());
        }
        if self.rooms.len() >= self.app.settings.limits.rooms_per_socket {
            return self.forbid("This socket is in as many rooms as it may be; leave one first.").await;
        }
        if self.allowed(HashSet::from([contact.clone()])).await?.is_empty() {
            return self.forbid("There is no such channel, or not for you.").await;
        }
        self.membership.enter(&channel_of(&contact));
        let typing = self.app.typing.heard_by(&contact, self.membership.id());
        self.rooms.insert(contact.clone());
        for side in typing {
            let text = frame(&contact, true, side, &*self.app.clock);
            self.send(Message::text(text)).await?;
        }
        Ok(())
    }

    async fn start_typing(&mut self, contact: ContactId) -> Result<(), End> {
        let side = if self.rooms.contains(&contact) {
            side_in(self.app.clone(), self.token.user.clone(), contact.clone()).await?
        } else {
            None
        };
        let Some(side) = side else {
            self.leave(&contact);
            return self.forbid("Subscribe to the conversation before typing in it.").await;
        };
        self.app.typing.start(&contact, self.typist(), side);
        Ok(())
    }

    fn leave(&mut self, contact: &ContactId) {
        if self.rooms.remove(contact) {
            self.membership.leave(&channel_of(contact));
            self.app.typing.stop(contact, &self.typist());
        }
    }

    /// Those of these conversations that the user may see.
    fn allowed(
        &self,
        contacts: HashSet<ContactId>,
    ) -> impl Future<Output = Result<HashSet<ContactId>, End>> + Send + use<> {
        allowed(self.app.clone(), self.token.user.clone(), contacts)
    }

    async fn forbid(&mut self, why: &str) -> Result<(), End> {
        self.send_frame(error_frame("forbidden", why)).await
    }

    fn typist(&self) -> Typist {
        Typist::Viewer { socket: self.membership.id(), user: self.token.user.clone() }
    }
}

/// The side on which the user stands in a conversation; `None` if it is not for the user.
async fn side_in(app: AppState, user: UserId, contact: ContactId) -> Result<Option<Side>, End> {
    let reading = app.store.read(move |read| match contact::seen_by(read, &user, &contact) {
        Ok(contact) => Ok(Some(Reader::of(read, &user)?.side(&contact))),
        Err(DomainError::NotFound) => Ok(None),
        Err(error) => Err(error),
    });
    reading.await.map_err(|error| {
        error!(%error, "the side in a conversation could not be read");
        End::ServerError
    })
}

async fn allowed(
    app: AppState,
    user: UserId,
    contacts: HashSet<ContactId>,
) -> Result<HashSet<ContactId>, End> {
    let reading = app.store.read(move |read| {
        let mut allowed = HashSet::new();
        for contact in contacts {
            if contact::viewers(read, &contact)?.contains(&user) {
                allowed.insert(contact);
            }
        }
        Ok::<_, StoreError>(allowed)
    });
    reading.await.map_err(|error| {
        error!(%error, "who may be in a room could not be read");
        End::ServerError
    })
}
