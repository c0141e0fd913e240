//! Backends that number nothing, and a gateway that answers in a backend's place.

use super::*;
use crate::Backend;

#[test]
fn a_backend_without_welcome_is_plain_and_everything_is_refetched() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.pass(2_999);
    assert!(!bench.refetched_everything());
    bench.pass(1);
    assert!(bench.refetched_everything());
    bench.give_caught_up();
    assert!(bench.status().is_live());
    bench.outputs.clear();
    bench.server(PLAIN_EVENT);
    assert_eq!(bench.events(), 1);
    bench.server(PONG);
    for _ in 0..10 {
        bench.pass(30_000);
        bench.server(PONG);
    }
    assert!(bench.refetched_everything(), "a plain backend is revalidated every five minutes");
}

#[test]
fn an_event_before_any_welcome_makes_it_plain_at_once() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(PLAIN_EVENT);
    assert!(bench.refetched_everything());
    assert_eq!(bench.events(), 1);
}

#[test]
fn a_whisper_before_the_welcome_does_not_make_it_plain() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(r#"{"type":"typing:start","data":{"contactId":"c1"}}"#);
    assert_eq!(bench.events(), 1);
    bench.server(&welcome("fresh", 3));
    bench.give_caught_up();
    assert!(bench.status().is_live());
    bench.server(&event(4));
    bench.outputs.clear();
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    assert_eq!(bench.sent(), greeting_at(4), "it counts, so it is not plain");
}

#[test]
fn an_open_socket_with_nobody_behind_it_is_found_out_at_once() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.pass(3_000 + 5_000);
    assert!(matches!(bench.status(), Status::Reconnecting { retry_at: Some(_), .. }));
}

#[test]
fn a_plain_backend_is_asked_again_when_the_page_is_seen_again() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(PLAIN_EVENT);
    bench.give(Input::Hidden);
    bench.outputs.clear();
    bench.give(Input::Visible);
    assert!(bench.refetched_everything());
}

const GATEWAY: &str =
    r#"{"message":"Forbidden","connectionId":"Kx5cdcR_IAMCJ8g=","requestId":"Kx5dGF4NoAMFQ8w="}"#;

/// What whole events were taken for: `true` if a fetch only has to confirm them.
fn confirmed(bench: &Bench) -> Vec<bool> {
    let confirms = |output: &Output| match output {
        Output::Invalidate(Invalidation::Confirm { .. }) => Some(true),
        Output::Invalidate(Invalidation::Family { .. }) => Some(false),
        _ => None,
    };
    bench.outputs.iter().filter_map(confirms).collect()
}

fn live_plain() -> Bench {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(PONG);
    bench.give_caught_up();
    assert!(bench.status().is_live());
    bench.outputs.clear();
    bench
}

#[test]
fn pong_before_welcome_is_plain_at_once() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    assert!(matches!(bench.sent()[..], [ClientFrame::Hello { .. }, ClientFrame::Ping { seq: None }]));
    bench.pass(40);
    bench.server(PONG);
    assert!(bench.refetched_everything());
    bench.give_caught_up();
    assert!(bench.status().is_live(), "one round trip after the socket opened");
    assert_eq!(bench.connection.quality().round_trip, Some(40.0));
    assert_eq!(bench.connection.backend(), Backend::Plain);
    bench.pass(20_000);
    assert_eq!(bench.sent().len(), 2, "it has just answered");
}

#[test]
fn pong_with_a_head_waits_for_the_welcome() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(r#"{"type":"pong","data":{"head":5}}"#);
    assert!(!bench.refetched_everything());
    bench.server(&welcome("fresh", 5));
    bench.give_caught_up();
    assert_eq!(bench.connection.backend(), Backend::Full);
    assert_eq!(bench.connection.catch_up.watermark(), Some(5));
}

#[test]
fn redial_of_a_plain_backend_refetches_when_it_opens() {
    let mut bench = live_plain();
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    assert!(bench.refetched_everything(), "what an outage hid is fetched without another round trip");
    bench.give_caught_up();
    assert!(bench.status().is_live());
    bench.server(PONG);
    let everything = Output::Invalidate(Invalidation::Everything);
    assert_eq!(bench.outputs.iter().filter(|output| **output == everything).count(), 1);
}

