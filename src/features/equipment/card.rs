//! One device: whether it is there, what it draws, and its switches.

use latido_cache::families::devices::Control;
use latido_protocol::time::Timestamp;
use leptos::prelude::*;

use super::{
    board::{Board, Card, DeviceState},
    strings::{EquipmentStrings, strings},
    switch_failure::SwitchFailure,
};
use crate::{
    browser::format,
    i18n::{Locale, use_locale},
    ui::view::{click, reactive, text, when},
};

/// What the one who looks may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Coaches and admins.
    pub switch: bool,
    /// Admins.
    pub set_up: bool,
}

impl Rights {
    pub fn of(role: &str) -> Self {
        Self { switch: matches!(role, "coach" | "admin"), set_up: role == "admin" }
    }
}

/// `is_known` is whether the shown state is current; `now` ticks.
#[component]
pub fn DeviceCard(
    board: Board,
    card: Card,
    rights: Rights,
    is_known: Signal<bool>,
    now: Signal<Timestamp>,
) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let shown: Signal<DeviceState> = card.value.clone().into();
    let id = card.key.clone();
    let is_there = move || is_known.get() && shown.with(|shown| shown.device.online);
    let is = move |what: fn(&DeviceState) -> bool| text(move || shown.with(what).to_string());
    let value = move |read: fn(&DeviceState) -> Option<f64>, unit: &'static str| {
        text(move || match shown.with(read) {
            Some(value) => format!("{} {unit}", locale.number(value)),
            None => "–".to_owned(),
        })
    };
    let relay = if rights.switch {
        let board = board.clone();
        view! { <Switch board card=card.clone() control=Control::Relay label=strings.relay_of/> }.into_any()
    } else {
        ().into_any()
    };
    let seen_at = move || shown.with(|shown| shown.device.last_seen_at);
    let seen = text(move || {
        let ago = now.get().unix_ms() - seen_at().unix_ms();
        (strings.seen)(&format::ago(locale.language, ago))
    });
    let power = text(move || {
        let watts = shown.with(|shown| shown.device.current_power);
        locale.number_or_dash(is_there().then_some(watts))
    });
    let temperature = text(move || {
        let celsius = shown.with(|shown| shown.device.temperature);
        celsius.map_or_else(|| "–".to_owned(), |celsius| locale.temperature(celsius))
    });
    let last_values = when(
        move || !is_there(),
        move || view! { <p class="device-hint">{strings.last_values}</p> }.into_any(),
    );
    view! {
        <li
            class="card device"
            data-testid="device"
            data-id=id
            data-online=text(move || is_there().to_string())
            data-on=is(|shown| shown.is_on(Control::Relay))
            data-switching=is(|shown| shown.is_asked(Control::Relay))
        >
            <div class="device-head">
                <div class="device-name">
                    <h2>{text(move || shown.with(|shown| shown.device.name.clone()))}</h2>
                    <p class="device-presence">
                        <span class="dot"></span>
                        <span>
                            {text(move || presence(&shown.read(), is_known.get(), strings).to_owned())} " · "
                            <time title=text(move || format::moment(locale.language, seen_at()))>{seen}</time>
                        </span>
                    </p>
                </div>
                {relay}
            </div>
            <div class="device-now">
                <p class="figure"><span class="sr-only">{strings.power} ": "</span><strong>{power}</strong> " W"</p>
                <p class="device-state" data-testid="relay-state">
                    {text(move || state(&shown.read(), is_there(), strings).to_owned())}
                </p>
            </div>
            <dl class="device-facts">
                <div><dt>{strings.voltage}</dt><dd>{value(|shown| shown.device.voltage, "V")}</dd></div>
                <div><dt>{strings.temperature}</dt><dd>{temperature}</dd></div>
            </dl>
            {last_values}
            <Mode board=board.clone() card=card.clone() rights/>
            <Failure board=board.clone() card=card.clone() control=Control::Relay/>
            <Failure board card control=Control::AppointmentOnly/>
        </li>
    }
    .into_any()
}

fn presence(shown: &DeviceState, is_known: bool, strings: &EquipmentStrings) -> &'static str {
    match (is_known, shown.device.online) {
        (false, _) => strings.unknown,
        (true, true) => strings.online,
        (true, false) => strings.offline,
    }
}

