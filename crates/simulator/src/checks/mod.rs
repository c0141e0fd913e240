//! What must hold all along. Everything here looks at the connection from outside: at what goes in,
//! what comes out, and what the simulated network and server know.
//!
//! | file | idea |
//! |---|---|
//! | this one | sockets: how many there are, what comes of late news |
//! | `rhythm` | dials, pauses, verdicts, and whether gaps are asked for in time |
//! | `frames` | what is said on a socket, and what its answers show |
//! | `gaps` | gaps in the sequence, and since when one was not asked for |
//! | `lists` | what "live" waits for, and what must not leave the screen again |
//! | `watch` | what the checks remember |
//! | `violation` | a promise that was not kept |

mod frames;
mod gaps;
mod lists;
mod rhythm;
mod violation;
mod watch;

use latido_connection::{Input, Invalidation, Output, Status, Trouble};
use latido_protocol::frame::{Received, ServerFrame};

use crate::{page::carry_out::dial_of, tally::Class, world::World};
use rhythm::{LATE_MS, LONGEST_GOAWAY_MS};
pub use violation::Violation;
pub use watch::Watch;

/// A connection that lived so long from its opening counts as proven.
const PROVEN_MS: i64 = 5_000;

/// What is remembered while an input is handled.
#[allow(clippy::struct_excessive_bools, reason = "they are facts that exclude nothing")]
pub struct Before {
    stale: bool,
    stopped: bool,
    woke: bool,
    /// No dial was alive.
    idle: bool,
    /// The deadline had passed long ago: the page did not run.
    late: bool,
    goaway: bool,
    welcome: bool,
    /// Somebody or something gave a reason to dial, other than time.
    asked: bool,
    /// The user did.
    by_user: bool,
    /// A backend that never welcomes anybody has answered a frame.
    passes_over: bool,
    numbered: Option<(String, u64)>,
    status: Status,
    trouble: Option<Trouble>,
}

impl World {
    /// The page did not run for a while.
    pub fn forgive_gap(&mut self) {
        self.page.watch.gaps.begin_anew();
    }

    pub fn violated(&mut self, check: &'static str, what: impl FnOnce() -> String) {
        if self.violation.is_none() {
            self.violation = Some(Violation { check, at: self.now, what: what() });
        }
    }

    pub fn before_input(&mut self, input: &Input) -> Before {
        self.check_gap();
        self.check_settled();
        if matches!(input, Input::Visible | Input::Resumed { .. }) {
            self.forgive_unsettled();
        }
        let status = self.page.connection.status();
        let stale = dial_of(input).is_some_and(|dial| !self.page.alive.contains(&dial));
        // While rotating, the other dial goes on without one of its own having been asked to wait.
        let is_only_one = !stale && self.page.alive.len() == 1;
        let now = self.wall();
        let watch = &mut self.page.watch;
        let mut before = Before {
            stale,
            stopped: status == Status::Stopped && *input != Input::Start,
            idle: self.page.alive.is_empty(),
            woke: *input == Input::Woke,
            late: self.page.connection.wake_at().is_some_and(|at| now > at.plus_ms(LATE_MS)),
            goaway: false,
            welcome: false,
            asked: matches!(input, Input::Start | Input::Retry | Input::Online | Input::PollSucceeded),
            by_user: matches!(input, Input::Start | Input::Retry),
            passes_over: false,
            numbered: None,
            status,
            trouble: self.page.connection.last_trouble(),
        };
        if matches!(
            input,
            Input::Closed { .. }
                | Input::Stop
                | Input::Visible
                | Input::Hidden
                | Input::Frozen
                | Input::Resumed { .. }
        ) {
            watch.gaps.begin_anew();
        }
        match input {
            Input::Hidden | Input::Frozen | Input::Resumed { visible: false } => watch.hidden = true,
            Input::Visible | Input::Resumed { visible: true } => watch.hidden = false,
            Input::Start | Input::Retry => watch.automatic = 0,
            Input::Opened { dial } => {
                self.tally.count(Class::Opened);
                watch.opened_at.insert(*dial, self.now);
            }
            Input::Frame { dial, text } => {
                if let Ok(received) = Received::parse(text) {
                    let by_gateway = received.frame == ServerFrame::GatewayError;
                    if !stale && (by_gateway || matches!(received.frame, ServerFrame::Pong { .. })) {
                        watch.pings.entry(*dial).or_default().answer(by_gateway);
                        before.passes_over = self.server.plain;
                    }
                    before.goaway = matches!(received.frame, ServerFrame::GoAway { .. });
                    if let (true, ServerFrame::GoAway { retry_after_ms }) = (is_only_one, &received.frame) {
                        let pause = i64::try_from(*retry_after_ms).unwrap_or(i64::MAX).min(LONGEST_GOAWAY_MS);
                        watch.not_before = Some(now.unix_ms() + pause);
                    }
                    before.welcome = !stale && matches!(received.frame, ServerFrame::Welcome(_));
                    watch.has_position |= before.welcome;
                    if let ServerFrame::Welcome(welcome) = &received.frame
                        && before.welcome
                    {
                        watch.gaps.welcomed(welcome);
                    }
                    let real = |(epoch, seq): &(String, u64)| epoch.starts_with('e') && *seq < 1_000_000;
                    before.numbered = received.epoch.zip(received.seq).filter(real);
                    if let (Some(numbered), false) = (&before.numbered, stale) {
                        watch.gaps.event(numbered, self.now);
                    }
                }
            }
            Input::Closed { dial, .. } | Input::TokenFailed { dial, .. } => {
                self.page.alive.remove(dial);
            }
            _ => {}
        }
        if is_only_one && matches!(input, Input::Closed { code: 4429, .. }) {
            watch.not_before = Some(now.unix_ms() + self.page.config.rate_limited_pause);
        }
        if matches!(status, Status::Disconnected { .. }) {
            watch.automatic = 0;
        }
        if watch.opened_at.values().any(|opened| self.now >= opened + PROVEN_MS) {
            watch.automatic = 0;
        }
        if let Input::Closed { dial, .. } = input {
            watch.opened_at.remove(dial);
        }
        before
    }