#[test]
fn plain_backend_that_becomes_full_is_believed() {
    let mut bench = live_plain();
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    bench.server(&welcome("fresh", 5));
    bench.give_caught_up();
    assert!(bench.status().is_live());
    assert_eq!(bench.connection.backend(), Backend::Full);
    bench.outputs.clear();
    bench.pass(600_000);
    assert!(!bench.refetched_everything(), "it proves that nothing is missing");
}

#[test]
fn open_socket_with_nobody_behind_it_uses_up_its_attempts() {
    let mut bench = live_plain();
    bench.closes(1006);
    for _ in 0..12 {
        bench.pass(31_000);
        if matches!(bench.connection.state, State::FetchingToken { .. }) {
            bench.dial_succeeds();
            bench.give_caught_up();
            bench.pass(10_000);
        }
    }
    assert_eq!(bench.status(), Status::Disconnected { reason: GaveUp::AttemptsUsedUp });
}

#[test]
fn whole_event_of_a_plain_backend_is_confirmed_later() {
    let mut bench = live_plain();
    bench.server(PLAIN_EVENT);
    assert_eq!(confirmed(&bench), [true]);
    bench.outputs.clear();
    bench.server(r#"{"type":"foodLogCreated","data":{"id":1}}"#);
    assert_eq!(confirmed(&bench), [false], "what cannot be read has to be fetched");
}

#[test]
fn successor_of_a_plain_backend_takes_over_with_its_pong() {
    let mut bench = live_plain();
    let old = bench.dial();
    while bench.dial() == old {
        bench.pass(4_000);
        bench.server_on(old, PONG);
    }
    bench.outputs.clear();
    bench.dial_succeeds();
    assert!(!bench.refetched_everything(), "it has not shown yet that it works");
    bench.server(PONG);
    assert!(bench.refetched_everything());
    assert!(bench.outputs.contains(&Output::Close { dial: old, code: GOING_AWAY }));
}

#[test]
fn pong_before_a_welcome_that_never_comes_is_a_sign_of_life() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(r#"{"type":"pong","data":{"head":3}}"#);
    bench.outputs.clear();
    bench.server(PLAIN_EVENT);
    assert!(matches!(bench.sent()[..], [ClientFrame::Ping { .. }]), "the first ping was answered");
    bench.give_caught_up();
    bench.pass(4_000);
    bench.server(PONG);
    bench.pass(20_000);
    assert!(bench.status().is_live());
}

#[test]
fn hidden_page_does_not_ping_when_its_socket_opens() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.give(Input::Hidden);
    bench.dial_succeeds();
    assert!(matches!(bench.sent()[..], [ClientFrame::Hello { .. }]));
    bench.pass(3_000);
    assert!(bench.refetched_everything());
    bench.give(Input::Visible);
    assert!(matches!(bench.sent()[..], [_, ClientFrame::Ping { .. }]));
}

#[test]
fn gateway_error_is_life_and_pinged_every_four_minutes() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(GATEWAY);
    bench.server(GATEWAY);
    assert!(bench.refetched_everything(), "whoever answers so numbers nothing");
    bench.give_caught_up();
    for minute in 0..60 {
        bench.outputs.clear();
        bench.pass(60_000);
        assert!(bench.status().is_live());
        let pings = bench.sent().len();
        assert_eq!(pings, usize::from(minute % 4 == 3), "in minute {minute}");
        (0..pings).for_each(|_| bench.server(GATEWAY));
    }
    assert_eq!(bench.connection.quality().not_understood, 0);
    assert_eq!(bench.connection.last_dial, 1);
}

#[test]
fn half_open_socket_of_a_gateway_is_found_out() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(GATEWAY);
    bench.give_caught_up();
    bench.pass(240_000 + 5_000);
    assert!(matches!(bench.status(), Status::Reconnecting { .. }));
}

#[test]
fn backend_that_routes_pings_alone_is_pinged_as_ever() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.server(GATEWAY);
    bench.server(PONG);
    bench.give_caught_up();
    bench.outputs.clear();
    bench.pass(30_000);
    assert!(matches!(bench.sent()[..], [ClientFrame::Ping { .. }]));
}

#[test]
fn gateway_error_to_another_frame_leaves_the_heart_alone() {
    let mut bench = live_plain();
    bench.give(Input::Subscribe { channel: "a".into() });
    bench.server(GATEWAY);
    bench.outputs.clear();
    bench.pass(30_000);
    assert!(matches!(bench.sent()[..], [ClientFrame::Ping { .. }]));
}
