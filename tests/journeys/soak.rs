//! A page that stays open for very long. What it does in months is done here in a minute.

use latido_e2e::{
    dist::Dist,
    in_chromium,
    journey::Journey,
    page::Page,
    proxy::Proxy,
    server::Serve,
    soak::{self, Soak},
};

in_chromium!(alone: nothing_grows_while_events_and_reconnections_go_on);

const SOAK: Soak = Soak { events: 100_000, reconnections: 500 };
/// Heap and wasm may differ by so much after the first tenth.
const MEGABYTES: u64 = 2;
/// One timer more or less waits, depending on the moment.
const BY_CHANCE: i64 = 3;

async fn nothing_grows_while_events_and_reconnections_go_on(journey: &Journey) {
    let dist = Dist::of_production();
    dist.set("latido-ws-timing", soak::TIMING);
    let server = journey.serve(Serve { dist: dist.path(), ..Serve::default() }).await;
    let proxy = Proxy::stand_before(&server.url()).await;
    let url = proxy.url();
    let page = Page::new(&journey.browser, &url);
    let samples = soak::run(&page, &proxy, SOAK).await;

    let last = samples.last().expect("samples");
    assert_eq!(last.opened, SOAK.reconnections, "{last:?}");
    assert!(last.messages >= SOAK.events, "{last:?}");
    let (first, later) = samples.split_first().expect("samples");
    for sample in later {
        assert!(sample.heap <= first.heap + (MEGABYTES << 20), "the heap grows: {samples:#?}");
        assert!(sample.wasm <= first.wasm + (MEGABYTES << 20), "the wasm's memory grows: {samples:#?}");
        assert!(sample.listeners <= first.listeners + BY_CHANCE, "listeners stay: {samples:#?}");
        assert!(sample.timers <= first.timers + BY_CHANCE, "timers stay: {samples:#?}");
        assert_eq!(sample.sockets, 1, "{samples:#?}");
    }
}
