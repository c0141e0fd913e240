//! Measurements of the developer tools, and of a script that runs before the page's own.

use std::time::Duration;

use latido_e2e::{
    browser::Browser,
    wait::{PATIENCE, until},
};
use serde_json::json;

use crate::figure::percentile;

/// Every page from now on is watched by `page.js`, and lives in UTC, as the days of [`crate::feed`] do.
pub async fn watch(browser: &Browser) {
    browser.devtools("Emulation.setTimezoneOverride", json!({ "timezoneId": "UTC" })).await;
    browser.before_every_page(include_str!("page.js")).await;
    browser.devtools("Performance.enable", json!({})).await;
}

/// What the main thread was busy with so far, in milliseconds.
pub async fn busy_ms(browser: &Browser) -> f64 {
    metric(browser, "TaskDuration").await * 1_000.0
}

/// Bytes, after everything that can be collected has been.
pub struct Memory {
    pub heap: f64,
    pub wasm: f64,
}

pub async fn memory(browser: &Browser) -> Memory {
    // The tools keep the console's messages in the page's heap.
    browser.devtools("Runtime.discardConsoleEntries", json!({})).await;
    // Twice, because the records of finished objects are garbage themselves.
    for _ in 0..2 {
        browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let heap = metric(browser, "JSHeapUsedSize").await;
    Memory { heap, wasm: browser.js("return window.bench.wasm();", &[]).await }
}

async fn metric(browser: &Browser, name: &str) -> f64 {
    let answer = browser.devtools("Performance.getMetrics", json!({})).await;
    let metrics = answer["metrics"].as_array().expect("a list of metrics");
    let found = metrics.iter().find(|metric| metric["name"] == name);
    found.and_then(|metric| metric["value"].as_f64()).unwrap_or_else(|| panic!("{name} is not in {answer}"))
}

/// From now on these texts are waited for in the list of foods.
pub async fn reset(browser: &Browser) {
    browser.js::<()>("window.bench.reset();", &[]).await;
}

/// Milliseconds from an event's message to its name in the document, when there are so many.
pub async fn event_to_dom(browser: &Browser, count: usize) -> Vec<f64> {
    until("all events in the document", PATIENCE, async || {
        let took: Vec<f64> = browser.js("return window.bench.took();", &[]).await;
        if took.len() >= count { Ok(took) } else { Err(format!("{} of {count}", took.len())) }
    })
    .await
}

/// Of tasks over 50 ms, all milliseconds.
pub async fn long_tasks_ms(browser: &Browser) -> f64 {
    let tasks: Vec<f64> = browser.js("return window.bench.longTasks();", &[]).await;
    tasks.iter().sum()
}

pub struct Percentiles {
    pub p50: f64,
    pub p95: f64,
}

pub fn percentiles(values: &[f64]) -> Percentiles {
    Percentiles { p50: percentile(values, 0.5), p95: percentile(values, 0.95) }
}

/// Waits for what a page does by itself after a load or a change.
pub async fn settle() {
    tokio::time::sleep(Duration::from_secs(2)).await;
}
