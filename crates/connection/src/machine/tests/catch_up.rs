//! What the server says, and what was missed.

use super::*;

#[test]
fn every_event_is_applied_and_invalidates_its_family() {
    let mut bench = Bench::live_at(5);
    bench.server(&event(6));
    bench.server(&event(7));
    bench.server(&event(6));
    assert_eq!(bench.events(), 2);
    assert!(!bench.refetched_everything());
}

#[test]
fn reconnects_at_its_position_and_is_live_when_the_missed_events_are_in() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    assert_eq!(bench.sent(), greeting_at(5));
    bench.server(&welcome("resumed", 7));
    bench.server(&event(6));
    bench.give_caught_up();
    assert!(!bench.status().is_live(), "one event is still missing");
    bench.server(&event(7));
    bench.give_caught_up();
    assert!(bench.status().is_live());
    assert!(!bench.refetched_everything());
}

#[test]
fn a_resumed_log_of_another_epoch_is_not_believed() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    bench.server(&welcome("resumed", 7).replace(r#""epoch":"e""#, r#""epoch":"f""#));
    assert!(bench.refetched_everything());
}

#[test]
fn a_hole_asks_on_the_same_socket_and_never_reconnects() {
    let mut bench = Bench::live_at(5);
    bench.server(&event(7));
    assert_eq!(bench.events(), 1, "what is beyond the gap is applied at once");
    bench.pass(2_000);
    assert_eq!(bench.sent(), [hello_at(5)]);
    bench.server(&welcome("resumed", 7));
    bench.server(&event(6));
    bench.server(&event(7));
    assert_eq!(bench.events(), 2);
    assert_eq!(bench.dials(), 0);
    assert_eq!(bench.connection.catch_up.watermark(), Some(7));
}

#[test]
fn a_hole_that_stays_is_a_reset() {
    let mut bench = Bench::live_at(5);
    bench.server(&event(7));
    bench.pass(4_000);
    assert!(matches!(bench.sent()[..], [_, ClientFrame::Hello { position: None, .. }]));
    bench.server(&welcome("fresh", 9));
    assert!(bench.refetched_everything());
    assert_eq!(bench.dials(), 0);
}

#[test]
fn a_pong_that_is_ahead_asks_for_what_is_missing() {
    let mut bench = Bench::live_at(5);
    bench.pass(30_000);
    bench.server(r#"{"type":"pong","data":{"head":8}}"#);
    assert_eq!(bench.sent(), [ClientFrame::Ping { seq: Some(5) }, hello_at(5)]);
}

#[test]
fn unknown_and_unreadable_events_do_not_make_gaps() {
    let mut bench = Bench::live_at(5);
    bench.server(r#"{"type":"habitCreated","data":{},"epoch":"e","seq":6}"#);
    assert!(!bench.refetched_everything());
    bench.server(r#"{"type":"foodLogCreated","data":{"id":9},"epoch":"e","seq":7}"#);
    assert_eq!(bench.invalidated(), [Family::Food], "something of food has changed, whatever it was");
    assert_eq!(bench.events(), 0);
    assert_eq!(bench.connection.catch_up.watermark(), Some(7));
    assert_eq!(bench.connection.quality().not_understood, 2);
}

#[test]
fn nonsense_is_counted_and_changes_nothing() {
    let mut bench = Bench::live_at(5);
    let dial = bench.dial();
    for text in ["", "{", "null", "[1]", r#"{"type":7}"#, r#"{"type":"welcome","data":5}"#, "\u{0}"] {
        bench.server(text);
    }
    bench.give(Input::Nonsense { dial });
    assert!(bench.status().is_live());
    let ignored = |output: &Output| matches!(output, Output::Ignored(_));
    assert!(bench.outputs.iter().all(ignored), "{:?}", bench.outputs);
    assert_eq!(bench.connection.quality().not_understood, 8);
}

#[test]
fn an_event_of_a_foreign_type_is_handed_out_once() {
    let mut bench = Bench::live_at(5);
    let numbered = r#"{"type":"habitCreated","data":{"id":"h1"},"epoch":"e","seq":6}"#;
    for text in [numbered, numbered, r#"{"type":"nudge"}"#] {
        bench.server(text);
    }
    let foreign: Vec<_> = bench
        .outputs
        .iter()
        .filter_map(|output| match output {
            Output::Foreign { name, data } => Some((name.as_str(), data.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(foreign, [("habitCreated", r#"{"id":"h1"}"#), ("nudge", "null")]);
    assert_eq!(bench.connection.quality().not_understood, 3);
}

#[test]
fn server_frames_are_what_the_tests_think_they_are() {
    assert_eq!(Received::parse(&event(6)).unwrap().seq, Some(6));
    assert!(Received::parse(&welcome("resumed", 1)).is_ok());
}

#[test]
fn an_event_that_cannot_be_read_still_says_that_something_changed() {
    let mut bench = Bench::live_at(5);
    bench.server(r#"{"type":"exerciseLogUpdated","data":{"minutes":"many"}}"#);
    assert_eq!(bench.invalidated(), [Family::Exercise]);
}

#[test]
fn a_hello_that_nobody_answers_makes_it_plain_on_the_same_socket() {
    let mut bench = Bench::live_at(5);
    bench.server(&event(7));
    bench.pass(7_000);
    assert!(bench.refetched_everything());
    bench.give_caught_up();
    assert!(bench.status().is_live());
    assert_eq!(bench.dials(), 0);
}

#[test]
fn a_hole_that_is_filled_never_takes_the_live_away() {
    let mut bench = Bench::live_at(5);
    bench.server(&event(7));
    bench.pass(2_000);
    bench.server(&welcome("resumed", 7));
    assert!(bench.status().is_live());
    bench.server(&event(6));
    let said = bench.outputs.iter().filter(|output| matches!(output, Output::StatusChanged(_))).count();
    assert_eq!(said, 0);
}

#[test]
fn a_whole_event_is_confirmed_later_unless_something_is_missing() {
    let mut bench = Bench::live_at(5);
    let mut hears = |text: &str| {
        bench.outputs.clear();
        bench.server(text);
        let waits = |output: &Output| match output {
            Output::Invalidate(Invalidation::Confirm { .. }) => Some(true),
            Output::Invalidate(Invalidation::Family { .. }) => Some(false),
            _ => None,
        };
        bench.outputs.iter().filter_map(waits).collect::<Vec<_>>()
    };
    assert_eq!(hears(&event(6)), [true]);
    assert_eq!(hears(&event(8)), [false], "nobody knows what the seventh was");
    assert_eq!(hears(&event(7)), [true], "it was this one");
    let unreadable = r#"{"type":"foodLogCreated","data":{"id":1},"epoch":"e","seq":9}"#;
    assert_eq!(hears(unreadable), [false], "what cannot be read has to be fetched");
}

#[test]
fn what_was_missed_is_confirmed_before_it_is_live_again() {
    let mut bench = Bench::live_at(5);
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    bench.server(&welcome("resumed", 6));
    bench.server(&event(6));
    let now = |output: &Output| matches!(output, Output::Invalidate(Invalidation::Family { .. }));
    assert!(bench.outputs.iter().any(now), "{:?}", bench.outputs);
}
