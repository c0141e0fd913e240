//! A link in any order of events, with a database that may fail.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use latido_protocol::{
    link::{LinkType, ReferenceId},
    reason::Params,
};
use proptest::prelude::*;

use super::*;

fn record() -> ManagedConnection {
    ManagedConnection {
        id: LinkId::new("l"),
        kind: LinkType::Shelly,
        reference_id: ReferenceId::new("plug").unwrap(),
        status: LinkStatus::Disconnected,
        last_ping_at: None,
        error_message: None,
        error_code: None,
        error_params: Params::default(),
        metadata: None,
        auto_reconnect: true,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
    }
}

/// A link, what the database knows of it, and who hears of it.
struct World {
    link: Link,
    now: Now,
    written: BTreeMap<DeviceChannel, Device>,
    written_status: LinkStatus,
    rows: Vec<ConnectionLog>,
    dial: Option<Dial>,
}

impl World {
    fn new() -> Self {
        Self {
            link: Link::restore(record(), [], 1),
            now: Now { at: Timestamp::EPOCH, instant: Instant::now() },
            written: BTreeMap::new(),
            written_status: LinkStatus::Disconnected,
            rows: Vec::new(),
            dial: None,
        }
    }

    fn pass(&mut self, ms: u64) {
        self.now.instant += Duration::from_millis(ms);
        self.now.at = self.now.at.plus_ms(ms.cast_signed());
    }

    fn tell(&mut self, input: Input) {
        let orders = self.link.handle(input, self.now);
        self.carry_out(&orders);
    }

    fn act(&mut self, action: LinkAction) {
        let orders = self.link.act(action, LogMetadata::default(), self.now);
        self.carry_out(&orders);
    }

    fn carry_out(&mut self, orders: &[LinkEffect]) {
        for order in orders {
            match order {
                LinkEffect::Dial(dial) => self.dial = Some(*dial),
                LinkEffect::Ping(_) | LinkEffect::HangUp => {}
            }
        }
    }

    /// Writes what is due, if the database works.
    fn flush(&mut self, works: bool) {
        if self.link.changes_due(self.now.instant).is_none_or(|due| due > self.now.instant) {
            return;
        }
        let changes = self.link.take_changes(self.now);
        if !works {
            return self.link.put_back(changes);
        }
        self.written_status = changes.connection.map_or(self.written_status, |record| record.status);
        self.written.extend(changes.devices);
        self.rows.extend(changes.rows);
    }

    fn connect(&mut self) {
        self.act(LinkAction::Start);
        self.tell(Input::Opened(self.dial.unwrap()));
    }

    fn kinds(&self) -> Vec<LogKind> {
        self.rows.iter().map(|row| row.event_type).collect()
    }
}

fn plug(number: u8) -> DeviceChannel {
    DeviceChannel::new(&format!("switch:{number}")).unwrap()
}

fn on(number: u8) -> Reading {
    Reading { relay_on: Some(true), power: Some(60.0), ..Reading::of(plug(number)) }
}

#[test]
fn a_connection_alone_brings_no_device_online() {
    let mut world = World::new();
    world.connect();
    world.link.read(world.dial.unwrap(), on(0), world.now);
    world.tell(Input::Lost(world.dial.unwrap(), "gone".into()));
    world.pass(60_000);
    world.tell(Input::Tick);
    world.tell(Input::Opened(world.dial.unwrap()));
    world.flush(true);
    assert_eq!(world.written_status, LinkStatus::Connected);
    assert!(!world.written[&plug(0)].online, "it waits for a message");
    world.link.read(world.dial.unwrap(), on(0), world.now);
    world.flush(true);
    assert!(world.written[&plug(0)].online);
}

#[test]
fn a_lost_connection_and_its_devices_are_one_change() {
    let mut world = World::new();
    world.connect();
    world.link.read(world.dial.unwrap(), on(0), world.now);
    world.flush(true);
    world.tell(Input::Lost(world.dial.unwrap(), "gone".into()));
    let changes = world.link.take_changes(world.now);
    assert_eq!(changes.connection.unwrap().status, LinkStatus::Reconnecting);
    let (_, device) = &changes.devices[0];
    assert_eq!((device.online, device.relay_on, device.current_power), (false, false, 0.0));
}

#[test]
fn what_another_dial_says_reaches_no_device() {
    let mut world = World::new();
    world.connect();
    let old = world.dial.unwrap();
    world.act(LinkAction::Restart);
    world.tell(Input::Opened(world.dial.unwrap()));
    world.link.heard(old, Some(10), world.now);
    world.link.read(old, on(0), world.now);
    assert_eq!(world.link.device(&plug(0)), None);
    assert_eq!(world.link.figures().messages, 0);
}

