//! Latido's dashboard: a single page app that shows every change the moment it happens.
//!
//! Data walks one way: socket → [`realtime`] → invalidation → [`data::queries`] → view. Nothing else
//! opens a socket, nothing else sets a timer for the connection, nothing else decides when to
//! refetch.
//!
//! A module uses those below it, never one above. No two files use each other.
//!
//! | floor | modules | may use |
//! |---|---|---|
//! | app | [`app`]: providers, routes; `lazy_views`: what is loaded in the background | all below |
//! | shell | [`shell`]: header, navigation, sign-in gate, connection status, notices | features and below |
//! | features | [`features`]: overview, records, trends, profile, conversations, equipment, deliveries, connections, people | ui and below |
//! | ui | [`ui`]: components that know no feature | realtime and below |
//! | realtime | [`realtime`]: the dashboard's half of the connection | data and below |
//! | data | [`data`]: queries and mutations, the only ones that fetch | i18n and below |
//! | i18n | [`i18n`]: Spanish and English | api and below |
//! | api | [`api`]: requests, the session, errors | browser and below |
//! | browser | [`browser`]: clock, storage, formats | config, log |
//! | base | [`config`], [`log`] | |

pub mod api;
pub mod app;
pub mod browser;
pub mod config;
pub mod data;
pub mod features;
pub mod i18n;
mod lazy_views;
pub mod log;
pub mod realtime;
pub mod shell;
pub mod ui;
#[cfg(all(test, target_arch = "wasm32"))]
mod web_tests;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `public/crash.js`: the panel that stands where nothing else works any more.
    #[wasm_bindgen(catch, js_name = latidoCrash)]
    fn latido_crash(place: &str) -> Result<(), JsValue>;
}

/// Takes the static shell away and puts the app in its place.
pub fn mount() {
    std::panic::set_hook(Box::new(|panic| {
        // The location alone: the message may hold text that the user typed.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = latido_crash(&place);
    }));
    let Some(root) = document().get_element_by_id("app") else { return };
    root.set_inner_html("");
    leptos::mount::mount_to(root.unchecked_into(), app::App).forget();
}
