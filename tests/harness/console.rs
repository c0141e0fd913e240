//! What a page wrote to its console, and what the browser wrote there about it.
//!
//! Each engine shows it in its own way:
//!
//! - **Chromium**: chromedriver's log has everything: `console.*`, uncaught errors, failed requests,
//!   violations of the content security policy, and the browser's own remarks.
//! - **Firefox** and **WebKit**: their drivers report nothing. There the page is served with a listener as
//!   its first script ([`listening_dist`]; as a file of the same origin, which the content security
//!   policy allows). It hears `console.*`, uncaught errors and rejections, resources that failed to load,
//!   requests that failed or were answered with an error, and policy violations; not what the browser
//!   says by itself, such as remarks on cookies or on fonts.
//!
//! The journey `an_error_would_be_heard` proves that silence means something.

use serde::Deserialize;
use thirtyfour::BrowserLogEntry;

use crate::dist::Dist;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub is_error: bool,
    pub text: String,
}

impl From<BrowserLogEntry> for Entry {
    fn from(entry: BrowserLogEntry) -> Self {
        Self { is_error: entry.level == "SEVERE", text: entry.message }
    }
}

/// The dashboard with the listener in it.
pub fn listening_dist() -> Dist {
    let dist = Dist::copy();
    dist.add("listener.js", include_str!("listener.js"));
    dist.add_to_head("<script src=\"/listener.js\"></script>");
    dist
}

/// The listener's messages in this tab, over all its pages.
pub(crate) const HEARD: &str = "return JSON.parse(sessionStorage.getItem('heard') ?? '[]');";
