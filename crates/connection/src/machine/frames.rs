//! What the server's frames do to a connection.

use latido_protocol::{
    event::Event,
    frame::{Position, Received, ServerFrame, Welcome, WelcomeMode},
};

use super::Connection;
use crate::{
    catch_up::Numbered,
    close_code::GOING_AWAY,
    heartbeat::Heartbeat,
    io::{Invalidation, Now, Output},
    state::{CatchingUp, State, Trouble},
};

/// Nobody drains for longer than this; a larger number is taken for nonsense.
const LONGEST_GOAWAY_MS: u64 = 60_000;

impl Connection {
    /// A text of the current dial.
    pub(super) fn frame(&mut self, text: &str, now: Now) {
        self.quality.received += 1;
        let Ok(received) = Received::parse(text) else {
            self.quality.not_understood += 1;
            return;
        };
        let Received { frame, seq, epoch, kind: _ } = received;
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(&welcome, now),
            ServerFrame::Pong { head } => self.pong(head, now),
            ServerFrame::Event(event) => self.event(Some(event), seq, epoch.as_deref(), now),
            ServerFrame::GoAway { retry_after_ms } => self.go_away(retry_after_ms, now),
            ServerFrame::Error { .. } => {}
            ServerFrame::Unknown => {
                self.quality.not_understood += 1;
                if seq.is_some() {
                    self.event(None, seq, epoch.as_deref(), now);
                }
            }
            ServerFrame::Malformed { .. } => {
                self.quality.not_understood += 1;
                if seq.is_some() {
                    // Something changed and we could not read what: the database can.
                    self.event(None, seq, epoch.as_deref(), now);
                    self.outputs.push_back(Output::Invalidate(Invalidation::Everything));
                }
            }
        }
    }

    fn welcomed(&mut self, welcome: &Welcome, now: Now) {
        let Some(dial) = self.state.dial() else { return };
        let resumed = welcome.mode == WelcomeMode::Resumed
            && self
                .catch_up
                .position()
                .is_some_and(|position| position.epoch == welcome.epoch && position.seq <= welcome.head);
        let catching_up = if resumed {
            if self.catch_up.head_is(welcome.head, now.wall) {
                CatchingUp::Events { head: welcome.head }
            } else {
                CatchingUp::Refetches
            }
        } else {
            // The position is taken before the refetches start, so whatever they do not show yet
            // comes as an event behind it.
            self.catch_up.restart_at(Position { epoch: welcome.epoch.clone(), seq: welcome.head });
            self.outputs.push_back(Output::Invalidate(Invalidation::Everything));
            CatchingUp::Refetches
        };
        match &mut self.state {
            State::Live(live) => {
                live.catching_up = catching_up;
                // Late, but it does number its events after all.
                live.revalidate_at = None;
            }
            State::Greeting { forced, .. } => {
                let forced = *forced;
                self.go_live(dial, forced, now, catching_up, false);
            }
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Waiting { .. }
            | State::GaveUp { .. }
            | State::Parked => return,
        }
        if catching_up == CatchingUp::Refetches {
            self.outputs.push_back(Output::AwaitCaughtUp { dial });
        }
    }

    /// A change, numbered or not; `None` stands for one that was not understood but has its number.
    fn event(&mut self, event: Option<Event>, seq: Option<u64>, epoch: Option<&str>, now: Now) {
        if let (State::Greeting { dial, forced, .. }, None) = (&self.state, seq) {
            let (dial, forced) = (*dial, *forced);
            self.go_plain(dial, forced, now);
        }
        let verdict = seq.map_or(Numbered::Apply, |seq| self.catch_up.numbered(seq, epoch, now.wall));
        match verdict {
            Numbered::Duplicate => return,
            Numbered::Apply => {}
            Numbered::LostTrack => self.lost_track(now),
        }
        if let Some(event) = event {
            let invalidation = Invalidation::Family { family: event.family(), event: event.name() };
            self.outputs.push_back(Output::Event(Box::new(event)));
            self.outputs.push_back(Output::Invalidate(invalidation));
        }
        self.check_caught_up_with_events();
    }

    /// The numbers make no sense any more: ask for a fresh start, once.
    fn lost_track(&mut self, now: Now) {
        if let (Some(dial), Some(_)) = (self.state.dial(), self.catch_up.position()) {
            self.catch_up.forget();
            self.say_hello(dial, now);
        }
    }

    fn check_caught_up_with_events(&mut self) {
        let watermark = self.catch_up.watermark();
        if let State::Live(live) = &mut self.state
            && let CatchingUp::Events { head } = live.catching_up
            && watermark.is_none_or(|watermark| watermark >= head)
        {
            live.catching_up = CatchingUp::Refetches;
            let dial = live.dial;
            self.outputs.push_back(Output::AwaitCaughtUp { dial });
        }
    }

    fn pong(&mut self, head: Option<u64>, now: Now) {
        let State::Live(live) = &mut self.state else { return };
        let dial = live.dial;
        if let Some(round_trip) = live.heartbeat.round_trip(now) {
            self.quality.measured(round_trip);
            live.heartbeat =
                if self.visible { Heartbeat::beating(now, &self.config) } else { Heartbeat::Resting };
        }
        if head.is_some_and(|head| self.catch_up.head_is(head, now.wall)) && self.catch_up.ask_now(now.wall) {
            self.say_hello(dial, now);
        }
    }

    fn go_away(&mut self, retry_after_ms: u64, now: Now) {
        let Some(dial) = self.state.dial() else { return };
        self.last_trouble = Some(Trouble::WentAway);
        self.outputs.push_back(Output::Close { dial, code: GOING_AWAY });
        self.lost(now, 0);
        if let State::Waiting { retry_at, .. } = &mut self.state {
            // Everybody was told at the same moment; the jitter spreads them out again.
            let pause = i64::try_from(retry_after_ms.min(LONGEST_GOAWAY_MS)).unwrap_or(0);
            *retry_at = now.wall.plus_ms(pause + self.random.up_to(self.config.backoff.jitter));
        }
    }
}
