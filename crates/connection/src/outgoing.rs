//! Client frames besides `hello` and `ping`: rooms and typing.
//!
//! The two age differently. A subscription is a state: it holds until it is taken back, so every new
//! socket is told all of them. Typing is a moment: while there is no connection the newest word on each
//! contact waits, and after [`TYPING_STALE_MS`] it is not worth saying any more. Both are bounded.

use latido_protocol::{frame::ClientFrame, time::Timestamp};

/// The age at which typing is no longer sent, in milliseconds. A typing indicator ends by itself after 10 s at the
/// other side; half of that is still news.
pub const TYPING_STALE_MS: i64 = 5_000;
/// Rooms joined at most: as many as fit beside everything else into the server's 60 messages a minute.
pub const MOST_ROOMS: usize = 32;
/// Contacts on whom a word on typing waits.
const MOST_TYPING: usize = 8;

/// The rooms that are subscribed to, and the typing that waits for a socket.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// Each with how many look at it.
    rooms: Vec<(String, u32)>,
    typing: Vec<Typing>,
}

#[derive(Clone, Debug)]
struct Typing {
    contact_id: String,
    on: bool,
    at: Timestamp,
}

impl Outgoing {
    /// Counts a subscription. Returns the frame to send now, where there is a connection: none if the room is joined
    /// already, or beyond [`MOST_ROOMS`], where it waits until another is left.
    pub fn subscribe(&mut self, channel: String) -> Option<ClientFrame> {
        if let Some((_, looking)) = self.rooms.iter_mut().find(|(room, _)| *room == channel) {
            *looking += 1;
            return None;
        }
        let joins = self.rooms.len() < MOST_ROOMS;
        self.rooms.push((channel.clone(), 1));
        joins.then_some(ClientFrame::Subscribe { channel })
    }

    /// Takes back a subscription. Returns the frames to send now, where there is a connection: none as long as another
    /// subscription holds the room; else that it is left, and which waiting one is joined in its place.
    pub fn unsubscribe(&mut self, channel: String) -> Vec<ClientFrame> {
        let Some(place) = self.rooms.iter().position(|(room, _)| *room == channel) else { return Vec::new() };
        self.rooms[place].1 -= 1;
        if self.rooms[place].1 > 0 {
            return Vec::new();
        }
        self.rooms.remove(place);
        if place >= MOST_ROOMS {
            return Vec::new();
        }
        let next = self.rooms.get(MOST_ROOMS - 1).map(|(room, _)| room.clone());
        let joined = next.map(|channel| ClientFrame::Subscribe { channel });
        std::iter::once(ClientFrame::Unsubscribe { channel }).chain(joined).collect()
    }

    /// Keeps a typing state for when there is a connection: the newest of each contact, of 8 contacts at most.
    pub fn keep_typing(&mut self, contact_id: String, on: bool, now: Timestamp) {
        self.typing.retain(|typing| typing.contact_id != contact_id);
        if self.typing.len() < MOST_TYPING {
            self.typing.push(Typing { contact_id, on, at: now });
        }
    }

    /// The frames that a new socket needs: a `subscribe` for each room, and the kept `typing:start` younger than
    /// [`TYPING_STALE_MS`], which are sent once.
    pub fn on_new_socket(&mut self, now: Timestamp) -> Vec<ClientFrame> {
        let joined = self.rooms.iter().take(MOST_ROOMS);
        let rooms = joined.map(|(channel, _)| ClientFrame::Subscribe { channel: channel.clone() });
        // Skip `typing:stop` if no `typing:start` was sent.
        let is_news = |typing: &Typing| typing.on && now < typing.at.plus_ms(TYPING_STALE_MS);
        let typing = std::mem::take(&mut self.typing).into_iter().filter(is_news);
        let typing = typing.map(|Typing { contact_id, .. }| ClientFrame::TypingStart { contact_id });
        rooms.chain(typing).collect()
    }

    /// Drops all rooms and typing: the next user may be another.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_unix_ms(ms)
    }

    #[test]
    fn every_new_socket_hears_of_every_room() {
        let mut outgoing = Outgoing::default();
        assert!(outgoing.subscribe("a".into()).is_some());
        outgoing.subscribe("b".into());
        assert_eq!(outgoing.unsubscribe("a".into()), [ClientFrame::Unsubscribe { channel: "a".into() }]);
        let rooms = [ClientFrame::Subscribe { channel: "b".into() }];
        assert_eq!(outgoing.on_new_socket(at(0)), rooms);
        assert_eq!(outgoing.on_new_socket(at(0)), rooms);
    }

    #[test]
    fn a_room_is_left_when_nobody_looks_at_it() {
        let mut outgoing = Outgoing::default();
        outgoing.subscribe("a".into());
        assert!(outgoing.subscribe("a".into()).is_none(), "it is in there");
        assert_eq!(outgoing.unsubscribe("a".into()), []);
        assert_eq!(outgoing.unsubscribe("a".into()), [ClientFrame::Unsubscribe { channel: "a".into() }]);
        assert_eq!(outgoing.unsubscribe("a".into()), []);
    }

    #[test]
    fn a_room_too_many_is_joined_when_another_is_left() {
        let mut outgoing = Outgoing::default();
        for number in 0..MOST_ROOMS {
            assert!(outgoing.subscribe(number.to_string()).is_some());
        }
        assert!(outgoing.subscribe("waits".into()).is_none());
        let left = ClientFrame::Unsubscribe { channel: "0".into() };
        let joined = ClientFrame::Subscribe { channel: "waits".into() };
        assert_eq!(outgoing.unsubscribe("0".into()), [left, joined]);
    }

    #[test]
    fn typing_is_said_once_and_not_when_it_is_stale() {
        let mut outgoing = Outgoing::default();
        outgoing.keep_typing("ana".into(), true, at(0));
        outgoing.keep_typing("leo".into(), true, at(3_000));
        outgoing.keep_typing("eva".into(), true, at(3_000));
        outgoing.keep_typing("eva".into(), false, at(3_500));
        let said = outgoing.on_new_socket(at(5_000));
        assert_eq!(said, [ClientFrame::TypingStart { contact_id: "leo".into() }]);
        assert_eq!(outgoing.on_new_socket(at(5_000)), []);
    }

    #[test]
    fn a_page_that_joins_too_much_stays_bounded() {
        let mut outgoing = Outgoing::default();
        for number in 0..1_000 {
            outgoing.subscribe(number.to_string());
            outgoing.keep_typing(number.to_string(), true, at(0));
        }
        assert_eq!(outgoing.on_new_socket(at(0)).len(), MOST_ROOMS + MOST_TYPING);
    }
}