    pub fn check_output(&mut self, before: &Before, output: &Output) {
        if before.stale {
            self.violated("nothing from an old dial has any effect", || format!("{output:?}"));
        }
        if before.stopped {
            self.violated("stopped holds until a start", || format!("{output:?}"));
        }
        match output {
            Output::FetchToken { dial, force } => self.check_dial(before, *dial, *force),
            Output::Dial { dial, .. } => {
                let open = self.page.sockets.len();
                let others = self.page.sockets.values().all(|open| *open);
                if !self.page.alive.contains(dial) || open > 1 || !others {
                    self.violated("at most one live socket", || {
                        format!("dial {} with {open} sockets open", dial.0)
                    });
                }
            }
            Output::Send { dial, text } => self.check_send(before, *dial, text),
            Output::Close { dial, .. } => {
                self.page.watch.gaps.begin_anew();
                self.page.watch.opened_at.remove(dial);
                self.check_verdict(before, *dial);
            }
            Output::StatusChanged(status) => self.check_status(before, *status),
            Output::Event(_) => {
                if let Some(numbered) = before.numbered.clone()
                    && self.page.watch.has_position
                    && !self.page.watch.given.insert(numbered.clone())
                {
                    self.violated("no event is given out twice", || format!("{numbered:?}"));
                }
            }
            Output::Invalidate(Invalidation::Everything) => {
                if !before.welcome {
                    self.forget_position();
                }
            }
            Output::WakeAt(_)
            | Output::Invalidate(Invalidation::Family { .. } | Invalidation::Confirm { .. })
            | Output::Ignored(_)
            | Output::Foreign { .. }
            | Output::AwaitCaughtUp { .. }
            | Output::CheckSession => {}
        }
    }

    fn forget_position(&mut self) {
        self.page.watch.has_position = false;
        self.page.watch.given.clear();
        self.page.watch.gaps.forget();
    }

    pub fn after_input(&mut self) {
        let status = self.page.connection.status();
        let (sockets, alive) = (self.page.sockets.len(), self.page.alive.len());
        let second = std::mem::take(&mut self.page.watch.second) && !status.is_live();
        if sockets > 2 || alive > 2 || second {
            self.violated("at most one live socket", || format!("{sockets} sockets, {alive} dials"));
        }
        if status.is_live() && !self.page.sockets.values().any(|open| *open) {
            self.violated("live means a socket that is open", || format!("{sockets} sockets"));
        }
        let none = match status {
            Status::Stopped | Status::Polling | Status::Disconnected { .. } => true,
            Status::Reconnecting { retry_at, .. } => retry_at.is_some(),
            Status::Connecting | Status::Live { .. } => false,
        };
        if none && sockets + alive > 0 {
            self.violated("what is given up is closed", || format!("{status:?} with {sockets} sockets"));
        }
        if let Some(wake_at) = self.page.connection.wake_at()
            && wake_at < self.wall()
        {
            self.violated("a deadline is never in the past", || format!("{wake_at}"));
        }
    }

    /// What only its effect shows.
    pub fn count_rare(&mut self, before: &Before) {
        let rotations = self.page.connection.quality().rotations;
        if rotations > self.page.watch.rotations {
            self.count(Class::Rotated);
        }
        self.page.watch.rotations = rotations;
        let parked = |status| matches!(status, Status::Reconnecting { retry_at: None, .. });
        let status = self.page.connection.status();
        if parked(status) && self.page.alive.is_empty() && !(parked(before.status) && before.idle) {
            self.count(Class::Parked);
        }
    }
}
