//! The food page is opened in a browser that was closed: the cookie is there, and nothing else.

use latido_e2e::{DEMO_EMAIL, DEMO_PASSWORD, browser::Browser, page::Page, server::Server};
use serde::Deserialize;
use serde_json::json;

use crate::{
    figure::{Sample, Unit, percentile},
    page::settle,
    side::Side,
};

/// Rounds per condition: when a frame comes is partly chance, so that one start is not enough.
const STARTS: usize = 5;

/// Between the browser and the server, and how fast the processor is.
#[derive(Clone, Copy)]
enum Condition {
    Desk,
    Phone,
}

impl Condition {
    fn name(self) -> &'static str {
        match self {
            Self::Desk => "CPU 1×",
            Self::Phone => "CPU 4× slower, 1.6 Mbit/s, 150 ms",
        }
    }

    async fn impose(self, browser: &Browser) {
        match self {
            Self::Desk => {}
            Self::Phone => {
                let bytes_per_second = 1_600_000 / 8;
                let network = json!({
                    "offline": false,
                    "latency": 150,
                    "downloadThroughput": bytes_per_second,
                    "uploadThroughput": bytes_per_second,
                });
                browser.devtools("Network.emulateNetworkConditions", network).await;
                browser.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await;
            }
        }
    }
}

/// Milliseconds since the navigation began.
#[derive(Deserialize)]
struct Shown {
    paint: f64,
    rows: f64,
}

struct Start {
    shown: Shown,
    /// Kilobytes until then, and two seconds later.
    needed: f64,
    all: f64,
}

pub async fn measure(side: Side) -> Vec<Sample> {
    let (server, mut browser) = side.open().await;
    // However early it is, there is a row.
    server.api().await.eat("Tostada", 200).await;
    let url = server.url();
    let page = Page::new(&browser, &url);
    page.open("/food").await;
    page.sign_in(DEMO_EMAIL, DEMO_PASSWORD).await;
    page.wait_for_state("live").await;

    let mut samples = Vec::new();
    for condition in [Condition::Desk, Condition::Phone] {
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            // Another process, so that nothing that was compiled is kept.
            browser = browser.reopen().await;
            starts.push(start(&browser, &server, condition).await);
        }
        samples.extend(told(condition, &starts));
    }
    browser.quit().await;
    samples
}

async fn start(browser: &Browser, server: &Server, condition: Condition) -> Start {
    browser.before_every_page(include_str!("cold_start.js")).await;
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.clearBrowserCache", json!({})).await;
    let kept_beside = json!({
        "origin": server.url(),
        "storageTypes": "service_workers,cache_storage,indexeddb,shader_cache",
    });
    browser.devtools("Storage.clearDataForOrigin", kept_beside).await;
    condition.impose(browser).await;
    browser.goto(&format!("{}/food", server.url())).await;
    let shown: Shown = browser.js("return window.coldStart.result();", &[]).await;
    settle().await;
    let bytes = async |until: f64| {
        let bytes: f64 = browser.js("return window.coldStart.bytes(arguments[0]);", &[json!(until)]).await;
        bytes / 1_000.0
    };
    let (needed, all) = (bytes(shown.rows).await, bytes(f64::MAX).await);
    Start { shown, needed, all }
}

fn told(condition: Condition, starts: &[Start]) -> Vec<Sample> {
    let name = condition.name();
    let median = |value: fn(&Start) -> f64| percentile(&starts.iter().map(value).collect::<Vec<_>>(), 0.5);
    let mut samples = vec![
        Sample::headline(
            format!("first contentful paint, {name}"),
            Unit::Ms,
            median(|start| start.shown.paint),
        ),
        Sample::headline(format!("rows on the screen, {name}"), Unit::Ms, median(|start| start.shown.rows)),
    ];
    if matches!(condition, Condition::Desk) {
        let needed = median(|start| start.needed);
        samples.push(Sample::headline("bytes until then, files and answers", Unit::Kilobytes, needed));
        samples.push(Sample::detail("bytes two seconds later", Unit::Kilobytes, median(|start| start.all)));
    }
    samples
}
