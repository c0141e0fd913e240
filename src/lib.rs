//! Latido's dashboard: a single page app that shows every change the moment it happens.
//!
//! Data walks one way: socket → [`realtime`] → invalidation → [`queries`] → view. Nothing else
//! opens a socket, nothing else sets a timer for the connection, nothing else decides when to
//! refetch.
//!
//! | folder | what lives in it |
//! |---|---|
//! | [`app`] | providers, routes, and who gets to see them |
//! | [`pages`] | one page a file |
//! | `parts` | what of them is loaded when it is needed |
//! | [`components`] | what pages are made of |
//! | [`realtime`] | the one socket: driver, provider, console |
//! | [`queries`] | cached answers and when they are fetched again |
//! | [`api`] | requests, the session, errors |
//! | [`browser`] | clock, storage, formats: what the browser does better than we would |
//! | [`people`] | whom the health pages show |
//! | [`reader`] | how the person in front reads it: language, units, time zone |
//! | [`i18n`] | Spanish and English |

pub mod api;
pub mod app;
pub mod browser;
pub mod components;
pub mod config;
pub mod i18n;
pub mod pages;
mod parts;
pub mod people;
pub mod queries;
pub mod reader;
pub mod realtime;
#[cfg(all(test, target_arch = "wasm32"))]
mod web_tests;
pub mod writes;

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
        // Its place alone: what it says may hold what somebody has typed.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = latido_crash(&place);
    }));
    let Some(root) = document().get_element_by_id("app") else { return };
    root.set_inner_html("");
    leptos::mount::mount_to(root.unchecked_into(), app::App).forget();
}
