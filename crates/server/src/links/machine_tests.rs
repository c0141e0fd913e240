//! The machine on a virtual clock.

use proptest::prelude::*;

use super::*;

struct World {
    machine: Machine,
    now: Instant,
}

impl World {
    fn new(auto_reconnect: bool) -> Self {
        Self { machine: Machine::new(auto_reconnect, 1), now: Instant::now() }
    }

    fn tell(&mut self, input: Input) -> Vec<LinkEffect> {
        self.machine.handle(input, self.now)
    }

    /// Lets time pass up to the next deadline.
    fn wake(&mut self) -> Vec<LinkEffect> {
        self.now = self.machine.deadline().expect("nothing is waited for");
        self.tell(Input::Tick)
    }

    fn started() -> Self {
        let mut world = Self::new(true);
        assert_eq!(world.tell(Input::Start), [LinkEffect::Dial(Dial(1))]);
        world
    }

    fn connected() -> Self {
        let mut world = Self::started();
        assert_eq!(world.tell(Input::Opened(Dial(1))), []);
        world
    }
}

#[test]
fn a_stop_wins_over_a_dial_that_is_under_way() {
    let mut world = World::started();
    assert_eq!(world.tell(Input::Stop), [LinkEffect::HangUp]);
    assert_eq!(world.tell(Input::Opened(Dial(1))), []);
    assert_eq!(world.machine.status(), LinkStatus::Disconnected);
    assert_eq!(world.machine.deadline(), None);
}

#[test]
fn nothing_of_an_old_dial_has_an_effect() {
    let mut world = World::started();
    world.tell(Input::Stop);
    world.now += DIAL_PAUSE;
    world.tell(Input::Start);
    for late in [
        Input::Opened(Dial(1)),
        Input::Heard(Dial(1)),
        Input::Lost(Dial(1), "late".into()),
        Input::Refused(Dial(1), "late".into()),
        Input::Unusable(Dial(1), "late".into(), Duration::ZERO),
    ] {
        assert_eq!(world.tell(late), []);
        assert!(matches!(world.machine.state(), State::Dialing { dial: Dial(2), .. }));
    }
}

#[test]
fn a_dial_that_hangs_is_given_up_and_tried_again() {
    let mut world = World::started();
    let begun = world.now;
    assert_eq!(world.wake(), [LinkEffect::HangUp]);
    assert_eq!(world.now - begun, DIAL_WITHIN);
    assert_eq!(world.machine.status(), LinkStatus::Reconnecting);
    assert!(world.machine.trouble().is_some());
    assert_eq!(world.wake(), [LinkEffect::Dial(Dial(2))]);
    assert!(world.machine.trouble().is_some(), "it is still known what was wrong");
}

#[test]
fn silence_is_asked_about_before_it_is_judged() {
    let mut world = World::connected();
    assert_eq!(world.wake(), [LinkEffect::Ping(Dial(1))]);
    world.tell(Input::Heard(Dial(1)));
    assert_eq!(world.wake(), [LinkEffect::Ping(Dial(1))]);
    let pinged = world.now;
    assert_eq!(world.wake(), [LinkEffect::HangUp]);
    assert_eq!(world.now - pinged, PONG_WITHIN);
    assert_eq!(world.machine.status(), LinkStatus::Reconnecting);
}

#[test]
fn a_tick_that_comes_hours_late_asks_and_does_not_judge() {
    let mut world = World::connected();
    world.now += Duration::from_hours(3);
    assert_eq!(world.tell(Input::Tick), [LinkEffect::Ping(Dial(1))]);
    assert_eq!(world.tell(Input::Tick), []);
}

#[test]
fn waits_grow_until_a_connection_has_lasted() {
    let mut world = World::connected();
    let lose = |world: &mut World, dial| {
        world.tell(Input::Lost(Dial(dial), "gone".into()));
        let lost = world.now;
        assert_eq!(world.wake(), [LinkEffect::Dial(Dial(dial + 1))]);
        world.now - lost
    };
    let mut waits = Vec::new();
    for dial in 1..=6 {
        waits.push(lose(&mut world, dial));
        world.tell(Input::Opened(Dial(dial + 1)));
    }
    assert!(waits[5] > Duration::from_secs(14), "{waits:?}");
    world.now += PROVEN_AFTER;
    assert!(lose(&mut world, 7) <= Duration::from_millis(4_500));
}

#[test]
fn a_link_that_does_not_reconnect_fails_with_the_reason() {
    let mut world = World::connected();
    world.tell(Input::AutoReconnect(false));
    assert_eq!(world.machine.status(), LinkStatus::Connected, "the switch leaves the status");
    world.tell(Input::Lost(Dial(1), "gone".into()));
    assert_eq!(world.machine.status(), LinkStatus::Error);
    assert_eq!(world.machine.trouble(), Some(&"gone".into()));
    assert_eq!(world.machine.deadline(), None);
    world.now += DIAL_PAUSE;
    assert_eq!(world.tell(Input::Start), [LinkEffect::Dial(Dial(2))]);
}

