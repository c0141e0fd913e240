//! A list of ten thousand rows: to the first rows on the screen, and one of them changed.

use std::time::Duration;

use latido_e2e::{DEMO_EMAIL, DEMO_PASSWORD, page::Page, proxy::Proxy};
use serde::Deserialize;

use crate::{
    feed::{Feed, Line},
    figure::{Sample, Unit},
    page::{self, Percentiles, percentiles, settle},
    side::Side,
};

const ROWS: usize = 10_000;
const UPDATES: usize = 30;
/// Further apart than what an update causes takes.
const APART: Duration = Duration::from_millis(700);

/// Opens the food page, and measures the time from the list's last byte to its rows on the screen.
const GO: &str = "
    const clicked = performance.now();
    document.querySelector('nav a[href=\"/food\"]').click();
    return window.bench.appearance('[data-testid=food-row]')
        .then(window.bench.painted)
        .then((shown) => {
            const answers = performance.getEntriesByType('resource')
                .filter(({ name, decodedBodySize }) => name.includes('/food-logs') && decodedBodySize > 1e6);
            return { shown, clicked, answered: answers[0]?.responseEnd };
        });";

#[derive(Deserialize)]
struct Gone {
    shown: f64,
    clicked: f64,
    /// `None` if the page has fetched it earlier than the browser remembers.
    answered: Option<f64>,
}

pub async fn measure(side: Side) -> Vec<Sample> {
    let (server, browser) = side.open().await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let feed = Feed::of(ROWS);
    let mut dials = feed.take(&proxy);
    page::watch(&browser).await;
    let url = proxy.url();
    let page = Page::new(&browser, &url);
    page.open("/metrics").await;
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    let mut line = Line::accept(&feed, &mut dials).await;
    page.wait_for_state("live").await;
    settle().await;

    let before = page::busy_ms(&browser).await;
    let Gone { shown, clicked, answered } = browser.js(GO, &[]).await;
    let first = shown - answered.unwrap_or(clicked).max(clicked);
    settle().await;
    let rendering = page::busy_ms(&browser).await - before;
    let long = page::long_tasks_ms(&browser).await;

    page::reset(&browser).await;
    let before = page::busy_ms(&browser).await;
    for number in 0..UPDATES {
        // Of the rows that can be seen.
        let text = feed.rename(number % 5, &format!("Cambio {number:05}"));
        line.send(text).await;
        tokio::time::sleep(APART).await;
    }
    let took = page::event_to_dom(&browser, UPDATES).await;
    // What confirms the last of them may wait until it is quiet.
    settle().await;
    let Percentiles { p50, p95 } = percentiles(&took);
    let updating = (page::busy_ms(&browser).await - before) / UPDATES as f64;
    line.idle(&feed);
    browser.quit().await;
    vec![
        Sample::headline("from the last byte to rows on the screen", Unit::Ms, first),
        Sample::detail("main thread busy for it", Unit::Ms, rendering),
        Sample::detail("tasks over 50 ms, in all", Unit::Ms, long),
        Sample::headline("one row changed, p50", Unit::Ms, p50),
        Sample::headline("one row changed, p95", Unit::Ms, p95),
        Sample::headline("main thread busy for a change and what confirms it", Unit::Ms, updating),
    ]
}
