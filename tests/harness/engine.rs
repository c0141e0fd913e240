//! The three browser engines: their drivers, and how they are asked for a session.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    process::Command,
    sync::{Mutex, PoisonError},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::Capabilities;

use crate::{
    environment,
    process::{Lines, Process},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    /// As in `LATIDO_ENGINES`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Starts the driver on a free port, with its browser on this display (as `:7`).
    pub(crate) fn start_driver(self, display: Option<&str>, stderr: &Lines) -> (Process, u16) {
        let port = free_port();
        let mut command = match self {
            Self::Chromium => Command::new(environment::path("LATIDO_CHROMEDRIVER")),
            Self::Firefox => Command::new(environment::path("LATIDO_GECKODRIVER")),
            Self::WebKit => Command::new(environment::path("LATIDO_WEBKITDRIVER")),
        };
        match self {
            Self::Chromium | Self::WebKit => command.arg(format!("--port={port}")),
            // Its port for the browser has to be free as well, and is 2828 by default.
            Self::Firefox => command.args([
                "--port",
                &port.to_string(),
                "--marionette-port",
                &free_port().to_string(),
                "--log",
                "error",
            ]),
        };
        if let Some(display) = display {
            command.env("DISPLAY", display);
        }
        (Process::spawn(&mut command, stderr), port)
    }

    /// What a session is asked for. `profile` is empty and its own.
    pub(crate) fn capabilities(self, profile: &TempDir) -> Capabilities {
        let asked = match self {
            Self::Chromium => json!({
                "browserName": "chrome",
                "goog:loggingPrefs": { "browser": "ALL" },
                "goog:chromeOptions": {
                    "binary": environment::path("LATIDO_CHROMIUM"),
                    "args": chromium_arguments(profile),
                },
            }),
            Self::Firefox => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": environment::path("LATIDO_FIREFOX"),
                    "args": ["-headless"],
                    "prefs": {
                        // A popup is how a window gets as narrow as a telephone: see `viewport`.
                        "dom.disable_open_during_load": false,
                        "ui.useOverlayScrollbars": 1,
                        // Firefox itself holds back dials to where some have failed, up to a minute. That
                        // would only be added to the waits of the dashboard, which are what is tested.
                        "network.websocket.delay-failed-reconnects": false,
                    },
                },
            }),
            Self::WebKit => json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": {
                    "binary": environment::path("LATIDO_MINIBROWSER"),
                    "args": [
                        // Implies a profile that is nowhere but in memory.
                        "--automation",
                        // As in Firefox.
                        "--javascript-can-open-windows-automatically=true",
                    ],
                },
            }),
        };
        match asked {
            Value::Object(asked) => asked.into(),
            _ => unreachable!("they are objects"),
        }
    }
}

fn chromium_arguments(profile: &TempDir) -> Vec<String> {
    let flags = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
    ];
    let profile = format!("--user-data-dir={}", profile.path().display());
    flags.into_iter().map(str::to_owned).chain([profile]).collect()
}

/// A port without a listener, each once: journeys that run beside each other must not get the same.
fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        if given.insert(port) {
            return port;
        }
    }
}