/// Also while a switch is pending. Unknown for a device out of reach.
fn state(shown: &DeviceState, is_there: bool, strings: &EquipmentStrings) -> &'static str {
    match (shown.is_asked(Control::Relay), shown.is_on(Control::Relay)) {
        (true, true) => strings.switching_on,
        (true, false) => strings.switching_off,
        (false, _) if !is_there => "",
        (false, true) => strings.on,
        (false, false) => strings.off,
    }
}

#[component]
fn Switch(board: Board, card: Card, control: Control, label: fn(&str) -> String) -> impl IntoView {
    let shown: Signal<DeviceState> = card.value.clone().into();
    let read =
        move |what: fn(&DeviceState, Control) -> bool| text(move || what(&shown.read(), control).to_string());
    // Not `disabled`: the focus stays when the device goes offline.
    let is_idle = move || match control {
        Control::Relay => !shown.with(|shown| shown.device.online),
        Control::AppointmentOnly => false,
    };
    let toggle = click(move || {
        if !is_idle() {
            board.toggle(&card, control);
        }
    });
    let test_id = match control {
        Control::Relay => "relay",
        Control::AppointmentOnly => "appointment-only",
    };
    view! {
        <button
            type="button"
            class="relay"
            role="switch"
            data-testid=test_id
            aria-label=text(move || shown.with(|shown| label(&shown.device.name)))
            aria-checked=read(DeviceState::is_on)
            aria-busy=read(DeviceState::is_asked)
            aria-disabled=text(move || is_idle().to_string())
            on:click=toggle
        >
            <span></span>
        </button>
    }
    .into_any()
}

/// Whether it may be used only with appointments. A switch for admins; a note for others, where it is so.
#[component]
fn Mode(board: Board, card: Card, rights: Rights) -> impl IntoView {
    let strings = strings(use_locale());
    if rights.set_up {
        return view! {
            <div class="device-mode">
                <span aria-hidden="true">{strings.appointment_only}</span>
                <Switch board card control=Control::AppointmentOnly label=strings.appointment_only_of/>
            </div>
        }
        .into_any();
    }
    let shown = card.value;
    when(
        move || shown.with(|shown| shown.device.appointment_only_mode),
        move || view! { <p class="device-mode">{strings.appointment_only}</p> }.into_any(),
    )
}

/// The failure, until it is dismissed or the device reaches the state all the same.
#[component]
fn Failure(board: Board, card: Card, control: Control) -> impl IntoView {
    let strings = strings(use_locale());
    let failure = {
        let shown = card.value.clone();
        Memo::new(move |_| {
            shown.with(|shown| shown.failure(control).map(|(value, why)| (value, SwitchFailure::of(why))))
        })
    };
    reactive(move || {
        let Some((value, trouble)) = failure.get() else { return ().into_any() };
        let what = match (trouble, control, value) {
            (SwitchFailure::Unsure, ..) => strings.unsure,
            (_, Control::Relay, true) => strings.not_switched_on,
            (_, Control::Relay, false) => strings.not_switched_off,
            (_, Control::AppointmentOnly, _) => strings.mode_not_changed,
        };
        let (board, card) = (board.clone(), card.clone());
        view! {
            <div class="note error device-failure" role="alert" data-testid="device-failure">
                <span><strong>{what}</strong> " " {(strings.trouble)(trouble)}</span>
                <button
                    type="button"
                    class="button small"
                    on:click=click(move || board.dismiss(&card, control))
                >
                    {strings.dismiss}
                </button>
            </div>
        }
        .into_any()
    })
}

/// How many are online, and what they draw together.
pub fn totals(cards: &[Card], strings: &EquipmentStrings, locale: Locale) -> (String, String) {
    let (mut online, mut watts) = (0_usize, 0.0);
    for card in cards {
        card.value.with(|shown| {
            online += usize::from(shown.device.online);
            watts += if shown.device.online { shown.device.current_power } else { 0.0 };
        });
    }
    let count = |count: usize| locale.number(count as f64);
    let of_all = (strings.online_of)(&count(online), &count(cards.len()));
    (of_all, (strings.power_in_all)(&locale.number(watts)))
}
