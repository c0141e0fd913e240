use latido_protocol::{
    device::{Device, DeviceId},
    problem::Problem,
    time::Timestamp,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::orders;
use crate::{
    api::error::ApiError,
    data::queries::document::FetchMark,
    features::equipment::{
        devices::{Control, DeviceState, Devices, OptimisticValue},
        switch_failure::SwitchFailure,
    },
};

/// `lamp`, as it was heard of at a second.
fn lamp(second: i64, on: bool) -> Device {
    Device {
        id: DeviceId::new("lamp"),
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

fn fetch(begun: u64) -> FetchMark {
    FetchMark { begun, after_reset: false }
}

fn known(device: Device) -> Devices {
    let mut devices = Devices::default();
    devices.answer(vec![device], fetch(1));
    devices
}

fn only(devices: &Devices) -> DeviceState {
    devices.shown().unwrap().next().unwrap().clone()
}

fn is_on(devices: &Devices) -> bool {
    only(devices).is_on(Control::Relay)
}

fn refusal(status: u16) -> ApiError {
    ApiError::Refused(Problem::of_status(status, ""))
}

/// What tells, after an attempt, that it has worked.
type Confirmation<'a> = &'a dyn Fn(&mut Devices, u32);

const LAMP: &str = "lamp";

fn ask(devices: &mut Devices, on: bool) -> u32 {
    devices.ask(&DeviceId::new(LAMP), Control::Relay, on).unwrap()
}

fn answered(devices: &mut Devices, attempt: u32, outcome: Result<Device, ApiError>, moment: u64) {
    devices.answered(&DeviceId::new(LAMP), Control::Relay, attempt, outcome, moment);
}

#[wasm_bindgen_test]
fn whatever_comes_first_the_newest_state_is_shown() {
    // The lamp was off in an answer, then went on, off and on again; the last answer has seen two of these.
    let arrivals: [&dyn Fn(&mut Devices); 5] = [
        &|devices| devices.answer(vec![lamp(1, false)], fetch(2)),
        &|devices| devices.heard(lamp(2, true), 10),
        &|devices| devices.heard(lamp(3, false), 11),
        &|devices| devices.heard(lamp(4, true), 12),
        &|devices| devices.answer(vec![lamp(3, false)], fetch(3)),
    ];
    for order in orders(arrivals.len()) {
        let mut devices = known(lamp(0, false));
        for place in &order {
            arrivals[*place](&mut devices);
        }
        assert_eq!(only(&devices).device, lamp(4, true), "{order:?}");
    }
}

#[wasm_bindgen_test]
fn response_updates_devices_without_newer_events() {
    let mut devices = known(named("a", "A"));
    devices.heard(named("c", "C"), 5);
    devices.answer(vec![named("b", "B")], fetch(4));
    let names = |devices: &Devices| -> Vec<String> {
        devices.shown().unwrap().map(|shown| shown.device.name.clone()).collect()
    };
    assert_eq!(names(&devices), ["B", "C"], "an event told of C after the fetch had begun");
    devices.answer(vec![named("b", "B")], fetch(6));
    assert_eq!(names(&devices), ["B"]);
}

#[wasm_bindgen_test]
fn one_event_is_not_the_whole_list() {
    let mut devices = Devices::default();
    devices.heard(lamp(1, true), 1);
    assert!(devices.shown().is_none());
}

#[wasm_bindgen_test]
fn earlier_clock_is_accepted_after_reset() {
    let mut devices = known(lamp(100, true));
    devices.answer(vec![lamp(50, false)], fetch(2));
    assert!(is_on(&devices), "a copy that lags behind");
    devices.answer(vec![lamp(50, false)], FetchMark { begun: 3, after_reset: true });
    assert!(!is_on(&devices));
}

#[wasm_bindgen_test]
fn switch_is_optimistic_until_first_confirmation() {
    let confirmations: [Confirmation; 3] = [
        &|devices, _| devices.heard(lamp(2, true), 5),
        &|devices, attempt| answered(devices, attempt, Ok(lamp(2, true)), 5),
        &|devices, _| devices.answer(vec![lamp(2, true)], fetch(5)),
    ];
    for order in orders(confirmations.len()) {
        let mut devices = known(lamp(1, false));
        let attempt = ask(&mut devices, true);
        assert!(is_on(&devices));
        assert!(only(&devices).optimistic(Control::Relay).is_asked());
        for place in &order {
            confirmations[*place](&mut devices, attempt);
            assert!(is_on(&devices), "{order:?}");
            assert_eq!(*only(&devices).optimistic(Control::Relay), OptimisticValue::None, "{order:?}");
        }
    }
}

#[wasm_bindgen_test]
fn measurements_do_not_take_back_what_was_asked() {
    let mut devices = known(lamp(1, false));
    ask(&mut devices, true);
    devices.heard(lamp(2, false), 5);
    devices.answer(vec![lamp(3, false)], fetch(6));
    assert!(is_on(&devices), "its own answer is still to come");
}

#[wasm_bindgen_test]
fn a_refusal_takes_it_back_and_says_why() {
    let mut devices = known(lamp(1, false));
    let attempt = ask(&mut devices, true);
    answered(&mut devices, attempt, Err(refusal(409)), 5);
    assert!(!is_on(&devices));
    let shown = only(&devices);
    let (value, why) = shown.optimistic(Control::Relay).failure().unwrap();
    assert_eq!((value, SwitchFailure::of(why)), (true, SwitchFailure::OutOfReach));
    devices.dismiss(&DeviceId::new(LAMP), Control::Relay);
    assert_eq!(*only(&devices).optimistic(Control::Relay), OptimisticValue::None);
}

#[wasm_bindgen_test]
fn failed_request_with_success_is_no_failure() {
    let mut devices = known(lamp(1, false));
    let attempt = ask(&mut devices, true);
    answered(&mut devices, attempt, Err(ApiError::TimedOut), 5);
    devices.heard(lamp(2, true), 6);
    assert_eq!(*only(&devices).optimistic(Control::Relay), OptimisticValue::None);

    let mut devices = known(lamp(1, false));
    let attempt = ask(&mut devices, true);
    devices.heard(lamp(2, true), 5);
    answered(&mut devices, attempt, Err(ApiError::TimedOut), 6);
    assert!(is_on(&devices));
    assert_eq!(*only(&devices).optimistic(Control::Relay), OptimisticValue::None);
}

#[wasm_bindgen_test]
fn late_response_does_not_affect_next_attempt() {
    let mut devices = known(lamp(1, false));
    let first = ask(&mut devices, true);
    assert_eq!(devices.ask(&DeviceId::new(LAMP), Control::Relay, true), None, "one at a time");
    devices.heard(lamp(2, true), 5);
    ask(&mut devices, false);
    answered(&mut devices, first, Err(ApiError::Unreachable), 6);
    assert!(only(&devices).optimistic(Control::Relay).is_asked());
}

#[wasm_bindgen_test]
fn offline_device_keeps_its_measurements() {
    let mut devices = known(lamp(1, true));
    let attempt = ask(&mut devices, false);
    devices.heard(Device { online: false, current_power: 0.0, ..lamp(1, false) }, 5);
    assert!(
        only(&devices).optimistic(Control::Relay).is_asked(),
        "off because it is out of reach is not off"
    );
    answered(&mut devices, attempt, Err(refusal(502)), 6);
    let shown = only(&devices);
    assert!(!shown.device.online && shown.optimistic(Control::Relay).failure().is_some());
    assert_eq!((shown.device.voltage, shown.device.temperature), (Some(230.0), Some(30.0)));
}

#[wasm_bindgen_test]
fn every_refusal_has_its_own_words() {
    let cases = [
        (ApiError::Unreachable, SwitchFailure::Unreachable),
        (ApiError::TimedOut, SwitchFailure::Unsure),
        (ApiError::Unreadable, SwitchFailure::Unsure),
        (ApiError::SignedOut, SwitchFailure::SignedOut),
        (refusal(403), SwitchFailure::NotAllowed),
        (refusal(404), SwitchFailure::Gone),
        (refusal(409), SwitchFailure::OutOfReach),
        (refusal(429), SwitchFailure::Busy),
        (refusal(502), SwitchFailure::Refused),
        (refusal(504), SwitchFailure::Unsure),
    ];
    for (error, trouble) in cases {
        assert_eq!(SwitchFailure::of(&error), trouble, "{error:?}");
    }
}
