#![allow(clippy::unwrap_used)]

use latido_protocol::device::DeviceEvent;

use super::*;
use crate::sample::orders;

const NOW: Timestamp = Timestamp::EPOCH;
const LAMP: &str = "lamp";

/// `lamp`, as it was heard of at a second.
fn lamp(second: i64, on: bool) -> Device {
    Device {
        id: DeviceId::new(LAMP),
        name: "Lamp".to_owned(),
        online: true,
        relay_on: on,
        current_power: if on { 40.0 } else { 0.0 },
        voltage: Some(230.0),
        temperature: Some(30.0),
        last_seen_at: Timestamp::from_unix_ms(second * 1000),
        appointment_only_mode: false,
    }
}

fn named(id: &str, name: &str) -> Device {
    Device { id: DeviceId::new(id), name: name.to_owned(), ..lamp(1, false) }
}

fn answer(devices: &mut Devices<u16>, all: Vec<Device>) {
    let mark = devices.begin_fetch(NOW);
    answer_to(devices, mark, all);
}

fn answer_to(devices: &mut Devices<u16>, mark: FetchMark, all: Vec<Device>) {
    devices.apply_first_page(mark, DeviceList { devices: all }, true);
}

fn known(device: Device) -> Devices<u16> {
    let mut devices = Devices::default();
    answer(&mut devices, vec![device]);
    devices
}

fn hear(devices: &mut Devices<u16>, device: Device) {
    devices.apply_event(&Event::heard(&DeviceEvent::Updated(device)).unwrap(), NOW);
}

fn only(devices: &Devices<u16>) -> ShownDevice<u16> {
    devices.shown().unwrap().next().unwrap()
}

fn is_on(devices: &Devices<u16>) -> bool {
    only(devices).is_on(Control::Relay)
}

fn is_settled(devices: &Devices<u16>) -> bool {
    let shown = only(devices);
    !shown.is_asked(Control::Relay) && shown.failure(Control::Relay).is_none()
}

fn ask(devices: &mut Devices<u16>, on: bool) -> u32 {
    devices.ask(&DeviceId::new(LAMP), Control::Relay, on).unwrap()
}

fn answered(devices: &mut Devices<u16>, attempt: u32, outcome: Result<Device, u16>) {
    devices.answered(&DeviceId::new(LAMP), Control::Relay, attempt, outcome, NOW);
}

#[test]
fn whatever_comes_first_the_newest_state_is_shown() {
    // The lamp was off in an answer, then went on, off and on again; the last answer has seen two of these.
    type Arrival<'a> = &'a dyn Fn(&mut Devices<u16>, FetchMark);
    let arrivals: [Arrival; 5] = [
        &|devices, early| answer_to(devices, early, vec![lamp(1, false)]),
        &|devices, _| hear(devices, lamp(2, true)),
        &|devices, _| hear(devices, lamp(3, false)),
        &|devices, _| hear(devices, lamp(4, true)),
        &|devices, early| answer_to(devices, early, vec![lamp(3, false)]),
    ];
    for order in orders(arrivals.len()) {
        let mut devices = known(lamp(0, false));
        let early = devices.begin_fetch(NOW);
        for place in &order {
            arrivals[*place](&mut devices, early);
        }
        assert_eq!(only(&devices).device, lamp(4, true), "{order:?}");
    }
}

#[test]
fn answer_decides_about_devices_without_later_events() {
    let mut devices = known(named("a", "A"));
    let mark = devices.begin_fetch(NOW);
    hear(&mut devices, named("c", "C"));
    answer_to(&mut devices, mark, vec![named("b", "B")]);
    let names = |devices: &Devices<u16>| -> Vec<String> {
        devices.shown().unwrap().map(|shown| shown.device.name).collect()
    };
    assert_eq!(names(&devices), ["B", "C"], "an event told of C after the fetch had begun");
    answer(&mut devices, vec![named("b", "B")]);
    assert_eq!(names(&devices), ["B"]);
}

