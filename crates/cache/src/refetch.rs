//! When a query is fetched again. One of these stands beside every cached answer.
//!
//! Three promises: every invalidation is followed by a fetch that *starts* after it; any number of
//! invalidations during a fetch cause exactly one later fetch; a burst causes a fetch at once and
//! then one every [`COALESCE_MS`], the last never dropped.
//!
//! What an event has brought whole need only be confirmed, and that may wait until it is quiet
//! ([`Refetch::confirm_later`]): a stream of such events causes no fetch until it pauses for [`QUIET_MS`], and one
//! every [`LATEST_MS`] if it never does.
//!
//! An index may lag behind its database ([`crate::lag`]): then a fetch that starts soon after an event may be answered
//! from before it, and one more is owed that starts late enough ([`Refetch::settle_by`]). It asks for no hurry: the
//! query counts as settled meanwhile.

use latido_protocol::time::Timestamp;

/// The least time between the starts of two fetches that events caused.
pub const COALESCE_MS: i64 = 300;
/// So long nothing has come: it is quiet.
pub const QUIET_MS: i64 = 1_000;
/// A confirmation waits no longer than this, be it quiet or not.
pub const LATEST_MS: i64 = 10_000;

/// What to do about a query now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Start a fetch.
    Now,
    /// Look again then.
    At(Timestamp),
    /// Nothing, until something happens.
    Idle,
}

/// The schedule of one query.
#[derive(Clone, Debug, Default)]
pub struct Refetch {
    /// Counts invalidations.
    version: u64,
    /// The version that the newest successful fetch covers.
    covered: u64,
    /// The version that the fetch under way will cover.
    under_way: Option<u64>,
    /// All that no fetch covers only has to be confirmed.
    unconfirmed: Option<Unconfirmed>,
    /// A fetch is owed that starts then or later: an earlier one may be answered from before the last event.
    settles_at: Option<Timestamp>,
    last_start: Option<Timestamp>,
    last_end: Option<Timestamp>,
    /// In a row.
    failures: u32,
}

/// When the first and the last of it came.
#[derive(Clone, Copy, Debug)]
struct Unconfirmed {
    first: Timestamp,
    last: Timestamp,
}

impl Unconfirmed {
    /// Where answers settle later than it is quiet, one fetch does for both.
    fn due(self, settles_at: Option<Timestamp>) -> Timestamp {
        let quiet = self.last.plus_ms(QUIET_MS);
        settles_at.map_or(quiet, |at| at.max(quiet)).min(self.first.plus_ms(LATEST_MS))
    }
}

impl Refetch {
    /// A query that was never fetched: due at once.
    pub fn new() -> Self {
        Self { version: 1, ..Self::default() }
    }

    /// What was fetched so far no longer holds.
    pub fn invalidate(&mut self) {
        self.version += 1;
        self.unconfirmed = None;
    }

    /// An event has brought all that is new. A fetch is owed as ever, and may wait until it is quiet, unless
    /// something else asks for one.
    pub fn confirm_later(&mut self, now: Timestamp) {
        let urgent = self.unconfirmed.is_none() && self.under_way.unwrap_or(self.covered) < self.version;
        self.version += 1;
        if !urgent {
            let first = self.unconfirmed.map_or(now, |before| before.first);
            self.unconfirmed = Some(Unconfirmed { first, last: now });
        }
    }

    /// What an answer leaves out before `at` proves nothing. A fetch is owed that starts then or later.
    pub fn settle_by(&mut self, at: Timestamp) {
        self.settles_at = self.settles_at.max(Some(at));
    }

    /// Whether an invalidation came after the start of the last successful fetch.
    pub fn is_stale(&self) -> bool {
        self.covered < self.version
    }

    /// What is held is all that is known: nothing is missing but a fetch that confirms it.
    pub fn is_up_to_date(&self) -> bool {
        self.is_settled() || self.under_way.is_none() && self.unconfirmed.is_some()
    }

    /// The last fetch did, and nothing has changed that since.
    pub fn has_failed(&self) -> bool {
        self.failures > 0
    }

    /// Neither stale nor under way; or it failed, and waits for its next turn.
    pub fn is_settled(&self) -> bool {
        self.under_way.is_none() && (!self.is_stale() || self.has_failed())
    }

    /// `poll_every` in milliseconds; `None` while events make polling needless.
    pub fn due(&self, now: Timestamp, poll_every: Option<i64>) -> Due {
        if self.under_way.is_some() {
            return Due::Idle;
        }
        let soonest = self.last_start.map_or(now, |start| start.plus_ms(COALESCE_MS));
        let at = if self.is_stale() && !self.has_failed() {
            self.unconfirmed.map_or(soonest, |unconfirmed| unconfirmed.due(self.settles_at).max(soonest))
        } else {
            // A failed fetch takes its turn with the polls, to spare a server that is down.
            let pause = match (poll_every, self.failures) {
                (Some(every), _) => Some(every),
                (None, 0) => None,
                (None, failures) => Some((RETRY_MS << (failures - 1).min(4)).min(LONGEST_RETRY_MS)),
            };
            let turn = pause.map(|pause| self.last_end.map_or(now, |end| end.plus_ms(pause)));
            let settling = self.settles_at.filter(|_| !self.has_failed()).map(|at| at.max(soonest));
            match turn.into_iter().chain(settling).min() {
                Some(at) => at,
                None => return Due::Idle,
            }
        };
        if at <= now { Due::Now } else { Due::At(at) }
    }

    /// A fetch starts. It covers all that was invalidated so far, and nothing later.
    pub fn started(&mut self, now: Timestamp) {
        self.under_way = Some(self.version);
        self.unconfirmed = None;
        self.settles_at = self.settles_at.filter(|at| now < *at);
        self.last_start = Some(now);
    }

    /// The fetch under way was answered.
    pub fn succeeded(&mut self, now: Timestamp) {
        if let Some(version) = self.under_way.take() {
            self.covered = version;
        }
        self.failures = 0;
        self.last_end = Some(now);
    }

    /// What was invalidated after the fetch had started has not failed: it is tried at once.
    pub fn failed(&mut self, now: Timestamp) {
        let failed = self.under_way.take() == Some(self.version);
        self.failures = if failed { self.failures + 1 } else { 0 };
        self.unconfirmed = None;
        self.last_end = Some(now);
    }

    /// Ends a failure's pause and the wait for quiet: the user came back, or pressed a button.
    pub fn forgive(&mut self) {
        self.failures = 0;
        self.unconfirmed = None;
    }
}

/// After a first failed fetch while nothing is polled; doubled with every further one.
const RETRY_MS: i64 = 2_000;
const LONGEST_RETRY_MS: i64 = 30_000;

#[cfg(test)]
mod tests;
