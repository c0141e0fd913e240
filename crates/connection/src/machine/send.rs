//! Frames that the client sends: `hello`, `ping`, rooms and typing.

use latido_protocol::frame::ClientFrame;

use super::Connection;
use crate::{
    heartbeat::Heartbeat,
    io::{DialId, Now, Output},
    state::{Stage, State},
};

impl Connection {
    fn send(&mut self, dial: DialId, frame: &ClientFrame, now: Now) {
        let text = frame.to_text(now.wall);
        self.quality.sent += 1;
        self.quality.sent_bytes += text.len() as u64;
        self.outputs.push_back(Output::Send { dial, text });
    }

    pub(super) fn send_hello(&mut self, dial: DialId, now: Now) {
        let hello = ClientFrame::Hello { position: self.catch_up.ask(), client: self.config.client.clone() };
        self.send(dial, &hello, now);
    }

    pub(super) fn ping(&mut self, now: Now) {
        if let Some(live) = self.state.live_mut() {
            live.heartbeat = Heartbeat::listening(now, &self.config);
            let dial = live.dial;
            self.send_ping(dial, now);
        }
    }

    pub(super) fn send_ping(&mut self, dial: DialId, now: Now) {
        let seq = self.catch_up.watermark();
        self.send(dial, &ClientFrame::Ping { seq }, now);
    }

    /// Sends a frame on every welcomed socket. A later one gets it when it is welcomed.
    pub(super) fn send_live(&mut self, frame: &ClientFrame, now: Now) {
        let live = self.state.live().map(|live| live.dial);
        let successor = self.state.successor();
        let welcomed = successor.filter(|successor| matches!(successor.stage, Stage::CatchingUp { .. }));
        let dials = [live, welcomed.map(|successor| successor.dial)];
        for dial in dials.into_iter().flatten() {
            self.send(dial, frame, now);
        }
    }

    pub(super) fn typing(&mut self, contact_id: String, typing: bool, now: Now) {
        if let Some(dial) = self.state.live().map(|live| live.dial) {
            let frame = if typing {
                ClientFrame::TypingStart { contact_id }
            } else {
                ClientFrame::TypingStop { contact_id }
            };
            self.send(dial, &frame, now);
        } else if !matches!(self.state, State::Off | State::Stopped) {
            self.outgoing.keep_typing(contact_id, typing, now.wall);
        }
    }

    pub(super) fn resume_on_new_socket(&mut self, dial: DialId, now: Now) {
        for frame in self.outgoing.on_new_socket(now.wall) {
            self.send(dial, &frame, now);
        }
    }

    /// Counts it, and says so with as much of its type as fits into a line of a log.
    pub(super) fn not_understood(&mut self, kind: &str) {
        const SHOWN: usize = 40;
        self.quality.not_understood += 1;
        self.outputs.push_back(Output::Ignored(kind.chars().take(SHOWN).collect()));
    }
}
