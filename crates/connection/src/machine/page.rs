//! What the user and the browser do: start, stop, retry, hide, show, freeze, come and go online.

use super::Connection;
use crate::{heartbeat::Heartbeat, io::Now, state::State, status::GaveUp};

impl Connection {
    pub(super) fn start(&mut self, now: Now) {
        self.quality.started(now.wall);
        match self.state {
            State::Stopped | State::GaveUp { .. } | State::Parked => {
                self.not_before = None;
                self.dial_anew(now);
            }
            State::Off
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::Live(_)
            | State::Rotating(..)
            | State::Waiting { .. } => {}
        }
    }

    /// Also forgets the position and the rooms: the next user may be another.
    pub(super) fn stop(&mut self) {
        if self.state == State::Off {
            return;
        }
        self.drop_dials();
        self.catch_up.forget();
        self.outgoing.forget();
        self.has_been_live = false;
        self.state = State::Stopped;
    }

    pub(super) fn retry(&mut self, now: Now) {
        self.not_before = None;
        match self.state {
            State::GaveUp { reason, .. } => {
                self.attempts = 0;
                self.dial(now, reason == GaveUp::SessionOver);
            }
            State::Waiting { .. } | State::Parked => self.dial_anew(now),
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::Live(_)
            | State::Rotating(..) => {}
        }
    }

    pub(super) fn shown(&mut self, now: Now) {
        self.visible = true;
        match self.state {
            State::Parked | State::Waiting { .. } => self.dial(now, false),
            State::GaveUp { reason: GaveUp::AttemptsUsedUp, .. } => self.dial_anew(now),
            State::Live(_) | State::Rotating(..) => {
                self.revalidate_if_plain(now);
                self.probe(now);
            }
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::GaveUp { .. } => {}
        }
    }

    /// A frozen page is one that is even more hidden: whether its timers run late or not at all, nothing
    /// they would say is evidence.
    pub(super) fn hidden(&mut self) {
        self.visible = false;
        match &mut self.state {
            State::Live(live) | State::Rotating(live, _) => live.heartbeat = Heartbeat::Resting,
            State::Waiting { .. } => self.state = State::Parked,
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::GaveUp { .. }
            | State::Parked => {}
        }
    }

    pub(super) fn online(&mut self, now: Now) {
        match self.state {
            State::Waiting { .. } => self.dial(now, false),
            State::GaveUp { reason: GaveUp::AttemptsUsedUp, .. } => self.dial_anew(now),
            State::Live(_) | State::Rotating(..) => self.probe(now),
            State::Off
            | State::Stopped
            | State::FetchingToken { .. }
            | State::Dialling { .. }
            | State::Greeting { .. }
            | State::GaveUp { .. }
            | State::Parked => {}
        }
    }

    /// A poll that works after one that failed says that the network is back. One that worked all
    /// along says only that HTTP passes where the socket did not: then one dial, once in a while.
    pub(super) fn poll_succeeded(&mut self, now: Now) {
        let is_back = std::mem::take(&mut self.polls_fail);
        if let State::GaveUp { reason: GaveUp::AttemptsUsedUp, since } = self.state {
            if is_back {
                self.dial_anew(now);
            } else if now.wall >= since.plus_ms(self.config.rearm_after) {
                self.attempts = self.config.max_attempts;
                self.dial(now, false);
            }
        }
    }

    /// With all its attempts before it.
    fn dial_anew(&mut self, now: Now) {
        self.attempts = 0;
        self.dial(now, false);
    }

    /// Doubt about a live connection is settled by asking.
    pub(super) fn probe(&mut self, now: Now) {
        if let Some(live) = self.state.live()
            && self.visible
            && !matches!(live.heartbeat, Heartbeat::Listening { .. })
        {
            self.ping(now);
        }
    }
}
