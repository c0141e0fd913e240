//! A thousand events in a second, and what they do to a page.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};

use crate::{
    measure,
    page::{List, Page},
    server::Server,
    wait::{PATIENCE, until},
};

pub const EVENTS: usize = 1_000;
/// Refetches of a list that they may cause, if they come within a second.
pub const MOST_REFETCHES: usize = 5;

const RECORDS: usize = 20;
/// Requests under way at once.
const AT_ONCE: usize = 16;
/// No refetch comes later than this after the last event.
const QUIET_MS: f64 = 2_000.0;

#[derive(Clone, Debug)]
pub struct Burst {
    /// From the first change to the answer to the last.
    pub took: Duration,
    /// During it and after.
    pub refetches: usize,
    /// Milliseconds of tasks over 50 ms.
    pub long_tasks: Vec<f64>,
}

impl Burst {
    /// A machine that needs longer than a second for the events may refetch for longer.
    pub fn refetches_allowed(&self) -> usize {
        MOST_REFETCHES * self.took.as_secs_f64().ceil().max(1.0) as usize
    }
}

/// Opens the page of foods and lets twenty of them be renamed fifty times each.
pub async fn run(page: &Page<'_>, server: &Server) -> Burst {
    measure::watch(page.browser).await;
    page.open_live("/food").await;
    let api = server.api().await;
    let mut ids = Vec::new();
    for number in 0..RECORDS {
        let food = api.eat(&format!("Ráfaga {number}"), 10).await;
        ids.push(food["id"].as_str().expect("an id").to_owned());
    }
    page.row(List::Food, &format!("Ráfaga {}", RECORDS - 1), PATIENCE).await;
    quiet(page).await;
    measure::reset(page.browser).await;

    let started = Instant::now();
    stream::iter(0..EVENTS)
        .for_each_concurrent(AT_ONCE, |number| {
            let (api, id) = (&api, &ids[number % RECORDS]);
            async move { api.rename(id, &format!("Ráfaga, cambio {number}")).await }
        })
        .await;
    let took = started.elapsed();

    // All have arrived, and what they caused has happened.
    until("the burst's last event", PATIENCE, async || {
        let seen = measure::seen(page.browser).await;
        if seen.events >= EVENTS { Ok(()) } else { Err(format!("{seen:?}")) }
    })
    .await;
    let seen = quiet(page).await;
    Burst { took, refetches: seen.refetches, long_tasks: seen.long_tasks }
}

async fn quiet(page: &Page<'_>) -> measure::Seen {
    until("a quiet page", PATIENCE, async || {
        let seen = measure::seen(page.browser).await;
        if seen.quiet_for >= QUIET_MS { Ok(seen) } else { Err(format!("{seen:?}")) }
    })
    .await
}
