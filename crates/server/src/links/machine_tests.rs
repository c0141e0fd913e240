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

    fn tell(&mut self, input: Input) -> Vec<Order> {
        self.machine.handle(input, self.now)
    }

    /// Lets time pass up to the next deadline.
    fn wake(&mut self) -> Vec<Order> {
        self.now = self.machine.deadline().expect("nothing is waited for");
        self.tell(Input::Tick)
    }

    fn started() -> Self {
        let mut world = Self::new(true);
        assert_eq!(world.tell(Input::Start), [Order::Dial(Dial(1))]);
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
    assert_eq!(world.tell(Input::Stop), [Order::HangUp]);
    assert_eq!(world.tell(Input::Opened(Dial(1))), []);
    assert_eq!(world.machine.status(), LinkStatus::Disconnected);
    assert_eq!(world.machine.deadline(), None);
}

#[test]
fn nothing_of_an_old_dial_has_an_effect() {
    let mut world = World::started();
    world.tell(Input::Stop);
    world.tell(Input::Start);
    for late in [
        Input::Opened(Dial(1)),
        Input::Heard(Dial(1)),
        Input::Lost(Dial(1), "late".to_owned()),
        Input::Refused(Dial(1), "late".to_owned()),
    ] {
        assert_eq!(world.tell(late), []);
        assert!(matches!(world.machine.state(), State::Dialing { dial: Dial(2), .. }));
    }
}

#[test]
fn a_dial_that_hangs_is_given_up_and_tried_again() {
    let mut world = World::started();
    let begun = world.now;
    assert_eq!(world.wake(), [Order::HangUp]);
    assert_eq!(world.now - begun, DIAL_WITHIN);
    assert_eq!(world.machine.status(), LinkStatus::Reconnecting);
    assert!(world.machine.trouble().is_some());
    assert_eq!(world.wake(), [Order::Dial(Dial(2))]);
    assert!(world.machine.trouble().is_some(), "it is still known what was wrong");
}

#[test]
fn silence_is_asked_about_before_it_is_judged() {
    let mut world = World::connected();
    assert_eq!(world.wake(), [Order::Ping(Dial(1))]);
    world.tell(Input::Heard(Dial(1)));
    assert_eq!(world.wake(), [Order::Ping(Dial(1))]);
    let pinged = world.now;
    assert_eq!(world.wake(), [Order::HangUp]);
    assert_eq!(world.now - pinged, PONG_WITHIN);
    assert_eq!(world.machine.status(), LinkStatus::Reconnecting);
}

#[test]
fn a_tick_that_comes_hours_late_asks_and_does_not_judge() {
    let mut world = World::connected();
    world.now += Duration::from_hours(3);
    assert_eq!(world.tell(Input::Tick), [Order::Ping(Dial(1))]);
    assert_eq!(world.tell(Input::Tick), []);
}

#[test]
fn waits_grow_until_a_connection_has_lasted() {
    let mut world = World::connected();
    let lose = |world: &mut World, dial| {
        world.tell(Input::Lost(Dial(dial), "gone".to_owned()));
        let lost = world.now;
        assert_eq!(world.wake(), [Order::Dial(Dial(dial + 1))]);
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
    world.tell(Input::Lost(Dial(1), "gone".to_owned()));
    assert_eq!(world.machine.status(), LinkStatus::Error);
    assert_eq!(world.machine.trouble(), Some("gone"));
    assert_eq!(world.machine.deadline(), None);
    assert_eq!(world.tell(Input::Start), [Order::Dial(Dial(2))]);
}

#[test]
fn a_wait_ends_in_failure_once_reconnecting_was_switched_off() {
    let mut world = World::connected();
    world.tell(Input::Lost(Dial(1), "gone".to_owned()));
    world.tell(Input::AutoReconnect(false));
    assert_eq!(world.machine.status(), LinkStatus::Reconnecting);
    assert_eq!(world.wake(), []);
    assert_eq!(world.machine.status(), LinkStatus::Error);
}

#[test]
fn a_refusal_is_not_tried_again() {
    let mut world = World::connected();
    assert_eq!(world.tell(Input::Refused(Dial(1), "wrong password".to_owned())), [Order::HangUp]);
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

fn any_input() -> impl Strategy<Value = Input> {
    let dial = (1_u64..6).prop_map(Dial);
    prop_oneof![
        Just(Input::Start),
        Just(Input::Stop),
        any::<bool>().prop_map(Input::AutoReconnect),
        dial.clone().prop_map(Input::Opened),
        dial.clone().prop_map(Input::Heard),
        dial.clone().prop_map(|dial| Input::Lost(dial, "gone".to_owned())),
        dial.prop_map(|dial| Input::Refused(dial, "no".to_owned())),
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
                    Order::Dial(dial) => {
                        prop_assert_eq!(open, None, "a second dial while one is open");
                        open = Some(dial);
                    }
                    Order::Ping(dial) => prop_assert_eq!(open, Some(dial)),
                    Order::HangUp => open = None,
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
