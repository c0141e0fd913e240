//! One socket takes over from another before its token, or API Gateway's two hours, run out.
//!
//! Make before break: the successor dials, says `hello` with the present position, and receives what came
//! after it, while the old socket goes on delivering. An event that comes over both is recognised by its
//! number. Only when the successor has caught up is it in charge, and only then is the old one closed: so
//! there is no gap, nothing comes twice, and the user sees nothing but *Live*.
//!
//! A plain backend's events have no number that would tell a repetition, so there the successor is not
//! listened to before it takes over, and everything is refetched then.

use latido_protocol::{frame::Welcome, time::Timestamp};

use super::Connection;
use crate::{
    close_code::Verdict,
    heartbeat::Heartbeat,
    io::{DialId, Now, Output},
    state::{CatchingUp, Live, Stage, State, Successor},
    status::{GaveUp, Trouble},
};

/// After a failed rotation, and up to half as long again: some four tries fit into the minute that a token
/// has left.
const TRY_AGAIN_MS: i64 = 10_000;
/// What is random about the time of a rotation, in percent of the time that is left: a fleet that came
/// together is not to rotate together.
const JITTER_PERCENT: i64 = 5;

impl Connection {
    /// When a socket that was welcomed now has to be replaced. `server_now` is the server's clock, by which
    /// `expires_at` has to be read: ours may be wrong by hours.
    pub(super) fn rotate_at(
        &mut self,
        expires_at: Option<Timestamp>,
        server_now: Option<Timestamp>,
        now: Now,
    ) -> Timestamp {
        let server_now = server_now.unwrap_or(now.wall).unix_ms();
        let token_life = expires_at.map(|at| at.unix_ms() - server_now).filter(|left| *left > 0);
        let early = |left: i64| left - self.config.rotate_before_expiry.min(left / 4);
        let left = token_life.map_or(self.config.longest_life, early).min(self.config.longest_life);
        now.wall.plus_ms(left - self.random.up_to(left / 100 * JITTER_PERCENT))
    }

    /// A hidden page lets its socket die instead, and is parked.
    pub(super) fn may_rotate(&self, live: &Live) -> bool {
        self.visible && live.catching_up == CatchingUp::Done
    }

