//! The devices as signals: responses and events go in, cards come out, once a frame however many there were.

use std::cell::RefCell;

use js_sys::encode_uri_component;
use latido_protocol::{
    device::{Device, DeviceId, DeviceList, DeviceOne},
    event::{Event, Family},
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::devices::{Control, DeviceState, Devices};
use crate::{
    api::{Api, Call, Method, error::ApiError},
    browser::{LocalRc, local_rc},
    data::queries::{
        FetchStatus, Polling, Queries,
        document::{Document, reads},
        frame_batcher::FrameBatcher,
    },
    realtime::use_realtime_optional,
};

/// One device. Its signal changes; its card stays.
#[derive(Clone)]
pub struct Card {
    pub id: DeviceId,
    pub shown: ArcRwSignal<DeviceState>,
}

#[derive(Clone)]
pub struct Board(LocalRc<BoardInner>);

struct BoardInner {
    api: Api,
    document: Document,
    devices: RefCell<Devices>,
    cards: ArcRwSignal<Option<Vec<Card>>>,
    frames: FrameBatcher,
}

impl Board {
    /// Follows the devices for as long as the current owner lives.
    pub fn follow() -> Self {
        let queries: Queries = expect_context();
        let board = Self(local_rc(BoardInner {
            api: expect_context(),
            document: queries.document("/devices", Family::Device, Polling::LISTS, reads::<DeviceList>),
            devices: RefCell::default(),
            cards: ArcRwSignal::default(),
            frames: FrameBatcher::default(),
        }));
        let answered = board.clone();
        Effect::new(move |_| {
            if let Some(list) = answered.0.document.read::<DeviceList>() {
                answered.0.devices.borrow_mut().answer(list.devices, answered.0.document.fetch());
                answered.show();
            }
        });
        if let Some(realtime) = use_realtime_optional() {
            let told = board.clone();
            let subscription = realtime.subscribe(Family::Device, move |event| {
                if let Event::Opaque(event) = event
                    && let Ok(device) = event.read::<Device>()
                {
                    told.0.devices.borrow_mut().heard(device, told.0.document.overtaken());
                    let board = told.clone();
                    told.0.frames.request(move || board.show());
                }
            });
            let subscription = SendWrapper::new(subscription);
            on_cleanup(move || drop(subscription));
        }
        board
    }

    /// `None` until the first answer.
    pub fn cards(&self) -> ArcRwSignal<Option<Vec<Card>>> {
        self.0.cards.clone()
    }

    pub fn fetch_status(&self) -> ArcRwSignal<FetchStatus> {
        self.0.document.fetch_status.clone()
    }

    /// Whether the shown state is current: that of a device that was online some time ago is unknown.
    pub fn is_up_to_date(&self) -> Memo<bool> {
        let fetch_status = self.fetch_status();
        Memo::new(move |_| fetch_status.with(|fetch_status| *fetch_status == FetchStatus::default()))
    }

    /// Switches something to the other side.
    pub fn toggle(&self, card: &Card, control: Control) {
        let value = !card.shown.with_untracked(|shown| shown.is_on(control));
        let Some(attempt) = self.0.devices.borrow_mut().ask(&card.id, control, value) else { return };
        self.show();
        let (board, id) = (self.clone(), card.id.clone());
        spawn_local(async move {
            let outcome = board.send(&id, control, value).await;
            // Later than every fetch that may have begun before the device had switched.
            let moment = board.0.document.overtaken();
            board.0.devices.borrow_mut().answered(&id, control, attempt, outcome, moment);
            board.show();
        });
    }

    pub fn dismiss(&self, card: &Card, control: Control) {
        self.0.devices.borrow_mut().dismiss(&card.id, control);
        self.show();
    }

    async fn send(&self, id: &DeviceId, control: Control, value: bool) -> Result<Device, ApiError> {
        let id: String = encode_uri_component(id.as_str()).into();
        let (method, path, body) = match (control, value) {
            (Control::Relay, true) => (Method::Post, format!("/devices/{id}/relay"), r#"{"on":true}"#),
            (Control::Relay, false) => (Method::Post, format!("/devices/{id}/relay"), r#"{"on":false}"#),
            (Control::AppointmentOnly, true) => {
                (Method::Patch, format!("/devices/{id}"), r#"{"appointmentOnlyMode":true}"#)
            }
            (Control::AppointmentOnly, false) => {
                (Method::Patch, format!("/devices/{id}"), r#"{"appointmentOnlyMode":false}"#)
            }
        };
        let answer = self.0.api.send(Call { path: &path, ..Call::with(method, body) }).await?;
        answer.parse::<DeviceOne>().map(|one| one.device)
    }

    fn show(&self) {
        let devices = self.0.devices.borrow();
        let Some(shown) = devices.shown() else { return };
        let before = self.0.cards.get_untracked();
        let cards: Vec<Card> = shown
            .map(|shown| {
                let same = |card: &&Card| card.id == shown.device.id;
                let Some(card) = before.as_deref().unwrap_or_default().iter().find(same) else {
                    return Card { id: shown.device.id.clone(), shown: ArcRwSignal::new(shown.clone()) };
                };
                if card.shown.with_untracked(|before| before != shown) {
                    card.shown.set(shown.clone());
                }
                card.clone()
            })
            .collect();
        let ids = |cards: &[Card]| cards.iter().map(|card| card.id.clone()).collect::<Vec<_>>();
        if before.as_deref().map(ids).as_deref() != Some(&ids(&cards)) {
            self.0.cards.set(Some(cards));
        }
    }
}
