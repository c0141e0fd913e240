//! One socket takes over from another.

use super::*;

/// Of a token that lives an hour, by a server whose clock is three hours ahead of ours.
fn welcome_for_an_hour(mode: &str, head: u64, now_ms: i64) -> String {
    let there = Timestamp::from_unix_ms(now_ms + 3 * 3_600_000);
    let expires = there.plus_ms(3_600_000);
    format!(
        r#"{{"type":"welcome","timestamp":"{there}","data":{{"connectionId":"c","epoch":"e","head":{head},"mode":"{mode}","expiresAt":"{expires}"}}}}"#
    )
}

/// Live at 5 with an hour's token, and the hour all but over: a second dial is on its way.
fn rotating() -> (Bench, DialId) {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    let old = bench.dial();
    bench.server(&welcome_for_an_hour("fresh", 5, bench.ms));
    bench.give_caught_up();
    bench.outputs.clear();
    while bench.dials() == 0 {
        bench.pass(10_000);
        bench.server_on(old, PONG);
        assert!(bench.ms < START_MS + 3_600_000, "the token has run out");
    }
    assert!(bench.ms > START_MS + 3_300_000, "much too early, {} s", (bench.ms - START_MS) / 1_000);
    bench.outputs.clear();
    (bench, old)
}

fn closed(bench: &Bench, dial: DialId) -> bool {
    bench.outputs.contains(&Output::Close { dial, code: GOING_AWAY })
}

#[test]
fn new_socket_first_old_one_closed_after_and_live_all_along() {
    let (mut bench, old) = rotating();
    bench.dial_succeeds();
    assert_eq!(bench.sent(), greeting_at(5));
    bench.server_on(old, &event(6));
    bench.server(&welcome_for_an_hour("resumed", 7, bench.ms));
    bench.server(&event(6));
    assert!(!closed(&bench, old), "the new one has not caught up");
    bench.server(&event(7));
    assert!(closed(&bench, old));
    assert_eq!(bench.events(), 2, "an event that comes over both sockets is applied once");
    assert!(bench.status().is_live());
    assert!(!bench.outputs.iter().any(|output| matches!(output, Output::StatusChanged(_))));
    bench.server_on(old, &event(8));
    assert_eq!(bench.events(), 2, "the old one has nothing to say any more");
    bench.server(&event(8));
    assert_eq!(bench.events(), 3);
    assert_eq!((bench.connection.quality().rotations, bench.connection.quality().reconnects), (1, 0));
}

#[test]
fn the_successors_token_is_fetched_past_the_cached_one() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(&welcome_for_an_hour("fresh", 5, bench.ms));
    bench.give_caught_up();
    bench.outputs.clear();
    let old = bench.dial();
    while bench.dials() == 0 {
        bench.pass(10_000);
        bench.server_on(old, PONG);
    }
    let dial = bench.dial();
    assert!(bench.outputs.contains(&Output::FetchToken { dial, force: true }));
}

#[test]
fn old_socket_dies_while_its_successor_dials() {
    let (mut bench, old) = rotating();
    let new = bench.dial();
    bench.give(Input::Closed { dial: old, code: 1006 });
    assert!(!bench.status().is_live());
    bench.dial_succeeds();
    assert_eq!(bench.dial(), new, "the dial that was under way goes on");
    bench.server(&welcome("resumed", 5));
    bench.give_caught_up();
    assert!(bench.status().is_live());
}

#[test]
fn old_socket_dies_while_its_successor_catches_up() {
    let (mut bench, old) = rotating();
    bench.dial_succeeds();
    bench.server(&welcome_for_an_hour("resumed", 7, bench.ms));
    bench.give(Input::Closed { dial: old, code: 4401 });
    assert!(!bench.status().is_live());
    bench.server(&event(6));
    bench.server(&event(7));
    bench.give_caught_up();
    assert!(bench.status().is_live());
    assert_eq!(bench.connection.catch_up.watermark(), Some(7));
}

#[test]
fn successor_fails_and_the_old_one_tries_again() {
    let (mut bench, old) = rotating();
    bench.dial_is_refused();
    assert!(bench.status().is_live());
    bench.outputs.clear();
    while bench.dials() == 0 {
        bench.pass(1_000);
        bench.server_on(old, PONG);
    }
    assert!(!closed(&bench, old));
    bench.server_on(old, &event(6));
    assert_eq!(bench.events(), 1);
}

