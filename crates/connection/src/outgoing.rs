//! What we say besides `hello` and `ping`: which rooms we are in, and that somebody types.
//!
//! The two age differently. A subscription is a state: it holds until it is taken back, so every new
//! socket is told all of them. Typing is a moment: while there is no connection the newest word on each
//! contact waits, and after [`TYPING_STALE_MS`] it is not worth saying any more. Both are bounded.

use latido_protocol::{frame::ClientFrame, time::Timestamp};

/// A typing indicator ends by itself after 10 s at the other side; half of that is still news.
pub const TYPING_STALE_MS: i64 = 5_000;
/// As many rooms as fit beside everything else into the server's 60 messages a minute.
pub const MOST_ROOMS: usize = 32;
/// Contacts on whom a word on typing waits.
const MOST_TYPING: usize = 8;

#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    rooms: Vec<String>,
    typing: Vec<Typing>,
}

#[derive(Clone, Debug)]
struct Typing {
    contact_id: String,
    on: bool,
    at: Timestamp,
}

impl Outgoing {
    /// What to send about it now, where there is a connection. One room too many is not joined.
    pub fn subscribe(&mut self, channel: String) -> Option<ClientFrame> {
        if self.rooms.len() >= MOST_ROOMS || self.rooms.contains(&channel) {
            return None;
        }
        self.rooms.push(channel.clone());
        Some(ClientFrame::Subscribe { channel })
    }

    pub fn unsubscribe(&mut self, channel: String) -> Option<ClientFrame> {
        let place = self.rooms.iter().position(|room| *room == channel)?;
        self.rooms.remove(place);
        Some(ClientFrame::Unsubscribe { channel })
    }

    /// Keeps a word on typing for when there is a connection: the newest on each contact.
    pub fn keep_typing(&mut self, contact_id: String, on: bool, now: Timestamp) {
        self.typing.retain(|typing| typing.contact_id != contact_id);
        if self.typing.len() < MOST_TYPING {
            self.typing.push(Typing { contact_id, on, at: now });
        }
    }

    /// What a new socket has to be told.
    pub fn on_new_socket(&mut self, now: Timestamp) -> Vec<ClientFrame> {
        let rooms = self.rooms.iter().map(|channel| ClientFrame::Subscribe { channel: channel.clone() });
        // That somebody stopped who was never seen to start is no news.
        let is_news = |typing: &Typing| typing.on && now < typing.at.plus_ms(TYPING_STALE_MS);
        let typing = std::mem::take(&mut self.typing).into_iter().filter(is_news);
        let typing = typing.map(|Typing { contact_id, .. }| ClientFrame::TypingStart { contact_id });
        rooms.chain(typing).collect()
    }

    /// The rooms are another person's.
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
        assert!(outgoing.subscribe("a".into()).is_none(), "it is in there");
        outgoing.subscribe("b".into());
        outgoing.unsubscribe("a".into());
        let rooms = [ClientFrame::Subscribe { channel: "b".into() }];
        assert_eq!(outgoing.on_new_socket(at(0)), rooms);
        assert_eq!(outgoing.on_new_socket(at(0)), rooms);
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
