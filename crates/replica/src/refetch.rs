//! When a query is fetched again. One of these stands beside every cached answer.
//!
//! Three promises: every invalidation is followed by a fetch that *starts* after it; any number of
//! invalidations during a fetch cause exactly one later fetch; a burst causes a fetch at once and
//! then one every [`COALESCE_MS`], the last never dropped.
//!
//! What an event has brought whole need only be confirmed, and that may wait until it is quiet
//! ([`Refetch::confirm_later`]): a stream of such events causes no fetch until it pauses for [`QUIET_MS`], and one
//! every [`LATEST_MS`] if it never does.

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
    fn due(self) -> Timestamp {
        self.last.plus_ms(QUIET_MS).min(self.first.plus_ms(LATEST_MS))
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
        let at = if self.is_stale() && !self.has_failed() {
            let soonest = self.last_start.map_or(now, |start| start.plus_ms(COALESCE_MS));
            self.unconfirmed.map_or(soonest, |unconfirmed| unconfirmed.due().max(soonest))
        } else {
            // A failed fetch takes its turn with the polls: nobody hammers a server that is down.
            let pause = match (poll_every, self.failures) {
                (Some(every), _) => every,
                (None, 0) => return Due::Idle,
                (None, failures) => (RETRY_MS << (failures - 1).min(4)).min(LONGEST_RETRY_MS),
            };
            self.last_end.map_or(now, |end| end.plus_ms(pause))
        };
        if at <= now { Due::Now } else { Due::At(at) }
    }

    /// A fetch starts. It covers all that was invalidated so far, and nothing later.
    pub fn started(&mut self, now: Timestamp) {
        self.under_way = Some(self.version);
        self.unconfirmed = None;
        self.last_start = Some(now);
    }

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

    /// Somebody came back, or pressed a button: a failure's pause is over, and so is the wait for quiet.
    pub fn forgive(&mut self) {
        self.failures = 0;
        self.unconfirmed = None;
    }
}