#[test]
fn successor_hangs_and_is_dropped_after_ten_seconds() {
    let (mut bench, old) = rotating();
    let new = bench.dial();
    bench.pass(10_000);
    assert!(closed(&bench, new) && !closed(&bench, old));
    assert!(bench.status().is_live());
}

#[test]
fn successor_of_another_epoch_takes_over_and_everything_is_refetched() {
    let (mut bench, old) = rotating();
    bench.dial_succeeds();
    bench.server(r#"{"type":"welcome","data":{"connectionId":"c","epoch":"other","head":3,"mode":"reset"}}"#);
    assert!(closed(&bench, old));
    assert!(bench.refetched_everything());
    assert!(!bench.status().is_live(), "not before the refetches are done");
    bench.give_caught_up();
    assert!(bench.status().is_live());
}

#[test]
fn stopping_while_rotating_closes_both() {
    let (mut bench, old) = rotating();
    let new = bench.dial();
    bench.give(Input::Stop);
    assert!(closed(&bench, old) && closed(&bench, new));
    assert_eq!(bench.status(), Status::Stopped);
}

#[test]
fn successor_of_a_plain_backend_takes_over_and_everything_is_refetched() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    let old = bench.dial();
    bench.server(PLAIN_EVENT);
    bench.give_caught_up();
    while bench.dial() == old {
        bench.pass(4_000);
        bench.server_on(old, PONG);
        assert!(bench.ms < START_MS + 110 * 60_000, "it has lived too long");
    }
    assert!(bench.ms > START_MS + 100 * 60_000);
    bench.outputs.clear();
    bench.dial_succeeds();
    bench.server(PLAIN_EVENT);
    assert_eq!(bench.events(), 0, "the old one delivers until the new one takes over");
    bench.server_on(old, PLAIN_EVENT);
    assert_eq!(bench.events(), 1);
    bench.pass(3_000);
    assert!(closed(&bench, old));
    assert!(bench.refetched_everything());
}

#[test]
fn nobody_rotates_for_a_page_that_nobody_looks_at() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(&welcome_for_an_hour("fresh", 5, bench.ms));
    bench.give_caught_up();
    bench.give(Input::Frozen);
    bench.outputs.clear();
    bench.pass(2 * 3_600_000);
    assert_eq!((bench.dials(), bench.sent().len()), (0, 0), "silent while hidden");
    bench.give(Input::Resumed { visible: true });
    assert_eq!(bench.dials(), 1);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }], "and the old one is probed meanwhile");
}

#[test]
fn rooms_are_joined_on_the_successor_before_it_takes_over() {
    let (mut bench, _) = rotating();
    bench.give(Input::Subscribe { channel: "a".into() });
    bench.dial_succeeds();
    bench.outputs.clear();
    bench.server(&welcome_for_an_hour("resumed", 7, bench.ms));
    assert_eq!(bench.sent(), [ClientFrame::Subscribe { channel: "a".into() }]);
}

#[test]
fn old_socket_is_ahead_of_its_successors_welcome() {
    let (mut bench, old) = rotating();
    bench.dial_succeeds();
    bench.server_on(old, &event(6));
    bench.server_on(old, &event(7));
    bench.server(&welcome_for_an_hour("resumed", 6, bench.ms));
    assert!(closed(&bench, old));
    assert!(!bench.refetched_everything(), "nothing was missed");
    assert!(bench.status().is_live());
    bench.server(&event(6));
    bench.server(&event(7));
    assert_eq!(bench.events(), 2);
}

#[test]
fn both_sockets_were_dead_while_the_page_slept() {
    let (mut bench, _) = rotating();
    bench.dial_succeeds();
    bench.sleep(3_600_000);
    bench.give(Input::Woke);
    bench.pass(5_000);
    assert!(bench.connection.wake_at().is_none_or(|at| at.unix_ms() > bench.ms), "a deadline in the past");
}

#[test]
fn a_successor_that_is_told_to_slow_down_does() {
    let (mut bench, old) = rotating();
    bench.dial_succeeds();
    bench.closes(4429);
    bench.outputs.clear();
    for _ in 0..29 {
        bench.pass(1_000);
        bench.server_on(old, PONG);
    }
    assert_eq!(bench.dials(), 0);
    assert!(bench.status().is_live());
}
