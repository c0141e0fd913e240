//! What happens inside a page between a WebSocket message and the row, as the page itself sees it.
//!
//! A script that runs before the page's own watches four places: the socket's messages, the rows in the
//! document, requests for lists, and tasks that take long. Only chromedriver can run a script so early.

use serde::Deserialize;

use crate::browser::Browser;

/// All since the page was loaded or the last [`reset`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// Events that arrived about foods.
    pub events: usize,
    /// For every row that was created by an event: milliseconds from the message to the document.
    pub event_to_row: Vec<f64>,
    /// Fetches of the list of foods; further pages of the same fetch do not count.
    pub refetches: usize,
    /// Of tasks over 50 ms, each one's milliseconds.
    pub long_tasks: Vec<f64>,
    /// Milliseconds since anything of this happened.
    pub quiet_for: f64,
}

/// Every page from now on is watched.
pub async fn watch(browser: &Browser) {
    browser.before_every_page(include_str!("measure.js")).await;
}

pub async fn reset(browser: &Browser) {
    browser.js::<()>("window.measure.reset();", &[]).await;
}

pub async fn seen(browser: &Browser) -> Seen {
    browser.js("return window.measure.seen();", &[]).await
}
