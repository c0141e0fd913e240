//! Subscriptions and typing.

use super::*;

fn subscribe(channel: &str) -> ClientFrame {
    ClientFrame::Subscribe { channel: channel.into() }
}

#[test]
fn a_room_is_joined_at_once_and_again_on_every_new_socket() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Subscribe { channel: "conversation:ana".into() });
    assert_eq!(bench.sent(), [subscribe("conversation:ana")]);
    bench.closes(1006);
    bench.pass(2_000);
    bench.dial_succeeds();
    bench.outputs.clear();
    bench.server(&welcome("resumed", 5));
    assert_eq!(bench.sent(), [subscribe("conversation:ana")]);
}

#[test]
fn a_room_that_was_left_while_offline_is_not_joined() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Subscribe { channel: "a".into() });
    bench.closes(1006);
    bench.give(Input::Unsubscribe { channel: "a".into() });
    bench.give(Input::Subscribe { channel: "b".into() });
    bench.pass(2_000);
    bench.dial_succeeds();
    bench.outputs.clear();
    bench.server(&welcome("resumed", 5));
    assert_eq!(bench.sent(), [subscribe("b")]);
}

#[test]
fn typing_waits_a_moment_for_a_connection_and_not_longer() {
    for (outage, said) in [(4_000, true), (6_000, false)] {
        let mut bench = Bench::live_at(5);
        bench.closes(1006);
        bench.give(Input::Typing { contact_id: "ana".into(), typing: true });
        bench.pass(outage);
        bench.dial_succeeds();
        bench.outputs.clear();
        bench.server(&welcome("resumed", 5));
        let typing = ClientFrame::TypingStart { contact_id: "ana".into() };
        assert_eq!(bench.sent().contains(&typing), said, "after {outage} ms");
    }
}

#[test]
fn signing_out_leaves_every_room() {
    let mut bench = Bench::live_at(5);
    bench.give(Input::Subscribe { channel: "a".into() });
    bench.give(Input::Stop);
    bench.give(Input::Start);
    bench.dial_succeeds();
    bench.outputs.clear();
    bench.server(&welcome("fresh", 5));
    assert_eq!(bench.sent(), []);
}
