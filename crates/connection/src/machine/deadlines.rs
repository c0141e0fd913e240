//! What the clock does: every deadline that stands is compared at every input.

use latido_protocol::time::Timestamp;

use super::Connection;
use crate::{
    catch_up::GapAction,
    heartbeat::Pulse,
    io::{Invalidation, Now, Output},
    state::{Backend, CatchingUp, State},
    status::Trouble,
};

impl Connection {
    pub(super) fn check_deadlines(&mut self, now: Now, overslept: bool) {
        match self.state {
            State::FetchingToken { deadline, .. } | State::Dialling { deadline, .. } => {
                if now.wall >= deadline {
                    self.quality.trouble(Trouble::DialTimedOut);
                    self.drop_dials();
                    self.lost(now, 0);
                }
            }
            State::Greeting { dial, greeting, forced } => {
                if now.wall >= greeting.plain_at {
                    self.go_plain(dial, forced, None, now);
                }
            }
            State::Live(_) | State::Rotating(..) => self.check_live(now, overslept),
            State::Waiting { retry_at, .. } => {
                if now.wall >= retry_at {
                    self.dial(now, false);
                }
            }
            State::Off | State::Stopped | State::GaveUp { .. } | State::Parked => {}
        }
    }

    fn check_live(&mut self, now: Now, overslept: bool) {
        let Some(live) = self.state.live_mut() else { return };
        if live.is_proven_at(self.config.stable_after).is_some_and(|at| now.wall >= at) {
            live.proven = true;
            self.attempts = 0;
        }
        if live.revalidate_at.is_some_and(|at| now.wall >= at) {
            self.revalidate_if_plain(now);
        }
        if !self.check_heart(now, overslept) {
            // A successor that is in charge now has a deadline of its own, perhaps gone by as well.
            self.check_deadlines(now, overslept);
            return;
        }
        self.check_welcome(now);
        self.check_gap(now);
        self.check_rotation(now);
    }

    pub(super) fn revalidate_if_plain(&mut self, now: Now) {
        if let Some(live) = self.state.live_mut()
            && live.revalidate_at.is_some()
        {
            live.revalidate_at = Some(now.wall.plus_ms(self.config.revalidate_plain_every));
            self.outputs.push_back(Output::Invalidate(Invalidation::Everything));
        }
    }

    /// `false` when it stopped beating.
    fn check_heart(&mut self, now: Now, overslept: bool) -> bool {
        let Some(live) = self.state.live() else { return false };
        let dial = live.dial;
        match live.heartbeat.check(now, overslept) {
            Pulse::Quiet => true,
            Pulse::Ping => {
                self.ping(now);
                true
            }
            Pulse::Dead => {
                self.quality.missed_pongs += 1;
                self.quality.trouble(Trouble::NoPong);
                self.close(dial);
                if !self.successor_takes_over(now) {
                    self.lost(now, 0);
                }
                false
            }
        }
    }

    /// A second `hello` stays without an answer: the backend does not number its events.
    fn check_welcome(&mut self, now: Now) {
        if let Some(live) = self.state.live_mut()
            && live.welcome_due.is_some_and(|due| now.wall >= due)
        {
            self.backend = Backend::Plain;
            live.welcome_due = None;
            live.catching_up = CatchingUp::Refetches;
            live.revalidate_at = Some(now.wall.plus_ms(self.config.revalidate_plain_every));
            let dial = live.dial;
            self.catch_up.forget();
            self.refetch_everything(dial);
        }
    }

    fn check_gap(&mut self, now: Now) {
        match self.catch_up.check(now.wall, self.config.gap_patience) {
            GapAction::Nothing => {}
            GapAction::SendHelloAgain => self.send_hello_again(now),
            GapAction::Reset => {
                // A hello without a position is answered `fresh`, which refetches everything.
                self.catch_up.forget();
                self.send_hello_again(now);
            }
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        match &self.state {
            State::FetchingToken { deadline, .. } | State::Dialling { deadline, .. } => Some(*deadline),
            State::Greeting { greeting, .. } => Some(greeting.plain_at),
            State::Waiting { retry_at, .. } => Some(*retry_at),
            State::Live(live) | State::Rotating(live, _) => {
                let rotation = match self.state.successor() {
                    Some(successor) => Some(successor.stage.deadline()),
                    None => self.may_rotate(live).then_some(live.rotate_at),
                };
                [
                    live.heartbeat.deadline(),
                    live.is_proven_at(self.config.stable_after),
                    live.revalidate_at,
                    live.welcome_due,
                    rotation,
                    self.catch_up.deadline(self.config.gap_patience),
                ]
                .into_iter()
                .flatten()
                .min()
            }
            State::Off | State::Stopped | State::GaveUp { .. } | State::Parked => None,
        }
    }
}