    pub(super) fn check_rotation(&mut self, now: Now) {
        match &self.state {
            State::Live(live) if self.may_rotate(live) && now.wall >= live.rotate_at => {
                let live = live.clone();
                let dial = self.new_dial();
                let stage = Stage::FetchingToken { deadline: now.wall.plus_ms(self.config.dial_deadline) };
                self.state = State::Rotating(live, Successor { dial, stage });
                // Past the cached one, which is about to expire.
                self.outputs.push_back(Output::FetchToken { dial, force: true });
            }
            State::Rotating(live, successor) if now.wall >= successor.stage.deadline() => {
                let (dial, is_plain) = (successor.dial, live.revalidate_at.is_some());
                match successor.stage {
                    Stage::Greeting(_) if is_plain => self.switch_to_plain(dial, None, now),
                    _ => {
                        self.quality.trouble(Trouble::DialTimedOut);
                        self.successor_failed(now, 0);
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn successor_welcomed(&mut self, welcome: &Welcome, at: Option<Timestamp>, now: Now) {
        let rotate_at = self.rotate_at(welcome.expires_at, at, now);
        let deadline = now.wall.plus_ms(self.config.dial_deadline);
        let resumed = self.resumes(welcome);
        let State::Rotating(live, successor) = &mut self.state else { return };
        let dial = successor.dial;
        if resumed {
            successor.stage = Stage::CatchingUp { head: welcome.head, deadline, rotate_at };
            self.resume_on_new_socket(dial, now);
            self.check_successor_caught_up(now);
        } else {
            // Another log: nothing that the old socket delivers counts any more.
            let old = live.dial;
            let live = self.fresh_live(dial, true, rotate_at, CatchingUp::Refetches, now);
            self.state = State::Live(live);
            self.quality.rotations += 1;
            self.close(old);
            self.resume_on_new_socket(dial, now);
            self.restart_at(welcome);
            self.refetch_everything(dial);
        }
    }

    /// Make before break, the second half.
    pub(super) fn check_successor_caught_up(&mut self, now: Now) {
        let watermark = self.catch_up.watermark();
        if let State::Rotating(old, Successor { dial, stage: Stage::CatchingUp { head, rotate_at, .. } }) =
            &self.state
            && watermark.is_some_and(|watermark| watermark >= *head)
        {
            let (old, dial, rotate_at) = (old.clone(), *dial, *rotate_at);
            let live = self.fresh_live(dial, true, rotate_at, old.catching_up, now);
            self.state = State::Live(Live { since: old.since, proven: old.proven, ..live });
            if old.catching_up == CatchingUp::Refetches {
                // What the old dial was waiting for is now waited for in the new one's name.
                self.outputs.push_back(Output::AwaitCaughtUp { dial });
            }
            self.quality.rotations += 1;
            self.catch_up.new_socket(now.wall);
            self.close(old.dial);
        }
    }

    pub(super) fn switch_to_plain(&mut self, dial: DialId, pinged: Option<Now>, now: Now) {
        if let Some(old) = self.state.live().map(|live| live.dial) {
            self.close(old);
        }
        self.quality.rotations += 1;
        self.go_plain(dial, true, pinged, now);
    }

    pub(super) fn successor_closed(&mut self, code: u16, now: Now) {
        let never_opened =
            self.state.successor().is_some_and(|next| matches!(next.stage, Stage::Dialling { .. }));
        self.note_close(code, never_opened);
        match Verdict::of(code) {
            Verdict::RefreshToken => {
                // It was dialled with a token as fresh as they come.
                self.drop_dials();
                self.give_up(GaveUp::SessionOver, now);
            }
            Verdict::ReconnectSlowly => self.successor_failed(now, self.config.rate_limited_pause),
            Verdict::Reconnect | Verdict::NotAllowed | Verdict::TooManyConnections => {
                self.successor_failed(now, 0);
            }
        }
    }

    /// The old socket is still there, and tries again a little later, at least after `pause` milliseconds.
    pub(super) fn successor_failed(&mut self, now: Now, pause: i64) {
        let State::Rotating(live, successor) = &self.state else { return };
        let (mut live, dial) = (live.clone(), successor.dial);
        let delay = TRY_AGAIN_MS.max(pause) + self.random.up_to(TRY_AGAIN_MS / 2);
        live.rotate_at = now.wall.plus_ms(delay);
        self.state = State::Live(live);
        self.close(dial);
    }

    /// The old socket is gone. `true` if a successor goes on from where it is.
    pub(super) fn successor_takes_over(&mut self, now: Now) -> bool {
        let State::Rotating(_, Successor { dial, stage }) = &self.state else { return false };
        let (dial, forced) = (*dial, true);
        self.state = match *stage {
            Stage::FetchingToken { deadline } => State::FetchingToken { dial, deadline, forced },
            Stage::Dialling { deadline } => State::Dialling { dial, deadline, forced },
            Stage::Greeting(greeting) => {
                self.catch_up.new_socket(now.wall);
                State::Greeting { dial, greeting, forced }
            }
            Stage::CatchingUp { head, rotate_at, .. } => {
                self.catch_up.new_socket(now.wall);
                self.catch_up.head_is(head, now.wall);
                State::Live(self.fresh_live(dial, forced, rotate_at, CatchingUp::Events { head }, now))
            }
        };
        true
    }

    pub(super) fn fresh_live(
        &self,
        dial: DialId,
        forced: bool,
        rotate_at: Timestamp,
        catching_up: CatchingUp,
        now: Now,
    ) -> Live {
        let heartbeat = if self.visible { Heartbeat::beating(now, &self.config) } else { Heartbeat::Resting };
        Live {
            dial,
            since: now.wall,
            heartbeat,
            catching_up,
            revalidate_at: None,
            welcome_due: None,
            rotate_at,
            proven: false,
            forced,
            behind_gateway: false,
        }
    }
}