#[test]
fn one_event_is_not_the_whole_list() {
    let mut devices = Devices::default();
    hear(&mut devices, lamp(1, true));
    assert!(devices.shown().is_none());
}

#[test]
fn earlier_clock_is_accepted_after_a_reset() {
    let mut devices = known(lamp(100, true));
    answer(&mut devices, vec![lamp(50, false)]);
    assert!(is_on(&devices), "a copy that lags behind");
    devices.mark_stale();
    answer(&mut devices, vec![lamp(50, false)]);
    assert!(!is_on(&devices));
}

#[test]
fn switch_shows_until_its_first_confirmation() {
    type Confirmation<'a> = &'a dyn Fn(&mut Devices<u16>, u32);
    let confirmations: [Confirmation; 3] = [
        &|devices, _| hear(devices, lamp(2, true)),
        &|devices, attempt| answered(devices, attempt, Ok(lamp(2, true))),
        &|devices, _| answer(devices, vec![lamp(2, true)]),
    ];
    for order in orders(confirmations.len()) {
        let mut devices = known(lamp(1, false));
        let attempt = ask(&mut devices, true);
        assert!(is_on(&devices) && only(&devices).is_asked(Control::Relay));
        for place in &order {
            confirmations[*place](&mut devices, attempt);
            assert!(is_on(&devices) && is_settled(&devices), "{order:?}");
        }
    }
}

#[test]
fn measurements_do_not_take_back_what_was_asked() {
    let mut devices = known(lamp(1, false));
    ask(&mut devices, true);
    hear(&mut devices, lamp(2, false));
    answer(&mut devices, vec![lamp(3, false)]);
    assert!(is_on(&devices), "its own answer is still to come");
}

#[test]
fn refusal_takes_it_back_and_says_why() {
    let mut devices = known(lamp(1, false));
    let attempt = ask(&mut devices, true);
    answered(&mut devices, attempt, Err(409));
    assert!(!is_on(&devices));
    assert_eq!(only(&devices).failure(Control::Relay), Some((true, &409)));
    devices.dismiss(&DeviceId::new(LAMP), Control::Relay);
    assert!(is_settled(&devices));
}

#[test]
fn failed_request_whose_switch_worked_is_no_failure() {
    let mut devices = known(lamp(1, false));
    let attempt = ask(&mut devices, true);
    answered(&mut devices, attempt, Err(504));
    hear(&mut devices, lamp(2, true));
    assert!(is_settled(&devices));

    let mut devices = known(lamp(1, false));
    let attempt = ask(&mut devices, true);
    hear(&mut devices, lamp(2, true));
    answered(&mut devices, attempt, Err(504));
    assert!(is_on(&devices) && is_settled(&devices));
}

#[test]
fn late_outcome_does_not_affect_the_next_attempt() {
    let mut devices = known(lamp(1, false));
    let first = ask(&mut devices, true);
    assert_eq!(devices.ask(&DeviceId::new(LAMP), Control::Relay, true), None, "one at a time");
    hear(&mut devices, lamp(2, true));
    ask(&mut devices, false);
    answered(&mut devices, first, Err(504));
    assert!(only(&devices).is_asked(Control::Relay));
}

#[test]
fn relay_out_of_reach_confirms_nothing() {
    let mut devices = known(lamp(1, true));
    let attempt = ask(&mut devices, false);
    hear(&mut devices, Device { online: false, current_power: 0.0, ..lamp(1, false) });
    assert!(only(&devices).is_asked(Control::Relay), "off because it is out of reach is not off");
    answered(&mut devices, attempt, Err(502));
    let shown = only(&devices);
    assert!(!shown.device.online && shown.failure(Control::Relay).is_some());
    assert_eq!((shown.device.voltage, shown.device.temperature), (Some(230.0), Some(30.0)));
}
