//! Whether the other side is there, and whether anybody looks.

use super::*;

#[test]
fn no_pong_and_the_socket_is_dropped_and_dialled_again() {
    let mut bench = Bench::live_at(5);
    bench.pass(30_000);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }]);
    bench.pass(4_999);
    assert!(bench.status().is_live());
    bench.pass(1);
    assert!(matches!(bench.status(), Status::Reconnecting { .. }));
    assert_eq!(bench.connection.quality().missed_pongs, 1);
}

#[test]
fn a_pong_keeps_it_and_measures_the_round_trip() {
    let mut bench = Bench::live_at(5);
    bench.pass(30_000);
    bench.pass(40);
    bench.server(PONG);
    assert_eq!(bench.connection.quality().round_trip, Some(40.0));
    bench.pass(29_999);
    assert!(bench.status().is_live());
    assert_eq!(bench.sent().len(), 1);
}

#[test]
fn waking_from_sleep_probes_before_it_judges() {
    let mut bench = Bench::live_at(5);
    bench.pass(30_000);
    bench.sleep(3_600_000);
    bench.give(Input::Woke);
    assert!(bench.status().is_live(), "the answer may be waiting behind the tick");
    assert_eq!(bench.sent().len(), 2);
    bench.pass(5_000);
    assert!(matches!(bench.status(), Status::Reconnecting { .. }));
}

#[test]
fn hidden_page_is_silent_and_probes_when_it_is_seen_again() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Hidden);
    bench.pass(540_000);
    assert_eq!(bench.sent(), []);
    bench.give(Input::Visible);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }]);
}

#[test]
fn socket_that_dies_hidden_is_parked_and_dialled_when_seen() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Hidden);
    bench.closes(1001);
    bench.pass(3_600_000);
    assert_eq!(bench.dials(), 0);
    assert!(matches!(bench.status(), Status::Reconnecting { retry_at: None, attempt: 0, .. }));
    bench.give(Input::Visible);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn a_page_hidden_while_it_waits_does_not_use_up_its_attempts() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.give(Input::Hidden);
    bench.pass(3_600_000);
    assert_eq!(bench.dials(), 0);
    bench.give(Input::Visible);
    assert_eq!(bench.dials(), 1);
}

#[test]
fn going_offline_probes_instead_of_believing_it() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Offline);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }]);
    bench.server(PONG);
    bench.pass(10_000);
    assert!(bench.status().is_live());
}
