//! What the server says on a socket: sections 2.2 and 2.3 of the contract.

use std::collections::BTreeSet;

use latido_connection::DialId;
use latido_protocol::{
    frame::{ClientFrame, Position, ServerFrame, Welcome, WelcomeMode},
    time::Timestamp,
};

use super::{Logged, Server};
use crate::record::FIRST_DAY_MS;

/// What API Gateway answers where there is no route.
pub const GATEWAY_ERROR: &str =
    r#"{"message":"Forbidden","connectionId":"Kx5cdcR_IAMCJ8g=","requestId":"Kx5dGF4NoAMFQ8w="}"#;

impl Server {
    /// The texts that answer a frame, and how a `hello` was taken.
    pub fn hear(&mut self, dial: DialId, text: &str, now: Timestamp) -> (Vec<String>, Option<WelcomeMode>) {
        if let Some(peer) = self.peers.get_mut(&dial) {
            peer.used_at = now.unix_ms() - FIRST_DAY_MS;
        }
        if self.behind_gateway {
            return (vec![GATEWAY_ERROR.to_owned()], None);
        }
        match ClientFrame::parse(text) {
            Ok(ClientFrame::Hello { position, .. }) if !self.plain => self.greet(dial, position, now),
            Ok(ClientFrame::Ping { .. }) => {
                let head = (!self.plain).then_some(self.head);
                (vec![ServerFrame::Pong { head }.to_text(now, None)], None)
            }
            Ok(ClientFrame::Subscribe { channel }) => {
                self.rooms(dial, |rooms| rooms.insert(channel));
                (Vec::new(), None)
            }
            Ok(ClientFrame::Unsubscribe { channel }) => {
                self.rooms(dial, |rooms| rooms.remove(&channel));
                (Vec::new(), None)
            }
            Ok(_) => (Vec::new(), None),
            Err(_) => {
                let error = ServerFrame::Error { code: "bad_frame".into(), message: "not a frame".into() };
                (vec![error.to_text(now, None)], None)
            }
        }
    }

    fn rooms(&mut self, dial: DialId, change: impl FnOnce(&mut BTreeSet<String>) -> bool) {
        if let Some(peer) = self.peers.get_mut(&dial) {
            change(&mut peer.rooms);
        }
    }

    fn greet(
        &mut self,
        dial: DialId,
        position: Option<Position>,
        now: Timestamp,
    ) -> (Vec<String>, Option<WelcomeMode>) {
        let Some(peer) = self.peers.get_mut(&dial) else { return (Vec::new(), None) };
        peer.greeted = true;
        peer.sent = self.head;
        let expires_at = peer.expires_at;
        let oldest = self.log.first().map_or(self.head + 1, |(seq, _)| *seq);
        let mode = match &position {
            None => WelcomeMode::Fresh,
            Some(at)
                if at.epoch == self.epoch
                    && at.seq <= self.head
                    && self.head - at.seq <= self.replay_limit
                    && at.seq + 1 >= oldest =>
            {
                WelcomeMode::Resumed
            }
            Some(_) => WelcomeMode::Reset,
        };
        let welcome = ServerFrame::Welcome(Welcome {
            connection_id: dial.0.to_string(),
            epoch: self.epoch.clone(),
            head: self.head,
            mode,
            expires_at: Some(Timestamp::from_unix_ms(FIRST_DAY_MS + expires_at)),
        });
        let mut texts = vec![welcome.to_text(now, None)];
        if let (WelcomeMode::Resumed, Some(at)) = (mode, &position) {
            let missed = self.log.iter().filter(|(seq, _)| *seq > at.seq);
            texts.extend(missed.map(|(seq, logged)| self.text(*seq, logged, now)));
        }
        (texts, Some(mode))
    }

    /// The newest entry of the log as it goes over the wire.
    pub fn newest_text(&self, now: Timestamp) -> Option<String> {
        self.log.last().map(|(seq, logged)| self.text(*seq, logged, now))
    }

    fn text(&self, seq: u64, logged: &Logged, now: Timestamp) -> String {
        let numbered = (!self.plain).then_some((self.epoch.as_str(), seq));
        let kind = match logged {
            Logged::Event(event) => return ServerFrame::Event((**event).clone()).to_text(now, numbered),
            Logged::Unknown => "habitCreated",
            Logged::Unreadable(kind) => kind,
        };
        match numbered {
            Some((epoch, seq)) => {
                format!(r#"{{"type":"{kind}","data":{{"id":7}},"epoch":"{epoch}","seq":{seq}}}"#)
            }
            None => format!(r#"{{"type":"{kind}","data":{{"id":7}}}}"#),
        }
    }
}
