//! When a query is fetched, on a virtual clock.

use super::*;
use crate::lag::LAG_MS;
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

#[test]
fn fetch_within_the_lag_is_followed_by_one_after_it() {
    let mut refetch = fetched_long_ago();
    refetch.invalidate();
    refetch.settle_by(at(LAG_MS));
    assert_eq!(refetch.due(at(0), None), Due::Now);
    refetch.started(at(0));
    assert_eq!(refetch.due(at(10), None), Due::Idle);
    refetch.succeeded(at(50));
    assert!(refetch.is_settled(), "nothing waits for the second fetch");
    assert_eq!(refetch.due(at(50), None), Due::At(at(LAG_MS)));
    assert_eq!(refetch.due(at(LAG_MS), None), Due::Now);
    refetch.started(at(LAG_MS));
    refetch.succeeded(at(LAG_MS + 50));
    assert_eq!(refetch.due(at(60_000), None), Due::Idle);
}

#[test]
fn whole_event_of_a_lagging_index_costs_one_fetch() {
    let mut refetch = fetched_long_ago();
    let mut fetches = Vec::new();
    for ms in 0..20_000 {
        if ms == 0 || ms == 400 {
            refetch.confirm_later(at(ms));
            refetch.settle_by(at(ms + LAG_MS));
        }
        if refetch.due(at(ms), None) == Due::Now {
            fetches.push(ms);
            refetch.started(at(ms));
            refetch.succeeded(at(ms));
        }
    }
    assert_eq!(fetches, [400 + LAG_MS]);
}

#[test]
fn failed_fetch_after_the_lag_is_owed() {
    let mut refetch = fetched_long_ago();
    refetch.settle_by(at(LAG_MS));
    refetch.started(at(LAG_MS));
    refetch.failed(at(LAG_MS + 10));
    assert_eq!(refetch.due(at(LAG_MS + 10), None), Due::At(at(LAG_MS + 10 + RETRY_MS)));
}

#[derive(Clone, Debug)]
enum Step {
    Invalidate,
    ConfirmLater,
    Lag,
    Finish { ok: bool },
    Pass { ms: i64 },
}

proptest! {
    /// Whatever happens in whatever order, once it is quiet the last fetch started after the
    /// last invalidation and when the last event had settled, and succeeded.
    #[test]
    fn no_invalidation_is_lost(steps in prop::collection::vec(prop_oneof![
        Just(Step::Invalidate),
        Just(Step::ConfirmLater),
        Just(Step::Lag),
        any::<bool>().prop_map(|ok| Step::Finish { ok }),
        (0..1_000_i64).prop_map(|ms| Step::Pass { ms }),
    ], 0..60)) {
        let mut refetch = Refetch::new();
        let (mut now, mut fetching, mut tick) = (0, false, 0);
        let (mut last_invalidation, mut start_of_last_good) = (0, None);
        let (mut start, mut started_at, mut settles_at) = (0, 0, 0);
        let quiet = (0..40).flat_map(|_| [Step::Pass { ms: 500 }, Step::Finish { ok: true }]);
        for step in steps.into_iter().chain(quiet) {
            tick += 1;
            match step {
                Step::Invalidate => { refetch.invalidate(); last_invalidation = tick; }
                Step::ConfirmLater => { refetch.confirm_later(at(now)); last_invalidation = tick; }
                Step::Lag => { settles_at = now + LAG_MS; refetch.settle_by(at(settles_at)); }
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
                started_at = now;
                refetch.started(at(now));
            }
        }
        prop_assert!(start_of_last_good.is_some_and(|start| start > last_invalidation));
        prop_assert!(started_at >= settles_at);
    }
}