/// After a first failed fetch while nothing is polled; doubled with every further one.
const RETRY_MS: i64 = 2_000;
const LONGEST_RETRY_MS: i64 = 30_000;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_unix_ms(ms)
    }

    #[test]
    fn invalidated_during_the_first_fetch() {
        let mut refetch = Refetch::new();
        assert_eq!(refetch.due(at(0), None), Due::Now);
        refetch.started(at(0));
        refetch.invalidate();
        refetch.invalidate();
        assert_eq!(refetch.due(at(100), None), Due::Idle);
        refetch.succeeded(at(500));
        assert_eq!(refetch.due(at(500), None), Due::Now);
        refetch.started(at(500));
        refetch.succeeded(at(600));
        assert_eq!(refetch.due(at(10_000), None), Due::Idle);
        assert!(refetch.is_settled());
    }

    #[test]
    fn a_thousand_events_in_a_second_cause_five_fetches() {
        let mut refetch = Refetch::new();
        refetch.started(at(-5_000));
        refetch.succeeded(at(-4_990));
        let mut fetches = 0;
        for ms in 0..10_000 {
            if ms < 1_000 {
                refetch.invalidate();
            }
            if refetch.due(at(ms), None) == Due::Now {
                fetches += 1;
                refetch.started(at(ms));
                refetch.succeeded(at(ms));
            }
        }
        assert_eq!(fetches, 5);
        assert!(!refetch.is_stale());
    }

    fn fetched_long_ago() -> Refetch {
        let mut refetch = Refetch::new();
        refetch.started(at(-60_000));
        refetch.succeeded(at(-59_990));
        refetch
    }

    #[test]
    fn ten_thousand_whole_events_in_a_second_are_confirmed_once_it_is_quiet() {
        let mut refetch = fetched_long_ago();
        let mut fetches = Vec::new();
        for ms in 0..20_000 {
            if ms < 1_000 {
                (0..10).for_each(|_| refetch.confirm_later(at(ms)));
            }
            if refetch.due(at(ms), None) == Due::Now {
                fetches.push(ms);
                refetch.started(at(ms));
                refetch.succeeded(at(ms));
            }
        }
        assert_eq!(fetches, [999 + QUIET_MS]);
        assert!(!refetch.is_stale());
    }

    #[test]
    fn a_stream_that_never_pauses_is_confirmed_all_the_same() {
        let mut refetch = fetched_long_ago();
        let mut fetches = Vec::new();
        for ms in (0..25_000).step_by(40) {
            refetch.confirm_later(at(ms));
            if refetch.due(at(ms), None) == Due::Now {
                fetches.push(ms);
                refetch.started(at(ms));
                refetch.succeeded(at(ms));
            }
        }
        assert_eq!(fetches, [LATEST_MS, 2 * LATEST_MS + 40]);
    }

    #[test]
    fn what_is_urgent_does_not_wait_for_quiet() {
        let mut refetch = fetched_long_ago();
        refetch.confirm_later(at(0));
        refetch.invalidate();
        refetch.confirm_later(at(10));
        assert_eq!(refetch.due(at(10), None), Due::Now);
        // Whoever comes back is not told to wait either.
        let mut refetch = fetched_long_ago();
        refetch.confirm_later(at(0));
        refetch.forgive();
        assert_eq!(refetch.due(at(0), None), Due::Now);
    }

    #[test]
    fn an_urgent_fetch_that_fails_is_not_made_to_wait_by_a_whole_event() {
        let mut refetch = fetched_long_ago();
        refetch.invalidate();
        refetch.started(at(0));
        refetch.confirm_later(at(100));
        assert_eq!(refetch.due(at(100), None), Due::Idle);
        refetch.failed(at(400));
        assert_eq!(refetch.due(at(400), None), Due::Now);
    }

    #[test]
    fn polls_while_not_live_and_rests_while_live() {
        let mut refetch = Refetch::new();
        refetch.started(at(0));
        refetch.succeeded(at(10));
        assert_eq!(refetch.due(at(10), Some(8_000)), Due::At(at(8_010)));
        assert_eq!(refetch.due(at(8_010), Some(8_000)), Due::Now);
        assert_eq!(refetch.due(at(8_010), None), Due::Idle);
    }

    #[test]
    fn a_failed_fetch_waits_and_is_still_owed() {
        let mut refetch = Refetch::new();
        refetch.started(at(0));
        refetch.failed(at(10));
        refetch.invalidate();
        assert!(refetch.is_stale() && refetch.is_settled());
        assert_eq!(refetch.due(at(10), None), Due::At(at(2_010)));
        refetch.forgive();
        assert_eq!(refetch.due(at(1_000), None), Due::Now);
    }

    #[test]
    fn fetches_that_go_on_failing_are_tried_less_and_less() {
        let mut refetch = Refetch::new();
        let mut now = 0;
        for pause in [2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
            refetch.started(at(now));
            refetch.failed(at(now));
            now += pause;
            assert_eq!(refetch.due(at(now - 1), None), Due::At(at(now)));
        }
        refetch.started(at(now));
        refetch.succeeded(at(now));
        assert!(!refetch.has_failed());
    }

    #[test]
    fn an_old_fetch_does_not_fail_for_a_new_invalidation() {
        let mut refetch = Refetch::new();
        refetch.started(at(0));
        refetch.invalidate();
        refetch.failed(at(500));
        assert!(!refetch.is_settled());
        assert_eq!(refetch.due(at(500), None), Due::Now);
    }

    #[derive(Clone, Debug)]
    enum Step {
        Invalidate,
        ConfirmLater,
        Finish { ok: bool },
        Pass { ms: i64 },
    }

    proptest! {
        /// Whatever happens in whatever order, once it is quiet the last fetch started after the
        /// last invalidation and succeeded.
        #[test]
        fn no_invalidation_is_lost(steps in prop::collection::vec(prop_oneof![
            Just(Step::Invalidate),
            Just(Step::ConfirmLater),
            any::<bool>().prop_map(|ok| Step::Finish { ok }),
            (0..1_000_i64).prop_map(|ms| Step::Pass { ms }),
        ], 0..60)) {
            let mut refetch = Refetch::new();
            let (mut now, mut fetching, mut tick) = (0, false, 0);
            let (mut last_invalidation, mut start_of_last_good) = (0, None);
            let mut start = 0;
            let quiet = (0..40).flat_map(|_| [Step::Pass { ms: 500 }, Step::Finish { ok: true }]);
            for step in steps.into_iter().chain(quiet) {
                tick += 1;
                match step {
                    Step::Invalidate => { refetch.invalidate(); last_invalidation = tick; }
                    Step::ConfirmLater => { refetch.confirm_later(at(now)); last_invalidation = tick; }
                    Step::Finish { ok } if fetching => {
                        fetching = false;
                        if ok { refetch.succeeded(at(now)); start_of_last_good = Some(start); }
                        else { refetch.failed(at(now)); }
                    }
                    Step::Finish { .. } => {}
                    Step::Pass { ms } => now += ms,
                }
                if refetch.due(at(now), None) == Due::Now {
                    prop_assert!(!fetching, "two fetches at once");
                    fetching = true;
                    tick += 1;
                    start = tick;
                    refetch.started(at(now));
                }
            }
            prop_assert!(start_of_last_good.is_some_and(|start| start > last_invalidation));
        }
    }
}