#[test]
fn the_actions_do_what_the_contract_says() {
    let mut world = World::new();
    let said = |world: &World| (world.link.status(), world.link.auto_reconnect());
    world.connect();
    assert_eq!(said(&world), (LinkStatus::Connected, true));
    world.act(LinkAction::ToggleReconnect);
    assert_eq!(said(&world), (LinkStatus::Connected, false));
    world.act(LinkAction::Stop);
    assert_eq!(said(&world), (LinkStatus::Disconnected, false));
    world.act(LinkAction::ToggleReconnect);
    assert_eq!(said(&world), (LinkStatus::Disconnected, true));
    world.act(LinkAction::Stop);
    world.act(LinkAction::Restart);
    assert_eq!(said(&world), (LinkStatus::Reconnecting, true));
    world.flush(true);
    assert_eq!(world.kinds().iter().filter(|kind| **kind == LogKind::Action).count(), 6);
}

#[test]
fn an_outage_is_logged_once_and_not_with_every_attempt() {
    let mut world = World::new();
    world.act(LinkAction::Start);
    for _ in 0..5 {
        world.tell(Input::Lost(world.dial.unwrap(), "refused".into()));
        world.pass(31_000);
        world.tell(Input::Tick);
    }
    world.flush(true);
    assert_eq!(world.kinds(), [LogKind::Action, LogKind::Error]);
    world.tell(Input::Opened(world.dial.unwrap()));
    world.tell(Input::Lost(world.dial.unwrap(), "refused".into()));
    world.flush(true);
    assert_eq!(world.kinds()[2..], [LogKind::Connect, LogKind::Disconnect]);
}

#[test]
fn what_an_earlier_run_left_online_is_put_right() {
    let stale = ManagedConnection { status: LinkStatus::Connected, ..record() };
    let mut world = World::new();
    world.connect();
    world.link.read(world.dial.unwrap(), on(0), world.now);
    world.flush(true);
    let mut link = Link::restore(stale, world.written.clone(), 1);
    let changes = link.take_changes(world.now);
    assert_eq!(changes.connection.unwrap().status, LinkStatus::Disconnected);
    assert!(!changes.devices[0].1.online);
}

#[derive(Clone, Debug)]
enum Event {
    Act(LinkAction),
    Opened,
    OpenedLate,
    Lost,
    Message(u8),
    LateMessage(u8),
    Pass(u64),
    Flush { works: bool },
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => prop::sample::select(LinkAction::ALL).prop_map(Event::Act),
        3 => Just(Event::Opened),
        1 => Just(Event::OpenedLate),
        2 => Just(Event::Lost),
        4 => (0_u8..3).prop_map(Event::Message),
        1 => (0_u8..3).prop_map(Event::LateMessage),
        2 => (0_u64..40_000).prop_map(Event::Pass),
        3 => any::<bool>().prop_map(|works| Event::Flush { works }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever happens in whatever order: a device is online only if the link stands and a message came
    /// from it since, and once the database works it says what is so.
    #[test]
    fn devices_are_online_only_by_a_message_over_a_standing_link(
        events in prop::collection::vec(any_event(), 1..120),
    ) {
        let mut world = World::new();
        let mut heard = BTreeSet::new();
        for event in events {
            let before = world.link.connected();
            match event {
                Event::Act(action) => world.act(action),
                Event::Opened => {
                    if let Some(dial) = world.dial {
                        world.tell(Input::Opened(dial));
                    }
                }
                Event::OpenedLate => world.tell(Input::Opened(Dial(world.dial.map_or(0, |dial| dial.0.saturating_sub(1))))),
                Event::Lost => {
                    if let Some(dial) = world.dial {
                        world.tell(Input::Lost(dial, "gone".into()));
                    }
                }
                Event::Message(number) => {
                    if let Some(dial) = world.link.connected() {
                        world.link.heard(dial, Some(10), world.now);
                        world.link.read(dial, on(number), world.now);
                        heard.insert(plug(number));
                    }
                }
                Event::LateMessage(number) => {
                    let late = Dial(world.dial.map_or(0, |dial| dial.0.saturating_sub(1)));
                    world.link.read(late, on(number), world.now);
                }
                Event::Pass(ms) => {
                    world.pass(ms);
                    world.tell(Input::Tick);
                }
                Event::Flush { works } => world.flush(works),
            }
            if world.link.connected() != before {
                heard.clear();
            }
            for (channel, device) in world.link.devices() {
                let expected = world.link.connected().is_some() && heard.contains(channel);
                prop_assert_eq!(device.online, expected, "{:?}", channel);
                prop_assert!(device.online || (!device.relay_on && device.current_power == 0.0));
            }
        }
        // A minute later everything has been written.
        world.now.instant += Duration::from_mins(1);
        world.flush(true);
        prop_assert_eq!(world.written_status, world.link.status());
        let believed: BTreeMap<_, _> =
            world.link.devices().map(|(channel, device)| (channel.clone(), device.clone())).collect();
        prop_assert_eq!(&world.written, &believed);
    }
}
