//! Tokens, close codes, and the word of the user.

use super::*;

#[test]
fn socket_dies_while_token_is_fetched() {
    let mut bench = Bench::live_at(5);
    let old = bench.dial();
    bench.closes(1006);
    bench.pass(2_000);
    let new = bench.dial();
    assert_ne!(old, new);
    bench.give(Input::Closed { dial: old, code: 4401 });
    bench.give(Input::Frame { dial: old, text: event(6) });
    bench.give(Input::Opened { dial: old });
    bench.give(Input::CaughtUp { dial: old });
    assert_eq!(bench.dial(), new);
    assert_eq!(bench.events(), 0);
    bench.dial_succeeds();
    assert_eq!(bench.sent(), greeting_at(5));
}

#[test]
fn a_token_that_comes_after_stop_is_not_used() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    let dial = bench.dial();
    bench.give(Input::Stop);
    bench.give(Input::TokenReady { dial, token: "t".into() });
    assert!(!bench.outputs.iter().any(|output| matches!(output, Output::Dial { .. })));
}

#[test]
fn stopped_holds_until_somebody_starts_it() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Stop);
    bench.outputs.clear();
    for input in
        [Input::Visible, Input::Hidden, Input::Online, Input::Offline, Input::PollSucceeded, Input::Retry]
    {
        bench.give(input);
    }
    bench.closes(1006);
    bench.pass(3_600_000);
    assert_eq!((bench.status(), bench.dials()), (Status::Stopped, 0));
    bench.give(Input::Start);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn somebody_elses_position_is_not_resumed() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Stop);
    bench.give(Input::Start);
    bench.dial_succeeds();
    assert!(matches!(bench.sent()[..], [ClientFrame::Hello { position: None, .. }, _]));
}

#[test]
fn refused_token_is_refreshed_once_by_force_and_then_the_session_is_over() {
    let mut bench = Bench::live_at(5);
    bench.closes(4401);
    let dial = bench.dial();
    assert!(bench.outputs.contains(&Output::FetchToken { dial, force: true }));
    bench.dial_succeeds();
    bench.closes(4401);
    assert_eq!(bench.status(), Status::Disconnected { reason: GaveUp::SessionOver });
    bench.give(Input::PollSucceeded);
    bench.give(Input::Online);
    assert_eq!(bench.dials(), 1);
    bench.give(Input::Start);
    assert_eq!(bench.dials(), 2);
}

#[test]
fn a_token_that_expires_every_hour_is_refreshed_every_hour() {
    let mut bench = Bench::live_at(5);
    for _ in 0..3 {
        bench.closes(4401);
        bench.dial_succeeds();
        bench.server(&welcome("resumed", 5));
        bench.give_caught_up();
        bench.pass(5_000);
    }
    assert!(bench.status().is_live());
}

#[test]
fn nobody_signed_in_is_found_while_the_token_is_fetched() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    for _ in 0..2 {
        let dial = bench.dial();
        bench.give(Input::TokenFailed { dial, failure: TokenFailure::Refused });
    }
    assert_eq!(bench.status(), Status::Disconnected { reason: GaveUp::SessionOver });
}

#[test]
fn three_refused_dials_ask_for_the_session() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    for _ in 0..3 {
        assert!(!bench.outputs.contains(&Output::CheckSession));
        bench.dial_is_refused();
        bench.pass(10_000);
    }
    assert!(bench.outputs.contains(&Output::CheckSession));
    bench.give(Input::SessionChecked { valid: false });
    let dial = bench.dial();
    assert!(bench.outputs.contains(&Output::FetchToken { dial, force: true }));
}

#[test]
fn close_codes_that_say_no_are_believed() {
    for (code, reason) in
        [(1008, GaveUp::NotAllowed), (4403, GaveUp::NotAllowed), (4409, GaveUp::TooManyConnections)]
    {
        let mut bench = Bench::live_at(5);
        bench.closes(code);
        bench.give(Input::Online);
        bench.pass(3_600_000);
        assert_eq!((bench.status(), bench.dials()), (Status::Disconnected { reason }, 0));
    }
}

#[test]
fn too_fast_pauses_for_half_a_minute() {
    let mut bench = Bench::live_at(5);
    bench.closes(4429);
    bench.pass(29_999);
    assert_eq!(bench.dials(), 0);
    bench.pass(2_000);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn a_server_that_asked_for_a_pause_gets_it_whatever_the_tab_does() {
    let mut bench = Bench::live_at(5);
    bench.closes(4429);
    bench.pass(5_000);
    bench.give(Input::Hidden);
    bench.give(Input::Visible);
    bench.give(Input::Online);
    assert_eq!(bench.dials(), 0);
    assert!(matches!(bench.status(), Status::Reconnecting { retry_at: Some(_), .. }));
    bench.pass(25_000);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn the_user_may_dial_a_server_that_asked_for_a_pause() {
    let mut bench = Bench::live_at(5);
    bench.closes(4429);
    bench.give(Input::Retry);
    assert_eq!(bench.dials(), 1);
}
