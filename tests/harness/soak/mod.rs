//! Very many events and reconnections in one page, and what they leave behind in it.
//!
//! A script that runs before the page's own counts listeners, timers and sockets, and keeps hold of the memory of the
//! wasm; the developer tools give the size of the heap. Only chromedriver has both.

mod backend;

use std::{cell::RefCell, rc::Rc, time::Duration};

use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::error::WebDriverResult;
use tokio::time::timeout;

use crate::{
    browser::Browser,
    page::{List, Page},
    proxy::Proxy,
    wait::{PATIENCE, until},
};
use backend::Backend;

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub struct Soak {
    pub events: u64,
    pub reconnections: u64,
}

/// What there is in the page after everything that can be collected has been.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Sample {
    /// Bytes that JavaScript uses.
    #[serde(default)]
    pub heap: u64,
    /// Bytes of the wasm's memory.
    pub wasm: u64,
    pub listeners: i64,
    pub timers: i64,
    /// That are not closed.
    pub sockets: i64,
    /// That arrived so far.
    pub messages: u64,
    /// Sockets that were opened so far.
    pub opened: u64,
}

/// It is dialled again at once, however often that may be.
pub const TIMING: &str =
    "policy=patient initialReconnectDelay=1 maxReconnectDelay=1 maxReconnectAttempts=1000000";
/// Samples in all.
const SAMPLES: u64 = 10;

/// A sample after every tenth of it. The page has to be served by `proxy`, with [`TIMING`].
///
/// # Panics
///
/// If the page misses something.
pub async fn run(page: &Page<'_>, proxy: &Proxy, soak: Soak) -> Vec<Sample> {
    page.browser.before_every_page(include_str!("count.js")).await;
    let backend = Rc::new(RefCell::new(Backend::default()));
    let asked = backend.clone();
    let mut dials = proxy.accept_sockets(move |request| {
        if request.is_for("/realtime/ticket") {
            Some(r#"{"ticket":"any","expiresIn":30}"#.to_owned())
        } else if request.method() == "GET" && request.is_for("/food-logs") {
            Some(asked.borrow().list())
        } else {
            None
        }
    });
    page.open("/food").await;
    page.sign_in(crate::DEMO_EMAIL, crate::DEMO_PASSWORD).await;

    let mut samples = Vec::new();
    let per_connection = soak.events / soak.reconnections;
    for tenth in 1..=SAMPLES {
        let mut last = None;
        for round in 0..soak.reconnections / SAMPLES {
            // The one before is closed by being dropped; every second time what it was sending is lost.
            if let Some(before) = last.take().filter(|_| round % 2 == 0) {
                backend::reset(&before);
            }
            let dial = timeout(PATIENCE, dials.recv()).await.expect("the page dials again");
            let mut socket = dial.expect("the proxy lives");
            backend::greet(&mut socket, &backend).await;
            backend::send_events(&mut socket, &backend, per_connection).await;
            last = Some(socket);
        }
        let last = last.expect("at least one reconnection a tenth");
        let stays = tokio::task::spawn_local(backend::answer_pings(last, backend.clone()));
        let wanted = backend.borrow().names();
        everything_is_shown(page, &wanted).await;
        samples.push(sample(page.browser).await);
        println!("{tenth}/{SAMPLES}: {:?}", samples.last());
        stays.abort();
        // Aborted, it closes its socket; the next one is the first of the next tenth.
        let _ = stays.await;
    }
    samples
}

async fn everything_is_shown(page: &Page<'_>, wanted: &[String]) {
    until("everything to be shown", PATIENCE, async || {
        let rows = page.rows(List::Food).await;
        let missing: Vec<_> =
            wanted.iter().filter(|name| !rows.iter().any(|row| row.text.contains(name.as_str()))).collect();
        if missing.is_empty() && rows.len() == wanted.len() {
            Ok(())
        } else {
            Err(format!("{} rows instead of {}, without {missing:?}", rows.len(), wanted.len()))
        }
    })
    .await;
    page.wait_for_state("live").await;
    // What is asked for last, and what is shown a moment later.
    tokio::time::sleep(Duration::from_secs(1)).await;
}

async fn sample(browser: &Browser) -> Sample {
    let tools = browser.session().cdp();
    let ask = async |what: &str| {
        let answer: WebDriverResult<Value> = tools.send_raw(what, json!({})).await;
        answer.expect("chromedriver speaks the developer tools' protocol")
    };
    // The tools keep the console's last thousand messages in the page's heap.
    ask("Runtime.discardConsoleEntries").await;
    // Twice, because the records of finished objects are garbage themselves.
    ask("HeapProfiler.collectGarbage").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    ask("HeapProfiler.collectGarbage").await;
    let usage = ask("Runtime.getHeapUsage").await;
    let seen: Sample = browser.js("return window.soak.seen();", &[]).await;
    Sample { heap: usage["usedSize"].as_f64().expect("a size") as u64, ..seen }
}
