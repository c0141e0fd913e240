//! From an event's message to its row in the document, with REST near and far: the row does not wait for REST.

use std::time::Duration;

use latido_e2e::{
    page::Page,
    proxy::{Proxy, action::RequestAction},
    server::Server,
};

use crate::{
    figure::{Sample, Unit},
    page::{self, Percentiles, percentiles, settle},
    side::Side,
};

/// How the events follow one another.
#[derive(Clone, Copy)]
enum Spacing {
    /// Further apart than refetches are kept.
    Alone,
    /// Twenty-five a second.
    Stream,
}

impl Spacing {
    fn name(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::Stream => "25 a second",
        }
    }

    fn events(self) -> (usize, Duration) {
        match self {
            Self::Alone => (60, Duration::from_millis(350)),
            Self::Stream => (200, Duration::from_millis(40)),
        }
    }
}

pub async fn measure(side: Side) -> Vec<Sample> {
    let mut samples = Vec::new();
    for rest_ms in [0, 100] {
        for spacing in [Spacing::Alone, Spacing::Stream] {
            let Percentiles { p50, p95 } = percentiles(&run(side, rest_ms, spacing).await);
            let how = format!("{}, REST {rest_ms} ms", spacing.name());
            samples.push(Sample::headline(format!("{how}, p50"), Unit::Ms, p50));
            samples.push(Sample::headline(format!("{how}, p95"), Unit::Ms, p95));
        }
    }
    samples
}

async fn run(side: Side, rest_ms: u64, spacing: Spacing) -> Vec<f64> {
    let (server, browser) = side.open().await;
    let proxy = Proxy::stand_before(&server.url()).await;
    if rest_ms > 0 {
        let delay = Duration::from_millis(rest_ms);
        proxy.intercept(move |request| {
            if request.is_for("/") { RequestAction::Delay(delay) } else { RequestAction::Forward }
        });
    }
    page::watch(&browser).await;
    let url = proxy.url();
    Page::new(&browser, &url).open_live("/food").await;
    settle().await;
    page::reset(&browser).await;
    let took = send(&browser, &server, spacing).await;
    browser.quit().await;
    took
}

async fn send(browser: &latido_e2e::browser::Browser, server: &Server, spacing: Spacing) -> Vec<f64> {
    let api = server.api().await;
    let (count, every) = spacing.events();
    let mut due = tokio::time::interval(every);
    for number in 0..count {
        due.tick().await;
        api.eat(&format!("Suceso {number:03}"), 100).await;
    }
    page::event_to_dom(browser, count).await
}
