//! Dials, pauses and verdicts: what the connection may do when.

use latido_connection::{DialId, GaveUp, Status, Trouble, backoff::Jitter};

use super::Before;
use crate::{tally::Class, world::World};

/// Nobody is asked to wait for longer; a larger number is taken for this one.
pub const LONGEST_GOAWAY_MS: i64 = 60_000;
/// A tick may come so much late and still count as on time.
pub const LATE_MS: i64 = 2_000;
/// Beyond the patience that the contract has with a gap.
const GAP_SLACK_MS: i64 = 1_500;
/// More looks at the clock than this within a millisecond are a loop.
const MOST_WAKES: u32 = 30;

impl World {
    pub(super) fn check_gap(&mut self) {
        let patience = self.page.config.gap_patience + GAP_SLACK_MS;
        let waited = self.page.watch.gaps.unasked_for(self.now);
        // A hidden page's timers come late.
        if let Some(waited) = waited.filter(|waited| *waited > patience && !self.page.watch.hidden) {
            self.violated("a gap is asked for in time", || format!("it stands for {waited} ms"));
        }
    }

    pub(super) fn check_dial(&mut self, before: &Before, dial: DialId, force: bool) {
        // Make before break: only a connection that is live may have a successor.
        let sockets = &self.page.sockets;
        let open = self.page.alive.iter().all(|dial| sockets.get(dial) == Some(&true));
        self.page.watch.second = !self.page.alive.is_empty();
        if self.page.alive.len() > 1 || !open {
            self.violated("at most one live socket", || {
                format!("dial {} begins while another is alive", dial.0)
            });
        }
        if self.page.watch.hidden && !before.asked {
            self.violated("quiet while hidden", || format!("dial {} begins", dial.0));
        }
        let wall = self.wall().unix_ms();
        if let Some(at) = self.page.watch.not_before.filter(|at| wall < *at && !before.by_user) {
            self.violated("a pause that the server asked for is kept", || {
                format!("{} ms too early", at - wall)
            });
        }
        // After a pause that the server asked for, the clock may dial in the place of somebody who was made to
        // wait; that is no attempt.
        let waited = self.page.watch.not_before.take().is_some();
        if before.woke && !force && !waited {
            self.page.watch.automatic += 1;
            let (dials, most) = (self.page.watch.automatic, self.page.config.max_attempts);
            if dials > most {
                self.violated("attempts are bounded", || {
                    format!("{dials} dials since the connection proved itself")
                });
            }
        }
    }

    pub(super) fn check_ping(&mut self, before: &Before, dial: DialId) {
        let (now, ran) = (self.now, self.page.ran(self.now));
        let ping = self.page.watch.pings.entry(dial).or_default();
        let pause = now - std::mem::replace(&mut ping.at, now);
        ping.ran = ran;
        let by_gateway = std::mem::take(&mut ping.by_gateway);
        ping.answered = false;
        let at_most = self.page.config.gateway_heartbeat_every;
        if self.server.behind_gateway && by_gateway && before.woke && !before.late && pause < at_most {
            self.violated("a gateway is pinged seldom", || format!("again after {pause} ms"));
        }
    }

    /// A socket may be given up for dead only if its answer had the time it is due, and did not come.
    pub(super) fn check_verdict(&mut self, before: &Before, dial: DialId) {
        let trouble = self.page.connection.last_trouble();
        let Some(ping) = self.page.watch.pings.remove(&dial) else { return };
        if trouble != Some(Trouble::NoPong) {
            return;
        }
        self.count(Class::MissedPong);
        if ping.answered && before.woke && before.trouble != trouble {
            self.violated("an answer is a sign of life", || format!("dial {}", dial.0));
        }
        if before.woke && before.late {
            let waited = self.page.ran(self.now) - ping.ran;
            if waited < self.page.config.pong_within - LATE_MS && before.trouble != trouble {
                self.violated("a late tick leads to a probe, not to a verdict", || {
                    format!("the page ran for {waited} ms since its ping")
                });
            }
        }
    }

    pub(super) fn check_status(&mut self, before: &Before, status: Status) {
        match status {
            Status::Live { .. } => self.check_live(),
            Status::Reconnecting { retry_at: Some(retry_at), attempt, of } => {
                let (pause, least) = (retry_at.unix_ms() - self.wall().unix_ms(), self.least_pause());
                if attempt > of {
                    self.violated("attempts are bounded", || format!("attempt {attempt} of {of}"));
                }
                let asked_for = self.page.watch.not_before == Some(retry_at.unix_ms());
                if pause < least && !before.goaway && !asked_for {
                    self.violated("the pauses grow", || format!("{pause} ms where {least} ms are the least"));
                }
            }
            Status::Disconnected { reason } => {
                if reason == GaveUp::AttemptsUsedUp {
                    self.count(Class::GaveUp);
                }
            }
            Status::Polling
            | Status::Stopped
            | Status::Connecting
            | Status::Reconnecting { retry_at: None, .. } => {}
        }
        if matches!(before.status, Status::Disconnected { .. })
            && matches!(status, Status::Reconnecting { .. } | Status::Connecting)
            && before.asked
        {
            self.count(Class::Rearmed);
        }
    }

    /// The least pause before the next dial that only the clock asks for.
    fn least_pause(&self) -> i64 {
        let backoff = self.page.config.backoff;
        let growing = (backoff.initial << self.page.watch.automatic.min(30)).min(backoff.cap);
        match backoff.jitter {
            Jitter::Behind { .. } => growing,
            Jitter::Around { percent } => growing - growing / 100 * percent,
            Jitter::Full if self.page.watch.automatic == 0 => 0,
            Jitter::Full => backoff.cap / 2,
        }
    }

    /// The connection's timer fires.
    pub fn check_wakes(&mut self) {
        let watch = &mut self.page.watch;
        watch.wakes = if watch.wakes.0 == self.now { (self.now, watch.wakes.1 + 1) } else { (self.now, 1) };
        if watch.wakes.1 > MOST_WAKES {
            self.violated("it does not spin", || format!("{MOST_WAKES} wakes in a millisecond"));
        }
    }
}
