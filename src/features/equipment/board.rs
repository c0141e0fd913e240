//! The devices as cards, and what is asked of the backend.

use js_sys::encode_uri_component;
use latido_cache::families::devices::{Control, Devices, ShownDevice};
use latido_protocol::{
    device::{Device, DeviceId, DeviceOne},
    event::Family,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::{Api, Call, Method, error::ApiError},
    data::queries::{
        FetchStatus, Polling, Queries, Query,
        rows::{Row, Rows},
    },
};

/// A device as it is shown, with what is asked of it.
pub type DeviceState = ShownDevice<ApiError>;
/// One device, under its id.
pub type Card = Row<DeviceState>;

#[derive(Clone)]
pub struct Board {
    api: Api,
    devices: Query<Devices<ApiError>>,
    cards: Rows<DeviceState>,
}

impl Board {
    /// Follows the devices for as long as the current owner lives.
    pub fn follow() -> Self {
        let queries: Queries = expect_context();
        let devices = queries.query("/devices", Family::Device, Polling::LISTS, Devices::default);
        let board = Self { api: expect_context(), devices, cards: Rows::default() };
        let (devices, cards) = (board.devices.clone(), board.cards.clone());
        Effect::new(move |_| {
            if let Some(shown) = devices.get().shown() {
                cards.show(shown.map(|shown| (shown.device.id.as_str().to_owned(), shown)));
            }
        });
        board
    }

    /// `None` until the first answer.
    pub fn cards(&self) -> ArcReadSignal<Option<Vec<Card>>> {
        self.cards.all()
    }

    pub fn fetch_status(&self) -> ArcRwSignal<FetchStatus> {
        self.devices.fetch_status.clone()
    }

    /// Whether the shown state is current: that of a device that was online some time ago is unknown.
    pub fn is_up_to_date(&self) -> Memo<bool> {
        let fetch_status = self.fetch_status();
        Memo::new(move |_| fetch_status.with(|fetch_status| *fetch_status == FetchStatus::default()))
    }

    /// Switches something to the other side.
    pub fn toggle(&self, card: &Card, control: Control) {
        let id = DeviceId::new(card.key.as_str());
        let value = !card.value.with_untracked(|shown| shown.is_on(control));
        let Some(attempt) = self.devices.update(|devices, _| devices.ask(&id, control, value)) else {
            return;
        };
        let board = self.clone();
        spawn_local(async move {
            let outcome = board.send(&id, control, value).await;
            board.devices.update(|devices, settles_at| {
                devices.answered(&id, control, attempt, outcome, settles_at);
            });
        });
    }

    pub fn dismiss(&self, card: &Card, control: Control) {
        self.devices.update(|devices, _| devices.dismiss(&DeviceId::new(card.key.as_str()), control));
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
        let answer = self.api.send(Call { path: &path, ..Call::with(method, body) }).await?;
        answer.parse::<DeviceOne>().map(|one| one.device)
    }
}
