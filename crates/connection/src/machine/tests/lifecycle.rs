//! Dialling, going live, losing it, and coming back.

use super::*;

#[test]
fn nothing_is_dialled_without_a_backend() {
    let mut bench = Bench::with(Config { enabled: false, ..Config::default() });
    for input in
        [Input::Start, Input::Retry, Input::Online, Input::Visible, Input::Stop, Input::PollSucceeded]
    {
        bench.give(input);
    }
    assert_eq!((bench.status(), bench.outputs.len()), (Status::Polling, 0));
}

#[test]
fn first_dial_is_welcomed_fresh_and_live_only_after_the_refetches() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    assert_eq!(bench.status(), Status::Connecting);
    bench.dial_succeeds();
    let hello = ClientFrame::Hello { position: None, client: Config::default().client };
    assert_eq!(bench.sent(), [hello, ClientFrame::Ping { seq: None }]);
    bench.server(&welcome("fresh", 5));
    assert!(bench.refetched_everything());
    assert_eq!(bench.status(), Status::Connecting);
    bench.give_caught_up();
    assert!(bench.status().is_live());
}

#[test]
fn ten_attempts_and_then_it_gives_up() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    for attempt in 1..=10 {
        bench.dial_is_refused();
        let Status::Reconnecting { retry_at: Some(retry_at), attempt: shown, of: 10 } = bench.status() else {
            panic!("{:?}", bench.status())
        };
        assert_eq!(shown, attempt);
        bench.pass(retry_at.unix_ms() - bench.ms);
    }
    bench.dial_is_refused();
    assert_eq!(bench.status(), Status::Disconnected { reason: GaveUp::AttemptsUsedUp });
    assert_eq!(bench.dials(), 11);
    bench.give(Input::Retry);
    assert_eq!(bench.dials(), 12);
}

#[test]
fn a_server_that_drops_everybody_after_a_second_is_not_hammered() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    let mut dials_in_five_minutes = 0;
    let end = bench.ms + 300_000;
    while bench.ms < end && matches!(bench.status(), Status::Connecting | Status::Reconnecting { .. }) {
        if matches!(bench.connection.state, State::FetchingToken { .. }) {
            dials_in_five_minutes += 1;
            bench.dial_succeeds();
            bench.server(&welcome("fresh", 0));
            bench.give_caught_up();
            bench.pass(1_000);
            bench.closes(1012);
        }
        bench.pass(500);
    }
    assert_eq!(dials_in_five_minutes, 11, "attempts must not be reset by a mere open");
}

#[test]
fn five_seconds_live_reset_the_attempts() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    for _ in 0..5 {
        bench.dial_is_refused();
        bench.pass(40_000);
    }
    bench.dial_succeeds();
    bench.server(&welcome("fresh", 0));
    bench.give_caught_up();
    bench.pass(5_000);
    bench.closes(1006);
    assert!(matches!(bench.status(), Status::Reconnecting { attempt: 1, .. }));
}

#[test]
fn a_dial_that_hangs_is_dropped_after_ten_seconds() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    let dial = bench.dial();
    bench.pass(6_000);
    bench.give(Input::TokenReady { dial, token: "t".into() });
    bench.pass(3_999);
    assert!(!bench.outputs.contains(&Output::Close { dial, code: GOING_AWAY }));
    bench.pass(1);
    assert!(bench.outputs.contains(&Output::Close { dial, code: GOING_AWAY }));
    assert!(matches!(bench.status(), Status::Reconnecting { retry_at: Some(_), .. }));
}

#[test]
fn goaway_is_followed_when_it_says() {
    let mut bench = Bench::live_at(5);
    bench.server(r#"{"type":"goaway","data":{"retryAfterMs":4000}}"#);
    bench.pass(3_999);
    assert_eq!(bench.dials(), 0);
    bench.pass(1_001);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn a_poll_that_works_again_dials_after_giving_up() {
    let mut bench = Bench::new();
    bench.connection.state = State::GaveUp { reason: GaveUp::AttemptsUsedUp, since: bench.now().wall };
    bench.give(Input::PollSucceeded);
    assert_eq!(bench.dials(), 0, "HTTP worked all along; the socket's way may still be closed");
    bench.give(Input::PollFailed);
    bench.give(Input::PollSucceeded);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn online_dials_at_once_and_keeps_counting() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.dial_is_refused();
    bench.give(Input::Online);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn a_poll_that_failed_before_giving_up_counts_as_well() {
    let mut bench = Bench::new();
    bench.give(Input::PollFailed);
    bench.connection.state = State::GaveUp { reason: GaveUp::AttemptsUsedUp, since: bench.now().wall };
    bench.give(Input::PollSucceeded);
    assert_eq!(bench.dials(), 1);
}
