use latido_connection::{GaveUp, Status};
use latido_protocol::{time::Timestamp, values::Language};
use latido_realtime::status::debounced;
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage};
use crate::{
    browser::clock,
    i18n::{
        Locale,
        connection::{countdown, label},
    },
};

/// Any instant: the badge does not show it.
const EVER: Timestamp = Timestamp::EPOCH;

#[wasm_bindgen_test]
fn every_status_has_its_state_and_its_words() {
    let waiting = Status::Reconnecting { retry_at: Some(EVER), attempt: 3, of: 10 };
    for (status, data_state, es, en) in [
        (Status::Polling, "polling", "Con retraso", "Delayed"),
        (Status::Connecting, "connecting", "Conectando", "Connecting"),
        (Status::Live { since: EVER }, "live", "Tiempo real", "Live"),
        (waiting, "reconnecting", "Reconectando en 4 s (3/10)", "Reconnecting in 4 s (3/10)"),
        (Status::Stopped, "disconnected", "Sin conexión", "Disconnected"),
        (
            Status::Disconnected { reason: GaveUp::AttemptsUsedUp },
            "disconnected",
            "Sin conexión",
            "Disconnected",
        ),
        (Status::Disconnected { reason: GaveUp::NotAllowed }, "error", "Sin conexión", "Disconnected"),
    ] {
        assert_eq!(status.name(), data_state);
        for (language, words) in [(Language::Es, es), (Language::En, en)] {
            let locale = Locale::of(language);
            let shown = format!("{}{}", label(locale, status), countdown(locale, status, Some(4)));
            assert_eq!(shown, words);
        }
    }
}

#[wasm_bindgen_test]
async fn shows_outage_but_not_brief_reconnect() {
    let status = ArcRwSignal::new(Status::Live { since: clock::wall() });
    let shown = std::rc::Rc::new(std::cell::Cell::new(None));
    let handle = mount_to(stage(), {
        let (status, shown) = (status.read_only(), shown.clone());
        move || {
            let calm = debounced(status);
            shown.set(Some(calm));
            view! { <p>{move || calm.get().name()}</p> }
        }
    });
    let calm = shown.get().unwrap();
    let lost = Status::Reconnecting { retry_at: None, attempt: 1, of: 10 };
    settle(20).await;
    status.set(lost);
    settle(400).await;
    assert_eq!(calm.get_untracked().name(), "live", "four tenths of a second are a blink");
    status.set(Status::Live { since: clock::wall() });
    settle(1_600).await;
    assert_eq!(calm.get_untracked().name(), "live");
    status.set(lost);
    settle(1_700).await;
    assert_eq!(calm.get_untracked().name(), "reconnecting");
    drop(handle);
}
