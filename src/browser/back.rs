//! Back navigation that closes what is open over the page instead of leaving it.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;

use super::router;

/// Whether there is an entry in the history for what is open.
#[derive(Clone, Copy, PartialEq)]
enum HistoryEntry {
    Coming,
    There,
    Gone,
}

/// For as long as the current owner lives there is one more entry in the history, at the same address; stepping back
/// from it calls `close`. The entry goes with the owner.
pub fn closes_on_back(close: impl Fn() + 'static) {
    let entry = Rc::new(Cell::new(HistoryEntry::Coming));
    let coming = entry.clone();
    router::when_still(move || {
        if coming.get() != HistoryEntry::Coming {
            return;
        }
        let pushed = window().history().and_then(|history| history.push_state(&JsValue::NULL, ""));
        coming.set(if pushed.is_ok() { HistoryEntry::There } else { HistoryEntry::Gone });
    });
    let stepped = entry.clone();
    let listener = window_event_listener_untyped("popstate", move |_| {
        if stepped.get() == HistoryEntry::There {
            stepped.set(HistoryEntry::Gone);
            close();
        }
    });
    let entry = SendWrapper::new(entry);
    on_cleanup(move || {
        listener.remove();
        if entry.replace(HistoryEntry::Gone) == HistoryEntry::There {
            router::step_back();
        }
    });
}
