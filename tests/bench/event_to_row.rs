//! From the page's WebSocket message to the row in its document.

use std::time::Duration;

use latido_e2e::{
    measure,
    page::Page,
    server::Server,
    wait::{PATIENCE, until},
};

const EVENTS: usize = 200;

/// How close the events follow one another.
#[derive(Clone, Copy)]
pub enum Spacing {
    /// Each by itself, further apart than refetches are kept.
    Alone,
    /// Twenty-five a second.
    Stream,
}

impl Spacing {
    fn every(self) -> Duration {
        match self {
            Self::Alone => Duration::from_millis(350),
            Self::Stream => Duration::from_millis(40),
        }
    }
}

/// Milliseconds, sorted.
pub struct EventToRow(Vec<f64>);

impl EventToRow {
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The value that this share (0 to 1) of all does not exceed.
    pub fn percentile(&self, share: f64) -> f64 {
        let place = (share * self.0.len() as f64).ceil().max(1.0) as usize;
        self.0[place - 1]
    }
}

pub async fn run(page: &Page<'_>, server: &Server, spacing: Spacing) -> EventToRow {
    measure::watch(page.browser).await;
    page.open_live("/food").await;
    measure::reset(page.browser).await;
    let api = server.api().await;
    let mut due = tokio::time::interval(spacing.every());
    for number in 0..EVENTS {
        due.tick().await;
        // No name is the beginning of another, so that a search by text is unambiguous.
        api.eat(&format!("Suceso {number:03}"), 100).await;
    }
    let mut all = until("all rows", PATIENCE, async || {
        let seen = measure::seen(page.browser).await;
        if seen.event_to_row.len() == EVENTS { Ok(seen.event_to_row) } else { Err(format!("{seen:?}")) }
    })
    .await;
    all.sort_by(f64::total_cmp);
    EventToRow(all)
}
