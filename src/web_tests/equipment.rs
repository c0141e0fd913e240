use latido_cache::{
    families::devices::{Control, Devices},
    model::Model,
};
use latido_protocol::{
    device::{Device, DeviceId, DeviceList},
    time::Timestamp,
    values::Language,
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, test_app::TestApp, text_of};
use crate::{
    api::{Api, error::ApiError},
    config::Config,
    data::queries::Queries,
    features::equipment::{
        Equipment,
        board::{Board, Card, DeviceState},
        card::{DeviceCard, Rights},
    },
    i18n::Locale,
};

const ADMIN: &str = "admin";

/// The card's present.
const NOW: Timestamp = Timestamp::EPOCH;

fn id() -> DeviceId {
    DeviceId::new("lamp")
}

fn lamp(online: bool, on: bool) -> Device {
    Device {
        id: id(),
        name: "Lamp".to_owned(),
        online,
        relay_on: on,
        current_power: if on { 42.5 } else { 0.0 },
        voltage: Some(230.1),
        temperature: None,
        last_seen_at: NOW.plus_ms(-3_600_000),
        appointment_only_mode: true,
    }
}

fn shown(device: Device, then: impl FnOnce(&mut Devices<ApiError>)) -> DeviceState {
    let mut devices = Devices::default();
    let mark = devices.begin_fetch(NOW);
    devices.apply_first_page(mark, DeviceList { devices: vec![device] }, true);
    then(&mut devices);
    devices.shown().unwrap().next().unwrap()
}

/// A card in English, and the signal that it shows.
async fn card(role: &'static str, shown: DeviceState) -> (web_sys::HtmlElement, ArcRwSignal<DeviceState>) {
    card_known(role, shown, Signal::stored(true)).await
}

async fn card_known(
    role: &'static str,
    shown: DeviceState,
    is_known: Signal<bool>,
) -> (web_sys::HtmlElement, ArcRwSignal<DeviceState>) {
    let stage = stage();
    let signal = ArcRwSignal::new(shown);
    let card = Card { key: "lamp".to_owned(), value: signal.clone() };
    let handle = mount_to(stage.clone(), move || {
        let api = Api::new(&Config::read());
        provide_context(api.clone());
        provide_context(Queries::new(api));
        provide_context(Locale::of(Language::En));
        let board = Board::follow();
        view! { <DeviceCard board card=card.clone() rights=Rights::of(role) is_known now=Signal::stored(NOW)/> }
    });
    handle.forget();
    settle(20).await;
    (stage, signal)
}

fn attribute(stage: &web_sys::HtmlElement, selector: &str, name: &str) -> String {
    stage.query_selector(selector).unwrap().unwrap().get_attribute(name).unwrap()
}

const SWITCH: &str = "[data-testid=relay]";

#[wasm_bindgen_test]
async fn device_shows_power_and_since_when() {
    let (stage, _) = card(ADMIN, shown(lamp(true, true), |_| ())).await;
    let said = text_of(&stage, "[data-testid=device]");
    for part in ["Lamp", "Online", "seen 1 hr. ago", "42.5", "230.1 V", "–", "On"] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    assert_eq!(attribute(&stage, SWITCH, "role"), "switch");
    assert_eq!(attribute(&stage, SWITCH, "aria-checked"), "true");
    assert_eq!(attribute(&stage, SWITCH, "aria-label"), "Switch Lamp on");
}

#[wasm_bindgen_test]
async fn device_not_seen_lately_is_unknown() {
    let is_known = RwSignal::new(true);
    let (stage, _) = card_known(ADMIN, shown(lamp(true, true), |_| ()), is_known.into()).await;
    is_known.set(false);
    settle(20).await;
    let said = text_of(&stage, "[data-testid=device]");
    assert!(said.contains("Not known right now") && said.contains("seen 1 hr. ago"), "{said}");
    assert!(!said.contains("Online") && !said.contains("42.5"), "{said}");
    is_known.set(true);
    settle(20).await;
    assert!(text_of(&stage, "[data-testid=device]").contains("Online"));
}

#[wasm_bindgen_test]
async fn offline_device_keeps_values_and_says_so() {
    let (stage, _) = card(ADMIN, shown(lamp(false, false), |_| ())).await;
    let said = text_of(&stage, "[data-testid=device]");
    assert!(said.contains("Offline") && said.contains("230.1 V"), "{said}");
    assert!(said.contains("Last known values"), "{said}");
    assert_eq!(attribute(&stage, SWITCH, "aria-disabled"), "true");
    assert_eq!(text_of(&stage, "[data-testid=relay-state]"), "");
}

#[wasm_bindgen_test]
async fn switch_keeps_its_element_through_failure() {
    let asked = shown(lamp(true, false), |devices| {
        devices.ask(&id(), Control::Relay, true).unwrap();
    });
    let (stage, signal) = card(ADMIN, asked).await;
    assert_eq!(text_of(&stage, "[data-testid=relay-state]"), "Switching on…");
    assert_eq!(attribute(&stage, SWITCH, "aria-busy"), "true");
    assert_eq!(attribute(&stage, SWITCH, "aria-checked"), "true");
    let before = stage.query_selector(SWITCH).unwrap();

    signal.set(shown(lamp(true, false), |devices| {
        let attempt = devices.ask(&id(), Control::Relay, true).unwrap();
        devices.answered(&id(), Control::Relay, attempt, Err(ApiError::Unreachable), NOW);
    }));
    settle(20).await;
    assert_eq!(stage.query_selector(SWITCH).unwrap(), before, "whoever stands on it keeps their place");
    assert_eq!(attribute(&stage, SWITCH, "aria-checked"), "false");
    let said = text_of(&stage, "[data-testid=device-failure]");
    assert!(said.starts_with("It could not be switched on. The server cannot be reached."), "{said}");
}

#[wasm_bindgen_test]
async fn who_may_not_switch_finds_no_switch() {
    let found = async |role| {
        let (stage, _) = card(role, shown(lamp(true, true), |_| ())).await;
        let has = |selector: &str| stage.query_selector(selector).unwrap().is_some();
        let said = text_of(&stage, "[data-testid=device]").contains("Appointments only");
        (has(SWITCH), has("[data-testid=appointment-only]"), said)
    };
    assert_eq!(found("user").await, (false, false, true));
    assert_eq!(found("coach").await, (true, false, true));
    assert_eq!(found(ADMIN).await, (true, true, true));
}

#[wasm_bindgen_test]
async fn user_reads_who_may_switch_the_devices() {
    for (language, said) in [
        (Language::Es, "Puedes ver los dispositivos; los accionan quienes acompañan o administran."),
        (Language::En, "You can see the devices; coaches and admins switch them."),
    ] {
        let mut app = TestApp::for_a("user").await;
        app.language.set(language);
        let list = serde_json::json!({ "devices": [lamp(true, true)] });
        app.server.says("GET /devices", 200, &list.to_string());
        app.show(|| view! { <Equipment/> }.into_any()).await;
        settle(100).await;
        assert_eq!(app.text(".device-rights"), said);
    }
}
