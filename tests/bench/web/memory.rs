//! What a page keeps: after it has loaded, after ten thousand events, after two hundred changes of route.

use latido_e2e::{DEMO_EMAIL, DEMO_PASSWORD, browser::Browser, page::Page, proxy::Proxy};
use serde_json::json;

use crate::{
    burst::{EVENTS, FOODS, shown},
    feed::{Feed, Line},
    figure::{Sample, Unit, percentile},
    page::{self, Memory, settle},
    side::Side,
};

const CHANGES: usize = 200;
/// Of them at once: a script may take half a minute.
const LEG: usize = 20;
/// In the order in which [`TRAVEL`] goes to them, over and over.
const STATIONS: [&str; 4] = ["the overview", "the foods", "the exercises", "the metrics"];

/// Goes from page to page, each time when the last one is there, and measures how long each took to be painted.
const TRAVEL: &str = "
    const stations = [
        ['/', '[data-testid=overview]'], ['/food', '[data-testid=food-list]'],
        ['/exercise', '[data-testid=exercise-list]'], ['/metrics', '[data-testid=metric-list]'],
    ];
    const go = async () => {
        const took = [];
        for (let number = 0; number < arguments[0]; number += 1) {
            const [path, css] = stations[number % stations.length];
            const started = performance.now();
            document.querySelector(`nav a[href=\"${path}\"]`).click();
            await window.bench.appearance(css);
            took.push((await window.bench.painted()) - started);
            await new Promise((done) => setTimeout(done, 50));
        }
        return took;
    };
    return go();";

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

    let mut samples = kept(&browser, "after the load").await;
    let last = feed.burst(&mut line, EVENTS).await;
    shown(&browser, &last).await;
    line.idle(&feed);
    settle().await;
    samples.extend(kept(&browser, "after 10,000 events").await);
    let mut took = Vec::new();
    for _ in 0..CHANGES / LEG {
        took.extend(browser.js::<Vec<f64>>(TRAVEL, &[json!(LEG)]).await);
    }
    settle().await;
    samples.extend(kept(&browser, "after 200 changes of route").await);
    samples.push(Sample::detail("a change of route, click to paint, p50", Unit::Ms, percentile(&took, 0.5)));
    for (place, station) in STATIONS.into_iter().enumerate() {
        let there: Vec<_> = took.iter().skip(place).step_by(STATIONS.len()).copied().collect();
        let what = format!("a change of route to {station}, p50");
        samples.push(Sample::detail(what, Unit::Ms, percentile(&there, 0.5)));
    }
    browser.quit().await;
    samples
}

async fn kept(browser: &Browser, when: &str) -> Vec<Sample> {
    let Memory { heap, wasm } = page::memory(browser).await;
    let mega = |bytes: f64| bytes / 1e6;
    vec![
        Sample::headline(when, Unit::Megabytes, mega(heap + wasm)),
        Sample::detail(format!("{when}: the JS heap of it"), Unit::Megabytes, mega(heap)),
    ]
}