#[test]
fn a_wait_ends_in_failure_once_reconnecting_was_switched_off() {
    let mut world = World::connected();
    world.tell(Input::Lost(Dial(1), "gone".into()));
    world.tell(Input::AutoReconnect(false));
    assert_eq!(world.machine.status(), LinkStatus::Reconnecting);
    assert_eq!(world.wake(), []);
    assert_eq!(world.machine.status(), LinkStatus::Error);
}

#[test]
fn a_refusal_is_not_tried_again() {
    let mut world = World::connected();
    assert_eq!(world.tell(Input::Refused(Dial(1), "wrong password".into())), [LinkEffect::HangUp]);
    assert_eq!(world.machine.status(), LinkStatus::Error);
    assert_eq!(world.machine.deadline(), None);
}

#[test]
fn starting_twice_dials_once() {
    let mut world = World::started();
    assert_eq!(world.tell(Input::Start), []);
    world.tell(Input::Opened(Dial(1)));
    assert_eq!(world.tell(Input::Start), []);
}

#[test]
fn restarts_in_a_row_dial_once_a_second() {
    let mut world = World::started();
    let begun = world.now;
    let mut dialed = vec![begun];
    while world.now < begun + Duration::from_secs(10) {
        world.now += Duration::from_millis(50);
        for input in [Input::Stop, Input::Start, Input::Tick] {
            if world.tell(input).iter().any(|order| matches!(order, LinkEffect::Dial(_))) {
                dialed.push(world.now);
            }
        }
    }
    assert!(dialed.windows(2).all(|pair| pair[1] - pair[0] >= DIAL_PAUSE), "{dialed:?}");
    assert!(dialed.len() >= 10, "the pause delays a dial and does not drop it: {}", dialed.len());
}

#[test]
fn a_start_that_came_too_soon_dials_after_the_pause() {
    let mut world = World::started();
    let begun = world.now;
    world.tell(Input::Stop);
    assert_eq!(world.tell(Input::Start), []);
    assert_eq!((world.machine.status(), world.machine.trouble()), (LinkStatus::Reconnecting, None));
    assert_eq!(world.wake(), [LinkEffect::Dial(Dial(2))]);
    assert_eq!(world.now - begun, DIAL_PAUSE);
}

#[test]
fn an_unusable_connection_waits_for_its_pause_and_longer_each_time() {
    let mut world = World::connected();
    // Long enough to count as proven, had it been of use.
    world.now += Duration::from_secs(8);
    let pause = Duration::from_mins(2);
    assert_eq!(world.tell(Input::Unusable(Dial(1), "error -109".into(), pause)), [LinkEffect::HangUp]);
    assert_eq!(world.machine.trouble(), Some(&"error -109".into()));
    assert!(world.machine.deadline().expect("a next dial") >= world.now + pause);
    assert!(matches!(world.machine.state(), State::Waiting { attempt: 2, .. }));
    assert_eq!(world.wake(), [LinkEffect::Dial(Dial(2))]);
}

fn any_input() -> impl Strategy<Value = Input> {
    let dial = (1_u64..6).prop_map(Dial);
    prop_oneof![
        Just(Input::Start),
        Just(Input::Stop),
        any::<bool>().prop_map(Input::AutoReconnect),
        dial.clone().prop_map(Input::Opened),
        dial.clone().prop_map(Input::Heard),
        dial.clone().prop_map(|dial| Input::Lost(dial, "gone".into())),
        dial.clone().prop_map(|dial| Input::Refused(dial, "no".into())),
        dial.prop_map(|dial| Input::Unusable(dial, "no".into(), Duration::ZERO)),
        Just(Input::Tick),
    ]
}

proptest! {
    /// Whoever carries out the orders never has two sockets, and has none when the machine says that there
    /// is none.
    #[test]
    fn what_is_open_is_what_the_machine_believes(
        steps in prop::collection::vec((any_input(), 0_u64..20_000), 0..80), seed: u64,
    ) {
        let mut world = World { machine: Machine::new(true, seed), now: Instant::now() };
        let mut open = None;
        for (input, ms) in steps {
            world.now += Duration::from_millis(ms);
            for order in world.tell(input) {
                match order {
                    LinkEffect::Dial(dial) => {
                        prop_assert_eq!(open, None, "a second dial while one is open");
                        open = Some(dial);
                    }
                    LinkEffect::Ping(dial) => prop_assert_eq!(open, Some(dial)),
                    LinkEffect::HangUp => open = None,
                }
            }
            let believed = match world.machine.state() {
                State::Dialing { dial, .. } | State::Connected { dial, .. } => Some(*dial),
                State::Stopped | State::Waiting { .. } | State::Failed { .. } => None,
            };
            prop_assert_eq!(open, believed);
            if let Some(deadline) = world.machine.deadline() {
                prop_assert!(deadline <= world.now + Duration::from_secs(40));
            }
        }
    }
}
