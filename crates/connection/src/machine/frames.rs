//! What the server's frames do to a connection.

use latido_protocol::{
    event::{Event, Family, WireEvent},
    frame::{Position, Received, ServerFrame, Welcome, WelcomeMode},
    time::Timestamp,
};

use super::Connection;
use crate::{
    catch_up::Numbered,
    heartbeat::Heartbeat,
    io::{DialId, Invalidation, Now, Output},
    state::{Backend, CatchingUp, State},
    status::Trouble,
};

/// The longest drain that is believed; a larger number is taken for nonsense.
const LONGEST_GOAWAY_MS: u64 = 60_000;

impl Connection {
    /// A text of the dial in charge, or of its successor.
    pub(super) fn frame(&mut self, dial: DialId, text: &str, now: Now) {
        self.quality.received += 1;
        self.quality.received_bytes += text.len() as u64;
        let Ok(received) = Received::parse(text) else {
            self.not_understood("");
            return;
        };
        let Received { frame, seq, epoch, timestamp, kind } = received;
        let epoch = epoch.as_deref();
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(dial, &welcome, timestamp, now),
            ServerFrame::Pong { head } => self.pong(dial, head, now),
            ServerFrame::Event(event) if seq.is_none() && event.family() == Family::Typing => {
                self.whisper(dial, event);
            }
            ServerFrame::Event(event) => self.event(dial, Change::Read(Box::new(event)), seq, epoch, now),
            ServerFrame::GoAway { retry_after_ms } => self.go_away(dial, retry_after_ms, now),
            ServerFrame::Error { .. } => {}
            ServerFrame::GatewayError => self.gateway_error(dial, now),
            ServerFrame::Unknown { data } => {
                self.quality.not_understood += 1;
                if seq.is_some() {
                    self.event(dial, Change::Foreign { name: kind, data }, seq, epoch, now);
                } else if !self.is_successor(dial) {
                    // It may be a reply and no event, so it says nothing about the backend. Over two sockets
                    // it comes twice.
                    self.outputs.push_back(Output::Foreign { name: kind, data });
                }
            }
            ServerFrame::Malformed { family } => {
                self.not_understood(&kind);
                if let Some(family) = family {
                    let invalidation = Invalidation::Family { family, event: "unreadable" };
                    self.event(dial, Change::Unreadable(invalidation), seq, epoch, now);
                }
            }
        }
    }

    fn welcomed(&mut self, dial: DialId, welcome: &Welcome, at: Option<Timestamp>, now: Now) {
        self.backend = Backend::Full;
        if self.is_successor(dial) {
            self.successor_welcomed(welcome, at, now);
            return;
        }
        let resumed = self.resumes(welcome);
        let catching_up = if resumed && self.catch_up.head_is(welcome.head, now.wall) {
            CatchingUp::Events { head: welcome.head }
        } else {
            CatchingUp::Refetches
        };
        if !resumed {
            self.restart_at(welcome);
        }
        match &mut self.state {
            State::Live(live) | State::Rotating(live, _) => {
                // It does number its events, perhaps after all.
                live.welcome_due = None;
                let was_plain = live.revalidate_at.take().is_some();
                if resumed && !was_plain && live.catching_up == CatchingUp::Done {
                    // A gap is being filled on a live socket.
                    return;
                }
                live.catching_up = catching_up;
            }
            State::Greeting { forced, .. } => {
                let forced = *forced;
                let rotate_at = self.rotate_at(welcome.expires_at, at, now);
                let live = self.fresh_live(dial, forced, rotate_at, catching_up, now);
                self.go_live(live, now);
            }
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Waiting { .. }
            | State::GaveUp { .. }
            | State::Parked => return,
        }
        if !resumed {
            self.refetch_everything(dial);
        } else if catching_up == CatchingUp::Refetches {
            self.outputs.push_back(Output::AwaitCaughtUp { dial });
        }
    }

    /// Whether what follows this welcome continues what we have.
    pub(super) fn resumes(&self, welcome: &Welcome) -> bool {
        welcome.mode == WelcomeMode::Resumed && self.catch_up.continues(&welcome.epoch, welcome.head)
    }

    /// The position is taken before the refetches start, so whatever they do not show yet comes as an
    /// event behind it.
    pub(super) fn restart_at(&mut self, welcome: &Welcome) {
        self.catch_up.restart_at(Position { epoch: welcome.epoch.clone(), seq: welcome.head });
    }

    /// An event that need not be resumed has no number: that says nothing about the backend, and nothing is fetched.
    fn whisper(&mut self, dial: DialId, event: Event) {
        if !self.is_successor(dial) {
            self.outputs.push_back(Output::Event(Box::new(event)));
        }
    }

    /// A change, numbered or not.
    fn event(&mut self, dial: DialId, change: Change, seq: Option<u64>, epoch: Option<&str>, now: Now) {
        if seq.is_none() {
            if self.is_successor(dial) {
                // Nothing tells whether the old socket has delivered it already; when this one takes over,
                // everything is refetched.
                return;
            }
            self.hello_passed_over(dial, now);
        }
        let verdict = seq.map_or(Numbered::Apply, |seq| self.catch_up.numbered(seq, epoch, now.wall));
        match verdict {
            Numbered::Duplicate => return,
            Numbered::Apply => {}
            Numbered::LostTrack => self.lost_track(now),
        }
        match change {
            Change::Read(event) => {
                let (family, name) = (event.family(), event.name());
                let invalidation = if event.is_whole() && self.nothing_is_missing(seq.is_some()) {
                    Invalidation::Confirm { family, event: name }
                } else {
                    Invalidation::Family { family, event: name }
                };
                self.outputs.push_back(Output::Event(event));
                self.outputs.push_back(Output::Invalidate(invalidation));
            }
            Change::Unreadable(invalidation) => self.outputs.push_back(Output::Invalidate(invalidation)),
            Change::Foreign { name, data } => self.outputs.push_back(Output::Foreign { name, data }),
        }
        self.check_caught_up_with_events();
        self.check_successor_caught_up(now);
    }

    /// Live, and up to date as far as anybody can know.
    fn nothing_is_missing(&self, is_numbered: bool) -> bool {
        let done = self.state.live().is_some_and(|live| live.catching_up == CatchingUp::Done);
        let unbroken = if is_numbered { self.catch_up.is_unbroken() } else { self.backend == Backend::Plain };
        done && unbroken
    }

    /// The numbers make no sense any more: ask for a fresh start, once.
    fn lost_track(&mut self, now: Now) {
        if self.catch_up.position().is_some() {
            self.catch_up.forget();
            self.send_hello_again(now);
        }
    }

    /// On the socket that is there. A second answer is due like the first.
    pub(super) fn send_hello_again(&mut self, now: Now) {
        let due = now.wall.plus_ms(self.config.welcome_deadline);
        if let Some(live) = self.state.live_mut() {
            live.welcome_due = Some(due);
        }
        if let Some(dial) = self.state.dial() {
            self.send_hello(dial, now);
        }
    }

    fn check_caught_up_with_events(&mut self) {
        let watermark = self.catch_up.watermark();
        if let Some(live) = self.state.live_mut()
            && let CatchingUp::Events { head } = live.catching_up
            && watermark.is_some_and(|watermark| watermark >= head)
        {
            live.catching_up = CatchingUp::Refetches;
            let dial = live.dial;
            self.outputs.push_back(Output::AwaitCaughtUp { dial });
        }
    }

    fn pong(&mut self, dial: DialId, head: Option<u64>, now: Now) {
        match head {
            None => self.hello_passed_over(dial, now),
            // A full backend answers `hello` first; one that takes frames side by side may not, and says its head.
            Some(_) => self.greeting_ping_answered(dial),
        }
        let Some(live) = self.state.live_mut().filter(|live| live.dial == dial) else { return };
        let round_trip = live.heartbeat.round_trip(now);
        if let Some(round_trip) = round_trip {
            self.quality.measured(round_trip);
        }
        if round_trip.is_some() || std::mem::take(&mut live.behind_gateway) {
            live.heartbeat =
                if self.visible { Heartbeat::beating(now, &self.config) } else { Heartbeat::Resting };
        }
        if head.is_some_and(|head| self.catch_up.head_is(head, now.wall)) && self.catch_up.ask_now(now.wall) {
            self.send_hello_again(now);
        }
    }

    /// The gateway answers a frame in the backend's place. It is a sign of life all the same, and a reason to
    /// ping no more often than the gateway needs to keep the socket.
    fn gateway_error(&mut self, dial: DialId, now: Now) {
        self.hello_passed_over(dial, now);
        let Some(live) = self.state.live_mut().filter(|live| live.dial == dial) else { return };
        if let Some(round_trip) = live.heartbeat.round_trip(now) {
            self.quality.measured(round_trip);
            live.behind_gateway = self.backend == Backend::Plain;
            live.heartbeat = match (self.visible, live.behind_gateway) {
                (false, _) => Heartbeat::Resting,
                (true, false) => Heartbeat::beating(now, &self.config),
                (true, true) => Heartbeat::beating_behind_gateway(now, &self.config),
            };
        }
    }

    fn go_away(&mut self, dial: DialId, retry_after_ms: u64, now: Now) {
        self.quality.trouble(Trouble::WentAway);
        let pause = i64::try_from(retry_after_ms.min(LONGEST_GOAWAY_MS)).unwrap_or(0);
        if self.is_successor(dial) {
            self.successor_failed(now, pause);
            return;
        }
        self.close(dial);
        if self.successor_takes_over(now) {
            return;
        }
        self.not_before = Some(now.wall.plus_ms(pause));
        self.lost(now, 0);
        if let State::Waiting { retry_at, .. } = &mut self.state {
            // All clients got it at the same moment; the jitter spreads them out again.
            *retry_at = now.wall.plus_ms(pause + self.config.backoff.spread(&mut self.random));
        }
    }
}

/// What came with an event.
enum Change {
    Read(Box<Event>),
    /// An event that we know, whose data we cannot read: the database can.
    Unreadable(Invalidation),
    /// Of a kind that we do not show.
    Foreign {
        name: String,
        data: String,
    },
}
