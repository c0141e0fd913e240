//! Ten thousand events in a second: what they cost the main thread, and what a person sees of it.

use latido_e2e::{
    DEMO_EMAIL, DEMO_PASSWORD,
    browser::Browser,
    page::Page,
    proxy::Proxy,
    wait::{PATIENCE, until},
};
use serde_json::json;

use crate::{
    feed::{Feed, Line},
    figure::{Sample, Unit},
    page::{self, settle},
    side::Side,
};

pub const EVENTS: usize = 10_000;
/// Foods that they are about.
pub const FOODS: usize = 20;

pub async fn measure(side: Side) -> Vec<Sample> {
    let (server, browser) = side.open().await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let feed = Feed::of(FOODS);
    let mut dials = feed.take(&proxy);
    page::watch(&browser).await;
    let url = proxy.url();
    let page = Page::new(&browser, &url);
    page.open("/food").await;
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    let mut line = Line::accept(&feed, &mut dials).await;
    page.wait_for_state("live").await;
    settle().await;

    let fetches = || proxy.arrived().iter().filter(|request| request.is_for("/food-logs")).count();
    let (busy_before, fetches_before) = (page::busy_ms(&browser).await, fetches());
    let long_before = page::long_tasks_ms(&browser).await;
    browser.js::<()>("window.bench.countFrames();", &[]).await;
    let last = feed.burst(&mut line, EVENTS).await;
    shown(&browser, &last).await;
    settle().await;
    let missed: f64 = browser.js("return window.bench.missedFrames();", &[]).await;
    let busy = page::busy_ms(&browser).await - busy_before;
    let long = page::long_tasks_ms(&browser).await - long_before;
    let refetches = (fetches() - fetches_before) as f64;
    line.idle(&feed);
    browser.quit().await;
    vec![
        Sample::headline("tasks over 50 ms, in all", Unit::Ms, long),
        Sample::headline("main thread busy", Unit::Ms, busy),
        Sample::headline("refetches of the list", Unit::Times, refetches),
        Sample::headline("frames missed", Unit::Times, missed),
    ]
}

/// Waits until the list has all these names.
pub async fn shown(browser: &Browser, names: &[String]) {
    let script = "const text = document.querySelector('[data-testid=food-list]').textContent;
        return arguments[0].filter((name) => !text.includes(name));";
    until("the last of all events in the list", PATIENCE, async || {
        let missing: Vec<String> = browser.try_js(script, &[json!(names)]).await?;
        if missing.is_empty() { Ok(()) } else { Err(format!("{missing:?} are missing")) }
    })
    .await;
}
